"""Lists of cases: the desk, the list with its filters and search."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import (
    BooleanField,
    Count,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models import Case as Choose
from django.db.models.functions import Coalesce, RowNumber
from django.urls import reverse
from django.utils import timezone

from bihuan.accounts.models import DutyKind, Unit
from bihuan.cases import rules
from bihuan.cases.models import Case, CaseQuerySet, Extension, Matter, Report, State, Supervision
from bihuan.cases.models.case import OPEN, STANDING, WITH_UNIT, NumberTail, inside
from bihuan.cases.queries.joint import Row, SideGroup, side_stamp, side_work_of
from bihuan.cases.queries.page import DESK_VERBS, LONG_COLUMNS, clock_face
from bihuan.cases.queries.rechecks import RecheckGroup, recheck_stamp, recheck_work_of
from bihuan.core.clock import local, now, today
from bihuan.core.text import normalise, segment
from bihuan.territory.models import Area
from bihuan.territory.queries import all_areas, ids_within

DESK_ROWS = 30  # of each kind of work; what is beyond them is counted, and found in the list
CHECKED = re.compile(r"\d-\d$")
NUMBER = re.compile(r"\d{4,12}|\d{1,12}-[\d-]*")


def cases_visible_to(user: Any) -> CaseQuerySet:
    """Every case this person may see, with the names that pages print."""
    return Case.objects.visible_to(user).with_names()


def cases_worked_on_by(user: Any) -> CaseQuerySet:
    """Every case within this person's duties. Their own reports they follow where everybody does."""
    return Case.objects.worked_on_by(user).with_names()


def case_by_number(user: Any, number: str) -> QuerySet[Case]:
    """The case with this number if it is within this person's duties."""
    return cases_worked_on_by(user).filter(number=number).prefetch_related("reports")


def own_report_of(user: Any, number: str) -> Report | None:
    """What this person reported themselves of the case with this number, or merged into it."""
    its = Q(case__number=number) | Q(first_case__number=number)
    return Report.objects.filter(its, reporter=user).first()


def reports_of(user: Any) -> QuerySet[Report]:
    """What this person has reported themselves, the latest first."""
    reports = Report.objects.filter(reporter=user)
    names = ("case__unit", "case__desk", "case__area", "first_case")
    return reports.select_related(*names).defer(*LONG_COLUMNS, "first_case__search")


# -- the desk -----------------------------------------------------------------------------------------


@dataclass
class Group:
    """What waits for one verb, the most urgent first; of many, the first ones and how many there are."""

    verb: str
    label: Any
    cases: list[Case] = field(default_factory=list)
    total: int = 0
    late: int = 0

    @property
    def rows(self) -> Iterator[Row]:
        """Each case with its clock, and where its verb is."""
        for case in self.cases:
            yield Row(case, clock_face(case), reverse(f"cases:{self.verb}", args=[case.number]))

    @property
    def batch(self) -> str:
        """What may be done to several of them at once, if anything."""
        verb = {"file": "send_to_verify"}.get(self.verb, self.verb)
        return verb if verb in rules.BATCH_VERBS else ""

    @property
    def batch_label(self) -> Any:
        return rules.FLOW[self.batch].label

    @property
    def beyond(self) -> int:
        """How many more there are than are shown."""
        return self.total - len(self.cases)


# Cases that differ in none of these wait for the same verb of the same person.
ALIKE = ("state", "extension", "has_somebody_to_call")


def desk_of_user(user: Any) -> list[Group | SideGroup | RecheckGroup]:
    """What this person must do now, grouped by verb, by what is left of the limit. Eight queries at most."""
    return [*_whole_cases(user), *side_work_of(user), *recheck_work_of(user)]


def _whole_cases(user: Any) -> list[Group]:
    waiting = waiting_for(user)
    if waiting is None:
        return []
    groups = {verb: Group(verb, rules.FLOW[verb].label) for verb in DESK_VERBS}
    kinds = {tuple(kind[name] for name in ALIKE): kind for kind in _kinds_of_work(waiting)}
    for case in _desk_rows(waiting):
        kind = kinds.get(tuple(getattr(case, name) for name in ALIKE))
        verb = _next_verb(case, user)
        if verb is not None:
            groups[verb].cases.append(case)
            groups[verb].total += 1
            groups[verb].late += case.due_at is not None and case.due_at < now()
        if kind is None:
            continue
        kind["shown"] = kind.get("shown", 0) + 1
        if kind["shown"] == DESK_ROWS and verb is not None:
            groups[verb].total += max(0, kind["total"] - DESK_ROWS)
            groups[verb].late += max(0, kind["late"] - DESK_ROWS)
    return [group for group in groups.values() if group.cases]


def _waiting_cases(waiting: Q) -> CaseQuerySet:
    return knowing_whom_to_call(Case.objects.filter(waiting))


def knowing_whom_to_call(cases: CaseQuerySet) -> CaseQuerySet:
    """Rows that know whether a reporter agreed to be called back, when it is the turn of that.

    Of an EXISTS the database would make a list of all reports there are, be it for a page of fifty rows.
    """
    consenting = Report.objects.filter(case=OuterRef("pk"), may_call=True, phone_index__isnull=False)
    somebody = Coalesce(Subquery(consenting.annotate(yes=Value(True)).values("yes")[:1]), False)
    turn = When(state=State.INSPECTED, then=somebody)
    return cases.annotate(has_somebody_to_call=Choose(turn, default=False, output_field=BooleanField()))


def _kinds_of_work(waiting: Q) -> list[dict[str, Any]]:
    late = Count("pk", filter=Q(due_at__lt=now()))
    return list(_waiting_cases(waiting).values(*ALIKE).annotate(total=Count("pk"), late=late).order_by())


def _desk_rows(waiting: Q) -> CaseQuerySet:
    """The most urgent of each kind of work: a thousand new reports must not hide one overdue call."""
    line = Window(RowNumber(), partition_by=[F(name) for name in ALIKE], order_by=["due_at", "id"])
    first = _waiting_cases(waiting).annotate(in_line=line).filter(in_line__lte=DESK_ROWS)
    rows = _waiting_cases(Q(pk__in=first.values("pk")))
    return rows.with_names().order_by("due_at", "id")


def desk_stamp(user: Any) -> str:
    """Changes whenever the desk does; one cheap query, for pages that look every few seconds.

    Clocks are read in minutes, and a new day lets people be called again: it changes every few minutes too.
    """
    waiting = waiting_for(user)
    parts = [f"{now():%Y%m%d%H}{now().minute // CLOCK_MINUTES}", side_stamp(user), recheck_stamp(user)]
    for condition in (waiting, overseen_by(user)):
        if condition is not None:
            found = Case.objects.open().filter(condition).aggregate(at=Max("changed_at"), count=Count("pk"))
            parts.append(f"{found['at']}{found['count']}")
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


CLOCK_MINUTES = 5  # how long a page may show a clock that nothing else renews


def case_stamp(case: Case) -> str:
    """Changes whenever the case's page does."""
    return f"{case.pk}-{case.changed_at.timestamp()}-{now():%Y%m%d%H}{now().minute // CLOCK_MINUTES}"


def waiting_for(user: Any) -> Q | None:
    """The condition for cases that wait for this person; None when their duties leave nothing to do.

    Work waits at the desk of the case; what is overdue there shows one level up as well, so that an absent
    colleague's work is seen by somebody.
    """
    found: Q | None = None
    for held in user.duties_now():
        part: Q | None = None
        if held.unit is not None:
            units = _ids(Unit.objects.within(held.unit))
            part = Q(unit__in=units, state__in=(State.ASSIGNED, State.HANDLING))
        elif held.area is not None:
            part = _waiting_in(held.kind, held.area)
        if part is not None:
            found = part if found is None else found | part
    return found


OVERSEERS = (DutyKind.SUPERVISOR, DutyKind.LEADER, DutyKind.AUDITOR)


def overseen_by(user: Any) -> Q | None:
    """The condition for cases that this person watches over without a verb of their own."""
    found: Q | None = None
    for held in user.duties_now():
        if held.area is not None and held.kind in OVERSEERS:
            part = inside(held.area)
            found = part if found is None else found | part if found and part else Q()
    return found


def _waiting_in(kind: str, area: Area) -> Q | None:
    if kind == DutyKind.GRID_WORKER:
        return Q(area__in=ids_within(area), state=State.VERIFYING)
    states = {
        DutyKind.CLERK: Q(state__in=(State.REPORTED, State.INSPECTED)),
        DutyKind.DISPATCHER: Q(state=State.FILED) | Q(state=State.HANDLING, extension=Extension.ASKED),
        DutyKind.INSPECTOR: Q(state__in=(State.RESOLVED, State.INSPECTED, State.SELF_HANDLED)),
    }.get(DutyKind(kind))
    if states is None:
        return None
    below = [found.pk for found in all_areas().values() if found.parent_id == area.pk and found.has_desk]
    return states & (Q(desk=area.pk) | Q(overdue_at__isnull=False, desk__in=below))


def _next_verb(case: Case, user: Any) -> str | None:
    """The verb that waits for this person, judged from the row alone: the rules ask again when it is used."""
    for verb in DESK_VERBS:
        move = rules.FLOW[verb]
        if case.state not in move.start:
            continue
        if verb == "decide_extension" and case.extension != Extension.ASKED:
            continue
        if verb == "assign" and case.whistled_at is not None:
            continue  # the joint ruling says who takes it
        somebody_to_call: bool = getattr(case, "has_somebody_to_call", False)
        if (verb == "call_back" and not somebody_to_call) or (verb == "close" and somebody_to_call):
            continue
        if verb == "call_back" and case.called_at and local(case.called_at).date() == today():
            continue  # nobody answered today; it waits again tomorrow
        if "not_handler" in move.guards and rules.is_handler_of(case, user):
            continue
        place = {"unit": case.unit} if move.who == DutyKind.HANDLER else {"area": case.area}
        if user.holds(move.who, **place):
            return verb
    return None


# -- the list -----------------------------------------------------------------------------------------

MOVING = tuple(state for state in OPEN if state not in STANDING)


def is_late() -> Q:
    """Unfinished and past its limit; a case whose clock stands is not."""
    return Q(state__in=MOVING, due_at__lt=now())


def is_nearly_due() -> Q:
    """Reminded already, and not late yet."""
    return Q(state__in=MOVING, step__gt=0, due_at__gte=now())


def is_with_a_unit() -> Q:
    """In the hands of a unit, which answers for it."""
    return Q(state__in=WITH_UNIT)


def is_at_a_desk() -> Q:
    """Waiting for somebody at a desk."""
    return Q(state__in=[state for state in OPEN if state not in WITH_UNIT])


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to. Empty: everything one may see."""

    text: str = ""
    state: str = ""
    open: bool = False
    overdue: bool = False
    near: bool = False
    held_by: str = ""  # "unit" or "desk"
    supervision: str = ""  # a level, or "any"
    urgency: str = ""
    matter: Any = None
    area: Area | None = None
    unit: Any = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def order(self) -> tuple[str, ...]:
        """What is still open comes by its deadline, everything else the newest first."""
        if self.open or self.overdue or self.near:
            return ("due_at", "id")
        return ("-reported_at", "-id") if self.since or self.until else ("-id",)


def cases_listed_for(user: Any, filters: Filters) -> CaseQuerySet:
    """The cases this person may see that fit the filters. Paged by the caller in `filters.order`."""
    cases = knowing_whom_to_call(cases_worked_on_by(user))
    if filters.text:
        cases = _found(cases, filters.text)
    if filters.state:
        cases = cases.filter(state=filters.state)
    if filters.open:
        cases = cases.filter(state__in=OPEN)
    if filters.overdue:
        cases = cases.filter(is_late())
    if filters.near:
        cases = cases.filter(is_nearly_due())
    if filters.held_by:
        cases = cases.filter(is_with_a_unit() if filters.held_by == "unit" else is_at_a_desk())
    if filters.supervision == "any":
        cases = cases.exclude(supervision=Supervision.NONE)
    elif filters.supervision:
        cases = cases.filter(supervision=filters.supervision)
    if filters.urgency:
        cases = cases.filter(urgency=filters.urgency)
    if filters.matter is not None:
        parts = Q(pk=filters.matter.pk) | Q(parent=filters.matter) | Q(parent__parent=filters.matter)
        cases = cases.filter(matter__in=_ids(Matter.objects.filter(parts)))
    if filters.area is not None:
        cases = cases.within(filters.area)
    if filters.unit is not None:
        cases = cases.filter(unit__in=_ids(Unit.objects.within(filters.unit)))
    if filters.since is not None:
        cases = cases.filter(reported_at__gte=filters.since)
    if filters.until is not None:
        cases = cases.filter(reported_at__lt=filters.until)
    return cases


def _ids(rows: QuerySet[Any]) -> list[int]:
    """A few ids, told to the database as such: it finds the index for them that a join would hide."""
    return list(rows.values_list("pk", flat=True))


def _found(cases: CaseQuerySet, text: str) -> CaseQuerySet:
    """By a part of the number, else by words in any order; the last word may be unfinished."""
    text = normalise(text)[:200]
    if NUMBER.fullmatch(text):
        return _numbered(cases, text)
    words = re.sub(r"[^\w ]", " ", segment(text)).split()
    if not words:
        return cases.none() if text else cases
    query = " & ".join([*(f"'{word}'" for word in words[:-1]), f"'{words[-1]}':*"])
    return cases.filter(search=SearchQuery(query, config="simple", search_type="raw"))


def _numbered(cases: CaseQuerySet, text: str) -> CaseQuerySet:
    """By the beginning of the number or by its end, which people read out with or without the check digit."""
    ends = Q(tail__startswith=text[::-1])
    if CHECKED.search(text):
        ends |= Q(tail__startswith=text[-3::-1], number__endswith=text[-2:])
    return cases.alias(tail=NumberTail("number")).filter(Q(number__startswith=text) | ends)


def day_span(first: Any, last: Any) -> tuple[datetime | None, datetime | None]:
    """From the start of one day to the end of another, in the district's time."""
    zone = timezone.get_default_timezone()
    since = datetime.combine(first, datetime.min.time(), zone) if first else None
    until = datetime.combine(last + timedelta(days=1), datetime.min.time(), zone) if last else None
    return since, until
