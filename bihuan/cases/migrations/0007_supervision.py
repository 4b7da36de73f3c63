import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("cases", "0006_endings"),
        ("territory", "0002_point_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SupervisionNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=32, unique=True, verbose_name="number")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("ordinary", "under supervision"),
                            ("yellow", "yellow notice"),
                            ("red", "red notice"),
                        ],
                        max_length=8,
                        verbose_name="level",
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("limit", "its limit"),
                            ("rework", "reworked twice"),
                            ("on_site", "not on site in time"),
                            ("hand", "by decision"),
                        ],
                        max_length=8,
                    ),
                ),
                ("stage_started_at", models.DateTimeField()),
                ("step", models.PositiveSmallIntegerField(null=True)),
                ("agenda_on", models.DateField(null=True)),
                ("words", models.TextField(blank=True, verbose_name="what the notice says")),
                ("issued_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
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
                        related_name="supervision_notices",
                        to="cases.case",
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territory.area",
                    ),
                ),
                (
                    "issued_by",
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
                        condition=models.Q(("answered_at", None)),
                        fields=["-id"],
                        name="cases_notice_unanswered",
                    ),
                    models.Index(
                        condition=models.Q(("agenda_on__isnull", False)),
                        fields=["agenda_on"],
                        name="cases_notice_on_agenda",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("step__isnull", False)),
                        fields=("case", "stage_started_at", "step"),
                        name="cases_notice_once_a_step",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("why__in", ["rework", "on_site"])),
                        fields=("case", "stage_started_at", "why"),
                        name="cases_notice_once_a_stage",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("step__isnull", False), ("why", "limit")),
                            models.Q(models.Q(("why", "limit"), _negated=True), ("step", None)),
                            _connector="OR",
                        ),
                        name="cases_notice_of_a_step",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("desk__isnull", False), ("unit", None)),
                            models.Q(("desk", None), ("unit__isnull", False)),
                            _connector="OR",
                        ),
                        name="cases_notice_to_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("issued_by__isnull", False), ("why", "hand")),
                            models.Q(models.Q(("why", "hand"), _negated=True), ("issued_by", None)),
                            _connector="OR",
                        ),
                        name="cases_notice_issued_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agenda_on__isnull", False), ("level", "red")),
                            models.Q(models.Q(("level", "red"), _negated=True), ("agenda_on", None)),
                            _connector="OR",
                        ),
                        name="cases_notice_red_on_agenda",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at", None), ("answered_by", None)),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="cases_notice_answered",
                    ),
                ],
            },
        ),
    ]
