import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("cases", "0003_report_made_elsewhere"),
        ("territory", "0002_point_index"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="case",
            name="cases_case_open_has_deadline",
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="cases_case_finished_clock_stands",
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="cases_case_held_by_a_unit",
        ),
        migrations.RemoveIndex(
            model_name="case",
            name="cases_case_on_desk",
        ),
        migrations.RemoveIndex(
            model_name="case",
            name="cases_case_at_unit",
        ),
        migrations.RemoveIndex(
            model_name="case",
            name="cases_case_in_grid",
        ),
        migrations.RemoveIndex(
            model_name="case",
            name="cases_case_open",
        ),
        migrations.AddField(
            model_name="case",
            name="agenda_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="arrived_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="climb_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="contact_due",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="contacted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="doubted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="excused_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="merged_into",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="merged", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="on_site_due",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="supervision",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "none"),
                    ("ordinary", "under supervision"),
                    ("yellow", "yellow notice"),
                    ("red", "red notice"),
                ],
                default="",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="suspensions",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="case",
            name="units",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="waits_because",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="case",
            name="whistled_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(
            "UPDATE cases_case SET supervision = 'ordinary' WHERE under_supervision",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "UPDATE cases_case SET units = string_to_array(trim(both '/' from accounts_unit.path), '/')::bigint[]"
            " FROM accounts_unit WHERE accounts_unit.id = cases_case.unit_id",
            migrations.RunSQL.noop,
        ),
        # A row changed twice leaves checks of its keys to the end of the transaction, before which no table
        # may be altered: have them done now.
        migrations.RunSQL(
            ["SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED"], migrations.RunSQL.noop
        ),
        migrations.RemoveField(
            model_name="case",
            name="under_supervision",
        ),
        migrations.AlterField(
            model_name="case",
            name="state",
            field=models.CharField(
                choices=[
                    ("reported", "awaiting acceptance"),
                    ("verifying", "awaiting verification"),
                    ("self_handled", "awaiting spot check"),
                    ("filed", "awaiting assignment"),
                    ("assigned", "awaiting acknowledgement"),
                    ("handling", "in hand"),
                    ("suspended", "suspended"),
                    ("resolved", "awaiting inspection"),
                    ("inspected", "awaiting call-back"),
                    ("backlog", "on the backlog"),
                    ("closed", "closed"),
                    ("declined", "not accepted"),
                    ("withdrawn", "withdrawn"),
                    ("merged", "merged"),
                ],
                default="reported",
                max_length=14,
                verbose_name="state",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(
                    (
                        "state__in",
                        (
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
                        ),
                    )
                ),
                fields=["desk", "state", "due_at"],
                name="cases_case_on_desk",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(
                    (
                        "state__in",
                        (
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
                        ),
                    )
                ),
                fields=["unit", "state", "due_at"],
                name="cases_case_at_unit",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(
                    (
                        "state__in",
                        (
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
                        ),
                    )
                ),
                fields=["area", "state"],
                name="cases_case_in_grid",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(
                    (
                        "state__in",
                        (
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
                        ),
                    )
                ),
                fields=["state", "due_at"],
                name="cases_case_open",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("climb_at__isnull", False)), fields=["climb_at"], name="cases_case_climbs"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("arrived_at", None), ("on_site_due__isnull", False)),
                fields=["on_site_due"],
                name="cases_case_on_site",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("agenda_on__isnull", False)),
                fields=["agenda_on"],
                name="cases_case_on_agenda",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(
                    (
                        "state__in",
                        (
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
                        ),
                    )
                ),
                fields=["units"],
                name="cases_case_seen_by_units",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("closed", "declined", "withdrawn", "merged")),
                    ("due_at__isnull", False),
                    _connector="OR",
                ),
                name="cases_case_open_has_deadline",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("closed", "declined", "withdrawn", "merged")), _negated=True),
                    models.Q(("running_since", None), ("step_at", None)),
                    _connector="OR",
                ),
                name="cases_case_finished_clock_stands",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("assigned", "handling", "suspended", "backlog")), _negated=True),
                    ("unit__isnull", False),
                    _connector="OR",
                ),
                name="cases_case_held_by_a_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into__isnull", False), ("state", "merged")),
                    models.Q(models.Q(("state", "merged"), _negated=True), ("merged_into", None)),
                    _connector="OR",
                ),
                name="cases_case_merged_into_another",
            ),
        ),
    ]
