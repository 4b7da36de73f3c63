"""What is known of places, in a table of its own: most places have none."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("territory", "0002_point_index")]

    operations = [
        migrations.CreateModel(
            name="PlaceFacts",
            fields=[
                (
                    "place",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="facts",
                        serialize=False,
                        to="territory.place",
                    ),
                ),
                (
                    "households",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="number of households"),
                ),
                (
                    "buildings",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="number of buildings"),
                ),
                (
                    "built_in",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="built in the year"),
                ),
            ],
        ),
    ]
