"""Lengths and areas on a sphere, of points as ODK writes them.

`frontend/src/expressions/places.ts` is the twin.
"""

import math
from itertools import pairwise

from bihuan.ledgers.expressions import reals
from bihuan.ledgers.expressions.values import NUMBER, rounded

RADIUS = 6_378_100.0  # m, at the equator, as ODK has it
PLACES = 2

Point = tuple[float, float]


def _point(text: str) -> Point | None:
    """Latitude and longitude of “lat lon”, “lat lon altitude” or “lat lon altitude accuracy”."""
    said = text.split(" ")
    if not 2 <= len(said) <= 4 or not all(NUMBER.fullmatch(part) for part in said):
        return None
    latitude, longitude = float(said[0]), float(said[1])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def points(nodes: list[str]) -> list[Point] | None:
    """The points of geopoints, a geotrace or a geoshape; none when one of them is no point."""
    said = [part.strip(" ") for node in nodes for part in node.split(";")]
    found = [_point(part) for part in said if part]
    whole = [point for point in found if point]
    return whole if whole and len(whole) == len(found) else None


def _radians(degrees: float) -> float:
    return degrees * math.pi / 180


def distance(nodes: list[str]) -> float:
    """Metres along the points, by the haversine formula."""
    path = points(nodes)
    if path is None:
        return math.nan
    total = 0.0
    for (latitude, longitude), (latitude_2, longitude_2) in pairwise(path):
        north = reals.sin(_radians(latitude_2 - latitude) / 2)
        east = reals.sin(_radians(longitude_2 - longitude) / 2)
        along = reals.cos(_radians(latitude)) * reals.cos(_radians(latitude_2))
        share = north * north + along * east * east
        total += 2 * RADIUS * reals.asin(min(1.0, math.sqrt(share)))
    return rounded(total, PLACES)


def area(nodes: list[str]) -> float:
    """Square metres within the points, by the formula of Chamberlain and Duquette."""
    shape = points(nodes)
    if shape is None:
        return math.nan
    if len(shape) < 3:
        return 0.0
    total = 0.0
    for (latitude, longitude), (latitude_2, longitude_2) in zip(shape, [*shape[1:], shape[0]], strict=True):
        sines = reals.sin(_radians(latitude)) + reals.sin(_radians(latitude_2))
        total += _radians(longitude_2 - longitude) * (2 + sines)
    return rounded(abs(total * RADIUS * RADIUS / 2), PLACES)
