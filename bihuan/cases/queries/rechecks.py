"""Closed cases that wait for somebody's re-check."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from bihuan.accounts.models import DutyKind
from bihuan.audit.models import Entry
from bihuan.cases.models import Case, Recheck, State
from bihuan.cases.queries.page import ClockFace, running_face
from bihuan.cases.rules.rechecks import JUDGED
from bihuan.core.clock import now

ROWS = 60


@dataclass(frozen=True)
class RechecksShown:
    """What waits for somebody's re-check: how many, and the most urgent of them with their clocks."""

    total: int
    late: int
    rechecks: list[Recheck]

    @property
    def rows(self) -> Iterator[tuple[Recheck, Case, ClockFace]]:
        return ((recheck, recheck.case, running_face(recheck)) for recheck in self.rechecks)


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


def rechecks_on_desk(user: Any) -> RechecksShown | None:
    """What waits for this person's re-check, the most urgent first; None when nothing does. Two queries."""
    waiting = rechecks_waiting(user)
    rows = list(waiting.order_by("due_at", "pk")[: ROWS + 1])
    if not rows:
        return None
    cases = Case.objects.with_names().in_bulk([recheck.case_id for recheck in rows[:ROWS]])
    for recheck in rows[:ROWS]:
        recheck.case = cases[recheck.case_id]
    total = len(rows) if len(rows) <= ROWS else waiting.count()
    late = sum(recheck.due_at is not None and recheck.due_at < now() for recheck in rows[:ROWS])
    return RechecksShown(total, late, rows[:ROWS])
