"""The Supervision page 督办: what is late by area and unit, notices, the weekly agenda; one case's own."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import Unit
from bihuan.cases import clocks
from bihuan.cases.models import Case, Supervision, SupervisionNotice
from bihuan.cases.models.case import OPEN
from bihuan.cases.queries.lists import CLOCK_MINUTES, is_late, is_nearly_due, is_with_a_unit
from bihuan.cases.queries.requests import Requests, requests_waiting_for
from bihuan.cases.rules.supervision import WATCHERS
from bihuan.core.clock import local, now, today
from bihuan.territory.models import Area
from bihuan.territory.queries import areas_by_id

UNITS = 20  # the lines of the table; there are more units than anybody reads
NOTICES = 6  # those that wait for an answer longest; the others are on their own page
AGENDA = 300  # more than anybody goes through in a morning

# The counts of a line, and the filters of the list that shows the cases behind each.
COUNTED: dict[str, dict[str, str]] = {
    "red": {"show": "open", "supervision": "red"},
    "yellow": {"show": "open", "supervision": "yellow"},
    "late": {"show": "overdue"},
    "near": {"show": "near"},
    "open": {"show": "open"},
}
LABELS = {
    "red": _("red notice"),
    "yellow": _("yellow notice"),
    "late": _("overdue"),
    "near": _("nearly due"),
    "open": _("open"),
}
TONES = {"red": "over", "yellow": "attention", "late": "over", "near": "waiting", "open": ""}


@dataclass(frozen=True)
class Figure:
    """How many, and the list of exactly those."""

    name: str
    value: int
    url: str

    @property
    def label(self) -> Any:
        return LABELS[self.name]

    @property
    def tone(self) -> str:
        return TONES[self.name] if self.value else ""


@dataclass(frozen=True)
class Line:
    """One area or unit with its unfinished cases."""

    label: Any
    figures: list[Figure]

    @property
    def is_late(self) -> bool:
        return any(figure.value for figure in self.figures[:3])


@dataclass(frozen=True)
class Watch:
    """What somebody watches over. Areas and units are counted, never people."""

    where: list[Area]
    totals: list[Figure]
    areas: list[Line]
    units: list[Line]
    more_units: int
    unanswered: int
    notices: list[SupervisionNotice]
    requests: list[Requests]
    agenda: "Agenda"


def watched_by(user: Any) -> Q:
    """The condition for cases in the areas that this person watches over, by the index of each level."""
    found = Q(pk__in=())
    for area in areas_watched_by(user):
        if area.parent_id is None:
            return Q()
        if area.kind == "subdistrict":
            found |= Q(subdistrict=area.pk)
        elif area.kind in ("community", "village"):
            found |= Q(community=area.pk)
        else:
            found |= Q(area__path__startswith=area.path)
    return found


def areas_watched_by(user: Any) -> list[Area]:
    """The areas of somebody's duties to watch, the widest first, none that lies within another."""
    areas = {
        held.area.pk: held.area
        for held in user.duties_now()
        if held.kind in WATCHERS and held.area is not None
    }
    widest: list[Area] = []
    for area in sorted(areas.values(), key=lambda area: (area.depth, area.code)):
        if not any(area.path.startswith(other.path) for other in widest):
            widest.append(area)
    return widest


def watch_for(user: Any) -> Watch:
    """Everything on the page. The number of queries does not depend on the number of cases."""
    where = areas_watched_by(user)
    cases = Case.objects.open().filter(watched_by(user))
    scope = {"area": where[0].pk} if len(where) == 1 and where[0].parent_id is not None else {}
    sums, areas = _by_area(cases, _level_below(where), where)
    units = _by_unit(cases, scope)
    unanswered = notices_for(user).filter(answered_at=None, case__state__in=OPEN)
    last = unanswered.order_by("case", "-id").distinct("case").values("pk")  # one answer serves all of a case
    return Watch(
        where=where,
        totals=_figures(sums, scope),
        areas=areas,
        units=units[:UNITS],
        more_units=max(0, len(units) - UNITS),
        unanswered=unanswered.count(),
        notices=list(with_cases(SupervisionNotice.objects.filter(pk__in=last)).order_by("id")[:NOTICES]),
        requests=requests_waiting_for(user),
        agenda=agenda_for(user, today(), limit=NOTICES),
    )


def _level_below(where: list[Area]) -> str:
    kinds = {area.kind for area in where}
    if "district" in kinds:
        return "subdistrict"
    return "community" if "subdistrict" in kinds else "area"


def _counts() -> dict[str, Count]:
    return {
        "red": Count("pk", filter=Q(supervision=Supervision.RED)),
        "yellow": Count("pk", filter=Q(supervision=Supervision.YELLOW)),
        "late": Count("pk", filter=is_late()),
        "near": Count("pk", filter=is_nearly_due()),
        "open": Count("pk"),
    }


def _figures(counted: dict[str, int], scope: dict[str, Any]) -> list[Figure]:
    return [
        Figure(name, counted[name], f"{reverse('cases:index')}?{_query(filters | scope)}")
        for name, filters in COUNTED.items()
    ]


def _query(filters: dict[str, Any]) -> str:
    query = QueryDict(mutable=True)
    query.update({name: str(value) for name, value in filters.items()})
    return str(query.urlencode())


def _by_area(cases: Any, level: str, where: list[Area]) -> tuple[dict[str, int], list[Line]]:
    """The sums of all, and a line for each area of the level below with unfinished cases."""
    known = areas_by_id()
    counts = _counts()
    rows = list(cases.values(level).annotate(**counts).order_by(level))
    sums = {name: sum(row[name] for row in rows) for name in counts}
    here = [row for row in rows if row[level] in known and row[level] not in {area.pk for area in where}]
    lines = []
    for row in here:
        path = known[row[level]].path
        summed = _sum([other for other in here if known[other[level]].path.startswith(path)])
        lines.append((summed, Line(known[row[level]].label, _figures(summed, {"area": row[level]}))))
    return sums, _worst_first(lines)


def _sum(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {name: sum(row[name] for row in rows) for name in _counts()}


def _worst_first(lines: list[tuple[dict[str, int], Line]]) -> list[Line]:
    return [
        line for counted, line in sorted(lines, key=lambda pair: [-number for number in pair[0].values()])
    ]


def _by_unit(cases: Any, scope: dict[str, Any]) -> list[Line]:
    """A line for each unit that has cases in hand, those of the units below it with them."""
    names = ("unit", "unit__name", "unit__name_en", "unit__path")
    rows = list(cases.filter(is_with_a_unit()).values(*names).annotate(**_counts()).order_by("unit"))
    lines = []
    for row in rows:
        summed = _sum([other for other in rows if other["unit__path"].startswith(row["unit__path"])])
        label = Unit(name=row["unit__name"], name_en=row["unit__name_en"]).label
        lines.append((summed, Line(label, _figures(summed, {"unit": row["unit"], "held": "unit"} | scope))))
    return _worst_first(lines)


# -- notices ------------------------------------------------------------------------------------------------


def notices_for(user: Any) -> QuerySet[SupervisionNotice]:
    """The notices about cases that this person watches over."""
    condition = watched_by(user)
    notices = SupervisionNotice.objects.all()
    return notices.filter(case__in=Case.objects.filter(condition)) if condition else notices


def with_cases(notices: QuerySet[SupervisionNotice]) -> QuerySet[SupervisionNotice]:
    """Notices with what their rows print: the case with its names, the unit or desk, the people."""
    return (
        notices.select_related("unit", "desk", "issued_by", "answered_by")
        .defer("desk__boundary", "desk__keys")
        .prefetch_related(Prefetch("case", queryset=Case.objects.with_names()))
    )


def notices_listed_for(user: Any, shown: str) -> QuerySet[SupervisionNotice]:
    """The page of notices: those that wait for an answer, those answered, or all."""
    notices = with_cases(notices_for(user))
    if shown == "answered":
        return notices.exclude(answered_at=None)
    if shown == "unanswered":
        return notices.filter(answered_at=None, case__state__in=OPEN)
    return notices


def notices_of(case: Case) -> QuerySet[SupervisionNotice]:
    """The notices of one case, the latest first."""
    notices = case.supervision_notices.order_by("-id")
    return notices.select_related("unit", "desk", "issued_by", "answered_by").defer(
        "desk__boundary", "desk__keys"
    )


# -- the weekly agenda --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Agenda:
    """The red notices that are gone through in public in one week 周交办."""

    monday: date
    notices: list[SupervisionNotice]
    total: int

    @property
    def beyond(self) -> int:
        """How many more there are than are shown."""
        return self.total - len(self.notices)

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def previous(self) -> date:
        return self.monday - timedelta(days=7)

    @property
    def next(self) -> date:
        return self.monday + timedelta(days=7)

    @property
    def is_this_week(self) -> bool:
        return self.monday <= today() <= self.sunday


def agenda_for(user: Any, day: date, *, limit: int = AGENDA) -> Agenda:
    """The agenda of the week of this day, each case once, as far as this person watches over it."""
    monday = day - timedelta(days=day.weekday())
    notices = notices_for(user).filter(agenda_on__range=(monday, monday + timedelta(days=6)))
    last = notices.order_by("case", "-id").distinct("case").values("pk")
    rows = with_cases(SupervisionNotice.objects.filter(pk__in=last)).order_by("agenda_on", "id")
    return Agenda(monday, list(rows[:limit]), notices.values("case").distinct().count())


# -- how it renews itself -----------------------------------------------------------------------------------


def watch_stamp(user: Any) -> str:
    """Changes whenever the page does; one cheap query, for pages that look every few seconds.

    Notices and their answers change the case as well; which cases are late changes with the clock alone.
    """
    found = Case.objects.open().filter(watched_by(user)).aggregate(at=Max("changed_at"), count=Count("pk"))
    parts = [f"{now():%Y%m%d%H}{now().minute // CLOCK_MINUTES}", f"{found['at']}{found['count']}"]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


# -- one case -----------------------------------------------------------------------------------------------

COMES_NEXT = {
    "case.reminded": _("Reminder"),
    "case.became_overdue": _("Under supervision"),
    "case.yellow_noticed": _("Yellow notice"),
    "case.red_noticed": _("Red notice"),
}


@dataclass(frozen=True)
class Ahead:
    """What comes next by itself if nobody does anything."""

    label: Any
    at: datetime


def ahead_of(case: Case) -> Ahead | None:
    """The next step of the ladder of a running case."""
    step = clocks.next_step(case) if case.is_open and case.running_since is not None else None
    if step is None or case.step_at is None:
        return None
    return Ahead(COMES_NEXT[step.verb], local(case.step_at))
