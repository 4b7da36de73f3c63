"""The clock of a case's present stage: starting, standing still, running on, and what is due next.

These functions change the case in memory; the action that calls them saves `CLOCK_FIELDS`.
"""

from datetime import datetime
from typing import NamedTuple

from bihuan.cases.limits import WORKING, clock_of, seconds_of
from bihuan.cases.models import Case

CLOCK_FIELDS = [
    "clock",
    "stage_started_at",
    "stage_limit",
    "stage_used",
    "running_since",
    "due_at",
    "step",
    "step_at",
    "overdue_at",
]


class Step(NamedTuple):
    """What happens when a share of the limit is used up."""

    share: float
    verb: str


STEPS = (Step(0.8, "case.reminded"), Step(1.0, "case.became_overdue"))


def start_stage(case: Case, at: datetime, limit: str | int, clock: str = WORKING) -> None:
    """Begin a stage whose limit is written ("4h") or given in seconds."""
    case.clock = clock
    case.stage_started_at = case.running_since = at
    case.stage_limit = limit if isinstance(limit, int) else seconds_of(limit, clock)
    case.stage_used = case.step = 0
    case.overdue_at = None
    _reckon(case)


def stop(case: Case, at: datetime) -> None:
    """Let the clock stand for good: the case is finished."""
    case.stage_used = used(case, at)
    case.running_since = case.step_at = None


def pause(case: Case, at: datetime, until: datetime) -> None:
    """Let the clock stand until a moment at which the case wakes up."""
    case.stage_used = used(case, at)
    case.running_since = None
    case.due_at = case.step_at = until


def run_on(case: Case, at: datetime) -> None:
    """Let a standing clock run on with what was left."""
    case.running_since = at
    _reckon(case)


def lengthen(case: Case, seconds: int, at: datetime) -> None:
    """Add to the limit of a running stage. A reminder given stays given; an overdue flag is lifted."""
    case.stage_limit += seconds
    if case.overdue_at is not None and left(case, at) >= 0:
        case.overdue_at = None
        case.step -= 1
    _reckon(case)


def take_step(case: Case, at: datetime) -> Step:
    """Mark the step that is due as taken and find the next one."""
    step = STEPS[case.step]
    case.step += 1
    if step.share >= 1 and case.overdue_at is None:
        case.overdue_at = at
    _reckon(case)
    return step


def used(case: Case, at: datetime) -> int:
    """Seconds of the stage's clock that have passed, pauses left out."""
    if case.running_since is None:
        return case.stage_used
    return case.stage_used + max(0, clock_of(case.clock).between(case.running_since, at))


def left(case: Case, at: datetime) -> int:
    """Seconds of the stage's clock that are left; negative when overdue."""
    return case.stage_limit - used(case, at)


def _reckon(case: Case) -> None:
    assert case.running_since is not None
    clock = clock_of(case.clock)
    case.due_at = clock.add(case.running_since, max(0, case.stage_limit - case.stage_used))
    if case.step >= len(STEPS):
        case.step_at = None
    else:
        share = round(case.stage_limit * STEPS[case.step].share)
        case.step_at = clock.add(case.running_since, max(0, share - case.stage_used))
