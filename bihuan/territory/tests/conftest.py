"""The district that the territory's tests play in, with its administrator and somebody who is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bihuan.territory.models import Area, AreaKind
from bihuan.territory.tests.factories import make_area, make_district, square


@pytest.fixture
def town(db: None) -> dict[str, Area]:
    """A district of 4 × 4 hundredths of a degree: two subdistricts side by side, a community, a grid."""
    district = make_district(boundary=square(114.60, 33.60, 0.04))
    left = {
        "type": "Polygon",
        "coordinates": [
            [[114.60, 33.60], [114.62, 33.60], [114.62, 33.64], [114.60, 33.64], [114.60, 33.60]]
        ],
    }
    right = {
        "type": "Polygon",
        "coordinates": [
            [[114.62, 33.60], [114.64, 33.60], [114.64, 33.64], [114.62, 33.64], [114.62, 33.60]]
        ],
    }
    west = make_area("小桥街街道", code="411602004", boundary=left, has_desk=True)
    east = make_area("人和街街道", code="411602003", boundary=right)
    community = make_area(
        "富民社区", kind=AreaKind.COMMUNITY, parent=west, code="411602004001", boundary=square(114.60, 33.60)
    )
    grid = make_area(
        "富民一网格",
        kind=AreaKind.GRID,
        parent=community,
        code="411602004001-1",
        boundary=square(114.60, 33.60, 0.005),
    )
    return {"district": district, "west": west, "east": east, "community": community, "grid": grid}


@pytest.fixture
def administrator(town: dict[str, Area]) -> Any:
    from bihuan.accounts.tests.factories import make_person

    return make_person("管理员", duties=[("administrator", town["district"])])


@pytest.fixture
def clerk(town: dict[str, Area]) -> Any:
    from bihuan.accounts.tests.factories import make_person

    return make_person("受理员", duties=[("clerk", town["district"])])


@pytest.fixture
def nothing_written() -> Callable[[], tuple[int, ...]]:
    """Counts that must not move when an action fails half-way."""
    from bihuan.audit.models import Entry
    from bihuan.territory.models import CalendarDay, OfficeHours, Place

    def counts() -> tuple[int, ...]:
        return tuple(
            model._default_manager.count() for model in (Entry, Area, Place, CalendarDay, OfficeHours)
        )

    return counts
