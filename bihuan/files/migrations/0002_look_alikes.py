import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(
                django.db.models.expressions.CombinedExpression(models.F("phash"), "&", models.Value(65535)),
                condition=models.Q(("phash__isnull", False)),
                name="files_by_band_0",
            ),
        ),
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(
                django.db.models.expressions.CombinedExpression(
                    django.db.models.expressions.CombinedExpression(
                        models.F("phash"), ">>", models.Value(16)
                    ),
                    "&",
                    models.Value(65535),
                ),
                condition=models.Q(("phash__isnull", False)),
                name="files_by_band_1",
            ),
        ),
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(
                django.db.models.expressions.CombinedExpression(
                    django.db.models.expressions.CombinedExpression(
                        models.F("phash"), ">>", models.Value(32)
                    ),
                    "&",
                    models.Value(65535),
                ),
                condition=models.Q(("phash__isnull", False)),
                name="files_by_band_2",
            ),
        ),
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(
                django.db.models.expressions.CombinedExpression(
                    django.db.models.expressions.CombinedExpression(
                        models.F("phash"), ">>", models.Value(48)
                    ),
                    "&",
                    models.Value(65535),
                ),
                condition=models.Q(("phash__isnull", False)),
                name="files_by_band_3",
            ),
        ),
    ]
