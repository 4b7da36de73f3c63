"""Taking a finished case up again: what “not solved” and an upheld appeal have in common."""

from datetime import datetime

from bihuan.audit import record
from bihuan.cases import clocks, limits
from bihuan.cases.models import AppealState, Case, State


def reopen(case: Case, at: datetime) -> list[str]:
    """Put a held case back in hand with its whole limit, or at the desk where no unit had it; what to save.

    What its reporters said was about the work done so far: for the next round each is heard anew. Whoever
    appealed against how the case was closed may do so again when it is closed again: what nobody has ruled
    on by then was about something that no longer stands.
    """
    _let_appeals_lapse(case, at)
    _stop_recheck(case, at)
    case.reports.exclude(heard_at=None).update(heard_at=None)
    case.reopened = True
    case.closed_at = None
    case.called_at = None
    case.call_attempts = case.handling_used = case.extension_asked = 0
    if case.unit_id is None:
        case.state = State.REPORTED
        clocks.start_stage(case, at, limits.ACCEPT)
    else:
        case.state = State.HANDLING
        promise = limits.Promise.read(case.promise)
        clocks.start_stage(case, at, promise.resolve, promise.clock)
    return ["reopened", "closed_at", "called_at", "call_attempts", "handling_used", "extension_asked"]


def _let_appeals_lapse(case: Case, at: datetime) -> None:
    for appeal in case.appeals.filter(state=AppealState.ASKED):
        appeal.state = AppealState.LAPSED
        clocks.stop(appeal, at)
        appeal.save(update_fields=["state", *clocks.CLOCK_FIELDS])
        due = case.due_at.isoformat() if case.is_open and case.due_at else None
        record("case.appeal_lapsed", case, was=case.state, state=case.state, due=due, appeal=appeal.pk)


def _stop_recheck(case: Case, at: datetime) -> None:
    """What is worked on cannot be looked at once more: a re-check waits until the case is closed again."""
    for recheck in case.rechecks.filter(done_at=None):
        clocks.stop(recheck, at)
        recheck.save(update_fields=clocks.CLOCK_FIELDS)
