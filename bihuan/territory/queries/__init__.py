"""Reads of the territory: which area holds a point, what a typed name means, when the district works."""

from bihuan.territory.queries.areas import (
    Branch,
    areas_for_page,
    areas_in_tree,
    branches,
    faults_in,
    possible_parents,
)
from bihuan.territory.queries.maps import boundaries_json
from bihuan.territory.queries.memory import (
    all_areas,
    areas_by_id,
    boundaries_of,
    desk_of,
    district,
    district_if_any,
    ground,
    ids_within,
    locate,
    locate_many,
    looks_swapped,
    trail,
    where,
)
from bihuan.territory.queries.naming import (
    Found,
    areas_like,
    facts_of,
    facts_of_places,
    places,
    places_in_list,
    places_like,
    places_near,
    possible_wholes,
)
from bihuan.territory.queries.worktime import (
    Month,
    calendar,
    calendar_exceptions,
    months_of,
    office_hours,
    spans_from,
    working_calendar,
)

__all__ = [
    "Branch",
    "Found",
    "Month",
    "all_areas",
    "areas_by_id",
    "areas_for_page",
    "areas_in_tree",
    "areas_like",
    "boundaries_json",
    "boundaries_of",
    "branches",
    "calendar",
    "calendar_exceptions",
    "desk_of",
    "district",
    "district_if_any",
    "facts_of",
    "facts_of_places",
    "faults_in",
    "forget_index",
    "ground",
    "ids_within",
    "locate",
    "locate_many",
    "looks_swapped",
    "months_of",
    "office_hours",
    "places",
    "places_in_list",
    "places_like",
    "places_near",
    "possible_parents",
    "possible_wholes",
    "spans_from",
    "trail",
    "where",
    "working_calendar",
]


def forget_index() -> None:
    """Forget everything kept in memory, as after a test that rolled back what it wrote."""
    ground.forget()
    calendar.forget()
