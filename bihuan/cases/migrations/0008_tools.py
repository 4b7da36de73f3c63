import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("cases", "0007_supervision"),
        ("files", "0002_look_alikes"),
        ("territory", "0002_point_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.UUIDField(default=uuid.uuid4)),
                ("verb", models.CharField(max_length=30)),
                ("arguments", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BatchItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("done_at", models.DateTimeField(null=True)),
                ("ok", models.BooleanField(null=True)),
                ("code", models.CharField(blank=True, max_length=60)),
                ("sentence", models.TextField(blank=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="cases.batch"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("query", models.CharField(blank=True, max_length=2000)),
                ("language", models.CharField(max_length=10)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "about to begin"),
                            ("running", "under way"),
                            ("finished", "finished"),
                            ("expired", "put away"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("scope", models.JSONField(default=list)),
                ("rows", models.PositiveIntegerField(default=0)),
                ("rows_done", models.PositiveIntegerField(default=0)),
                ("asked_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PhotoDoubt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("unchanged", "like a photo from before"),
                            ("reused", "used before, in another case"),
                        ],
                        max_length=10,
                    ),
                ),
                ("distance", models.PositiveSmallIntegerField(null=True)),
                ("found_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("passed", models.BooleanField(null=True)),
                ("note", models.TextField(blank=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="doubts", to="cases.case"
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="files.attachment"
                    ),
                ),
                (
                    "other_case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.case"
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="files.attachment"
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Recheck",
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
                    "why",
                    models.CharField(
                        choices=[("lot", "drawn by lot"), ("doubt", "photos in doubt")], max_length=6
                    ),
                ),
                ("drawn_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("held", models.BooleanField(null=True)),
                ("note", models.TextField(blank=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rechecks", to="cases.case"
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territory.area",
                        verbose_name="desk",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("text", models.TextField(verbose_name="text")),
                ("verb", models.CharField(blank=True, max_length=30, verbose_name="for")),
                ("changed_at", models.DateTimeField()),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territory.area",
                        verbose_name="area",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="cases.matter",
                        verbose_name="matter",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("query", models.CharField(blank=True, max_length=2000)),
                ("position", models.PositiveIntegerField(default=0)),
                ("changed_at", models.DateTimeField()),
                (
                    "area",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territory.area",
                        verbose_name="area",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
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
                        verbose_name="unit",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.UniqueConstraint(fields=("by", "token"), name="cases_batch_once"),
        ),
        migrations.AddConstraint(
            model_name="batchitem",
            constraint=models.UniqueConstraint(fields=("batch", "case"), name="cases_batchitem_once"),
        ),
        migrations.AddConstraint(
            model_name="batchitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at", None), ("ok", None)),
                    models.Q(("done_at__isnull", False), ("ok__isnull", False)),
                    _connector="OR",
                ),
                name="cases_batchitem_done_whole",
            ),
        ),
        migrations.AddIndex(
            model_name="export",
            index=models.Index(fields=["by", "-id"], name="cases_export_by"),
        ),
        migrations.AddIndex(
            model_name="export",
            index=models.Index(
                condition=models.Q(("state", "finished")), fields=["expires_at"], name="cases_export_expires"
            ),
        ),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("finished_at", None), ("state__in", ("queued", "running"))),
                    models.Q(
                        ("expires_at__isnull", False),
                        ("finished_at__isnull", False),
                        ("state__in", ("finished", "expired")),
                    ),
                    _connector="OR",
                ),
                name="cases_export_finished_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("queued", "running"))),
                fields=("by", "query", "language"),
                name="cases_export_one_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="photodoubt",
            constraint=models.UniqueConstraint(fields=("photo", "other"), name="cases_photodoubt_once"),
        ),
        migrations.AddConstraint(
            model_name="photodoubt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("passed", None), ("settled_at", None), ("settled_by", None)),
                    models.Q(
                        ("passed__isnull", False),
                        ("settled_at__isnull", False),
                        ("settled_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="cases_photodoubt_settled_whole",
            ),
        ),
        migrations.AddIndex(
            model_name="recheck",
            index=models.Index(
                condition=models.Q(("done_at", None)), fields=["desk", "due_at"], name="cases_recheck_waiting"
            ),
        ),
        migrations.AddIndex(
            model_name="recheck",
            index=models.Index(
                condition=models.Q(("done_at__isnull", False)), fields=["done_at"], name="cases_recheck_done"
            ),
        ),
        migrations.AddConstraint(
            model_name="recheck",
            constraint=models.UniqueConstraint(
                condition=models.Q(("done_at", None)), fields=("case",), name="cases_recheck_one_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="recheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at", None), ("done_by", None), ("held", None)),
                    models.Q(("done_at__isnull", False), ("done_by__isnull", False), ("held__isnull", False)),
                    _connector="OR",
                ),
                name="cases_recheck_done_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.UniqueConstraint(
                fields=("area", "verb", "name"), name="cases_reply_name_once", nulls_distinct=False
            ),
        ),
        migrations.AddIndex(
            model_name="savedview",
            index=models.Index(fields=["owner", "position"], name="cases_savedview_order"),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(fields=("owner", "name"), name="cases_savedview_name_once"),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.CheckConstraint(
                condition=models.Q(("area", None), ("unit", None), _connector="OR"),
                name="cases_savedview_one_audience",
            ),
        ),
    ]
