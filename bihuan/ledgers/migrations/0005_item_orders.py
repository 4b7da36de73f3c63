import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("ledgers", "0004_sending")]

    operations = [
        migrations.RemoveIndex(model_name="item", name="ledgers_item_board"),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                condition=Q(("state", "open")),
                fields=["campaign", "step_code", "due_at", "id", "area"],
                name="ledgers_item_board",
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                condition=Q(("due_at__isnull", False), ("state", "open")),
                fields=["campaign", "due_at", "id"],
                name="ledgers_item_due",
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["campaign", "-changed_at", "-id"], name="ledgers_item_changed"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["answers"], name="ledgers_item_answers", opclasses=["jsonb_path_ops"]
            ),
        ),
    ]
