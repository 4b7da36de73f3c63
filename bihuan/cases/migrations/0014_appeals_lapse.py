"""An appeal that lapsed because the case was taken up again is not the one that its reporter has."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_deadline")]

    operations = [
        migrations.RemoveConstraint(model_name="appeal", name="cases_appeal_once"),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.UniqueConstraint(
                condition=Q(report__isnull=False) & ~Q(state="lapsed"),
                fields=("report", "against"),
                name="cases_appeal_once",
            ),
        ),
    ]
