"""The guided tour: once round the loop with a real case, in the shoes of everybody it passes."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import DutyKind, User
from bihuan.accounts.queries import holders, person_named
from bihuan.cases.models import Case, Report, State
from bihuan.cases.queries import reports_of
from bihuan.cases.rules import has_consenting_reporter
from bihuan.core.clock import now
from bihuan.territory.queries import district

KEY = "tour"
STOPS = 8


@dataclass(frozen=True)
class Stop:
    """Where the tour is: who acts next, on which page, and what to do there."""

    number: int
    who: User | None
    role: Any
    task: Any
    url: str
    case: Case | None = None
    is_last: bool = False

    @property
    def share(self) -> int:
        """Percent of the way."""
        return round(100 * (self.number - 1) / STOPS)


@dataclass(frozen=True)
class Turn:
    """What a case in some state needs for the tour to go on."""

    number: int
    duty: DutyKind
    verb: str
    task: Any


TURNS = {
    State.REPORTED: Turn(2, DutyKind.CLERK, "file", _("File the report: choose the matter it belongs to.")),
    State.VERIFYING: Turn(2, DutyKind.GRID_WORKER, "verify", _("Say what you found on the spot.")),
    State.FILED: Turn(3, DutyKind.DISPATCHER, "assign", _("Give the case to exactly one unit.")),
    State.ASSIGNED: Turn(
        4, DutyKind.HANDLER, "acknowledge", _("Take the case over. The unit's clock starts.")
    ),
    State.HANDLING: Turn(5, DutyKind.HANDLER, "resolve", _("Say what was done, with a photo of the result.")),
    State.SUSPENDED: Turn(5, DutyKind.DISPATCHER, "resume", _("The case rests. Take it up again.")),
    State.BACKLOG: Turn(
        5, DutyKind.DISPATCHER, "review_backlog", _("The case is on the backlog. Have it taken up again.")
    ),
    State.RESOLVED: Turn(6, DutyKind.INSPECTOR, "inspect", _("Check the result and write the reply.")),
    State.SELF_HANDLED: Turn(6, DutyKind.INSPECTOR, "spot_check", _("Check what was settled on the spot.")),
}


def start(request: HttpRequest) -> None:
    request.session[KEY] = now().isoformat()


def stop(request: HttpRequest) -> None:
    request.session.pop(KEY, None)


def is_on(request: HttpRequest) -> bool:
    return KEY in request.session


def stop_of(request: HttpRequest) -> Stop | None:
    """The present stop of this visitor's tour; None when they take none."""
    since = parse_datetime(request.session.get(KEY, ""))
    resident = person_named("resident") if since else None
    if since is None or resident is None:
        return None
    report = reports_of(resident).filter(at__gte=since).order_by("-id").first()
    if report is None:
        task = _("Report a problem: a few words and a place. A photo if you like.")
        return Stop(1, resident, _("Resident"), task, reverse("intake:report"))
    return _next_stop(report, resident)


def _next_stop(report: Report, resident: User) -> Stop:
    case = report.case
    track = reverse("cases:track", args=[report.tracking_code])
    if not case.is_open:
        task = _("Read the answer, and say whether it is solved. That closes the loop.")
        return Stop(STOPS, resident, _("Resident"), task, track, case, is_last=True)
    if case.state == State.INSPECTED:
        turn = (
            Turn(7, DutyKind.CLERK, "call_back", _("Call the reporter back and note the answer."))
            if has_consenting_reporter(case)
            else Turn(7, DutyKind.INSPECTOR, "close", _("Close the case. The reporter reads the reply."))
        )
    else:
        turn = TURNS[State(case.state)]
    url = reverse(f"cases:{turn.verb}", args=[case.number])
    return Stop(turn.number, _holder(case, turn.duty), turn.duty.label, turn.task, url, case)


def _holder(case: Case, duty: DutyKind) -> User | None:
    """Somebody who may take this turn: of the unit, the grid, or the desk."""
    if duty == DutyKind.HANDLER:
        return holders(duty, unit=case.unit).first()
    if case.state == State.BACKLOG:
        return holders(duty, area=district()).first()
    return holders(duty, area=case.area if duty == DutyKind.GRID_WORKER else case.desk).first()
