"""What one case counts as, told from its row and its entries: the one place where that is decided.

The same function serves the reaction to an entry, the rebuilding of everything, and the proof that closed
figures follow from what had happened until then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from bihuan.cases.limits import DEFAULTS, NATURAL, clock_of
from bihuan.cases.models import Party, State, Supervision
from bihuan.cases.models.case import STANDING
from bihuan.core.clock import local
from bihuan.insight.events import EVENTS
from bihuan.insight.marks import NONE, Mark
from bihuan.insight.material import CaseRow, Happened
from bihuan.territory.queries import working_calendar

AGAIN_WITHIN = timedelta(days=30)

GIVES_UNIT = ("case.assigned", "case.whistle_ruled")
CALLS = ("case.called_back", "case.answered")
LEVELS = {
    "case.became_overdue": Supervision.ORDINARY,
    "case.on_site_missed": Supervision.ORDINARY,
    "case.yellow_noticed": Supervision.YELLOW,
    "case.red_noticed": Supervision.RED,
}
NOTICES = {
    Supervision.ORDINARY: Mark.ORDINARY,
    Supervision.YELLOW: Mark.YELLOW,
    Supervision.RED: Mark.RED,
}
ENDS = {
    State.CLOSED: Mark.CLOSED,
    State.DECLINED: Mark.DECLINED,
    State.WITHDRAWN: Mark.WITHDRAWN,
    State.MERGED: Mark.MERGED,
}


@dataclass
class Step:
    """A transition to be; see `models.Transition`."""

    seq: int
    verb: str
    was: str
    state: str
    at: datetime
    moment: datetime
    due_at: datetime | None
    unit: int | None
    matter: int | None
    left_at: datetime | None = None
    natural_seconds: int | None = None
    working_seconds: int | None = None
    counted_on: date | None = None
    marks: Mark = NONE
    returned: bool = False

    @property
    def day(self) -> date:
        return day_of(self.at)

    @property
    def left_on(self) -> date | None:
        return day_of(self.left_at) if self.left_at else None

    @property
    def late_from(self) -> date | None:
        """The day at whose end it counts as overdue; a standing clock is never late."""
        return None if self.due_at is None or self.state in STANDING else day_of(self.due_at)

    def count(self, mark: Mark, day: date | None) -> None:
        self.marks |= mark
        self.counted_on = day if self.marks else None


@dataclass
class Told:
    """One case as far as it has come."""

    row: CaseRow
    seq: int = 0
    state: str = ""
    unit: int | None = None
    matter: int | None = None
    urgency: str = ""
    filed_at: datetime | None = None
    promised_at: datetime | None = None
    due_at: datetime | None = None
    acknowledged: bool = False
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    granted: int = 0
    paused: int = 0
    took: int = 0
    reworks: int = 0
    extended: bool = False
    self_handled: bool = False
    to_call: bool = False
    excused: bool = False
    call: dict[str, Any] | None = None
    marks: Mark = NONE
    steps: list[Step] = field(default_factory=list)

    @property
    def due_on(self) -> date | None:
        return day_of(self.due_at) if self.due_at else None


def day_of(moment: datetime) -> date:
    """The day of a moment in the district."""
    return local(moment).date()


def tell(
    row: CaseRow, entries: Iterable[Happened], matters: dict[str, int], *, until: datetime | None = None
) -> Told:
    """Go through what happened to a case, in order.

    `matters` are the ids of matters by their codes. With `until` nothing later counts that the row knows.
    """
    told = _Telling(row, matters)
    for happened in entries:
        told.hear(happened)
    return told.finish(until)


class _Telling:
    def __init__(self, row: CaseRow, matters: dict[str, int]) -> None:
        self.told = Told(row)
        self.matters = matters
        self.standing_since: datetime | None = None
        self.assigned: Step | None = None  # the last assignment, while nothing has become of it
        self.returned: tuple[Step, int | None] | None = None  # a return that nobody has judged yet

    def hear(self, happened: Happened) -> None:
        seq, verb, at, data = happened
        told = self.told
        if verb in EVENTS:
            told.seq = seq
        before = told.steps[-1] if told.steps else None
        state = data.get("state") or told.state
        if not state:
            return  # nothing can be told of a case before it was reported
        due = _moment(data["due"]) if "due" in data else (before.due_at if before else None)
        self._learn(verb, data, at)
        step = Step(
            seq=seq,
            verb=verb,
            was=told.state,
            state=state,
            at=at,
            moment=_moment(data.get("moment")) or at,
            due_at=due,
            unit=None if state == State.FILED else told.unit,  # what is to be assigned is in nobody's hands
            matter=told.matter,
        )
        self._judge(step, data)
        self._count_event(step, data)
        changes = before is None or state != before.state or due != before.due_at or step.unit != before.unit
        if not (changes or step.marks):
            return
        if before is not None:
            self._leave(before, step)
        if state != told.state:
            self._arrive(step)
        told.state = state
        told.steps.append(step)

    # -- what an entry says ---------------------------------------------------------------------------

    def _learn(self, verb: str, data: dict[str, Any], at: datetime) -> None:
        told = self.told
        if "matter" in data:
            told.matter = self.matters.get(data["matter"], told.row.matter)
        if verb in GIVES_UNIT and data.get("unit"):
            told.unit = data["unit"]
        elif verb == "case.returned":
            told.unit = None
        if "promised" in data:
            told.promised_at = _moment(data["promised"])
            told.filed_at = at
            told.urgency = data.get("urgency", "")
            told.granted = told.paused = 0
            told.extended = False
        elif verb == "case.extension_decided" and data.get("granted"):
            told.granted += data["seconds"]
            told.extended = True
        elif verb == "case.acknowledged":
            told.acknowledged = True
        elif verb == "case.resolved":
            told.resolved_at = at
        elif verb == "case.reworked":
            told.reworks += 1
        elif verb == "case.self_handled":
            told.self_handled = True
        elif verb == "case.inspected":
            told.to_call = told.to_call or bool(data.get("to_call"))
        elif verb in CALLS:
            told.to_call = True
            if data.get("answered", True):
                told.call = data
        elif verb == "case.appeal_decided":
            told.excused = told.excused or (data["party"] == Party.UNIT and data["upheld"])

    def _judge(self, step: Step, data: dict[str, Any]) -> None:
        """Whether the unit of an assignment was the right one, which only the next assignment tells."""
        if step.verb == "case.returned":
            if self.assigned is not None:
                self.returned = self.assigned, self.assigned.unit
            self.assigned = None
        elif step.verb in GIVES_UNIT:
            if self.returned is not None:
                wrong, unit = self.returned
                wrong.returned = data.get("upheld", step.unit != unit)
                self.returned = None
            last = self.told.steps[-1] if self.told.steps else None
            if step.verb == "case.assigned" or last is None or last.unit != step.unit:
                step.marks |= Mark.ASSIGNED
                self.assigned = step

    def _count_event(self, step: Step, data: dict[str, Any]) -> None:
        if step.state != self.told.state and step.state in ENDS:
            step.count(ENDS[State(step.state)], step.day)
        if step.verb == "case.filed":
            step.count(Mark.FILED, step.day)
        if not self.told.steps:
            step.count(Mark.REPORTED, step.day)
        if step.verb == "case.spot_checked":
            step.count(Mark.CHECKED | (Mark.CHECK_HELD if data.get("passed") else NONE), step.day)
        elif step.verb == "case.rechecked":
            step.count(Mark.CHECKED | (Mark.CHECK_HELD if data.get("held") else NONE), step.day)
        if data.get("notice"):
            level = data.get("level") or LEVELS.get(step.verb, Supervision.ORDINARY)
            step.count(NOTICES[Supervision(level)], step.day)

    # -- how long -------------------------------------------------------------------------------------

    def _leave(self, before: Step, step: Step) -> None:
        before.left_at = step.at
        before.natural_seconds = _seconds(before.moment, step.moment)
        before.working_seconds = max(0, working_calendar().between(before.moment, step.moment))
        if before.state == State.HANDLING:
            self.told.took += before.natural_seconds

    def _arrive(self, step: Step) -> None:
        told = self.told
        if step.state in STANDING and self.standing_since is None:
            self.standing_since = step.moment
        elif step.state not in STANDING and self.standing_since is not None:
            told.paused += max(0, self._clock().between(self.standing_since, step.moment))
            self.standing_since = None
        told.closed_at = step.at if step.state == State.CLOSED else None
        if told.closed_at is None:
            told.excused = False  # taken up again, it is judged anew

    def _clock(self) -> Any:
        kind = DEFAULTS[self.told.urgency].clock if self.told.urgency in DEFAULTS else NATURAL  # type: ignore[index]
        return clock_of(kind)

    # -- what it comes to -----------------------------------------------------------------------------

    def finish(self, until: datetime | None) -> Told:
        told = self.told
        if not told.steps:
            return told
        if told.promised_at is not None:
            told.due_at = self._clock().add(told.promised_at, told.granted + told.paused)
        self._count_report(told.steps[0])
        counts = told.due_on is not None and told.state not in (State.MERGED, State.WITHDRAWN, State.DECLINED)
        counts = counts and not told.excused
        if counts:
            told.marks = self._marks(until)
        for step in told.steps:
            if step.marks & Mark.ASSIGNED:
                step.marks &= ~Mark.ASSIGNED
                if counts:
                    well = NONE if step.returned else Mark.WELL_ASSIGNED
                    step.count(Mark.ASSIGNED | well, told.due_on)
        return told

    def _count_report(self, first: Step) -> None:
        told = self.told
        if told.state in (State.MERGED, State.WITHDRAWN):
            return
        accepted = told.filed_at is not None or told.self_handled
        first.count(Mark.ACCEPTABLE | (Mark.ACCEPTED if accepted else NONE), first.day)

    def _marks(self, until: datetime | None) -> Mark:
        told = self.told
        assert told.due_at is not None
        row = told.row
        marks = Mark.DUE
        if told.state in STANDING:
            marks |= Mark.STANDING
        else:
            marks |= Mark.CLOSABLE
            if told.state == State.CLOSED:
                marks |= Mark.ENDED
                if told.resolved_at is not None and told.resolved_at <= told.due_at:
                    marks |= Mark.IN_TIME
        if told.extended:
            marks |= Mark.EXTENDED
        if told.resolved_at is not None:
            marks |= Mark.RESOLVED
            if told.reworks:
                marks |= Mark.REWORKED
        if row.contact_due is not None and told.acknowledged:
            marks |= Mark.TO_CONTACT
            contacted = row.contacted_at is not None and (until is None or row.contacted_at <= until)
            if contacted and row.contacted_at <= row.contact_due:  # type: ignore[operator]
                marks |= Mark.CONTACTED
        return marks | self._call_marks()

    def _call_marks(self) -> Mark:
        told = self.told
        marks = Mark.TO_CALL if told.to_call else NONE
        if told.call is not None:
            marks |= Mark.CALLED
            # Of several reporters all count, not whoever spoke last; older entries say one person's word.
            satisfaction = told.call.get("case_satisfaction", told.call.get("satisfaction"))
            if told.call.get("case_solved", told.call.get("solved")):
                marks |= Mark.SOLVED
            if satisfaction in ("satisfied", "fairly", "dissatisfied"):
                marks |= Mark.RATED
                if satisfaction != "dissatisfied":
                    marks |= Mark.SATISFIED
        return marks


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _seconds(start: datetime, end: datetime) -> int:
    return max(0, int((end - start).total_seconds()))
