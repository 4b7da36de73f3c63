from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("ledgers", "0006_summaries")]

    operations = [
        migrations.RemoveIndex("item", name="ledgers_item_due"),
        migrations.AddIndex(
            "item",
            models.Index(
                fields=["campaign", "due_at", "id"],
                name="ledgers_item_due",
                condition=Q(("due_at__isnull", False), ("state", "open")),
                include=["made_at"],
            ),
        ),
    ]
