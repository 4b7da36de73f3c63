"""What time does to cases: reminders, overdue flags, waking up. Nobody is present."""

from django.db import transaction

from bihuan.audit import record
from bihuan.cases import clocks
from bihuan.cases.models import Case, Satisfaction, State
from bihuan.core.clock import now

BATCH = 50


def take_due_steps() -> int:
    """Take every step whose moment has come, each exactly once whatever number of workers run."""
    taken = 0
    while batch := _take_batch():
        taken += batch
    return taken


@transaction.atomic
def _take_batch() -> int:
    at = now()
    due = (
        Case.objects.filter(step_at__lte=at)
        .order_by("step_at")
        .select_for_update(skip_locked=True, of=("self",))[:BATCH]
    )
    cases = list(due)
    for case in cases:
        take_due_step(case)
    return len(cases)


def take_due_step(case: Case) -> None:
    """Take the one step of a locked case that is due."""
    was = case.state
    due = case.step_at
    assert due is not None
    # However late the worker comes, the case's clock goes by the moment that was set.
    if case.state == State.SUSPENDED:
        case.state = State.HANDLING
        case.resume_on = None
        clocks.run_on(case, due)
        verb = "case.resumed"
    else:
        verb = clocks.take_step(case, due).verb
    case.changed_at = now()
    case.save(update_fields=[*clocks.CLOCK_FIELDS, "state", "resume_on", "changed_at"])
    record(verb, case, was=was, state=case.state, due=case.due_at.isoformat() if case.due_at else None)


@transaction.atomic
def close_undrawn_case(case: Case) -> Case:
    """Close what was settled on the spot and not drawn for a check."""
    case = Case.objects.locked(case.pk)
    if case.state != State.SELF_HANDLED:
        return case
    at = now()
    case.state = State.CLOSED
    case.closed_at = case.changed_at = at
    case.reply = case.reply or case.resolution
    case.satisfaction = Satisfaction.UNRATED
    clocks.stop(case, at)
    case.save(
        update_fields=[*clocks.CLOCK_FIELDS, "state", "closed_at", "changed_at", "reply", "satisfaction"]
    )
    record("case.closed", case, was=State.SELF_HANDLED, state=case.state, reply=case.reply, drawn=False)
    return case
