"""A synthetic map for the demo district: real names on invented boundaries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import shapely
from shapely import MultiPoint, Point, Polygon

from bihuan.demo.divisions import DISTRICT, SUBDISTRICTS
from bihuan.territory.models import AreaKind
from bihuan.territory.rows import AreaRow

# An invented outline near the real place, in WGS-84.
OUTLINE = Polygon(
    [
        (114.585, 33.600), (114.600, 33.575), (114.632, 33.562), (114.668, 33.566), (114.700, 33.572),
        (114.722, 33.590), (114.735, 33.618), (114.728, 33.646), (114.705, 33.664), (114.672, 33.672),
        (114.640, 33.668), (114.612, 33.654), (114.592, 33.632),
    ]
)  # fmt: skip
ROUNDS = 12  # of Lloyd's relaxation: makes the cells of a Voronoi diagram compact
XIAOQIAO, GRIDS_IN_XIAOQIAO, GRIDS_ELSEWHERE = "005", 18, 1
VILLAGES_FROM = 200


@dataclass
class Ground:
    """The rows of all areas, and the shapes by code for putting places and cases on the map."""

    rows: list[AreaRow] = field(default_factory=list)
    shapes: dict[str, Polygon] = field(default_factory=dict)

    def add(self, kind: str, code: str, name: str, parent: str | None, shape: Polygon, **more: Any) -> None:
        self.rows.append(AreaRow(kind, code, name, parent, boundary=shape, **more))
        self.shapes[code] = shape


def ground() -> Ground:
    """District, subdistricts, communities and villages, and grids; every level fills the one above."""
    made = Ground()
    chance = Random(411602)
    code, name, name_en = DISTRICT
    outline = _rounded(OUTLINE)
    made.add(AreaKind.DISTRICT, code, name, None, outline, name_en=name_en, has_desk=True)
    streets = _divide(outline, len(SUBDISTRICTS), chance)
    for (street, street_name, street_en, text), shape in zip(SUBDISTRICTS, streets, strict=True):
        made.add(
            AreaKind.SUBDISTRICT, code + street, street_name, code, shape, name_en=street_en, has_desk=True
        )
        names = text.split()
        for part, piece in zip(names, _divide(shape, len(names), chance), strict=True):
            _add_community(made, code + street, part, piece, chance)
    return made


def _add_community(made: Ground, street: str, part: str, shape: Polygon, chance: Random) -> None:
    number, name = part[:3], part[3:]
    village = int(number) >= VILLAGES_FROM
    kind = AreaKind.VILLAGE if village else AreaKind.COMMUNITY
    code = street + number
    made.add(kind, code, name + ("村" if village else "社区"), street, shape)
    count = GRIDS_IN_XIAOQIAO if street.endswith(XIAOQIAO) else GRIDS_ELSEWHERE
    for position, piece in enumerate(_divide(shape, count, chance), start=1):
        made.add(AreaKind.GRID, f"{code}-{position:02}", f"{name}第{position}网格", code, piece)


def _divide(shape: Polygon, count: int, chance: Random) -> list[Polygon]:
    """Cut a shape into compact pieces, in a stable order from north-west to south-east."""
    points = [_point_in(shape, chance) for _ in range(count)]
    cells: list[Polygon] = []
    for _ in range(ROUNDS):
        cells = _cells(shape, points)
        points = [cell.centroid for cell in cells]
    return sorted(cells, key=lambda cell: (-round(cell.centroid.y, 2), cell.centroid.x))


def _cells(shape: Polygon, points: Sequence[Point]) -> list[Polygon]:
    if len(points) == 1:
        return [shape]
    diagram = shapely.voronoi_polygons(MultiPoint(points), extend_to=shape.envelope)
    cells = []
    for cell in diagram.geoms:
        pieces = [part for part in shapely.get_parts(cell.intersection(shape)) if isinstance(part, Polygon)]
        cells.append(max(pieces, key=lambda part: part.area))
    return cells


def _rounded(shape: Polygon) -> Polygon:
    smooth: Polygon = shape.buffer(-0.006).buffer(0.012).buffer(-0.006)
    return smooth


def _point_in(shape: Polygon, chance: Random) -> Point:
    west, south, east, north = shape.bounds
    while True:
        point = Point(chance.uniform(west, east), chance.uniform(south, north))
        if shape.contains(point):
            return point


def scatter(shape: Polygon, chance: Random) -> tuple[float, float]:
    """A point well inside a shape: (lon, lat), rounded to about a metre."""
    point = _point_in(shape, chance)
    return round(point.x, 5), round(point.y, 5)
