"""Building all figures anew from cases and entries, as they are or as they were at a moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

from django.db import connection, transaction

from bihuan.core.clock import today
from bihuan.insight import setwise, store
from bihuan.insight.actions.counting import CASE, FIGURES, matter_ids
from bihuan.insight.marks import Mark
from bihuan.insight.material import CaseRow, Happened, happened
from bihuan.insight.story import AGAIN_WITHIN, Told, tell

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


@transaction.atomic
def rebuild_figures(*, done: Callable[[int], None] = lambda _count: None) -> int:
    """Count every case anew; reactions wait meanwhile. The sums of closed periods stay as they are."""
    wait_for_nobody_to_count()
    setwise.empty_facts()
    count = 0
    for batch in _batches(None):
        setwise.copy_facts(store.fact_row(told) for told in batch)
        setwise.copy_transitions(row for told in batch for row in store.transition_rows(told))
        count += len(batch)
        done(count)
    rebuild_sums()
    return count


@transaction.atomic
def rebuild_sums() -> None:
    """Build everything above facts and transitions anew from them, set by set."""
    wait_for_nobody_to_count()
    setwise.mark_again()
    setwise.sum_up_again()
    first = setwise.first_day()
    if first is not None:
        setwise.write_open_days(_days(first, today() - timedelta(days=1)))


def wait_for_nobody_to_count() -> None:
    """Hold off the reactions that count cases until this transaction is over."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FIGURES])


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _batches(until: datetime | None) -> Iterator[list[Told]]:
    """All cases, told up to a moment, some at a time."""
    matters = matter_ids()
    last = 0
    while rows := [CaseRow(*row) for row in setwise.cases_after(last)]:
        last = rows[-1].pk
        stories: dict[int, list[Happened]] = defaultdict(list)
        for pk, *entry in setwise.entries_between(CASE, rows[0].pk, last, until or FOREVER):
            stories[pk].extend(happened([entry]))
        batch = [tell(row, stories[row.pk], matters, until=until) for row in rows if row.pk in stories]
        yield [told for told in batch if told.steps]


def stories_until(moment: datetime) -> list[Told]:
    """Every case as it stood at a moment, for proving figures that were closed then. Holds all of them."""
    found = [told for batch in _batches(moment) for told in batch]
    returns: dict[tuple[str, int | None], list[Told]] = defaultdict(list)
    for told in found:
        if told.matter is not None and told.state != "merged":
            returns[told.row.spot, told.matter].append(told)
    for told in found:
        if told.marks & Mark.ENDED and told.closed_at is not None:
            for other in returns[told.row.spot, told.matter]:
                gap = other.row.reported_at - told.closed_at
                if other is not told and timedelta(0) < gap <= AGAIN_WITHIN:
                    told.marks |= Mark.AGAIN
    return found
