"""Shapes on the earth: GeoJSON in and out, areas in square metres, overlaps and gaps between neighbours."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Less than this is rounding: coordinates are kept to about a centimetre, and a border is kilometres long.
SMALLEST = 1.0  # square metres
THINNEST = 0.1  # metres


# The ellipsoid of WGS-84: half its width in metres, and how much it is flattened (eccentricity squared).
METRES_PER_DEGREE = 111_320.0
_AXIS = 6378137.0
_ECCENTRICITY = 0.0066943799901413165


def square_metres(shape: Any) -> float:
    """The area of a shape on the ellipsoid; for shapes up to the size of a province.

    Edges are straight in longitude and latitude, as GeoJSON has them. With geodesic edges the hair's breadth
    between two neighbours that share a long edge would measure hundreds of square metres.
    """
    if shape.is_empty:
        return 0.0
    latitude = math.radians(shape.centroid.y)
    bend = 1.0 - _ECCENTRICITY * math.sin(latitude) ** 2
    north = _AXIS * (1.0 - _ECCENTRICITY) / bend**1.5
    east = _AXIS / math.sqrt(bend) * math.cos(latitude)
    square_degree = math.radians(1.0) ** 2 * north * east
    return float(shape.area * square_degree)


def only_polygons(shape: Any) -> Any:
    """A shape's polygons, mended where it crosses itself; an empty shape when it has none."""
    if not shape.is_valid:
        shape = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    polygons = [
        part
        for part in shapely.get_parts(shapely.get_parts([shape]))
        if part.geom_type == "Polygon" and not part.is_empty
    ]
    if len(polygons) == 1:
        return polygons[0]
    return shapely.union_all(polygons) if polygons else shapely.Polygon()


def as_boundary(shape: Any) -> dict[str, Any]:
    """A shape as it is stored: GeoJSON, rounded to about a centimetre."""
    rounded = shapely.transform(shape, lambda points: np.round(points, 7))
    mended = only_polygons(rounded)
    result: dict[str, Any] = json.loads(shapely.to_geojson(mended if not mended.is_empty else shape))
    return result


def from_boundary(given: Any) -> Any:
    """The shape of a GeoJSON geometry, feature or collection; ValidationError says what is wrong with it."""
    try:
        text = given if isinstance(given, str) else json.dumps(given)
        shape = shapely.from_geojson(text)
    except (shapely.errors.GEOSException, TypeError, ValueError) as error:
        raise ValidationError(_("This is no boundary: GeoJSON was expected.")) from error
    if shape is None:
        raise ValidationError(_("This is no boundary: GeoJSON was expected."))
    shape = only_polygons(shapely.force_2d(shape))
    if shape.is_empty:
        raise ValidationError(_("A boundary needs at least one closed area."))
    west, south, east, north = shape.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValidationError(_("The boundary's coordinates are not degrees of longitude and latitude."))
    return shape


def label_point(shape: Any) -> tuple[float, float]:
    """Where to write a name: always inside the shape, near its middle."""
    centre = shape.centroid
    point = centre if shape.contains(centre) else shape.representative_point()
    return round(point.x, 6), round(point.y, 6)


@dataclass(frozen=True)
class Fault:
    """Where neighbours do not fit: "overlap" of two, "gap" between them, "outside" of what they lie in."""

    kind: str
    areas: tuple[int, ...]  # ids
    square_metres: float
    lon: float
    lat: float


def faults_between(children: Mapping[int, Any], parent_id: int | None, parent: Any | None) -> list[Fault]:
    """Overlaps among siblings, gaps between them and what sticks out of their parent, the largest first."""
    ids = list(children)
    shapes = np.array([children[pk] for pk in ids], dtype=object)
    if not ids:
        return []
    found: list[Fault] = []
    tree = shapely.STRtree(shapes)
    one, other = tree.query(shapes, predicate="intersects")
    for i, j in zip(one.tolist(), other.tolist(), strict=True):
        if i < j:
            common = only_polygons(shapely.intersection(shapes[i], shapes[j]))
            found += _fault("overlap", (ids[i], ids[j]), common)
    together = shapely.union_all(shapes)
    if parent is not None and parent_id is not None:
        for pk, shape in children.items():
            found += _fault("outside", (pk, parent_id), only_polygons(shapely.difference(shape, parent)))
        missing = only_polygons(shapely.difference(parent, together))
    else:
        missing = only_polygons(
            shapely.difference(
                shapely.union_all([shapely.Polygon(part.exterior) for part in _polygons(together)]), together
            )
        )
    for part in _polygons(missing):
        near = tree.query(part.buffer(1e-7), predicate="intersects").tolist()
        found += _fault("gap", tuple(ids[number] for number in near), part)
    return sorted(found, key=lambda fault: -fault.square_metres)


def _polygons(shape: Any) -> list[Any]:
    return [part for part in shapely.get_parts([shape]).tolist() if part.geom_type == "Polygon"] or [
        part for part in shapely.get_parts(shape).tolist() if part.geom_type == "Polygon"
    ]


def _fault(kind: str, areas: tuple[int, ...], shape: Any) -> list[Fault]:
    size = square_metres(shape)
    if size < SMALLEST or 2 * shape.area / shape.length * METRES_PER_DEGREE < THINNEST:
        return []
    lon, lat = label_point(shape)
    return [Fault(kind, areas, round(size, 1), lon, lat)]
