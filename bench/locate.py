"""(c) Finding the area of a point: the product's raster against shapely's STRtree."""

from random import Random

import shapely

from bench import district
from bench.timing import timed

POINTS = 100_000


def measure() -> dict[str, float]:
    """Microseconds for a point, singly and in bulk, by us and by the tree; how many answers differ."""
    from bihuan.territory.models import Area
    from bihuan.territory.queries import areas_by_id, boundaries_of, locate, locate_many

    known = areas_by_id()
    shapes = boundaries_of(Area.objects.current())
    areas = [known[pk] for pk in shapes]
    polygons = list(shapes.values())
    tree = shapely.STRtree(polygons)
    shapely.prepare(polygons)
    depths = [area.depth for area in areas]
    chance = Random(9)
    lons = [chance.uniform(114.58, 114.74) for _ in range(POINTS)]
    lats = [chance.uniform(33.56, 33.68) for _ in range(POINTS)]
    pairs = list(zip(lons, lats, strict=True))

    def by_tree(lon: float, lat: float) -> int | None:
        found = tree.query(shapely.Point(lon, lat), predicate="within")
        return max(found, key=depths.__getitem__) if len(found) else None

    def by_tree_at_once() -> list[int | None]:
        best: list[int | None] = [None] * POINTS
        points, found = tree.query(shapely.points(lons, lats), predicate="within")
        for point, place in zip(points.tolist(), found.tolist(), strict=True):
            now = best[point]
            if now is None or depths[place] > depths[now]:
                best[point] = place
        return best

    locate(*pairs[0])
    few = pairs[: POINTS // 10]
    single, ours = timed(lambda: [locate(lon, lat) for lon, lat in pairs])
    single_tree, theirs = timed(lambda: [by_tree(lon, lat) for lon, lat in few])
    bulk, _all = timed(lambda: locate_many(lons, lats))
    bulk_tree, _theirs = timed(by_tree_at_once)
    differing = sum(
        (mine and mine.pk) != (None if other is None else areas[other].pk)
        for mine, other in zip(ours, theirs, strict=False)
    )
    return {
        "single": 1e6 * single / POINTS,
        "single_tree": 1e6 * single_tree / len(few),
        "bulk": 1e6 * bulk / POINTS,
        "bulk_tree": 1e6 * bulk_tree / POINTS,
        "differing": differing / len(few),
    }


if __name__ == "__main__":
    import json
    import sys

    district.open_database(sys.argv[1])
    print(json.dumps(measure()))
