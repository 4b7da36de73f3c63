"""The tables of the figures for all cases at once: copying rows in, sums anew, nights, what is stored.

Minutes for a million cases, where case by case would take hours. Column names come from our own catalogue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from bihuan.cases.models.case import OPEN
from bihuan.insight.lines import Place
from bihuan.insight.marks import ALL, Mark
from bihuan.insight.material import COLUMNS
from bihuan.insight.periods import Period
from bihuan.insight.store import FACT, KEY, SUMS, TRANSITION
from bihuan.insight.story import AGAIN_WITHIN

CASES_AT_ONCE = 2_000
Sums = dict[Place, Counter[str]]
Times = Counter[tuple[Place, int]]


def copy_facts(rows: Iterable[tuple[Any, ...]]) -> None:
    """Add rows in the order of `store.FACT`."""
    _copy("insight_fact", FACT, rows)


def copy_transitions(rows: Iterable[tuple[Any, ...]]) -> None:
    """Add rows in the order of `store.TRANSITION`."""
    _copy("insight_transition", TRANSITION, rows)


def _copy(table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def empty_facts() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE insight_fact, insight_transition")


def cases_after(pk: int) -> list[tuple[Any, ...]]:
    """The next cases by id, as `story.CaseRow` wants them."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(COLUMNS)} FROM cases_case WHERE id > %s ORDER BY id LIMIT {CASES_AT_ONCE}",
            [pk],
        )
        return cursor.fetchall()


def entries_between(kind: str, first: int, last: int, until: datetime) -> Iterator[tuple[Any, ...]]:
    """The entries of these cases up to a moment, in order: case, seq, verb, at, data as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject_id, seq, verb, at, data FROM audit_entry WHERE subject_type = %s"
            " AND subject_id BETWEEN %s AND %s AND at <= %s ORDER BY subject_id, seq",
            [kind, first, last, until],
        )
        yield from cursor.fetchall()


def mark_again() -> None:
    """Mark the closed cases that came again, as `counting.came_again` does for one."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE insight_fact, insight_transition")
        cursor.execute(_AGAIN)


_AGAIN = f"""
    UPDATE insight_fact f SET marks = marks | {int(Mark.AGAIN)}
    WHERE marks & {int(Mark.ENDED)} <> 0 AND marks & {int(Mark.AGAIN)} = 0
        AND matter IS NOT NULL AND closed_at IS NOT NULL AND EXISTS (
            SELECT FROM insight_fact o
            WHERE o.spot = f.spot AND o.matter = f.matter AND o.case_id <> f.case_id
                AND o.reported_at > f.closed_at AND o.state <> 'merged'
                AND o.reported_at <= f.closed_at + interval '{AGAIN_WITHIN.days} days'
        )
"""


def first_day() -> date | None:
    """The day of the first transition."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT MIN(day) FROM insight_transition")
        found: date | None = cursor.fetchone()[0]
    return found


# -- sums -------------------------------------------------------------------------------------------------

_NOT_CLOSED = "NOT EXISTS (SELECT FROM insight_closedperiod c WHERE c.kind = t.kind AND c.start = t.start)"
_STARTS = {"day": "day", "month": "date_trunc('month', day)::date"}
_LINES = f"""
    SELECT due_on AS day, area, subdistrict, COALESCE(unit, 0) AS unit, COALESCE(matter, 0) AS matter, marks,
        CASE WHEN marks & {int(Mark.RESOLVED)} <> 0 THEN took END AS took
    FROM insight_fact WHERE marks <> 0
    UNION ALL
    SELECT t.counted_on, t.area, t.subdistrict, COALESCE(t.unit, f.unit, 0), COALESCE(t.matter, f.matter, 0),
        t.marks, NULL
    FROM insight_transition t JOIN insight_fact f USING (case_id) WHERE t.counted_on IS NOT NULL
"""
_SETS = (
    "GROUPING SETS ((area, subdistrict), (area, subdistrict, unit), (area, subdistrict, matter),"
    " (area, subdistrict, unit, matter))"
)
# Unit or matter 0 of a line means that there is none: it counts among all, and has no cell of its own.
_OWN = "(GROUPING(unit) = 1 OR unit <> 0) AND (GROUPING(matter) = 1 OR matter <> 0)"


def sum_up_again() -> None:
    """Build the sums of every period that is not closed from facts and transitions, in a few passes."""
    counted = ", ".join(
        f"NULLIF(SUM((marks >> {mark.bit_length() - 1}) & 1), 0)::int AS {mark.column}" for mark in ALL
    )
    summed = ", ".join(f"SUM({column}) AS {column}" for column in SUMS)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM insight_tally t WHERE {_NOT_CLOSED}")
        cursor.execute(f"DELETE FROM insight_handlingtime t WHERE {_NOT_CLOSED}")
        cursor.execute("DROP TABLE IF EXISTS insight_fine, insight_fine_times")
        cursor.execute(
            "CREATE TEMPORARY TABLE insight_fine ON COMMIT DROP AS"
            f" SELECT day, area, subdistrict, unit, matter, {counted}, NULLIF(SUM(took), 0)::bigint AS took"
            f" FROM ({_LINES}) line GROUP BY day, area, subdistrict, unit, matter"
        )
        cursor.execute(
            "CREATE TEMPORARY TABLE insight_fine_times ON COMMIT DROP AS"
            f" SELECT due_on AS day, area, subdistrict, COALESCE(unit, 0) AS unit,"
            f" COALESCE(matter, 0) AS matter, {_BUCKET} AS bucket, COUNT(*) AS cases"
            f" FROM insight_fact WHERE marks & {int(Mark.RESOLVED)} <> 0 GROUP BY 1, 2, 3, 4, 5, 6"
        )
        cursor.execute("ANALYZE insight_fine")
        for kind, start in _STARTS.items():
            cursor.execute(
                f"INSERT INTO insight_tally (kind, start, area, subdistrict, unit, matter, {', '.join(SUMS)})"
                f" SELECT * FROM (SELECT '{kind}' AS kind, {start} AS start, area, subdistrict,"
                f" COALESCE(unit, 0), COALESCE(matter, 0), {summed}"
                f" FROM insight_fine GROUP BY 2, {_SETS} HAVING {_OWN}) t WHERE {_NOT_CLOSED}"
                f" AND num_nonnulls({', '.join(SUMS)}) > 0"
            )
            cursor.execute(
                "INSERT INTO insight_handlingtime"
                " (kind, start, area, subdistrict, unit, matter, bucket, cases)"
                f" SELECT * FROM (SELECT '{kind}' AS kind, {start} AS start, area, subdistrict,"
                " COALESCE(unit, 0), COALESCE(matter, 0), bucket, SUM(cases)"
                f" FROM insight_fine_times GROUP BY 2, bucket, {_SETS} HAVING {_OWN}) t WHERE {_NOT_CLOSED}"
            )


# The same as `buckets.bucket_of`.
_BUCKET = """
    CASE WHEN took < 60 THEN 0
        ELSE LEAST(160, floor(ln(took / 60.0::float8) / ln(1.1::float8) + 1e-9)) END::int
"""


# -- nights -----------------------------------------------------------------------------------------------


def write_open_days(days: Sequence[date]) -> None:
    """Count the open cases at the end of these days from the transitions."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM insight_openday WHERE day = ANY(%s)", [list(days)])
        for first, last in _runs(days):
            cursor.execute(_OPEN_DAYS, {"first": first, "last": last, "open": list(OPEN)})


def _runs(days: Sequence[date]) -> Iterable[tuple[date, date]]:
    """Days in stretches without a gap."""
    ordered = sorted(set(days))
    if not ordered:
        return
    first = previous = ordered[0]
    for day in ordered[1:]:
        if day - previous > timedelta(days=1):
            yield first, previous
            first = day
        previous = day
    yield first, previous


_OPEN_DAYS = f"""
    INSERT INTO insight_openday (day, area, subdistrict, unit, matter, state, open, overdue)
    SELECT day, area, subdistrict, COALESCE(unit, 0), COALESCE(matter, 0), state, SUM(n), SUM(late)
    FROM (
        SELECT night::date AS day, area, subdistrict, COALESCE(unit, 0) AS unit,
            COALESCE(matter, 0) AS matter, state, COUNT(*) AS n,
            COUNT(*) FILTER (WHERE late_from <= night::date) AS late
        FROM insight_transition, generate_series(
            GREATEST(day, %(first)s::date), LEAST(left_on - 1, %(last)s::date), interval '1 day'
        ) night
        WHERE state = ANY(%(open)s) AND day <= %(last)s
            AND (left_on IS NULL OR left_on > GREATEST(day, %(first)s))
        GROUP BY 1, 2, 3, 4, 5, 6
    ) fine
    GROUP BY day, state, {_SETS} HAVING {_OWN}
"""


# -- what is stored ---------------------------------------------------------------------------------------


def stored_sums(period: Period) -> tuple[Sums, Times]:
    """Everything that is summed up for a period."""
    key = ", ".join((*KEY, "subdistrict"))
    sums: Sums = {}
    times: Times = Counter()
    with connection.cursor() as cursor:
        where = "WHERE kind = %s AND start = %s"
        columns = ", ".join(SUMS)
        cursor.execute(f"SELECT {key}, {columns} FROM insight_tally {where}", [period.kind, period.start])
        for row in cursor.fetchall():
            found = {name: value for name, value in zip(SUMS, row[6:], strict=True) if value}
            sums[Place(*row[:6])] = Counter(found)
        cursor.execute(
            f"SELECT {key}, bucket, cases FROM insight_handlingtime {where}", [period.kind, period.start]
        )
        for row in cursor.fetchall():
            times[Place(*row[:6]), row[6]] = row[7]
    return sums, times
