"""The ladder of desks 网格 → 社区 → 街道 → 区: how long a case may wait at one before it goes up."""

from datetime import date, datetime, timedelta

from bihuan.accounts.models import DutyKind
from bihuan.accounts.queries import holders_at
from bihuan.cases.models import Case, State
from bihuan.territory.models import Area, AreaKind
from bihuan.territory.queries import desk_of, trail, working_calendar

# Working days that a case may wait at a desk of each level; nothing lies above the district's.
DAYS = {
    AreaKind.MICROGRID: 1,
    AreaKind.GRID: 1,
    AreaKind.COMMUNITY: 2,
    AreaKind.VILLAGE: 2,
    AreaKind.SUBDISTRICT: 5,
}

# The states in which a case waits for its desk, and for whom there.
WAITS_AT_DESK = {
    State.REPORTED: DutyKind.CLERK,
    State.VERIFYING: DutyKind.CLERK,
    State.FILED: DutyKind.DISPATCHER,
}


def leaves_by(desk: Area, came_at: datetime) -> datetime | None:
    """The moment by which a case that came to this desk must have left it."""
    days = DAYS.get(AreaKind(desk.kind))
    if days is None:
        return None
    calendar = working_calendar()
    return calendar.add(came_at, days * calendar.day_length)


def settle(case: Case, was: str, at: datetime, *, moved: bool) -> None:
    """Keep `climb_at` true after a verb: it counts from when the case came to its desk to wait there.

    What had climbed is its own desk's again once it has been decided; what the district took over for good,
    returned or reworked too often, stays there.
    """
    waits, waited = case.state in WAITS_AT_DESK, was in WAITS_AT_DESK
    if not waits:
        case.climb_at = None
        if waited and case.is_open and not is_for_the_district(case):
            case.desk = desk_of(case.area)
    elif moved or not waited:
        case.climb_at = leaves_by(case.desk, at)


def is_for_the_district(case: Case) -> bool:
    """Whether the district decides about a case that its units returned or did not get right."""
    return case.returns >= 2 or case.reworks >= 3


def desk_above(case: Case) -> Area | None:
    """The next desk upwards with somebody whose turn it would be; None when it must stay where it is."""
    duty = WAITS_AT_DESK[State(case.state)]
    for area in reversed(trail(case.desk)[:-1]):
        if (area.has_desk or area.parent_id is None) and holders_at([duty], area).exists():
            return area
    return None


def next_assignment_day(day: date) -> date:
    """When matters are next assigned in public 周交办: the first working day of the week to come."""
    calendar = working_calendar()
    found = day + timedelta(days=7 - day.weekday())
    while not calendar.is_working_day(found):
        found += timedelta(days=1)
    return found
