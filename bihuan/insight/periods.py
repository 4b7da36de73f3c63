"""Days, weeks, months, quarters and years: which one holds a day, what comes before it, what it is called."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

DAY, WEEK, MONTH, QUARTER, YEAR = "day", "week", "month", "quarter", "year"
KINDS: dict[str, Any] = {
    DAY: pgettext_lazy("period", "Day"),
    WEEK: gettext_lazy("Week"),
    MONTH: gettext_lazy("Month"),
    QUARTER: gettext_lazy("Quarter"),
    YEAR: gettext_lazy("Year"),
}
WRITTEN = re.compile(r"(\d{4})(?:-(?:W(\d{2})|Q([1-4])|(\d{2})(?:-(\d{2}))?))?")
EARLIEST, LATEST = 2000, 2199
KEPT = (DAY, MONTH)  # what sums are kept and closed for; the other kinds are sums of these


def start_of(kind: str, day: date) -> date:
    """The first day of the period of this kind that holds a day."""
    if kind == WEEK:
        return day - timedelta(days=day.weekday())
    if kind == MONTH:
        return day.replace(day=1)
    if kind == QUARTER:
        return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return date(day.year, 1, 1) if kind == YEAR else day


@dataclass(frozen=True, order=True)
class Period:
    """A stretch of whole days that figures are given for."""

    start: date
    kind: str

    @classmethod
    def holding(cls, day: date, kind: str) -> Period:
        return cls(start_of(kind, day), kind)

    @classmethod
    def read(cls, written: str) -> Period | None:
        """2025, 2025-Q3, 2025-07, 2025-W30 or 2025-07-21; None for anything else."""
        match = WRITTEN.fullmatch(written)
        if not match or not EARLIEST <= int(match[1]) <= LATEST:
            return None
        year, week, quarter, month, day = match.groups()
        try:
            if week:
                return cls(date.fromisocalendar(int(year), int(week), 1), WEEK)
            if quarter:
                return cls(date(int(year), int(quarter) * 3 - 2, 1), QUARTER)
            if day:
                return cls(date(int(year), int(month), int(day)), DAY)
            return cls(date(int(year), int(month or 1), 1), MONTH if month else YEAR)
        except ValueError:
            return None

    def __str__(self) -> str:
        """As an address has it."""
        if self.kind == WEEK:
            year, week, _day = self.start.isocalendar()
            return f"{year}-W{week:02}"
        if self.kind == QUARTER:
            return f"{self.start.year}-Q{self.quarter}"
        return {DAY: f"{self.start:%Y-%m-%d}", MONTH: f"{self.start:%Y-%m}", YEAR: f"{self.start.year}"}[
            self.kind
        ]

    @property
    def quarter(self) -> int:
        return (self.start.month + 2) // 3

    @property
    def end(self) -> date:
        """The last day."""
        if self.kind == DAY:
            return self.start
        if self.kind == WEEK:
            return self.start + timedelta(days=6)
        month = {MONTH: self.start.month, QUARTER: self.start.month + 2, YEAR: 12}[self.kind]
        return date(self.start.year, month, monthrange(self.start.year, month)[1])

    @property
    def next(self) -> Period:
        return Period.holding(self.end + timedelta(days=1), self.kind)

    @property
    def previous(self) -> Period:
        return Period.holding(self.start - timedelta(days=1), self.kind)

    @property
    def parts(self) -> list[tuple[str, date]]:
        """The days or months that its figures are the sum of."""
        kind = DAY if self.kind in (DAY, WEEK) else MONTH
        part, found = Period.holding(self.start, kind), []
        while part.start <= self.end:
            found.append((kind, part.start))
            part = part.next
        return found

    def back(self, count: int) -> list[Period]:
        """This many periods, the last of which is this one."""
        found = [self]
        while len(found) < count:
            found.append(found[-1].previous)
        return found[::-1]

    def holds(self, day: date) -> bool:
        return self.start <= day <= self.end

    @property
    def label(self) -> str:
        """As a person says it: “July 2025”, 「2025年第三季度」."""
        if self.kind == DAY:
            return date_format(self.start, "DATE_FORMAT")
        if self.kind == WEEK:
            year, week, _day = self.start.isocalendar()
            return _("Week %(number)s of %(year)s") % {"number": week, "year": year}
        if self.kind == MONTH:
            return date_format(self.start, _("F Y"))
        if self.kind == QUARTER:
            return _("Quarter %(number)s of %(year)s") % {"number": self.quarter, "year": self.start.year}
        return _("Year %(year)s") % {"year": self.start.year}

    @property
    def short(self) -> str:
        """As an axis says it, short."""
        if self.kind in (DAY, WEEK):
            return f"{self.start.month}/{self.start.day}"
        if self.kind == MONTH:
            return f"{self.start.year}/{self.start.month}"
        return str(self)

    @property
    def span(self) -> str:
        """From which day to which, where the label does not say it."""
        if self.kind in (DAY, MONTH, YEAR):
            return ""
        return f"{date_format(self.start, 'MONTH_DAY_FORMAT')} – {date_format(self.end, 'MONTH_DAY_FORMAT')}"


def periods_between(kind: str, first: date, last: date) -> Iterator[Period]:
    """Every period of a kind that begins with the one that holds `first` and is over by `last`."""
    period = Period.holding(first, kind)
    while period.end <= last:
        yield period
        period = period.next
