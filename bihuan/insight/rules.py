"""Who sees figures of what, and who may weigh them. Decides, never writes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import DutyKind, Unit
from bihuan.accounts.rules import administers
from bihuan.core.clock import today
from bihuan.core.verdicts import Verdict, no, yes
from bihuan.insight.periods import Period
from bihuan.territory.models import Area
from bihuan.territory.queries import working_calendar

OF_AN_AREA = (
    DutyKind.DISPATCHER, DutyKind.INSPECTOR, DutyKind.SUPERVISOR, DutyKind.LEADER, DutyKind.AUDITOR
)  # fmt: skip
# Two working days to inspect and three to call back: what was done on the last day can be closed by then.
CLOSES_AFTER = 5
LEVELS = ("district", "subdistrict", "community", "village")  # figures are not kept below a community


@dataclass(frozen=True)
class Reach:
    """What somebody sees figures of: areas with all that lies in them, units with all that stands below."""

    areas: list[Area] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.areas or self.units)

    def holds(self, area: Area, unit: Unit | None) -> bool:
        """Whether figures of this area, and of this unit in it, are within reach."""
        if any(area.path.startswith(own.path) for own in self.areas):
            return True
        return unit is not None and any(unit.path.startswith(own.path) for own in self.units)


def reach_of(user: Any) -> Reach:
    """What this person's duties let them see figures of, the widest first."""
    if not getattr(user, "is_authenticated", False):
        return Reach()
    areas: dict[int, Area] = {}
    units: dict[int, Unit] = {}
    for held in user.duties_now():
        if held.area is not None and held.kind in OF_AN_AREA and held.area.kind in LEVELS:
            areas[held.area.pk] = held.area
        elif held.unit is not None and held.kind == DutyKind.HANDLER:
            units[held.unit.pk] = held.unit
    return Reach(
        sorted(areas.values(), key=lambda area: (area.depth, area.path)),
        sorted(units.values(), key=lambda unit: (unit.depth, unit.path)),
    )


def sees_all_units_of(area: Area, user: Any) -> bool:
    """Whether somebody sees an area's figures whole, and not only those of their own unit."""
    return reach_of(user).holds(area, None)


def sees_figures(user: Any) -> bool:
    return bool(reach_of(user))


def may_weigh(by: Any) -> Verdict:
    """The weights of the composite score are the district's own."""
    held = administers(by)
    if held:
        return yes(held)
    return no("insight.not_administrator", _("Only an administrator of the whole district can do that."))


def may_weigh_from(day: date, by: Any) -> Verdict:
    """Weights hold for what has not begun: a score that people have seen does not change under them."""
    verdict = may_weigh(by)
    if not verdict:
        return verdict
    if day <= today():
        return no("insight.begun_already", _("Weights can be set only from a day that is still to come."))
    return verdict


def closes_at(period: Period) -> datetime:
    """When a period's figures become final: five working days after its end."""
    calendar = working_calendar()
    midnight = datetime.combine(
        period.end + timedelta(days=1), datetime.min.time(), timezone.get_default_timezone()
    )
    return calendar.add(midnight, CLOSES_AFTER * calendar.day_length)
