"""Office hours and the days on which the district decides otherwise than the official calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bihuan.audit import record
from bihuan.core.calendar import checked_spans
from bihuan.core.verdicts import Refusal
from bihuan.territory import queries, rules
from bihuan.territory.models import Area, CalendarDay, OfficeHours


@transaction.atomic
def set_office_hours(*, starts_on: date, spans: Sequence[tuple[time, time]], by: Any) -> OfficeHours:
    """Set the hours of a normal working day from a day onwards; limits already promised keep their moment."""
    rules.may_set_day(starts_on, by, district=_locked_district()).enforce()
    try:
        ordered = checked_spans(spans)
    except ValueError as error:
        raise Refusal(
            "calendar.impossible_hours", _("These hours overlap or end before they start.")
        ) from error

    written = [[f"{start:%H:%M}", f"{end:%H:%M}"] for start, end in ordered]
    hours, _created = OfficeHours.objects.update_or_create(starts_on=starts_on, defaults={"spans": written})

    record("office_hours.set", hours, by=by, starts_on=starts_on.isoformat(), spans=written)
    queries.calendar.changed()
    return hours


@transaction.atomic
def set_calendar_day(day: date, *, works: bool, name: str, note: str = "", by: Any) -> CalendarDay:
    """Make one day a working day or a free one, whatever the official calendar says."""
    rules.may_set_day(day, by, district=_locked_district()).enforce()

    defaults = {"works": works, "name": name, "note": note}
    exception, _created = CalendarDay.objects.update_or_create(day=day, defaults=defaults)

    record("calendar_day.set", exception, by=by, day=day.isoformat(), works=works, name=name, note=note)
    queries.calendar.changed()
    return exception


@transaction.atomic
def remove_calendar_day(day: date, *, by: Any) -> None:
    """Give a day back to the official calendar."""
    rules.may_set_day(day, by, district=_locked_district()).enforce()
    exception = CalendarDay.objects.select_for_update().filter(day=day).first()
    if exception is None:
        raise Refusal("calendar.no_exception", _("This day already follows the official calendar."))

    record("calendar_day.removed", exception, by=by, day=day.isoformat(), works=exception.works)
    exception.delete()

    queries.calendar.changed()


def _locked_district() -> Area | None:
    """Calendar changes go one at a time: each is in the audit of its own row."""
    return Area.objects.light().select_for_update(of=("self",)).filter(parent=None).first()
