"""When the district works: its calendar in memory, its exceptions and hours."""

from __future__ import annotations

from calendar import monthcalendar
from dataclasses import dataclass
from datetime import date, time

from django.db.models import (
    QuerySet,
)
from django.utils.timezone import get_default_timezone

from bihuan.core.calendar import DEFAULT_HOURS, DayExplained, Spans, WorkingCalendar
from bihuan.territory.models import (
    CalendarDay,
    OfficeHours,
)
from bihuan.territory.remembered import Remembered


def _build_calendar() -> WorkingCalendar:
    hours = {row.starts_on: spans_from(row.spans) for row in OfficeHours.objects.order_by("starts_on")}
    days = list(CalendarDay.objects.all())
    return WorkingCalendar(
        DEFAULT_HOURS,
        get_default_timezone(),
        {day.day: day.works for day in days},
        changes=hours,
        names={day.day: day.name for day in days},
    )


calendar = Remembered("calendar", _build_calendar)


def working_calendar() -> WorkingCalendar:
    """The district's working time, from memory; a changed day or hour is known to every process at once."""
    return calendar.get()


def spans_from(spans: list[list[str]]) -> Spans:
    """Office hours as they are stored: [["08:30", "12:00"], …]."""
    return tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in spans)


@dataclass(frozen=True)
class Month:
    """A month as a page shows it: weeks from Monday, with None where a day is another month's."""

    first: date
    weeks: list[list[DayExplained | None]]
    working_days: int


def months_of(year: int) -> list[Month]:
    """The twelve months of a year, each day with why it works or not."""
    explain = working_calendar().explain
    months = []
    for number in range(1, 13):
        weeks = [
            [explain(date(year, number, day)) if day else None for day in week]
            for week in monthcalendar(year, number)
        ]
        working = sum(1 for week in weeks for day in week if day and day.works)
        months.append(Month(date(year, number, 1), weeks, working))
    return months


def calendar_exceptions(year: int) -> QuerySet[CalendarDay]:
    return CalendarDay.objects.filter(day__range=(date(year, 1, 1), date(year, 12, 31))).order_by("day")


def office_hours() -> QuerySet[OfficeHours]:
    return OfficeHours.objects.order_by("-starts_on")
