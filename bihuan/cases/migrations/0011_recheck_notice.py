from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0010_lapsed_appeals"),
    ]

    operations = [
        migrations.AlterField(
            model_name="supervisionnotice",
            name="why",
            field=models.CharField(
                choices=[
                    ("limit", "its limit"),
                    ("rework", "reworked twice"),
                    ("on_site", "not on site in time"),
                    ("recheck", "a re-check did not hold"),
                    ("hand", "by decision"),
                ],
                max_length=8,
            ),
        ),
    ]
