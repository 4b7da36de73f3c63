from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_serial")]

    operations = [
        migrations.AddField(
            "report",
            "category",
            models.CharField(blank=True, default="", max_length=60),
            preserve_default=False,
        ),
        migrations.AddField("report", "said_at", models.DateTimeField(null=True)),
    ]
