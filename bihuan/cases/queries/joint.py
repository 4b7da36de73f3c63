"""Reads about joint handling and whistles: what a case page shows of them, and what waits on a desk."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet, Window
from django.urls import reverse

from bihuan.accounts.models import Duty, DutyKind, Unit
from bihuan.cases import rules, wording
from bihuan.cases.models import Assistance, Call, Case, PartState, Whistle
from bihuan.cases.models.whistle import STILL_OPEN
from bihuan.cases.queries.page import Choice, ClockFace, running_face
from bihuan.core.clock import now, today

DESK_ROWS = 30  # of parts, of calls and of whistles
ADDRESSES = dict.fromkeys(rules.PARTS, "parts") | dict.fromkeys(rules.CALLS, "calls")


def units_with_handlers() -> QuerySet[Unit]:
    """Units in which somebody handles cases today: those that can be called or asked."""
    duties = Duty.objects.in_force(today()).filter(unit=OuterRef("pk"), person__is_active=True)
    return Unit.objects.filter(Exists(duties)).order_by("path")


# -- on the case page ---------------------------------------------------------------------------------------


def parts_of(case: Case) -> QuerySet[Assistance]:
    """The parts of assisting units, in the order in which they were asked for."""
    return (
        Assistance.objects.filter(case=case).select_related("unit", "case__unit", "case__area").order_by("pk")
    )


def calls_of(case: Case) -> QuerySet[Call]:
    """Every department that was ever called over this case."""
    return Call.objects.filter(whistle__case=case).select_related("unit", "whistle__area", "whistle__case")


@dataclass(frozen=True)
class Shown:
    """A part or a call with its clock, and what this person may do to it."""

    subject: Any
    face: ClockFace | None
    choices: list[Choice]
    ours: bool

    @property
    def unit(self) -> Unit:
        found: Unit = self.subject.unit
        return found


@dataclass(frozen=True)
class WhistleShown:
    """A whistle with everybody who was called."""

    whistle: Whistle
    calls: list[Shown]

    @property
    def answered(self) -> int:
        return sum(shown.subject.answered_at is not None for shown in self.calls)

    @property
    def ours(self) -> list[Shown]:
        return [shown for shown in self.calls if shown.ours]


@dataclass(frozen=True)
class JointWork:
    """What other units than the lead have to do with a case."""

    parts: list[Shown] = field(default_factory=list)
    whistles: list[WhistleShown] = field(default_factory=list)

    @property
    def ours(self) -> list[Shown]:
        """The parts of the reader's own unit that are not withdrawn, what is still to be done first."""
        mine = [shown for shown in self.parts if shown.ours and shown.subject.state != PartState.WITHDRAWN]
        return sorted(mine, key=lambda shown: not shown.subject.is_open)

    @property
    def waits(self) -> bool:
        """Whether the reader's own unit has something to do here."""
        calls = [shown for whistled in self.whistles for shown in whistled.ours]
        return any(shown.choices for shown in (*self.ours, *calls))


def joint_work(case: Case, user: Any) -> JointWork:
    """The parts and whistles of a case. Three queries, one where nobody else was ever asked."""
    parts = [_part_shown(case, part, user) for part in parts_of(case)]
    calls = Prefetch("calls", Call.objects.select_related("unit").order_by("pk"))
    whistles = case.whistles.filter(called_off_at=None).select_related("area").prefetch_related(calls)
    return JointWork(parts, [_whistle_shown(case, whistle, user) for whistle in whistles.order_by("-pk")])


def _part_shown(case: Case, part: Assistance, user: Any) -> Shown:
    part.case = case
    face = running_face(part) if part.is_open else None
    choices = _choices(rules.PARTS, rules.may_part, part, user)
    return Shown(part, face, choices, _is_ours(part.unit, user))


def _whistle_shown(case: Case, whistle: Whistle, user: Any) -> WhistleShown:
    whistle.case = case
    return WhistleShown(whistle, [_call_shown(whistle, call, user) for call in whistle.calls.all()])


def _call_shown(whistle: Whistle, call: Call, user: Any) -> Shown:
    call.whistle = whistle
    face = running_face(call) if call.running_since is not None else None
    return Shown(call, face, _choices(rules.CALLS, rules.may_call, call, user), _is_ours(call.unit, user))


def _choices(table: dict[str, Any], may: Any, subject: Any, user: Any) -> list[Choice]:
    found = []
    for verb, move in table.items():
        verdict = may(verb, subject, user)
        if verdict:
            phrase = wording.PHRASES.get(move.event)
            found.append(Choice(verb, move.label, verdict, phrase.icon if phrase else ""))
    return found


def _is_ours(unit: Unit, user: Any) -> bool:
    return any(held.unit is not None and held.unit.covers(unit) for held in user.duties_now())


# -- on the desk --------------------------------------------------------------------------------------------


class Row(NamedTuple):
    """One line of a desk: the case, the clock that counts, where its verb is, what of it is meant."""

    case: Case
    face: ClockFace
    address: str
    about: str = ""


@dataclass
class SideGroup:
    """Parts, calls or whistles that wait for one verb of this person, as a group of the desk."""

    verb: str
    label: Any
    subjects: list[Any] = field(default_factory=list)
    total: int = 0
    late: int = 0

    @property
    def cases(self) -> list[Case]:
        return [_case_of(subject) for subject in self.subjects]

    @property
    def rows(self) -> Iterator[Row]:
        for subject in self.subjects:
            yield Row(_case_of(subject), self._face(subject), self._address(subject), self._about(subject))

    def _face(self, subject: Any) -> ClockFace:
        """The clock of the part or the call; a ruling goes by the case's own, a rating by none."""
        if self.verb == "rate_department":
            return ClockFace("done", None, "", 100)
        return running_face(subject.case if isinstance(subject, Whistle) else subject)

    def _about(self, subject: Any) -> str:
        """The task or the question; of a call that is to be rated, the department."""
        told: str
        if isinstance(subject, Assistance):
            told = subject.task
        elif isinstance(subject, Whistle):
            told = subject.question
        else:
            told = subject.unit.label if self.verb == "rate_department" else subject.whistle.question
        return told

    def _address(self, subject: Any) -> str:
        number = _case_of(subject).number
        if isinstance(subject, Whistle):
            return reverse(f"cases:{self.verb}", args=[number])
        return reverse(f"cases:{self.verb}", args=[number, subject.pk])

    @property
    def beyond(self) -> int:
        return self.total - len(self.subjects)


def _case_of(subject: Any) -> Case:
    case: Case = subject.case if hasattr(subject, "case") else subject.whistle.case
    return case


def side_work_of(user: Any) -> list[SideGroup]:
    """What waits for somebody besides whole cases: parts, calls, rulings, ratings. Three queries at most."""
    wanted = _Wanted.of(user)
    groups: dict[str, SideGroup] = {}
    for verb, subject in wanted.everything():
        label = (rules.PARTS.get(verb) or rules.CALLS.get(verb) or rules.FLOW[verb]).label
        group = groups.setdefault(verb, SideGroup(verb, label))
        group.subjects.append(subject)
        group.total = subject.total
        if not isinstance(subject, Whistle):
            group.late += subject.due_at is not None and subject.due_at < now() and verb != "rate_department"
    return list(groups.values())


def side_stamp(user: Any) -> str:
    """Changes whenever these groups do."""
    wanted = _Wanted.of(user)
    parts = []
    for rows, case in wanted.queries():
        found = rows.aggregate(at=Max(f"{case}__changed_at"), count=Count("pk"))
        parts.append(f"{found['at']}{found['count']}")
    return "|".join(parts)


@dataclass(frozen=True)
class _Wanted:
    """Whose parts and calls somebody works on: of these units; and for these areas they dispatch."""

    units: list[str]
    areas: list[int]

    @classmethod
    def of(cls, user: Any) -> "_Wanted":
        held = user.duties_now()
        return cls(
            units=[duty.unit.path for duty in held if duty.unit is not None],
            areas=[
                duty.area.pk for duty in held if duty.kind == DutyKind.DISPATCHER and duty.area is not None
            ],
        )

    @property
    def of_units(self) -> Q:
        return reduce(or_, (Q(unit__path__startswith=path) for path in self.units))

    def parts(self) -> QuerySet[Assistance]:
        return Assistance.objects.open().filter(self.of_units, case__state__in=rules.AT_WORK)

    def calls(self) -> QuerySet[Call]:
        """Calls to be answered by these units, and those to be rated by these desks."""
        wanted = Q(pk__in=())
        if self.units:
            wanted |= self.of_units & Q(answered_at=None, whistle__ruled_at=None, whistle__called_off_at=None)
        if self.areas:
            wanted |= Q(whistle__area__in=self.areas, whistle__ruled_at__isnull=False, rated_at=None)
        return Call.objects.filter(wanted)

    def whistles(self) -> QuerySet[Whistle]:
        return Whistle.objects.filter(STILL_OPEN, area__in=self.areas)

    def queries(self) -> Iterable[tuple[QuerySet[Any], str]]:
        if self.units:
            yield self.parts(), "case"
        if self.units or self.areas:
            yield self.calls(), "whistle__case"
        if self.areas:
            yield self.whistles(), "case"

    def everything(self) -> Iterator[tuple[str, Any]]:
        if self.units:
            for part in _first(self.parts(), "case", [F("state")], "due_at"):
                yield (
                    ("acknowledge_assistance" if part.state == PartState.ASKED else "finish_assistance"),
                    part,
                )
        if self.units or self.areas:
            ruled = Q(whistle__ruled_at__isnull=False)
            for call in _first(self.calls(), "whistle__case", [ruled], "due_at"):
                yield ("answer_whistle" if call.whistle.ruled_at is None else "rate_department"), call
        if self.areas:
            for whistle in _first(self.whistles(), "case", [], "called_at"):
                yield "rule_whistle", whistle


def _first(rows: QuerySet[Any], case: str, kinds: list[Any], order: str) -> QuerySet[Any]:
    """The most urgent rows, each with how many there are of its kind and with the names a desk prints.

    Their cases come by a query of their own: planning a join of ten tables costs more than it finds.
    """
    names = [name for name in ("unit", "whistle") if hasattr(rows.model, name)]
    rows = rows.select_related(*names).prefetch_related(Prefetch(case, Case.objects.with_names()))
    total = Window(Count("pk"), partition_by=kinds or None)
    return rows.annotate(total=total).order_by(order, "pk")[:DESK_ROWS]
