import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

OPEN = (
    "reported",
    "verifying",
    "self_handled",
    "filed",
    "assigned",
    "handling",
    "suspended",
    "resolved",
    "inspected",
    "backlog",
)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("cases", "0005_joint"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="report",
            name="first_case",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="first_reports",
                to="cases.case",
            ),
        ),
        migrations.AddField(model_name="report", name="heard_at", field=models.DateTimeField(null=True)),
        migrations.RunSQL(
            """
            UPDATE cases_report report SET heard_at = report.answered_at FROM cases_case one
            WHERE one.id = report.case_id AND report.answered_at >= one.resolved_at
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AddField(
            model_name="matter",
            name="spot_check_share",
            field=models.PositiveSmallIntegerField(
                default=10,
                validators=[
                    django.core.validators.MinValueValidator(5),
                    django.core.validators.MaxValueValidator(100),
                ],
                verbose_name="share that is spot-checked (%)",
            ),
        ),
        migrations.AddConstraint(
            model_name="matter",
            constraint=models.CheckConstraint(
                condition=Q(spot_check_share__gte=5, spot_check_share__lte=100),
                name="cases_matter_spot_check_share",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=Q(state__in=OPEN, lat__isnull=False),
                fields=["lat", "lon"],
                name="cases_case_open_near",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=Q(state="backlog"), fields=["resume_on", "id"], name="cases_case_on_backlog"
            ),
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("clock", models.CharField(default="working", max_length=8)),
                ("stage_started_at", models.DateTimeField()),
                ("stage_limit", models.PositiveIntegerField(default=0)),
                ("stage_used", models.PositiveIntegerField(default=0)),
                ("running_since", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True, verbose_name="due")),
                ("step", models.PositiveSmallIntegerField(default=0)),
                ("step_at", models.DateTimeField(null=True)),
                ("overdue_at", models.DateTimeField(null=True)),
                (
                    "party",
                    models.CharField(
                        choices=[("reporter", "reporter"), ("unit", "handling unit")], max_length=8
                    ),
                ),
                (
                    "against",
                    models.CharField(
                        choices=[
                            ("decline", "not accepted"),
                            ("closing", "closed, but not solved"),
                            ("rating", "the reporter's rating"),
                            ("lateness", "counted as late"),
                            ("supervision", "put under supervision"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.TextField(verbose_name="why")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "under review"),
                            ("upheld", "upheld"),
                            ("rejected", "rejected"),
                        ],
                        default="asked",
                        max_length=8,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("ruling", models.TextField(blank=True, verbose_name="ruling")),
                ("ruled_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeals",
                        to="cases.case",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeals",
                        to="cases.report",
                    ),
                ),
                (
                    "ruled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=Q(step_at__isnull=False), fields=["step_at"], name="cases_appeal_next"
                    ),
                    models.Index(fields=["state", "due_at", "id"], name="cases_appeal_waiting"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(party="reporter", report__isnull=False, unit=None)
                        | Q(party="unit", unit__isnull=False, report=None),
                        name="cases_appeal_of_one_party",
                    ),
                    models.CheckConstraint(
                        condition=Q(state="asked", ruled_at=None, ruled_by=None, ruling="")
                        | (
                            ~Q(state="asked")
                            & Q(ruled_at__isnull=False, ruled_by__isnull=False, step_at=None)
                            & ~Q(ruling="")
                        ),
                        name="cases_appeal_ruled",
                    ),
                    models.UniqueConstraint(
                        condition=Q(report__isnull=False),
                        fields=("report", "against"),
                        name="cases_appeal_once",
                    ),
                    models.UniqueConstraint(
                        condition=Q(unit__isnull=False),
                        fields=("case", "unit"),
                        name="cases_appeal_once_a_unit",
                    ),
                ],
            },
        ),
    ]
