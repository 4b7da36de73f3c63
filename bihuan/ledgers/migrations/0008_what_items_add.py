import django.contrib.postgres.indexes
from django.db import migrations
from django.db.models.fields.json import KeyTransform


class Migration(migrations.Migration):
    dependencies = [("ledgers", "0007_due_by_the_index")]

    operations = [
        migrations.AddIndex(
            "item",
            django.contrib.postgres.indexes.GinIndex(
                KeyTransform("figures", "counts"), name="ledgers_item_adds"
            ),
        ),
    ]
