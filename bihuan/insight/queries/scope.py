"""What somebody looks at: a period, an area, perhaps a unit and a matter; only what is within their reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from bihuan.accounts.models import Unit
from bihuan.cases.models import Matter
from bihuan.core.clock import today
from bihuan.insight.periods import MONTH, Period
from bihuan.insight.rules import LEVELS, reach_of
from bihuan.territory.models import Area
from bihuan.territory.queries import areas_by_id, district_if_any


@dataclass(frozen=True)
class View:
    """Figures of what. A unit counts with everything under it, a matter with everything below it."""

    period: Period
    area: Area
    unit: Unit | None = None
    matter: Matter | None = None

    def at(self, period: Period) -> View:
        return replace(self, period=period)

    def query(self, **changes: Any) -> str:
        """As an address has it; a change to None leaves something out."""
        parts: dict[str, Any] = {
            "period": str(self.period),
            "area": self.area.pk,
            "unit": self.unit.pk if self.unit else None,
            "matter": self.matter.pk if self.matter else None,
        }
        return urlencode({name: value for name, value in (parts | changes).items() if value is not None})

    @property
    def last_day(self) -> date:
        """The last day that counts: of a period that is not over yet, today."""
        return min(self.period.end, today())

    @property
    def last_night(self) -> date:
        """The last night of it that is over."""
        return min(self.period.end, today() - timedelta(days=1))

    @property
    def is_running(self) -> bool:
        return self.period.holds(today())

    @cached_property
    def unit_ids(self) -> list[int]:
        """The unit with everything under it; 0 for all."""
        if self.unit is None:
            return [0]
        return list(Unit.objects.within(self.unit).values_list("pk", flat=True))

    @cached_property
    def matter_ids(self) -> list[int]:
        """The matter with everything below it; 0 for all."""
        if self.matter is None:
            return [0]
        return matters_below(self.matter)


def matters_below(matter: Matter) -> list[int]:
    found, layer = [matter.pk], [matter.pk]
    while layer:
        layer = list(Matter.objects.filter(parent__in=layer).values_list("pk", flat=True))
        found += layer
    return found


def view_for(user: Any, asked: Mapping[str, str]) -> View | None:
    """What somebody asks to see, by ids and a written period; None when that is not theirs to see.

    What is left out is the widest within reach; a period that makes no sense is this month.
    """
    reach = reach_of(user)
    whole = district_if_any()
    if not reach or whole is None:
        return None
    unit = _find(Unit.objects.with_places(), asked.get("unit"))
    area = _area(asked.get("area"))
    if area is None:
        return None
    if not asked.get("area"):
        area = reach.areas[0] if reach.areas else whole
    if unit is None and not reach.areas:
        unit = reach.units[0]
    if (asked.get("unit") and unit is None) or not reach.holds(area, unit):
        return None
    matter = _find(Matter.objects.all(), asked.get("matter"))
    if asked.get("matter") and matter is None:
        return None
    period = Period.read(asked.get("period", "")) or Period.holding(today(), MONTH)
    return View(period, area, unit, matter)


def _area(asked: str | None) -> Area | None:
    if not asked:
        return district_if_any()
    area = areas_by_id().get(int(asked)) if asked.isdecimal() and len(asked) < 19 else None
    return area if area is not None and area.kind in LEVELS else None


def _find(rows: Any, asked: str | None) -> Any:
    if not asked or not asked.isdecimal() or len(asked) > 18:
        return None
    return rows.filter(pk=int(asked)).first()


def areas_to_choose(user: Any) -> list[Area]:
    """Areas whose figures this person may see, each after the one it lies in."""
    reach = reach_of(user)
    areas = [area for area in areas_by_id().values() if area.kind in LEVELS]
    if not reach.units:
        areas = [area for area in areas if any(area.path.startswith(own.path) for own in reach.areas)]
    return sorted(areas, key=lambda area: [int(part) for part in area.path.split("/") if part])


def units_to_choose(user: Any) -> list[Unit]:
    """Units whose figures this person may see: any within their areas, else their own and those below."""
    reach = reach_of(user)
    units = list(Unit.objects.order_by("path"))
    if reach.areas:
        return units
    return [unit for unit in units if any(unit.path.startswith(own.path) for own in reach.units)]


def matters_to_choose() -> list[Matter]:
    return list(Matter.objects.filter(retired_at=None).order_by("code"))
