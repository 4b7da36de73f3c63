"""Lists of cases: the desk, the list with its filters and search, the map."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from bihuan.accounts.models import DutyKind
from bihuan.cases import rules
from bihuan.cases.models import Case, CaseQuerySet, Extension, Report, State
from bihuan.cases.models.case import OPEN
from bihuan.core.clock import now
from bihuan.core.text import normalise, segment
from bihuan.territory.models import Area

DESK_ROWS = 300
MAP_POINTS = 3_000
NUMBER = re.compile(r"\d{6}(-\d{1,10}(-\d?)?)?")

# The order in which a desk shows what is to be done.
DESK_VERBS = (
    "verify",
    "file",
    "assign",
    "decide_extension",
    "acknowledge",
    "resolve",
    "inspect",
    "spot_check",
    "call_back",
    "close",
)


def cases_visible_to(user: Any) -> CaseQuerySet:
    """Every case this person may see, with the names that pages print."""
    return Case.objects.visible_to(user).with_names()


def case_by_number(user: Any, number: str) -> QuerySet[Case]:
    """The case with this number if this person may see it."""
    return cases_visible_to(user).filter(number=number).prefetch_related("reports")


def reports_of(user: Any) -> QuerySet[Report]:
    """What this person has reported themselves, the latest first."""
    return Report.objects.filter(reporter=user).select_related("case__unit", "case__desk", "case__area")


# -- the desk -----------------------------------------------------------------------------------------


@dataclass
class Group:
    """What waits for one verb, the most urgent first."""

    verb: str
    label: Any
    cases: list[Case] = field(default_factory=list)


def desk_of_user(user: Any) -> list[Group]:
    """What this person must do now, grouped by verb, by what is left of the limit. One query."""
    waiting = waiting_for(user)
    if waiting is None:
        return []
    groups = {verb: Group(verb, rules.FLOW[verb].label) for verb in DESK_VERBS}
    for case in _desk_rows(waiting):
        verb = _next_verb(case, user)
        if verb is not None:
            groups[verb].cases.append(case)
    return [group for group in groups.values() if group.cases]


def _desk_rows(waiting: Q) -> CaseQuerySet:
    consenting = Report.objects.filter(case=OuterRef("pk"), may_call=True, phone_index__isnull=False)
    rows = Case.objects.filter(waiting).with_names().annotate(has_somebody_to_call=Exists(consenting))
    return rows.order_by("due_at", "id")[:DESK_ROWS]


def desk_stamp(user: Any) -> str:
    """Changes whenever the desk does; one cheap query, for pages that look every few seconds."""
    waiting = waiting_for(user)
    if waiting is None:
        return "empty"
    rows = Case.objects.filter(waiting)
    newest = rows.aggregate(at=Max("changed_at"))["at"]
    return hashlib.sha256(f"{newest}{rows.count()}".encode()).hexdigest()[:16]


def waiting_for(user: Any) -> Q | None:
    """The condition for cases that wait for this person; None when their duties leave nothing to do.

    Work waits at the desk of the case; what is overdue there shows one level up as well, so that an absent
    colleague's work is seen by somebody.
    """
    found: Q | None = None
    for held in user.duties_now():
        part: Q | None = None
        if held.unit is not None:
            part = Q(unit__path__startswith=held.unit.path, state__in=(State.ASSIGNED, State.HANDLING))
        elif held.area is not None:
            part = _waiting_in(held.kind, held.area)
        if part is not None:
            found = part if found is None else found | part
    return found


def _waiting_in(kind: str, area: Area) -> Q | None:
    if kind == DutyKind.GRID_WORKER:
        return Q(area__path__startswith=area.path, state=State.VERIFYING)
    states = {
        DutyKind.CLERK: Q(state__in=(State.REPORTED, State.INSPECTED)),
        DutyKind.DISPATCHER: Q(state=State.FILED) | Q(state=State.HANDLING, extension=Extension.ASKED),
        DutyKind.INSPECTOR: Q(state__in=(State.RESOLVED, State.INSPECTED, State.SELF_HANDLED)),
    }.get(DutyKind(kind))
    if states is None:
        return None
    return states & (Q(desk=area) | Q(overdue_at__isnull=False, desk__parent=area))


def _next_verb(case: Case, user: Any) -> str | None:
    """The verb that waits for this person, judged from the row alone: the rules ask again when it is used."""
    for verb in DESK_VERBS:
        move = rules.FLOW[verb]
        if case.state not in move.start:
            continue
        if verb == "decide_extension" and case.extension != Extension.ASKED:
            continue
        somebody_to_call: bool = getattr(case, "has_somebody_to_call", False)
        if (verb == "call_back" and not somebody_to_call) or (verb == "close" and somebody_to_call):
            continue
        if "not_handler" in move.guards and rules.is_handler_of(case, user):
            continue
        place = {"unit": case.unit} if move.who == DutyKind.HANDLER else {"area": case.area}
        if user.holds(move.who, **place):
            return verb
    return None


# -- the list -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to. Empty: everything one may see."""

    text: str = ""
    state: str = ""
    open: bool = False
    overdue: bool = False
    urgency: str = ""
    matter: Any = None
    area: Area | None = None
    unit: Any = None
    since: datetime | None = None
    until: datetime | None = None


def cases_listed_for(user: Any, filters: Filters) -> CaseQuerySet:
    """The cases this person may see that fit the filters. Paged by the caller, newest first."""
    cases = cases_visible_to(user)
    if filters.text:
        cases = _found(cases, filters.text)
    if filters.state:
        cases = cases.filter(state=filters.state)
    if filters.open:
        cases = cases.filter(state__in=OPEN)
    if filters.overdue:
        cases = cases.filter(state__in=OPEN, due_at__lt=now()).exclude(state=State.SUSPENDED)
    if filters.urgency:
        cases = cases.filter(urgency=filters.urgency)
    if filters.matter is not None:
        cases = cases.filter(
            Q(matter=filters.matter)
            | Q(matter__parent=filters.matter)
            | Q(matter__parent__parent=filters.matter)
        )
    if filters.area is not None:
        cases = cases.within(filters.area)
    if filters.unit is not None:
        cases = cases.filter(unit__path__startswith=filters.unit.path)
    if filters.since is not None:
        cases = cases.filter(reported_at__gte=filters.since)
    if filters.until is not None:
        cases = cases.filter(reported_at__lt=filters.until)
    return cases


def _found(cases: CaseQuerySet, text: str) -> CaseQuerySet:
    """By number or its beginning, else by words in any order; the last word may be unfinished."""
    text = normalise(text)[:200]
    if NUMBER.fullmatch(text):
        return cases.filter(number__startswith=text)
    words = re.sub(r"[^\w ]", " ", segment(text)).split()
    if not words:
        return cases.none() if text else cases
    query = " & ".join([*(f"'{word}'" for word in words[:-1]), f"'{words[-1]}':*"])
    return cases.filter(search=SearchQuery(query, config="simple", search_type="raw"))


def cases_on_map(user: Any, filters: Filters) -> QuerySet[Any, dict[str, Any]]:
    """Points of the newest cases with a position: number, title, state, lon, lat, overdue."""
    cases = cases_listed_for(user, filters).filter(lon__isnull=False)
    overdue = Q(state__in=OPEN, due_at__lt=now()) & ~Q(state=State.SUSPENDED)
    return (
        cases.select_related(None)
        .order_by("-id")
        .annotate(late=overdue)
        .values("number", "title", "state", "lon", "lat", "late")[:MAP_POINTS]
    )


def popup(point: dict[str, Any]) -> dict[str, Any]:
    """What the map says about one point."""
    return {
        "title": point["title"],
        "number": point["number"],
        "state": str(State(point["state"]).label),
        "level": "over" if point["late"] else "done" if point["state"] not in OPEN else "ok",
        "url": reverse("cases:show", args=[point["number"]]),
    }


def day_span(first: Any, last: Any) -> tuple[datetime | None, datetime | None]:
    """From the start of one day to the end of another, in the district's time."""
    zone = timezone.get_default_timezone()
    since = datetime.combine(first, datetime.min.time(), zone) if first else None
    until = datetime.combine(last + timedelta(days=1), datetime.min.time(), zone) if last else None
    return since, until
