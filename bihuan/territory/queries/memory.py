"""What a process keeps in memory about areas: who holds a point, what an area lies in."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy.typing as npt
import shapely
from django.db.models import (
    TextField,
)
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from bihuan.core.verdicts import Refusal
from bihuan.territory.models import (
    Area,
    AreaKind,
    AreaQuerySet,
)
from bihuan.territory.raster import Raster
from bihuan.territory.remembered import Remembered


@dataclass
class _Ground:
    """The areas as this process remembers them. Shared between threads: nobody may change them."""

    all: dict[int, Area]
    payloads: dict[tuple[Any, ...], tuple[bytes, str]] = field(default_factory=dict)

    @cached_property
    def areas(self) -> dict[int, Area]:
        """Those that still exist."""
        return {pk: area for pk, area in self.all.items() if area.retired_at is None}

    @cached_property
    def district(self) -> Area | None:
        return next((area for area in self.areas.values() if area.kind == AreaKind.DISTRICT), None)

    @cached_property
    def raster(self) -> Raster[Area]:
        shapes = boundaries_of(Area.objects.current())
        items = [(self.areas[pk], shape) for pk, shape in shapes.items() if pk in self.areas]
        # The deepest area wins; of two that overlap against the rules, the smaller.
        items.sort(key=lambda item: (-item[0].depth, item[1].area, item[0].pk))
        return Raster(items)


def _build_ground() -> _Ground:
    return _Ground({area.pk: area for area in Area.objects.light().order_by("path")})


ground = Remembered("territory", _build_ground)


def locate(lon: float, lat: float) -> Area | None:
    """The deepest area that holds a WGS-84 point; None outside the district. Takes about a microsecond.

    The answer is shared with the rest of the process: read it, do not change it.
    """
    return ground.get().raster.locate(lon, lat)


def locate_many(lons: npt.ArrayLike, lats: npt.ArrayLike) -> list[Area | None]:
    """`locate` for many points at once."""
    return ground.get().raster.locate_many(lons, lats)


def looks_swapped(lon: float, lat: float) -> bool:
    """Whether a point outside the district would lie in it with its two numbers exchanged."""
    raster = ground.get().raster
    if raster.bounds is None:
        return False
    west, south, east, north = raster.bounds
    return (
        not (west <= lon <= east and south <= lat <= north) and west <= lat <= east and south <= lon <= north
    )


def district() -> Area:
    """The root of all areas. Refuses before set-up, when nothing that needs a district can be done."""
    found = ground.get().district
    if found is None:
        raise Refusal("territory.no_district", _("The district has not been set up yet."))
    return found


def district_if_any() -> Area | None:
    """The root of all areas; None before set-up."""
    return ground.get().district


def areas_by_id() -> dict[int, Area]:
    """Every current area, from memory."""
    return ground.get().areas


def all_areas() -> dict[int, Area]:
    """Every area, also those that were given up, from memory: what old cases name."""
    return ground.get().all


def ids_within(area: Area) -> list[int]:
    """The area and everything below it, also what was given up, from memory."""
    return [pk for pk, known in ground.get().all.items() if known.path.startswith(area.path)]


def desk_of(area: Area) -> Area:
    """Where reports of this area are taken in: the nearest area upwards with a desk, else the district."""
    known = ground.get().areas
    for pk in reversed(area.ids):
        found = known.get(pk)
        if found is not None and found.has_desk:
            return found
    return ground.get().district or area


def trail(area: Area) -> list[Area]:
    """The areas from the district down to this one, itself included, from memory."""
    known = ground.get().areas
    return [*(known[pk] for pk in area.ids[:-1] if pk in known), area]


def where(area: Area) -> str:
    """The area with those it lies in, without the district: 「小桥街街道 · 富民社区」."""
    return " · ".join(part.label for part in trail(area)[1:] or [area])


def boundaries_of(areas: AreaQuerySet) -> dict[int, Any]:
    """The boundaries of these areas as shapes, by id; areas without one are left out."""
    rows = list(
        areas.filter(boundary__isnull=False)
        .order_by("pk")
        .annotate(text=Cast("boundary", TextField()))
        .values_list("pk", "text")
    )
    shapes: Any = shapely.from_geojson([text for _pk, text in rows]) if rows else []
    return dict(zip((pk for pk, _text in rows), shapes, strict=True))
