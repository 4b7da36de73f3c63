from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_erased")]

    operations = [
        migrations.RemoveConstraint(model_name="appeal", name="cases_appeal_ruled"),
        migrations.RemoveConstraint(model_name="appeal", name="cases_appeal_once_a_unit"),
        migrations.AlterField(
            model_name="appeal",
            name="state",
            field=models.CharField(
                choices=[
                    ("asked", "under review"),
                    ("upheld", "upheld"),
                    ("rejected", "rejected"),
                    ("lapsed", "lapsed"),
                ],
                default="asked",
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.CheckConstraint(
                condition=Q(state="asked", ruled_at=None, ruled_by=None, ruling="")
                | Q(state="lapsed", ruled_at=None, ruled_by=None, ruling="", step_at=None)
                | (
                    Q(state__in=("upheld", "rejected"))
                    & Q(ruled_at__isnull=False, ruled_by__isnull=False, step_at=None)
                    & ~Q(ruling="")
                ),
                name="cases_appeal_ruled",
            ),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.UniqueConstraint(
                condition=Q(unit__isnull=False) & ~Q(state="lapsed"),
                fields=("case", "unit"),
                name="cases_appeal_once_a_unit",
            ),
        ),
    ]
