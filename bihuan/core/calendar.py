"""Working time: which moments count as office hours, and how far apart two moments are in them.

Two clocks share one interface (`Clock`). `WorkingCalendar` counts office hours on working days of China's
official calendar, with its moved working days and the district's own exceptions; `NaturalClock` counts every
second. Both work on whole instants, so daylight saving costs or gives what the wall clock says it does.

`add` answers with the *earliest* moment at which that much work has been done: a limit that runs out exactly
at the noon break ends at noon, not after lunch, and a limit that starts at night with nothing to do ends at
once. From that choice follow the laws the tests hold it to: monotonic, additive, and inverse to `between`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from typing import Protocol
from zoneinfo import ZoneInfo

from chinese_calendar import Holiday, constants
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

Span = tuple[time, time]
Spans = tuple[Span, ...]

DEFAULT_HOURS: Spans = ((time(8, 30), time(12, 0)), (time(14, 30), time(18, 0)))
DEFAULT_ZONE = ZoneInfo("Asia/Shanghai")

OFFICIAL_HOLIDAYS: dict[date, str] = constants.holidays
MOVED_WORKDAYS: dict[date, str] = constants.workdays

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = 1_000_000  # instants are whole microseconds since the epoch
_DAY = timedelta(days=1)


class Clock(Protocol):
    """What every way of counting time can do."""

    @property
    def day_length(self) -> int: ...
    def add(self, start: datetime, seconds: int) -> datetime: ...
    def between(self, start: datetime, end: datetime) -> int: ...
    def is_working(self, moment: datetime) -> bool: ...


@dataclass(frozen=True)
class DayExplained:
    """Why a day works or not, in words that a person can check."""

    day: date
    works: bool
    source: str  # district, holiday, moved, weekday, weekend
    name: str  # of the holiday or of the district's exception
    published: bool  # False: the official calendar of this year is not known yet
    spans: Spans

    @property
    def sentence(self) -> Promise | str:
        return _SENTENCES[self.source]


_SENTENCES: dict[str, Promise] = {
    "district": _("Set by the district"),
    "holiday": _("Public holiday"),
    "moved": _("Working day moved here from a holiday"),
    "weekday": _("Ordinary working day"),
    "weekend": _("Weekend"),
}


@cache
def is_published(year: int) -> bool:
    """Whether the official calendar of a year is known: every published year has its National Day."""
    return date(year, 10, 1) in OFFICIAL_HOLIDAYS


def works_officially(day: date) -> bool:
    """A working day of the official calendar; Monday to Friday where none is published."""
    if day in MOVED_WORKDAYS:
        return True
    return day.weekday() < 5 and day not in OFFICIAL_HOLIDAYS


def holiday_name(day: date) -> str:
    """The holiday that a free or moved day belongs to, in the active language; empty for any other day."""
    english = OFFICIAL_HOLIDAYS.get(day) or MOVED_WORKDAYS.get(day)
    if not english:
        return ""
    return english if (get_language() or "").startswith("en") else _CHINESE_NAMES.get(english, english)


_CHINESE_NAMES = {holiday.value: holiday.chinese for holiday in Holiday}


def span_seconds(spans: Spans) -> int:
    """How long a day of these hours is on the wall clock."""
    return sum(_clock_seconds(end, is_end=True) - _clock_seconds(start) for start, end in spans)


def checked_spans(spans: Sequence[Span]) -> Spans:
    """The spans of a day in order; ValueError when one is empty or two overlap. Midnight may end a day."""
    ordered = tuple(sorted(spans))
    if not ordered:
        raise ValueError("a working day needs office hours")
    reached = -1
    for start, end in ordered:
        opens, closes = _clock_seconds(start), _clock_seconds(end, is_end=True)
        if closes <= opens:
            raise ValueError(f"office hours {start:%H:%M}–{end:%H:%M} end before they start")
        if opens < reached:
            raise ValueError(f"office hours from {start:%H:%M} overlap the ones before")
        reached = closes
    return ordered


def _clock_seconds(at: time, *, is_end: bool = False) -> int:
    seconds = at.hour * 3600 + at.minute * 60 + at.second
    return 86_400 if is_end and seconds == 0 else seconds


def _instant(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError("working time needs a moment with a time zone")
    gone = moment - _EPOCH
    return (gone.days * 86_400 + gone.seconds) * _SECOND + gone.microseconds


def _moment(instant: int) -> datetime:
    return _EPOCH + timedelta(microseconds=instant)


@dataclass(frozen=True, slots=True)
class _Year:
    """The working spans of one local year as instants, with the work done before each of them."""

    starts: list[int]
    ends: list[int]
    before: list[int]
    total: int

    def done_by(self, instant: int) -> int:
        """Work of this year done by an instant, in microseconds."""
        place = bisect_right(self.starts, instant) - 1
        if place < 0:
            return 0
        return self.before[place] + min(instant, self.ends[place]) - self.starts[place]

    def reached(self, work: int) -> int:
        """The earliest instant by which `work` (more than none, at most `total`) of this year is done."""
        place = bisect_left(self.before, work) - 1
        return self.starts[place] + work - self.before[place]


class WorkingCalendar:
    """Office hours on working days, in the district's zone.

    `hours` are the spans of a normal day. `changes` gives other hours from a day onwards (summer hours, say).
    `overrides` decides single days: True or False, or the spans of that day.
    """

    def __init__(
        self,
        hours: Sequence[Span] = DEFAULT_HOURS,
        zone: tzinfo = DEFAULT_ZONE,
        overrides: Mapping[date, bool | Sequence[Span]] | None = None,
        *,
        changes: Mapping[date, Sequence[Span]] | None = None,
        names: Mapping[date, str] | None = None,
    ) -> None:
        self.zone = zone
        self._hours = [(date.min, checked_spans(hours))]
        self._hours += [(day, checked_spans(spans)) for day, spans in sorted((changes or {}).items())]
        self._overrides = {
            day: given if isinstance(given, bool) else checked_spans(given)
            for day, given in (overrides or {}).items()
        }
        self._names = dict(names or {})
        self._years: dict[int, _Year] = {}

    @property
    def hours(self) -> Spans:
        """The office hours that were set last."""
        return self._hours[-1][1]

    @property
    def day_length(self) -> int:
        """Seconds of a normal office day: what "one working day" means when a limit is counted."""
        return span_seconds(self.hours)

    def hours_on(self, day: date) -> Spans:
        """The hours in force on a day, were it to work."""
        return next(spans for since, spans in reversed(self._hours) if since <= day)

    def spans_on(self, day: date) -> Spans:
        """The hours worked on a day; none on a free day."""
        given = self._overrides.get(day)
        if given is None:
            given = works_officially(day)
        if given is True:
            return self.hours_on(day)
        return given or ()

    def is_working_day(self, day: date) -> bool:
        return bool(self.spans_on(day))

    def is_published(self, day: date) -> bool:
        """Whether the official calendar of this day's year is known, or Monday to Friday is our guess."""
        return is_published(day.year)

    def explain(self, day: date) -> DayExplained:
        """Why a day works or not."""
        spans = self.spans_on(day)
        if day in self._overrides:
            source, name = "district", self._names.get(day, "")
        elif day in MOVED_WORKDAYS:
            source, name = "moved", holiday_name(day)
        elif day in OFFICIAL_HOLIDAYS:
            source, name = "holiday", holiday_name(day)
        else:
            source, name = ("weekday" if day.weekday() < 5 else "weekend"), ""
        return DayExplained(day, bool(spans), source, name, self.is_published(day), spans)

    def is_working(self, moment: datetime) -> bool:
        """Whether a moment lies in office hours (their first second does, their last moment does not)."""
        instant = _instant(moment)
        year = self._year(moment.astimezone(self.zone).year)
        place = bisect_right(year.starts, instant) - 1
        return place >= 0 and instant < year.ends[place]

    def add(self, start: datetime, seconds: int) -> datetime:
        """The earliest moment (UTC) by which `seconds` of office time have passed since `start`."""
        if seconds < 0:
            raise ValueError("office time is counted forwards")
        instant = _instant(start)
        if seconds == 0:
            return _moment(instant)
        number = start.astimezone(self.zone).year
        year = self._year(number)
        wanted = year.done_by(instant) + seconds * _SECOND
        while wanted > year.total:
            wanted -= year.total
            number += 1
            year = self._year(number)
        return _moment(year.reached(wanted))

    def between(self, start: datetime, end: datetime) -> int:
        """Whole seconds of office time from `start` to `end`; negative when `end` comes first."""
        first, last = _instant(start), _instant(end)
        if last < first:
            return -self.between(end, start)
        number = start.astimezone(self.zone).year
        until = end.astimezone(self.zone).year
        work = -self._year(number).done_by(first)
        while number < until:
            work += self._year(number).total
            number += 1
        return (work + self._year(until).done_by(last)) // _SECOND

    def _year(self, number: int) -> _Year:
        found = self._years.get(number)
        if found is None:
            found = self._years[number] = self._build(number)
        return found

    def _build(self, number: int) -> _Year:
        if not 1 < number < 9999:
            raise OverflowError("this limit lies outside the calendar")
        starts: list[int] = []
        ends: list[int] = []
        before: list[int] = []
        total = 0
        day = date(number, 1, 1)
        reached = self._local_instant(day, 0)
        while day.year == number:
            for opens, closes in self.spans_on(day):
                # The running maximum keeps spans in order where a clock change swallows or repeats an hour.
                start = max(reached, self._local_instant(day, _clock_seconds(opens)))
                reached = max(start, self._local_instant(day, _clock_seconds(closes, is_end=True)))
                if reached > start:
                    starts.append(start)
                    ends.append(reached)
                    before.append(total)
                    total += reached - start
            day += _DAY
        return _Year(starts, ends, before, total)

    def _local_instant(self, day: date, seconds: int) -> int:
        wall = datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)
        return _instant(wall.replace(tzinfo=self.zone))


class NaturalClock:
    """Every second counts, day and night: the clock of what cannot wait."""

    day_length = 86_400

    def add(self, start: datetime, seconds: int) -> datetime:
        if seconds < 0:
            raise ValueError("time is counted forwards")
        return _moment(_instant(start) + seconds * _SECOND)

    def between(self, start: datetime, end: datetime) -> int:
        first, last = _instant(start), _instant(end)
        return (last - first) // _SECOND if last >= first else -((first - last) // _SECOND)

    def is_working(self, moment: datetime) -> bool:
        return True
