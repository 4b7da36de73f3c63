"""Who may supervise, answer a notice, say that they arrived, speak to reporters; who watches over cases."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import DutyKind
from bihuan.accounts.rules import held as held_by
from bihuan.cases.models import Case, Channel, Report, Supervision, SupervisionNotice
from bihuan.core.verdicts import YES, Verdict, no, yes

OVERSEER, UNIT_OR_CLERK, ADDRESSED = "supervisor or leader", "handler or clerk", "whom it is for"
AT_A_DESK = (DutyKind.CLERK, DutyKind.DISPATCHER, DutyKind.INSPECTOR, DutyKind.GRID_WORKER)
WATCHERS = (DutyKind.SUPERVISOR, DutyKind.LEADER, DutyKind.AUDITOR, DutyKind.DISPATCHER)

# Reasons for which a verb is not even shown: there is nothing it could be for.
NOTHING_THERE = frozenset(
    {"case.not_drawn", "case.nothing_to_answer", "case.no_on_site", "case.nobody_to_tell"}
)


def watches(by: Any) -> bool:
    """Whether somebody has cases to watch over, and so the page for it."""
    return getattr(by, "is_authenticated", False) and any(
        held.kind in WATCHERS and held.area is not None for held in by.duties_now()
    )


def levels_for(case: Case) -> list[Supervision]:
    """The levels that a notice by hand may have now: as it stands, or one higher. None is no level."""
    ladder = list(Supervision)
    reached = ladder.index(Supervision(case.supervision))
    return [level for level in ladder[reached : reached + 2] if level != Supervision.NONE]


def may_be_told(case: Case) -> bool:
    """Whether a message can reach a reporter: an account, consent to calls, or a tracking code in hand.

    Whoever handed in a list of other people's reports gave nobody a code.
    """
    return any(
        report.reporter_id is not None or report.may_call or report.channel != Channel.SHEET
        for report in case.reports.all()
    )


# -- who ----------------------------------------------------------------------------------------------------


def _overseer(case: Case, by: Any) -> Verdict:
    for kind in (DutyKind.SUPERVISOR, DutyKind.LEADER):
        held = held_by(by, kind, area=case.area)
        if held:
            return yes(held)
    return no("case.not_your_duty", _("Only a supervisor or leader of this area can do that."))


def _unit_or_clerk(case: Case, by: Any) -> Verdict:
    held = held_by(by, DutyKind.HANDLER, unit=case.unit) if case.unit else None
    held = held or held_by(by, DutyKind.CLERK, area=case.area)
    if held:
        return yes(held)
    return no("case.not_your_duty", _("Only the handling unit or this area's intake clerk can do that."))


WHO: dict[str, Callable[[Case, Any], Verdict]] = {
    OVERSEER: _overseer,
    UNIT_OR_CLERK: _unit_or_clerk,
    ADDRESSED: lambda _case, _by: YES,  # a guard finds the notice, and who it is for
}


# -- guards -------------------------------------------------------------------------------------------------


def _addressed(case: Case, by: Any, _report: Report | None) -> Verdict | None:
    unanswered = list(unanswered_notices(case))
    if not unanswered:
        return no("case.nothing_to_answer", _("No supervision notice of this case waits for an answer."))
    for notice in unanswered:
        held = addressed_by(notice, case, by)
        if held:
            return yes(held)
    return no("case.not_your_duty", _("Only the unit or desk that a notice is for can answer it."))


def _on_site_awaited(case: Case, _by: Any, _report: Report | None) -> Verdict | None:
    if not case.promise.get("on_site"):
        return no("case.no_on_site", _("Nobody has to be on site by a fixed time here."))
    if case.arrived_at is not None:
        return no("case.arrived_already", _("Somebody of your unit has said already that they are there."))
    return None


def _somebody_to_tell(case: Case, _by: Any, _report: Report | None) -> Verdict | None:
    if not may_be_told(case):
        return no("case.nobody_to_tell", _("Nobody who reported this can read a message."))
    return None


GUARDS: dict[str, Callable[[Case, Any, Report | None], Verdict | None]] = {
    "addressed": _addressed,
    "on_site_awaited": _on_site_awaited,
    "somebody_to_tell": _somebody_to_tell,
}


def unanswered_notices(case: Case) -> Any:
    """The notices of a case that nobody has answered, the oldest first."""
    notices = SupervisionNotice.objects.filter(case=case, answered_at=None).order_by("id")
    return notices.select_related("unit", "desk").defer("desk__boundary", "desk__keys")


def addressed_by(notice: SupervisionNotice, case: Case, by: Any) -> Any:
    """The duty by which a notice is for this person; None when it is for others.

    For a unit that no longer has anything to do with the case, the desk answers that took it away.
    """
    if notice.unit is not None and notice.unit.pk in case.units:
        return held_by(by, DutyKind.HANDLER, unit=notice.unit)
    desk = notice.desk or case.desk
    return next((held for kind in AT_A_DESK if (held := held_by(by, kind, area=desk))), None)
