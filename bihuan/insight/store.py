"""The tables of the figures as SQL: read one case's part, write it, add to the sums what changed.

This runs for every event of every case, so it says exactly what it wants. What counts as what is decided in
`story`, never here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from bihuan.insight.lines import TOOK, Changes, Late, Line, Place
from bihuan.insight.marks import ALL, Mark
from bihuan.insight.story import Told

FACT = (
    "case_id", "seq", "area", "subdistrict", "unit", "matter", "channel", "urgency", "state", "spot",
    "reported_at", "filed_at", "due_at", "due_on", "resolved_at", "closed_at", "took", "marks",
)  # fmt: skip
TRANSITION = (
    "case_id", "seq", "verb", "was", "state", "at", "left_at", "natural_seconds", "working_seconds", "day",
    "left_on", "late_from", "area", "subdistrict", "unit", "matter", "counted_on", "marks",
)  # fmt: skip
KEY = ("kind", "matter", "unit", "start", "area")
SUMS = (*(mark.column for mark in ALL), TOOK)


def fact_row(told: Told) -> tuple[Any, ...]:
    """A case as a row of facts, in the order of `FACT`."""
    row = told.row
    return (
        row.pk, told.seq, row.cell, row.subdistrict or 0, told.unit, told.matter, row.channel, told.urgency,
        told.state, row.spot, row.reported_at, told.filed_at, told.due_at, told.due_on, told.resolved_at,
        told.closed_at, told.took, int(told.marks),
    )  # fmt: skip


def transition_rows(told: Told) -> list[tuple[Any, ...]]:
    """The steps of a case as rows of transitions, in the order of `TRANSITION`."""
    row = told.row
    return [
        (
            row.pk, step.seq, step.verb, step.was, step.state, step.at, step.left_at, step.natural_seconds,
            step.working_seconds, step.day, step.left_on, step.late_from, row.cell, row.subdistrict or 0,
            step.unit, step.matter, step.counted_on, int(step.marks),
        )
        for step in told.steps
    ]  # fmt: skip


# -- one case -------------------------------------------------------------------------------------------


class Stored(NamedTuple):
    """What is stored of a case."""

    seq: int
    lines: dict[int, Line]
    returns_as: tuple[int | None, str]
    fact: tuple[Any, ...]
    transitions: dict[int, tuple[Any, ...]]


def read(pk: int) -> Stored | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(FACT)} FROM insight_fact WHERE case_id = %s", [pk])
        fact = cursor.fetchone()
        if fact is None:
            return None
        cursor.execute(f"SELECT {', '.join(TRANSITION)} FROM insight_transition WHERE case_id = %s", [pk])
        transitions = {row[1]: row for row in cursor.fetchall()}
    named = dict(zip(FACT, fact, strict=True))
    return Stored(
        named["seq"],
        stored_lines(named, transitions.values()),
        (named["matter"], named["state"]),
        fact,
        transitions,
    )


def stored_lines(fact: dict[str, Any], transitions: Iterable[tuple[Any, ...]]) -> dict[int, Line]:
    """The lines of a case as `lines.lines_of` gave them when it was stored."""
    area, street = fact["area"], fact["subdistrict"]
    unit, matter = fact["unit"] or 0, fact["matter"] or 0
    lines = {}
    if fact["marks"]:
        took = fact["took"] if fact["marks"] & Mark.RESOLVED else 0
        lines[0] = Line(0, fact["due_on"], area, street, unit, matter, fact["marks"], took)
    for row in transitions:
        step = dict(zip(TRANSITION, row, strict=True))
        if step["counted_on"] is not None:
            lines[step["seq"]] = Line(
                step["seq"],
                step["counted_on"],
                area,
                street,
                step["unit"] or unit,
                step["matter"] or matter,
                step["marks"],
                0,
            )
    return lines


def write(told: Told, old: Stored | None) -> None:
    """Store a case; of its transitions only those that are new or became different."""
    fact, rows = fact_row(told), transition_rows(told)
    known = old.transitions if old else {}
    changed = [row for row in rows if known.get(row[1]) != row]
    gone = known.keys() - {row[1] for row in rows}
    with connection.cursor() as cursor:
        if old is None or old.fact != fact:
            cursor.execute(_UPSERT_FACT, fact)
        if gone:
            cursor.execute(
                "DELETE FROM insight_transition WHERE case_id = %s AND seq = ANY(%s)", [told.row.pk, [*gone]]
            )
        if changed:
            cursor.execute(
                f"INSERT INTO insight_transition ({', '.join(TRANSITION)}) VALUES {_values(changed)}"
                f" ON CONFLICT (case_id, seq) DO UPDATE SET {_taken(TRANSITION[2:])}",
                _flat(changed),
            )


def _values(rows: Sequence[Sequence[Any]]) -> str:
    one = f"({', '.join(['%s'] * len(rows[0]))})"
    return ", ".join([one] * len(rows))


def _flat(rows: Iterable[Sequence[Any]]) -> list[Any]:
    return [value for row in rows for value in row]


def _taken(columns: Iterable[str]) -> str:
    return ", ".join(f"{column} = EXCLUDED.{column}" for column in columns)


_UPSERT_FACT = (
    f"INSERT INTO insight_fact ({', '.join(FACT)}) VALUES ({', '.join(['%s'] * len(FACT))})"
    f" ON CONFLICT (case_id) DO UPDATE SET {_taken(FACT[1:])}"
)


# -- sums -------------------------------------------------------------------------------------------------


def closed_among(starts: set[tuple[str, date]]) -> set[tuple[str, date]]:
    """Which of these periods are closed. Asked for, not reckoned: a clock may have been set back."""
    if not starts:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT kind, start FROM insight_closedperiod WHERE (kind, start) IN ({_values([*starts])})",
            _flat(starts),
        )
        return set(cursor.fetchall())


def add_up(changes: Changes) -> None:
    """Add what changed to the sums, always in the order of their keys: nobody waits in a circle."""
    sums = sorted((place, found) for place, found in changes.sums.items() if any(found.values()))
    if sums:
        _add_tallies(sums)
    times = sorted((key, count) for key, count in changes.times.items() if count)
    if times:
        _add_times(times)


def _add_tallies(sums: list[tuple[Place, Counter[str]]]) -> None:
    columns = [column for column in SUMS if any(found.get(column) for _place, found in sums)]
    rows = [
        (*place[:5], place.subdistrict, *(found.get(column) or None for column in columns))
        for place, found in sums
    ]
    added = ", ".join(
        f"{column} = NULLIF(COALESCE(t.{column}, 0) + COALESCE(EXCLUDED.{column}, 0), 0)"
        for column in columns
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO insight_tally AS t ({', '.join((*KEY, 'subdistrict', *columns))})"
            f" VALUES {_values(rows)} ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET {added}",
            _flat(rows),
        )
        if any(value < 0 for _place, found in sums for value in found.values()):
            keys = [row[:5] for row in rows]
            cursor.execute(
                f"DELETE FROM insight_tally WHERE ({', '.join(KEY)}) IN ({_values(keys)})"
                f" AND num_nonnulls({', '.join(SUMS)}) = 0",
                _flat(keys),
            )


def _add_times(times: list[tuple[tuple[Place, int], int]]) -> None:
    rows = [(*place[:5], bucket, place.subdistrict, count) for (place, bucket), count in times]
    key = (*KEY, "bucket")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO insight_handlingtime AS t ({', '.join((*key, 'subdistrict', 'cases'))})"
            f" VALUES {_values(rows)}"
            f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET cases = t.cases + EXCLUDED.cases",
            _flat(rows),
        )
        if any(count < 0 for _key, count in times):
            keys = [row[:6] for row in rows]
            cursor.execute(
                f"DELETE FROM insight_handlingtime WHERE ({', '.join(key)}) IN ({_values(keys)})"
                " AND cases = 0",
                _flat(keys),
            )


def note_late(found: Iterable[Late], at: datetime) -> None:
    """Note beside closed periods what would have changed them."""
    rows = [
        (
            late.case, late.line.seq, late.kind, late.start, late.line.area, late.line.subdistrict,
            late.line.unit, late.line.matter, late.lost, late.won, at,
        )
        for late in found
    ]  # fmt: skip
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO insight_latechange (case_id, seq, kind, start, area, subdistrict, unit, matter,"
                f" lost, won, at) VALUES {_values(rows)}",
                _flat(rows),
            )
