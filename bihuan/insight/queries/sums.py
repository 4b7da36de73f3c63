"""Sums of the tallies: what it costs follows areas and days, however many cases there are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet, Sum

from bihuan.core.clock import today
from bihuan.insight.buckets import quantile
from bihuan.insight.catalogue import COUNT, MEAN, MEDIAN, P90, SHARE, STOCK, Indicator
from bihuan.insight.models import HandlingTime, OpenDay, Tally
from bihuan.insight.periods import DAY, MONTH, Period
from bihuan.insight.queries.closed import Rows, digests_of, memory
from bihuan.insight.queries.scope import View
from bihuan.insight.store import SUMS

_SUMS = ", ".join(f"SUM({name})" for name in SUMS)


@dataclass
class Sums:
    """Everything counted for one period, area or unit."""

    counts: Counter[str] = field(default_factory=Counter)
    times: Counter[int] = field(default_factory=Counter)
    open: int | None = None
    overdue: int | None = None

    def __iadd__(self, other: Sums) -> Sums:
        self.counts.update(other.counts)
        self.times.update(other.times)
        if other.open is not None:
            self.open = (self.open or 0) + other.open
            self.overdue = (self.overdue or 0) + (other.overdue or 0)
        return self

    def top(self, indicator: Indicator) -> int | None:
        if indicator.kind == STOCK:
            return self.open if indicator.code == "open_at_end" else self.overdue
        return self.counts[indicator.top.column]

    def bottom(self, indicator: Indicator) -> int | None:
        return None if indicator.bottom is None else self.counts[indicator.bottom.column]

    def value(self, indicator: Indicator) -> float | None:
        """The figure itself: a share, seconds, or a number; None where there is nothing to divide by."""
        top = self.top(indicator)
        if indicator.kind in (COUNT, STOCK):
            return top
        if indicator.kind == SHARE:
            bottom = self.bottom(indicator)
            return (top or 0) / bottom if bottom else None
        if not top:
            return None
        if indicator.statistic == MEAN:
            return float(self.counts["took"]) / top  # PostgreSQL adds up to a Decimal
        return quantile(self.times, {MEDIAN: 0.5, P90: 0.9}[indicator.statistic])


def _where(rows: QuerySet[Any], view: View, units: Sequence[int] | None, matters: Sequence[int]) -> Any:
    rows = rows.filter(matter__in=matters)
    rows = rows.filter(unit__in=units) if units is not None else rows.filter(unit__gt=0)
    return inside(rows, view)


def inside(rows: Any, view: View) -> Any:
    """Rows with an area and a subdistrict that lie in the area of a view."""
    if view.area.kind == "district":
        return rows
    if view.area.kind == "subdistrict":
        return rows.filter(subdistrict=view.area.pk)
    return rows.filter(area=view.area.pk)


def sums_of(
    view: View,
    periods: Sequence[Period],
    by: str = "",
    *,
    times: bool = True,
    units: Sequence[int] | None = None,
    matters: Sequence[int] | None = None,
) -> dict[Any, Sums]:
    """Sums of periods of one kind by their first days, or of one period by one of its keys.

    Keys are "area", "subdistrict", "unit" and "matter". Units and matters are those named, else those of the
    view. Of a period that is not over, what is due later than today is left out.
    """
    units = view.unit_ids if units is None and by != "unit" else units
    matters = view.matter_ids if matters is None else matters
    found: dict[Any, Sums] = defaultdict(Sums)
    for sign, kind, starts in _cells(periods):
        closed = digests_of(kind, starts) if sign > 0 else {}  # what is taken off is still to come
        asked = _Asked(view, kind, by, units, matters, closed)
        for start, key, *values in asked.rows(Tally, starts):
            counts = found[key if by else starts[start]].counts
            for name, value in zip(SUMS, values, strict=True):
                if value:
                    counts[name] += sign * value
        if times:
            for start, key, bucket, cases in asked.rows(HandlingTime, starts):
                found[key if by else starts[start]].times[bucket] += sign * cases
    return found


@dataclass(frozen=True)
class _Asked:
    """Which sums are wanted of each day or month: (start, key, sums …) or (start, key, bucket, cases)."""

    view: View
    kind: str
    by: str
    units: Sequence[int] | None
    matters: Sequence[int]
    closed: dict[date, bytes]

    def rows(self, table: type[Tally | HandlingTime], starts: Iterable[date]) -> Iterator[tuple[Any, ...]]:
        """Those of closed periods from memory where they were read before."""
        running = [start for start in starts if start not in self.closed]
        if running:
            yield from self._read(table, running, together=bool(self.by))
        unread: dict[date, Rows] = {}
        for start in self.closed:
            kept = memory.get(self._key(table, start))
            if kept is None:
                unread[start] = []
            else:
                yield from kept
        if not unread:
            return
        for row in self._read(table, [*unread]):
            unread[row[0]].append(row)
            yield row
        for start, rows in unread.items():
            memory.keep(self._key(table, start), rows)

    def _key(self, table: type[Tally | HandlingTime], start: date) -> Hashable:
        units = None if self.units is None else tuple(self.units)
        area = self.view.area.pk
        return table, self.closed[start], self.kind, start, area, self.by, units, tuple(self.matters)

    def _read(
        self, table: type[Tally | HandlingTime], starts: Sequence[date], *, together: bool = False
    ) -> list[tuple[Any, ...]]:
        """Rows of each day or month, or of all of them together. In SQL: there are thirty columns to name."""
        asked: list[Any] = [starts[0]] if together else []
        first = "%s::date" if together else "start"
        key = self.by or "start"
        wanted = _SUMS if table is Tally else "bucket, SUM(cases)"
        where, values = self._where()
        parts = [*([] if together else ["start"]), key, *([] if table is Tally else ["bucket"])]
        grouped = ", ".join(dict.fromkeys(parts))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {first}, {key}, {wanted} FROM {table._meta.db_table}"
                f" WHERE kind = %s AND start = ANY(%s) AND {where} GROUP BY {grouped}",
                [*asked, self.kind, [*starts], *values],
            )
            return cursor.fetchall()

    def _where(self) -> tuple[str, list[Any]]:
        """The condition for the cells of the view, as `_where` says it in Django's words."""
        parts = ["matter = ANY(%s)"]
        values: list[Any] = [[*self.matters]]
        if self.units is None:
            parts.append("unit > 0")
        else:
            parts.append("unit = ANY(%s)")
            values.append([*self.units])
        if self.view.area.kind != "district":
            parts.append("subdistrict = %s" if self.view.area.kind == "subdistrict" else "area = %s")
            values.append(self.view.area.pk)
        return " AND ".join(parts), values


def _cells(periods: Sequence[Period]) -> Iterable[tuple[int, str, dict[date, date]]]:
    """The days or months to add up, each with the period it belongs to, and the days to take off again."""
    kind = periods[0].parts[0][0]
    starts = {start: period.start for period in periods for _kind, start in period.parts}
    if kind == DAY:
        yield 1, DAY, {start: first for start, first in starts.items() if start <= today()}
        return
    yield 1, MONTH, starts
    for period in periods:
        if period.end > today():
            days = (period.end - today()).days
            to_come = (today() + timedelta(days=number) for number in range(1, days + 1))
            yield -1, DAY, {day: period.start for day in to_come if day >= period.start}


def add_nights(
    view: View,
    nights: dict[Any, date],
    into: dict[Any, Sums],
    by: str = "",
    units: Sequence[int] | None = None,
    matters: Sequence[int] | None = None,
) -> None:
    """Add what stood open at the end of these nights: one for each key, or all keys of one night.

    Of a night that was counted, what has no row had nothing open; of any other nothing is known.
    """
    units = view.unit_ids if units is None and by != "unit" else units
    matters = view.matter_ids if matters is None else matters
    counted_nights = OpenDay.objects.filter(day__in=set(nights.values()))
    rows = _where(counted_nights, view, units, matters)
    summed = {"n": Sum("open"), "late": Sum("overdue")}
    if by:
        if counted_nights.exists():
            for sums in into.values():
                sums.open = sums.overdue = 0
        for row in rows.annotate(key=F(by)).values("key").annotate(**summed).order_by():
            into[row["key"]].open, into[row["key"]].overdue = row["n"], row["late"]
        return
    counted = {row["day"]: row for row in rows.values("day").annotate(**summed).order_by()}
    known = set(counted_nights.filter(unit=0, matter=0).values_list("day", flat=True).distinct())
    for key, night in nights.items():
        if night in known:
            row = counted.get(night)
            into[key].open, into[key].overdue = (row["n"], row["late"]) if row else (0, 0)
