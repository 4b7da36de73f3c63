"""Closing periods: some days after its end a period's figures become final."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from hashlib import sha256

from django.db import connection, transaction

from bihuan.audit import record
from bihuan.core.clock import now
from bihuan.insight import rules, setwise
from bihuan.insight.actions.counting import count_missed
from bihuan.insight.actions.rebuilding import stories_until, wait_for_nobody_to_count
from bihuan.insight.catalogue import VERSION
from bihuan.insight.lines import Changes, lines_of
from bihuan.insight.models import ClosedPeriod
from bihuan.insight.periods import KEPT, Period


def periods_to_close() -> list[Period]:
    """Periods whose time has come, the earliest first; none before the first case."""
    first = setwise.first_day()
    if first is None:
        return []
    closed = set(ClosedPeriod.objects.values_list("kind", "start"))
    return sorted(
        (period for period in _over(first) if (period.kind, period.start) not in closed),
        key=lambda period: (period.end, KEPT.index(period.kind)),
    )


def _over(first: date) -> Iterator[Period]:
    at = now()
    for kind in KEPT:
        period = Period.holding(first, kind)
        while rules.closes_at(period) <= at:
            yield period
            period = period.next


@transaction.atomic
def close_periods() -> list[ClosedPeriod]:
    """Make the figures of every day and month that is long enough over final: nothing changes them now.

    A week is closed with its last day, a quarter and a year with their last month: they are the sums of
    those. What happens to their cases later counts in the period in which it happens; beside the closed
    figures it is said how many cases changed since.
    """
    periods = periods_to_close()
    if not periods:
        return []
    wait_for_nobody_to_count()
    with connection.cursor() as cursor:
        # What is final is what was recorded until now: nobody may add to that while it is counted.
        cursor.execute("LOCK TABLE audit_entry IN SHARE MODE")
    count_missed()
    at = now()
    return [_close(period, at) for period in periods]


def _close(period: Period, at: datetime) -> ClosedPeriod:
    sums, times = setwise.stored_sums(period)
    closed = ClosedPeriod.objects.create(
        kind=period.kind,
        start=period.start,
        closed_at=at,
        version=VERSION,
        digest=digest(sums, times),
    )
    record("period.closed", closed, period=str(period), version=VERSION, digest=closed.digest.hex())
    return closed


def digest(sums: setwise.Sums, times: setwise.Times) -> bytes:
    """SHA-256 of all sums in an order of their own."""
    body = [
        sorted([*map(str, place), sorted(found.items())] for place, found in sums.items()),
        sorted([*map(str, place), bucket, count] for (place, bucket), count in times.items()),
    ]
    return sha256(json.dumps(body, separators=(",", ":")).encode()).digest()


def sums_until(
    moment: datetime, periods: set[tuple[str, date]]
) -> dict[tuple[str, date], tuple[setwise.Sums, setwise.Times]]:
    """What entries up to a moment give for some periods, reckoned in memory and from nothing else."""
    changes = Changes()
    for told in stories_until(moment):
        changes.replace(told.row.pk, {}, lines_of(told))
    found: dict[tuple[str, date], tuple[setwise.Sums, setwise.Times]] = {
        period: ({}, Counter()) for period in periods
    }
    for place, sums in changes.sums.items():
        if (place.kind, place.start) in found:
            found[place.kind, place.start][0][place] = Counter({n: v for n, v in sums.items() if v})
    for (place, bucket), count in changes.times.items():
        if (place.kind, place.start) in found:
            found[place.kind, place.start][1][place, bucket] = count
    return found


def faults_in_closed(period: Period | None = None) -> Iterator[tuple[ClosedPeriod, str]]:
    """Closed periods whose sums are not what was closed, or do not follow from the entries until then."""
    by_moment: dict[datetime, list[ClosedPeriod]] = {}
    wanted = ClosedPeriod.objects.filter(**({"kind": period.kind, "start": period.start} if period else {}))
    for closed in wanted.order_by("closed_at", "pk"):
        by_moment.setdefault(closed.closed_at, []).append(closed)
    for moment, together in by_moment.items():
        reckoned = sums_until(moment, {(closed.kind, closed.start) for closed in together})
        for closed in together:
            stored = setwise.stored_sums(Period(closed.start, closed.kind))
            if digest(*stored) != bytes(closed.digest):
                yield closed, "its sums are not what was closed"
            elif digest(*reckoned[closed.kind, closed.start]) != bytes(closed.digest):
                yield closed, "its sums do not follow from the entries up to its closing"
