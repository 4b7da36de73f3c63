import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("cases", "0004_loop_complete"),
        ("territory", "0002_point_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Assistance",
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
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "awaiting acknowledgement"),
                            ("in_hand", "in hand"),
                            ("done", "done"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("task", models.TextField(verbose_name="task")),
                ("result", models.TextField(blank=True, verbose_name="what was done")),
                ("withdrawn_because", models.TextField(blank=True)),
                ("asked_at", models.DateTimeField()),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Call",
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
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[("", "no answer yet"), ("comes", "comes"), ("cannot", "cannot come")],
                        default="",
                        max_length=8,
                    ),
                ),
                ("answer_words", models.TextField(blank=True)),
                ("sends", models.CharField(blank=True, max_length=60, verbose_name="whom it sends")),
                ("answered_at", models.DateTimeField(null=True)),
                ("attended_at", models.DateTimeField(null=True)),
                (
                    "rating",
                    models.PositiveSmallIntegerField(
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                    ),
                ),
                ("rating_words", models.TextField(blank=True)),
                ("rated_at", models.DateTimeField(null=True)),
                ("reply", models.TextField(blank=True)),
                ("replied_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Whistle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("question", models.TextField(verbose_name="question")),
                ("emergency", models.BooleanField(default=False)),
                ("meet_at", models.DateTimeField(null=True, verbose_name="when to meet")),
                ("meet_where", models.CharField(blank=True, max_length=200, verbose_name="where to meet")),
                ("called_at", models.DateTimeField()),
                ("ruling", models.TextField(blank=True, verbose_name="joint ruling")),
                ("ruled_at", models.DateTimeField(null=True)),
                ("called_off_because", models.TextField(blank=True)),
                ("called_off_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="case",
            name="parts_open",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="assistance",
            name="acknowledged_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="assistance",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="assistance",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="assistances", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="assistance",
            name="done_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="assistance",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.unit",
                verbose_name="assisting unit",
            ),
        ),
        migrations.AddField(
            model_name="assistance",
            name="withdrawn_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="answered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="attended_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="rated_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="replied_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.unit",
                verbose_name="department",
            ),
        ),
        migrations.AddField(
            model_name="whistle",
            name="area",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="territory.area",
                verbose_name="who whistles",
            ),
        ),
        migrations.AddField(
            model_name="whistle",
            name="called_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="whistle",
            name="called_off_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="whistle",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="whistles", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="whistle",
            name="ruled_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="whistle",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="cases.whistle"
            ),
        ),
        migrations.AddIndex(
            model_name="assistance",
            index=models.Index(
                condition=models.Q(("step_at__isnull", False)),
                fields=["step_at"],
                name="cases_assistance_next_step",
            ),
        ),
        migrations.AddIndex(
            model_name="assistance",
            index=models.Index(
                condition=models.Q(("state__in", ("asked", "in_hand"))),
                fields=["unit", "due_at"],
                name="cases_assistance_at_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="assistance",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("asked", "in_hand"))),
                fields=("case", "unit"),
                name="cases_assistance_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="assistance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("acknowledged_at", None), ("acknowledged_by", None)),
                    models.Q(("acknowledged_at__isnull", False), ("acknowledged_by__isnull", False)),
                    _connector="OR",
                ),
                name="cases_assistance_acknowledged_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="assistance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at", None), ("done_by", None)),
                    models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                    _connector="OR",
                ),
                name="cases_assistance_done_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="assistance",
            constraint=models.CheckConstraint(
                condition=models.Q(("withdrawn_at__isnull", False), ("withdrawn_by", None), _connector="OR"),
                name="cases_assistance_withdrawn_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="assistance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("acknowledged_at", None),
                        ("done_at", None),
                        ("state", "asked"),
                        ("withdrawn_at", None),
                    ),
                    models.Q(
                        ("acknowledged_at__isnull", False),
                        ("done_at", None),
                        ("state", "in_hand"),
                        ("withdrawn_at", None),
                    ),
                    models.Q(("done_at__isnull", False), ("state", "done"), ("withdrawn_at", None)),
                    models.Q(("done_at", None), ("state", "withdrawn"), ("withdrawn_at__isnull", False)),
                    _connector="OR",
                ),
                name="cases_assistance_state_with_moments",
            ),
        ),
        migrations.AddConstraint(
            model_name="assistance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("asked", "in_hand")),
                    models.Q(("running_since", None), ("step_at", None)),
                    _connector="OR",
                ),
                name="cases_assistance_ended_clock_stands",
            ),
        ),
        migrations.AddIndex(
            model_name="whistle",
            index=models.Index(
                condition=models.Q(("called_off_at", None), ("ruled_at", None)),
                fields=["area"],
                name="cases_whistle_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="whistle",
            constraint=models.UniqueConstraint(
                condition=models.Q(("called_off_at", None), ("ruled_at", None)),
                fields=("case",),
                name="cases_whistle_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="whistle",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ruled_at", None), ("ruled_by", None)),
                    models.Q(("ruled_at__isnull", False), ("ruled_by__isnull", False)),
                    _connector="OR",
                ),
                name="cases_whistle_ruled_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="whistle",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("called_off_at__isnull", False), ("called_off_by", None), _connector="OR"
                ),
                name="cases_whistle_called_off_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="whistle",
            constraint=models.CheckConstraint(
                condition=models.Q(("ruled_at", None), ("called_off_at", None), _connector="OR"),
                name="cases_whistle_ends_once",
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("step_at__isnull", False)),
                fields=["step_at"],
                name="cases_call_next_step",
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("answered_at", None)),
                fields=["unit", "due_at"],
                name="cases_call_to_answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.UniqueConstraint(fields=("whistle", "unit"), name="cases_call_once"),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("answer", ""), ("answered_at", None)),
                        models.Q(models.Q(("answer", ""), _negated=True), ("answered_at__isnull", False)),
                        _connector="OR",
                    ),
                    models.Q(
                        models.Q(("answered_at", None), ("answered_by", None)),
                        models.Q(("answered_at__isnull", False), ("answered_by__isnull", False)),
                        _connector="OR",
                    ),
                ),
                name="cases_call_answered",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("attended_at", None), ("attended_by", None)),
                    models.Q(("attended_at__isnull", False), ("attended_by__isnull", False)),
                    _connector="OR",
                ),
                name="cases_call_attended",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("rated_at", None), ("rating", None)),
                        models.Q(("rated_at__isnull", False), ("rating__gte", 1), ("rating__lte", 5)),
                        _connector="OR",
                    ),
                    models.Q(
                        models.Q(("rated_at", None), ("rated_by", None)),
                        models.Q(("rated_at__isnull", False), ("rated_by__isnull", False)),
                        _connector="OR",
                    ),
                ),
                name="cases_call_rated",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("replied_at", None), ("replied_by", None)),
                        models.Q(("replied_at__isnull", False), ("replied_by__isnull", False)),
                        _connector="OR",
                    ),
                    models.Q(("replied_at", None), ("rated_at__isnull", False), _connector="OR"),
                ),
                name="cases_call_replied",
            ),
        ),
    ]
