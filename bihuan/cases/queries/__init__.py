"""Reads about cases; the user is the first argument wherever rights matter."""

from bihuan.cases.queries.lists import (
    Filters,
    Group,
    case_by_number,
    cases_listed_for,
    cases_on_map,
    cases_visible_to,
    desk_of_user,
    desk_stamp,
    popup,
    reports_of,
)
from bihuan.cases.queries.location import Levels, area_of, heading_of, levels_of
from bihuan.cases.queries.page import (
    Choice,
    Holder,
    choices_for,
    clock_face,
    holder_of,
    photos_of,
    report_by_code,
    reports_shown,
    timeline,
)

__all__ = [
    "Choice",
    "Filters",
    "Group",
    "Holder",
    "Levels",
    "area_of",
    "case_by_number",
    "cases_listed_for",
    "cases_on_map",
    "cases_visible_to",
    "choices_for",
    "clock_face",
    "desk_of_user",
    "desk_stamp",
    "heading_of",
    "holder_of",
    "levels_of",
    "photos_of",
    "popup",
    "report_by_code",
    "reports_of",
    "reports_shown",
    "timeline",
]
