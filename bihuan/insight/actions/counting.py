"""Keeping the figures in step with the cases: what an entry changes in facts, transitions and sums."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from zlib import crc32

from django.db import connection, transaction

from bihuan.cases.models import Case, Matter, State
from bihuan.core.clock import now, today
from bihuan.insight import setwise, store
from bihuan.insight.events import EVENTS
from bihuan.insight.lines import Changes, lines_of
from bihuan.insight.marks import Mark
from bihuan.insight.material import COLUMNS, CaseRow, happened
from bihuan.insight.models import ClosedPeriod, Fact
from bihuan.insight.story import AGAIN_WITHIN, Told, tell

CASE = Case._meta.label_lower
FIGURES, SPOT = 0x1F16, 0x5907  # numbers of our advisory locks
LOOK_BACK = timedelta(days=40)

ENTRIES = (
    "SELECT seq, verb, at, data FROM audit_entry WHERE subject_type = %s AND subject_id = %s ORDER BY seq"
)


@transaction.atomic
def count_case(pk: int, *, seq: int = 0) -> bool:
    """Count what became of a case up to now; False when that is counted already up to entry `seq`.

    It may be called in any order and any number of times. Cases about the same place wait for each other,
    because one may be the other's return; nobody else waits.
    """
    row = case_row(pk)
    if row is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock_shared(%s), pg_advisory_xact_lock(%s, %s)",
            [FIGURES, SPOT, crc32(row.spot.encode()) - 2**31],
        )
    old = store.read(pk)
    if old is not None and seq and old.seq >= seq:
        return False
    # Read anew what may have changed while this waited for the lock.
    told = told_of(case_row(pk) or row)
    if not told.steps:
        return False
    came_again(told)
    changes = Changes()
    changes.replace(pk, old.lines if old else {}, lines_of(told))
    store.write(told, old)
    _look_back_from(told, old, changes)
    apply(changes)
    return True


def case_row(pk: int) -> CaseRow | None:
    row = Case.objects.filter(pk=pk).values_list(*COLUMNS).first()
    return CaseRow(*row) if row else None


def told_of(row: CaseRow) -> Told:
    """A case's story from its entries as they are now."""
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES, [CASE, row.pk])
        entries = happened(cursor.fetchall())
    codes = {entry.data["matter"] for entry in entries if "matter" in entry.data}
    return tell(row, entries, matter_ids(codes) if codes else {})


def matter_ids(codes: Iterable[str] | None = None) -> dict[str, int]:
    """The ids of matters by code; all of them unless some are named."""
    matters = Matter.objects.all() if codes is None else Matter.objects.filter(code__in=codes)
    return dict(matters.values_list("code", "pk"))


# -- the same place and matter again ------------------------------------------------------------------


def came_again(told: Told) -> None:
    """Mark a closed case whose place and matter were reported again within 30 days."""
    if not told.marks & Mark.ENDED or told.matter is None or told.closed_at is None:
        return
    others = Fact.objects.filter(
        spot=told.row.spot,
        matter=told.matter,
        reported_at__gt=told.closed_at,
        reported_at__lte=told.closed_at + AGAIN_WITHIN,
    )
    if others.exclude(pk=told.row.pk).exclude(state=State.MERGED).exists():
        told.marks |= Mark.AGAIN


def _look_back_from(told: Told, old: store.Stored | None, changes: Changes) -> None:
    """Judge anew the closed cases that this one returns to, or no longer does."""
    now_is, was = _returns_as(told.matter, told.state), _returns_as(*(old.returns_as if old else (None, "")))
    if now_is == was:
        return
    earlier = Fact.objects.filter(
        spot=told.row.spot,
        matter__in=[matter for matter in {now_is, was} if matter is not None],
        closed_at__lt=told.row.reported_at,
        closed_at__gte=told.row.reported_at - AGAIN_WITHIN,
    ).exclude(pk=told.row.pk)
    for pk in list(earlier.order_by("pk").values_list("pk", flat=True)):
        stored, row = store.read(pk), case_row(pk)
        if stored is None or row is None:
            continue
        again = told_of(row)
        if again.seq != stored.seq:
            continue  # its own reaction is on the way
        came_again(again)
        changes.replace(pk, stored.lines, lines_of(again))
        store.write(again, stored)


def _returns_as(matter: int | None, state: str) -> int | None:
    """The matter as which a case may be another one's return; None when it may not."""
    return None if state == State.MERGED else matter


# -- sums -----------------------------------------------------------------------------------------------


def apply(changes: Changes) -> None:
    """Add what changed to the sums, except in closed periods, where it is noted beside them."""
    closed = store.closed_among(changes.starts())
    if closed:
        store.note_late(changes.keep_out_of(closed), now())
    store.add_up(changes)


def count_missed() -> int:
    """Count what a reaction that failed for good, or never ran, left uncounted; the latest entries only.

    Before the first period is closed it looks at all of them: in an installation that is older than its
    figures, what is final must not lack the cases from before.
    """
    since = today() - LOOK_BACK if ClosedPeriod.objects.exists() else date.min
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT e.subject_id FROM audit_entry e"
            " LEFT JOIN insight_fact f ON f.case_id = e.subject_id"
            " WHERE e.day >= %s AND e.subject_type = %s AND e.verb = ANY(%s)"
            " AND (f.seq IS NULL OR f.seq < e.seq) ORDER BY 1",
            [since, CASE, [*EVENTS]],
        )
        missed = [pk for (pk,) in cursor.fetchall()]
    return sum(count_case(pk) for pk in missed)


def count_open(days: Sequence[date]) -> None:
    """Write down how many cases were open and overdue when these days ended."""
    setwise.write_open_days(days)
