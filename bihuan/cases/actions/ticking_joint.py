"""What time does to parts and calls: reminded at 80 %, overdue at 100 %, each exactly once."""

from typing import Any

from django.db import transaction

from bihuan.audit import record
from bihuan.cases import clocks
from bihuan.cases.actions.parts import said_of
from bihuan.cases.models import Assistance, Call, Case
from bihuan.core.clock import now

BATCH = 50
PART_VERBS = ("case.assistance_reminded", "case.assistance_overdue")
CALL_VERBS = ("case.whistle_reminded", "case.whistle_overdue")


def take_due_assistance_steps() -> int:
    """Take every step of parts and calls whose moment has come, each once whatever number of workers run."""
    taken = 0
    while batch := _take_parts():
        taken += batch
    while batch := _take_calls():
        taken += batch
    return taken


@transaction.atomic
def _take_parts() -> int:
    # The case is held as well, for its chain of entries. Waiting for neither, this can block nobody.
    due = (
        Assistance.objects.filter(step_at__lte=now())
        .select_related("case", "unit")
        .order_by("step_at")
        .select_for_update(skip_locked=True, of=("self", "case"))[:BATCH]
    )
    parts = list(due)
    for part in parts:
        _take_step(part, part.case, PART_VERBS)
    return len(parts)


@transaction.atomic
def _take_calls() -> int:
    due = (
        Call.objects.filter(step_at__lte=now())
        .select_related("whistle__case", "unit")
        .order_by("step_at")
        .select_for_update(skip_locked=True, of=("self", "whistle__case"))[:BATCH]
    )
    calls = list(due)
    for call in calls:
        _take_step(call, call.whistle.case, CALL_VERBS, whistle=call.whistle_id)
    return len(calls)


def catch_up(subject: Any, case: Case, verbs: tuple[str, str], **data: Any) -> None:
    """Let everything happen to a held part or call whose moment has come, before somebody acts on it."""
    while subject.step_at is not None and subject.step_at <= now():
        _take_step(subject, case, verbs, **data)


def _take_step(subject: Any, case: Case, verbs: tuple[str, str], **data: Any) -> None:
    due = subject.step_at
    # However late the worker comes, the clock goes by the moment that was set.
    step = clocks.take_step(subject, due)
    subject.save(update_fields=clocks.CLOCK_FIELDS)
    case.changed_at = now()
    case.save(update_fields=["changed_at"])
    record(verbs[step.share >= 1], case, **said_of(subject), **data)
