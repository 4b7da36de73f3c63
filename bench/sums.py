"""What the figures of many cases are read from: facts, transitions and their sums."""

from datetime import date, timedelta

import psycopg
from psycopg import sql

NIGHTS = 62  # the last of them are kept one by one; before those the last of each month

FACTS = """
INSERT INTO insight_fact (case_id, seq, area, subdistrict, unit, matter, channel, urgency, state, spot,
    reported_at, filed_at, due_at, due_on, resolved_at, closed_at, took, marks)
SELECT id, 5, COALESCE(community_id, subdistrict_id, area_id), COALESCE(subdistrict_id, 0), unit_id,
    matter_id, channel, urgency, state, 'case ' || id, reported_at, filed_at, promised_at, promised_at::date,
    closed_at - interval '1 day', closed_at, CASE WHEN closed_at IS NULL THEN 0 ELSE 3600 + id % 600000 END,
    CASE WHEN promised_at IS NULL OR state IN ('declined', 'withdrawn') THEN 0
        WHEN state = 'closed' THEN {closed}::bigint | (CASE WHEN id % 9 = 0 THEN 0 ELSE {in_time} END)
            | (CASE WHEN id % 20 = 0 THEN {reworked} ELSE 0 END)
        WHEN state = 'suspended' THEN {standing} ELSE {open} END
FROM cases_case
"""
TRANSITIONS = """
INSERT INTO insight_transition (case_id, seq, verb, was, state, at, left_at, natural_seconds, working_seconds,
    day, left_on, late_from, area, subdistrict, unit, matter, counted_on, marks)
SELECT c.id, s.seq, s.verb, s.was, CASE WHEN s.last THEN c.state ELSE s.state END, s.at, s.left_at, 18000,
    9000, s.at::date, CASE WHEN NOT s.last THEN s.left_at::date END, c.promised_at::date,
    COALESCE(c.community_id, c.subdistrict_id, c.area_id), COALESCE(c.subdistrict_id, 0),
    CASE WHEN s.seq > 2 THEN c.unit_id END, c.matter_id, s.counted_on, s.marks
FROM cases_case c CROSS JOIN LATERAL (VALUES
    (1, 'case.reported', '', 'reported', c.reported_at, COALESCE(c.filed_at, c.changed_at),
        c.state IN ('reported', 'verifying', 'self_handled'), c.reported_at::date, {reported}::bigint),
    (2, 'case.filed', 'reported', 'filed', c.filed_at, COALESCE(c.assigned_at, c.changed_at),
        c.state = 'filed', c.filed_at::date, {filed}),
    (3, 'case.assigned', 'filed', 'handling', c.assigned_at, c.reported_at + interval '5 days',
        c.state IN ('assigned', 'handling', 'suspended'), c.promised_at::date, {assigned}),
    (4, 'case.resolved', 'handling', 'resolved', c.reported_at + interval '5 days', c.changed_at,
        c.state IN ('resolved', 'inspected'), NULL, 0),
    (5, 'case.ended', 'inspected', 'closed', c.changed_at, NULL, true, c.changed_at::date,
        CASE c.state WHEN 'closed' THEN {ended} WHEN 'declined' THEN {declined} ELSE {withdrawn} END)
) s(seq, verb, was, state, at, left_at, last, counted_on, marks)
WHERE CASE s.seq WHEN 2 THEN c.filed_at IS NOT NULL WHEN 3 THEN c.assigned_at IS NOT NULL
    WHEN 4 THEN c.state IN ('resolved', 'inspected', 'closed')
    WHEN 5 THEN c.state IN ('closed', 'declined', 'withdrawn') ELSE true END
"""

CLOSED = """
INSERT INTO insight_closedperiod (kind, start, closed_at, version, digest)
SELECT DISTINCT kind, start, now(), 1, sha256((kind || start)::bytea) FROM insight_tally
WHERE start < date_trunc('month', current_date - 40)
"""


def fill(server: psycopg.Connection[tuple[object, ...]]) -> None:
    """Facts and transitions of all cases, and every sum over them."""
    from django.db import transaction

    from bihuan.insight import setwise
    from bihuan.insight.marks import Mark

    due, closable = Mark.DUE, Mark.DUE | Mark.CLOSABLE
    closed = closable | Mark.ENDED | Mark.RESOLVED | Mark.TO_CALL | Mark.CALLED | Mark.SOLVED
    marks = {
        "closed": closed | Mark.RATED | Mark.SATISFIED,
        "in_time": Mark.IN_TIME,
        "reworked": Mark.REWORKED,
        "standing": due | Mark.STANDING,
        "open": closable,
        "reported": Mark.REPORTED | Mark.ACCEPTABLE | Mark.ACCEPTED,
        "filed": Mark.FILED,
        "assigned": Mark.ASSIGNED | Mark.WELL_ASSIGNED,
        "ended": Mark.CLOSED,
        "declined": Mark.DECLINED,
        "withdrawn": Mark.WITHDRAWN,
    }
    numbers = {name: sql.Literal(int(mark)) for name, mark in marks.items()}
    for command in (FACTS, TRANSITIONS):
        server.execute(sql.SQL(command).format(**numbers))
    server.execute("ANALYZE insight_fact, insight_transition")
    with transaction.atomic():
        setwise.sum_up_again()
    with transaction.atomic():
        setwise.write_open_days(_nights(server))
    server.execute(CLOSED)
    for table in ("fact", "transition", "tally", "handlingtime", "openday"):
        server.execute(f"VACUUM (ANALYZE) insight_{table}")


def _nights(server: psycopg.Connection[tuple[object, ...]]) -> list[date]:
    found = server.execute("SELECT min(day), current_date FROM insight_transition").fetchone()
    assert found is not None
    first, today = found
    assert isinstance(first, date) and isinstance(today, date)
    nights = [today - timedelta(days=back) for back in range(1, (today - first).days)]
    return [day for back, day in enumerate(nights) if back < NIGHTS or (day + timedelta(days=1)).day == 1]
