"""Cases from before the ladder, the counting of suspensions and public reasons: they get what they would have.

Everything here touches only rows on which nothing of it is set yet.
"""

from django.db import migrations

SUSPENSIONS = """
    UPDATE cases_case SET suspensions = told.many FROM (
        SELECT subject_id, count(*) AS many FROM audit_entry
        WHERE subject_type = 'cases.case' AND verb = 'case.suspended' GROUP BY subject_id
    ) told WHERE told.subject_id = cases_case.id AND suspensions = 0
"""

REASONS = """
    UPDATE cases_case SET waits_because = told.reason FROM (
        SELECT DISTINCT ON (subject_id) subject_id, coalesce(data ->> 'reason', '') AS reason FROM audit_entry
        WHERE subject_type = 'cases.case' AND verb = 'case.suspended' ORDER BY subject_id, seq DESC
    ) told WHERE told.subject_id = cases_case.id AND state = 'suspended' AND waits_because = ''
"""

# They leave their desks as if they had come there today, with a weekend to spare: what waited for months
# without a rule for it does not climb the whole ladder in one night.
CLIMBING = """
    UPDATE cases_case SET climb_at = now() + CASE desk.kind
        WHEN 'subdistrict' THEN interval '9 days'
        WHEN 'community' THEN interval '4 days' WHEN 'village' THEN interval '4 days'
        ELSE interval '3 days' END
    FROM territory_area desk
    WHERE desk.id = cases_case.desk_id AND desk.kind <> 'district'
        AND state IN ('reported', 'verifying', 'filed') AND climb_at IS NULL
"""

# Overdue was the last step; now a yellow notice follows at one and a half times the limit. Working time is
# reckoned here as eight hours on five days of a week; from that notice on the calendar counts.
LADDER = """
    UPDATE cases_case SET supervision = coalesce(nullif(supervision, ''), 'ordinary'),
        step_at = due_at + interval '1 second' * (stage_limit * 0.5
            * CASE clock WHEN 'working' THEN 4.2 ELSE 1 END)
    WHERE state NOT IN ('closed', 'declined', 'withdrawn', 'merged') AND running_since IS NOT NULL
        AND step = 2 AND step_at IS NULL AND overdue_at IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0003_speed"),
        ("cases", "0014_appeals_lapse"),
        ("territory", "0002_point_index"),
    ]

    operations = [
        migrations.RunSQL(statement, migrations.RunSQL.noop)
        for statement in (SUSPENSIONS, REASONS, CLIMBING, LADDER)
    ]
