"""The clock of a stage: starting, standing still, running on, and what is due next.

These functions change a case, or whatever else is clocked, in memory; the action that calls them saves
`CLOCK_FIELDS`.
"""

from datetime import datetime
from typing import NamedTuple

from bihuan.cases.limits import WORKING, clock_of, seconds_of
from bihuan.cases.models import Case, Clocked

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


STEPS = (
    Step(0.8, "case.reminded"),
    Step(1.0, "case.became_overdue"),  # 普通督办
    Step(1.5, "case.yellow_noticed"),  # 黄牌
    Step(2.0, "case.red_noticed"),  # 红牌
)
OVERDUE = 2  # how many steps have been taken when the limit is used up


def steps_of(subject: Clocked) -> tuple[Step, ...]:
    """Only a case climbs the whole ladder; everything else is reminded, each at its share, and overdue."""
    if isinstance(subject, Case):
        return STEPS
    return STEPS[0]._replace(share=subject.remind_share), STEPS[1]


def start_stage(subject: Clocked, at: datetime, limit: str | int, clock: str = WORKING) -> None:
    """Begin a stage whose limit is written ("4h") or given in seconds."""
    subject.clock = clock
    subject.stage_started_at = subject.running_since = at
    subject.stage_limit = limit if isinstance(limit, int) else seconds_of(limit, clock)
    subject.stage_used = subject.step = 0
    subject.overdue_at = None
    _reckon(subject)


def stop(subject: Clocked, at: datetime) -> None:
    """Let the clock stand for good: it is finished."""
    subject.stage_used = used(subject, at)
    subject.running_since = subject.step_at = None


def pause(subject: Clocked, at: datetime, until: datetime) -> None:
    """Let the clock stand until a moment at which it wakes up."""
    subject.stage_used = used(subject, at)
    subject.running_since = None
    subject.due_at = subject.step_at = until


def run_on(subject: Clocked, at: datetime) -> None:
    """Let a standing clock run on with what was left."""
    subject.running_since = at
    _reckon(subject)


def lengthen(subject: Clocked, seconds: int, at: datetime) -> None:
    """Add to the limit of a running stage. What was taken stays taken; only an overdue flag is lifted."""
    subject.stage_limit += seconds
    if subject.overdue_at is not None and left(subject, at) >= 0:
        subject.overdue_at = None
    _reckon(subject)


def next_step(subject: Clocked) -> Step | None:
    """The step that comes next. Where more time has lifted the overdue flag, that one comes once more."""
    steps = steps_of(subject)
    if subject.step >= OVERDUE and subject.overdue_at is None:
        return steps[OVERDUE - 1]
    return steps[subject.step] if subject.step < len(steps) else None


def take_step(subject: Clocked, at: datetime) -> Step:
    """Mark the step that is due as taken and find the next one."""
    step = next_step(subject)
    assert step is not None
    subject.step = max(subject.step, steps_of(subject).index(step) + 1)
    if step.share >= 1 and subject.overdue_at is None:
        subject.overdue_at = at
    _reckon(subject)
    return step


def used(subject: Clocked, at: datetime) -> int:
    """Seconds of the stage's clock that have passed, pauses left out."""
    if subject.running_since is None:
        return subject.stage_used
    return subject.stage_used + max(0, clock_of(subject.clock).between(subject.running_since, at))


def left(subject: Clocked, at: datetime) -> int:
    """Seconds of the stage's clock that are left; negative when overdue."""
    return subject.stage_limit - used(subject, at)


def _reckon(subject: Clocked) -> None:
    assert subject.running_since is not None
    clock = clock_of(subject.clock)
    subject.due_at = clock.add(subject.running_since, max(0, subject.stage_limit - subject.stage_used))
    step = next_step(subject)
    if step is None:
        subject.step_at = None
    else:
        share = round(subject.stage_limit * step.share)
        subject.step_at = clock.add(subject.running_since, max(0, share - subject.stage_used))
