"""What time does to cases: reminders, notices, waking up, climbing. Nobody is present."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q

from bihuan.audit import record
from bihuan.cases import climbing, clocks, limits
from bihuan.cases.actions import issuing, waiting
from bihuan.cases.actions.parts import follow
from bihuan.cases.models import Case, Satisfaction, State, Supervision, Why
from bihuan.core.clock import now
from bihuan.territory.queries import areas_by_id

BATCH = 50

LEVEL_OF = {
    "case.became_overdue": Supervision.ORDINARY,
    "case.yellow_noticed": Supervision.YELLOW,
    "case.red_noticed": Supervision.RED,
}


class Due(NamedTuple):
    """What comes next in a case by itself, and when."""

    at: datetime
    happen: Callable[[Case, datetime], None]


def take_due_steps() -> int:
    """Take every step whose moment has come, each exactly once whatever number of workers run."""
    taken = 0
    for condition in _conditions(now()):
        while (batch := _take_batch(condition)) is not None:
            taken += batch
    return taken


def _conditions(at: datetime) -> Iterable[tuple[Q, str]]:
    """One for each index, so that a long backlog is taken from its beginning."""
    yield Q(step_at__lte=at), "step_at"
    yield Q(climb_at__lte=at, state__in=climbing.WAITS_AT_DESK), "climb_at"
    yield Q(on_site_due__lte=at, arrived_at=None, state=State.HANDLING), "on_site_due"


@transaction.atomic
def _take_batch(due: tuple[Q, str]) -> int | None:
    """Take what is due in some cases; None when there are none that another worker does not hold."""
    condition, order = due
    rows = Case.objects.filter(condition).order_by(order).defer("search").select_related("unit")
    cases = list(rows.select_for_update(skip_locked=True, of=("self",))[:BATCH])
    known, at = areas_by_id(), now()
    for case in cases:
        case.desk = known.get(case.desk_id, case.desk)
    return sum(catch_up(case, at) for case in cases) if cases else None


def catch_up(case: Case, at: datetime) -> int:
    """Let everything happen to a held case whose moment has come, in the order of the moments.

    Every verb does this first: what becomes of a case never depends on when a worker came by.
    """
    happened = 0
    while (due := next_due(case)) is not None and due.at <= at:
        due.happen(case, due.at)
        happened += 1
    return happened


def next_due(case: Case) -> Due | None:
    """What happens next to a case if nobody does anything."""
    found = []
    if case.step_at is not None:
        found.append(Due(case.step_at, _STANDING.get(case.state, _take_step)))
    if case.climb_at is not None and case.state in climbing.WAITS_AT_DESK:
        found.append(Due(case.climb_at, _climb))
    if case.on_site_due is not None and case.arrived_at is None and case.state == State.HANDLING:
        found.append(Due(case.on_site_due, _miss_arrival))
    return min(found, key=lambda due: due.at, default=None)


def _take_step(case: Case, at: datetime) -> None:
    """The next step of the ladder. A verification that was left until its limit is the desk's again."""
    was = case.state
    step = clocks.take_step(case, at)
    level = LEVEL_OF.get(step.verb)
    notice = None
    if level is not None:
        number = clocks.STEPS.index(step) + 1
        notice = issuing.issue(case, level, why=Why.LIMIT, at=at, step=number)
    _write(case, step.verb, was, at, issuing.FIELDS, notice=notice.number if notice else None)
    if case.state == State.VERIFYING and step.share == 1:
        case.state = State.REPORTED
        clocks.start_stage(case, at, limits.ACCEPT)
        _write(case, "case.verification_lapsed", State.VERIFYING, at)


def _wake(case: Case, at: datetime) -> None:
    was = case.state
    _write(case, "case.resumed", was, at, waiting.take_up(case, at))


def _ask_for_review(case: Case, at: datetime) -> None:
    """The quarter is over: the district has to look at it. Its clock goes on standing."""
    case.step_at = None
    _write(case, "case.review_due", case.state, at)


_STANDING: dict[str, Callable[[Case, datetime], None]] = {
    State.SUSPENDED: _wake,
    State.BACKLOG: _ask_for_review,
}


def _climb(case: Case, at: datetime) -> None:
    """One desk up. The clock of the stage runs on as it was."""
    below, above = case.desk, climbing.desk_above(case)
    if above is None:
        case.climb_at = None
        case.save(update_fields=["climb_at"])
        return
    case.desk, case.climb_at = above, climbing.leaves_by(above, at)
    names = {"desk": above.pk, "desk_name": above.name, "desk_name_en": above.name_en, "from_desk": below.pk}
    names |= {"from_desk_name": below.name, "from_desk_name_en": below.name_en}
    _write(case, "case.climbed", case.state, at, ["desk", "climb_at"], **names)


def _miss_arrival(case: Case, at: datetime) -> None:
    notice = issuing.issue(case, Supervision.ORDINARY, why=Why.ON_SITE, at=at)
    case.on_site_due = None
    fields = [*issuing.FIELDS, "on_site_due"]
    _write(case, "case.on_site_missed", case.state, at, fields, notice=notice.number if notice else None)


def _write(case: Case, verb: str, was: str, at: datetime, fields: Iterable[str] = (), **data: Any) -> None:
    """Save what time changed and record it; however late a worker came, `moment` is when it was due."""
    case.changed_at = now()
    fields = [*fields, *follow(case, was, at)]
    case.save(update_fields=[*clocks.CLOCK_FIELDS, *fields, "state", "changed_at"])
    record(
        verb,
        case,
        was=was,
        state=case.state,
        due=case.due_at.isoformat() if case.due_at else None,
        moment=at.isoformat(),
        **{key: value for key, value in data.items() if value not in (None, "")},
    )


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
