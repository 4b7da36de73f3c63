"""Areas and places for tests, made through the real actions."""

from __future__ import annotations

from itertools import count
from typing import Any

from bihuan.territory import actions
from bihuan.territory.models import Area, AreaKind, Place, PlaceKind

_numbers = count(1)


def square(west: float, south: float, size: float = 0.01) -> dict[str, Any]:
    """A square boundary with its lower left corner there."""
    east, north = round(west + size, 9), round(south + size, 9)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def make_area(
    name: str = "",
    *,
    kind: str = AreaKind.SUBDISTRICT,
    parent: Area | None = None,
    code: str = "",
    boundary: Any = None,
    has_desk: bool = False,
    **fields: Any,
) -> Area:
    """An area; without a parent it lies in the district, which is made when there is none."""
    number = next(_numbers)
    if parent is None and kind != AreaKind.DISTRICT:
        parent = Area.objects.filter(kind=AreaKind.DISTRICT).first() or make_district()
    return actions.create_area(
        kind=kind,
        code=code or f"T{number:06}",
        name=name or f"区域{number}",
        parent=parent,
        boundary=boundary,
        has_desk=has_desk,
        by=None,
        **fields,
    )


def make_district(name: str = "川汇区", *, boundary: Any = None) -> Area:
    return make_area(name, kind=AreaKind.DISTRICT, code="411602", boundary=boundary, has_desk=True)


def make_place(name: str = "", *, area: Area, kind: str = PlaceKind.COMPOUND, **fields: Any) -> Place:
    return actions.create_place(kind=kind, name=name or f"地点{next(_numbers)}", area=area, by=None, **fields)
