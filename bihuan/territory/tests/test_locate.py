"""A point is located exactly, in microseconds, and never by yesterday's boundaries."""

import json
import random
import threading
import time

import numpy as np
import pytest
import shapely
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.core.calendar import WorkingCalendar
from bihuan.territory import actions, queries
from bihuan.territory.projection import from_wgs84, to_wgs84
from bihuan.territory.queries.memory import _build_ground
from bihuan.territory.raster import Raster
from bihuan.territory.remembered import Remembered
from bihuan.territory.tests.factories import make_area, make_district, square


def honeycomb(count: int, seed: int = 7):
    """A jagged district cut into `count` cells, some with holes and some overlapping their neighbours."""
    rng = np.random.default_rng(seed)
    angles = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    radius = 0.1 * (1 + 0.2 * np.sin(5 * angles) + 0.05 * np.sin(31 * angles))
    district = shapely.Polygon(
        np.column_stack([114.65 + radius * np.cos(angles), 33.62 + 0.8 * radius * np.sin(angles)])
    )
    seeds = shapely.MultiPoint(
        np.column_stack([rng.uniform(114.53, 114.77, count), rng.uniform(33.53, 33.71, count)])
    )
    cells = [
        cell.intersection(district)
        for cell in shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=district))
        if cell.intersects(district)
    ]
    cells[0] = cells[0].difference(cells[0].centroid.buffer(0.004))
    cells[1] = cells[1].buffer(0.002)
    return [*((f"cell{number}", cell) for number, cell in enumerate(cells)), ("district", district)]


@pytest.mark.parametrize("cells", [16, 900, 1 << 16])
def test_the_raster_answers_as_the_polygons_do(cells):
    items = honeycomb(60)
    raster = Raster(items, cells)
    rng = np.random.default_rng(1)
    xs, ys = rng.uniform(114.5, 114.8, 20_000), rng.uniform(33.5, 33.74, 20_000)
    truth: list[str | None] = [None] * len(xs)
    points = shapely.points(xs, ys)
    for name, shape in reversed(items):
        shapely.prepare(shape)
        for place in np.flatnonzero(shapely.contains(shape, points)).tolist():
            truth[place] = name

    assert [raster.locate(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)] == truth
    assert raster.locate_many(xs, ys) == truth


@given(st.integers(0, 40), st.integers(0, 40))
@settings(max_examples=200, deadline=None)
def test_points_on_shared_edges_and_corners_belong_to_exactly_one(column, row):
    tiles = [
        ((x, y), shapely.box(x / 10, y / 10, (x + 1) / 10, (y + 1) / 10)) for x in range(4) for y in range(4)
    ]
    x, y = column / 100, row / 100
    found = [name for name, box in tiles if Raster([(name, box)], 64).locate(x, y)]
    assert len(found) == (column < 40 and row < 40)
    assert Raster(tiles, 64).locate(x, y) == (found[0] if found else None)


def test_strange_numbers_are_nowhere():
    raster = Raster(honeycomb(5))
    for x, y in [(float("nan"), 33.6), (114.6, float("inf")), (float("-inf"), 0.0), (1e308, 1e308)]:
        assert raster.locate(x, y) is None
    assert raster.locate_many([float("nan"), 114.65], [33.6, 33.62])[0] is None
    assert Raster([]).locate(1.0, 1.0) is None


def test_locating_takes_microseconds():
    raster = Raster(honeycomb(600))
    rng = random.Random(3)
    points = [(rng.uniform(114.55, 114.75), rng.uniform(33.54, 33.7)) for _ in range(20_000)]
    for x, y in points:
        raster.locate(x, y)
    start = time.perf_counter()
    for x, y in points:
        raster.locate(x, y)
    assert (time.perf_counter() - start) / len(points) < 20e-6


@pytest.mark.django_db(transaction=True)
def test_another_process_hears_of_a_changed_boundary():
    district = make_district(boundary=square(114.6, 33.6, 0.02))
    elsewhere = Remembered("territory", _build_ground)  # as another process keeps its own
    assert elsewhere.get().raster.locate(114.605, 33.605) == district

    community = make_area("富民社区", boundary=square(114.6, 33.6))
    assert queries.locate(114.605, 33.605) == community
    deadline = time.monotonic() + 10
    while elsewhere.get().raster.locate(114.605, 33.605) != community:
        assert time.monotonic() < deadline, "the notification never came"
        time.sleep(0.02)


@pytest.mark.django_db(transaction=True)
def test_other_threads_see_a_change_only_once_it_is_committed():
    make_district(boundary=square(114.6, 33.6, 0.02))
    community = make_area("富民社区", boundary=square(114.6, 33.6))
    seen: list[object] = []

    def look():
        seen.append(queries.locate(114.615, 33.615))
        connection.close()

    with transaction.atomic():
        actions.change_boundary(community, boundary=square(114.61, 33.61), by=None)
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        assert queries.locate(114.615, 33.615) == community
    assert seen[0] != community
    look()
    assert seen[1] == community


def test_what_is_remembered_follows_savepoints(db):
    built: list[int] = []

    def build():
        built.append(1)
        return WorkingCalendar()

    memory = Remembered("nothing", build)
    first = memory.get()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        memory.changed()
        assert memory.get() is not first
        assert memory.get() is memory.get()
        raise ZeroDivisionError
    assert memory.get() is first
    with transaction.atomic():
        memory.changed()
        mine = memory.get()
        with transaction.atomic():
            memory.changed()
            assert memory.get() is not mine


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_chinese_coordinates_come_back_exactly(datum):
    rng = np.random.default_rng(5)
    lon, lat = rng.uniform(73.5, 134.5, 10_000), rng.uniform(18.5, 53, 10_000)
    back_lon, back_lat = to_wgs84(*from_wgs84(lon, lat, datum), datum)
    assert np.abs(back_lon - lon).max() < 1e-9
    assert np.abs(back_lat - lat).max() < 1e-9


def test_known_chinese_coordinates():
    # 天安门: what GPS gives, and what the maps of both kinds draw.
    assert from_wgs84(116.391349, 39.907375, "gcj02") == pytest.approx((116.397593, 39.908777), abs=1e-5)
    assert from_wgs84(116.391349, 39.907375, "bd09") == pytest.approx((116.403963, 39.915119), abs=1e-4)
    assert to_wgs84(2.35, 48.85, "gcj02") == (2.35, 48.85)  # Paris is not distorted
    assert to_wgs84(114.6, 33.6, "wgs84") == (114.6, 33.6)
    assert json.dumps(to_wgs84(114.6, 33.6, "gcj02"))
