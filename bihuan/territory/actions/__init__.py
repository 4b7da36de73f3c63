"""Changes of the territory: areas and their boundaries, places, the district's calendar, imports."""

from bihuan.territory.actions.areas import (
    change_area,
    change_boundary,
    create_area,
    create_areas,
    retire_area,
)
from bihuan.territory.actions.imports import (
    BoundaryReport,
    DivisionReport,
    import_boundaries,
    import_divisions,
)
from bihuan.territory.actions.places import change_place, create_place, create_places, learn_facts
from bihuan.territory.actions.worktime import remove_calendar_day, set_calendar_day, set_office_hours
from bihuan.territory.rows import AreaRow, PlaceRow

__all__ = [
    "AreaRow",
    "BoundaryReport",
    "DivisionReport",
    "PlaceRow",
    "change_area",
    "change_boundary",
    "change_place",
    "create_area",
    "create_areas",
    "create_place",
    "create_places",
    "import_boundaries",
    "import_divisions",
    "learn_facts",
    "remove_calendar_day",
    "retire_area",
    "set_calendar_day",
    "set_office_hours",
]
