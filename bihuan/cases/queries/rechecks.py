"""Closed cases that wait for somebody's re-check."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.urls import reverse

from bihuan.accounts.models import DutyKind
from bihuan.audit.models import Entry
from bihuan.cases import rules
from bihuan.cases.models import Case, Recheck, State
from bihuan.cases.queries.page import ClockFace, running_face
from bihuan.cases.rules.rechecks import JUDGED
from bihuan.core.clock import now

ROWS = 30


@dataclass
class RecheckGroup:
    """What waits for somebody's re-check, as the desk shows a group of work: the most urgent first."""

    label: Any
    total: int
    late: int
    rechecks: list[Recheck] = field(default_factory=list)
    verb: str = "recheck"

    @property
    def cases(self) -> list[Case]:
        return [recheck.case for recheck in self.rechecks]

    @property
    def rows(self) -> Iterator[tuple[Case, ClockFace, str]]:
        """Each case with the clock of its re-check, and where its verb is."""
        for recheck in self.rechecks:
            case = recheck.case
            yield case, running_face(recheck), reverse("cases:recheck", args=[case.number])

    @property
    def beyond(self) -> int:
        return 0  # they come when these are done; there is no list of what was drawn


def rechecks_waiting(user: Any) -> QuerySet[Recheck]:
    """Open re-checks that this person may do: of their desks, of cases in which they had no part."""
    hats, units, paths = {user.pk}, [], []
    for held in user.duties_now():
        if held.on_behalf_of is not None:
            hats.add(held.on_behalf_of.pk)
        if held.unit is not None:
            units.append(held.unit.pk)
        elif held.kind == DutyKind.INSPECTOR and held.area is not None:
            paths.append(held.area.path)
    if not paths:
        return Recheck.objects.none()
    reached = Q()
    for path in paths:
        reached |= Q(desk__path__startswith=path)
    judged = Entry.objects.filter(
        Q(by__in=hats) | Q(on_behalf_of__in=hats),
        subject_type=Case._meta.label_lower,
        subject_id=OuterRef("case_id"),
        verb__in=JUDGED,
    )
    waiting = Recheck.objects.filter(reached, ~Exists(judged), done_at=None, case__state=State.CLOSED)
    waiting = waiting.exclude(case__handlers__overlap=list(hats))
    return waiting.exclude(case__units__overlap=units) if units else waiting


def recheck_work_of(user: Any) -> list[RecheckGroup]:
    """What waits for this person's re-check: one group, or none. Three queries at most."""
    waiting = rechecks_waiting(user)
    rows = list(waiting.order_by("due_at", "pk")[:ROWS])
    if not rows:
        return []
    cases = Case.objects.with_names().in_bulk([recheck.case_id for recheck in rows])
    for recheck in rows:
        recheck.case = cases[recheck.case_id]
    counted = waiting.aggregate(total=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now())))
    return [RecheckGroup(rules.FLOW["recheck"].label, counted["total"], counted["late"], rows)]


def recheck_stamp(user: Any) -> str:
    """Changes whenever what waits for this person's re-check does."""
    found = rechecks_waiting(user).aggregate(at=Max("drawn_at"), count=Count("pk"))
    return f"{found['at']}{found['count']}"


def recheck_of(case: Case) -> Recheck | None:
    """Why a case is looked at once more, for the page on which that is done."""
    return Recheck.objects.filter(case=case, done_at=None).first()
