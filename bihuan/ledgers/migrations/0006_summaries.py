from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("ledgers", "0005_item_orders")]

    operations = [
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                condition=Q(("blocked_at__isnull", False)),
                fields=["campaign", "blocked_at", "id"],
                name="ledgers_item_blocked",
            ),
        ),
        migrations.AddIndex(
            model_name="passage",
            index=models.Index(
                condition=Q(("inherited", False), ("left_at__isnull", False)),
                fields=["left_at"],
                name="ledgers_passage_left",
            ),
        ),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(
                condition=Q(("reason", ""), _negated=True), fields=["at"], name="ledgers_revision_why"
            ),
        ),
    ]
