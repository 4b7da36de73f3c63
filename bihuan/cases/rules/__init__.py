"""Who may do what in the loop: decides, never writes."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import DutyKind
from bihuan.accounts.rules import held as held_by
from bihuan.cases.models import Case, Report
from bihuan.cases.rules.catalogue import may_change_catalogue
from bihuan.cases.rules.flow import ANYONE, FLOW, REPORTER, Move
from bihuan.cases.rules.guards import ANSWER_DAYS, GUARDS
from bihuan.cases.rules.standing import (
    goes_out,
    has_consenting_reporter,
    is_handler_of,
    may_reopen,
    works_on_cases,
)
from bihuan.core.verdicts import YES, Verdict, no, yes

SUSPEND_DAYS = 30
CALL_ATTEMPTS = 2

__all__ = [
    "ANSWER_DAYS",
    "CALL_ATTEMPTS",
    "FLOW",
    "SUSPEND_DAYS",
    "Move",
    "goes_out",
    "has_consenting_reporter",
    "is_handler_of",
    "may",
    "may_change_catalogue",
    "may_reopen",
    "works_on_cases",
]


def may(verb: str, case: Case, by: Any, *, report: Report | None = None) -> Verdict:
    """Whether this person may do this to this case now. `report` proves that somebody is its reporter."""
    move = FLOW[verb]
    verdict = _may_as(move, case, by, report)
    if not verdict:
        return verdict
    if case.state not in move.start:
        return no("case.wrong_state", _("This case is %(state)s.") % {"state": case.get_state_display()})
    for guard in move.guards:
        answer = GUARDS[guard](case, by, report)
        if answer is not None and not answer:
            return answer
        verdict = answer or verdict
    return verdict


def _may_as(move: Move, case: Case, by: Any, report: Report | None) -> Verdict:
    if move.who == ANYONE:
        return YES
    if move.who == REPORTER:
        own = report is not None and report.case_id == case.pk
        return YES if own else no("case.not_yours", _("Only the person who reported it can do that."))
    if move.who == DutyKind.HANDLER:
        held = held_by(by, move.who, unit=case.unit) if case.unit else None
        return yes(held) if held else no("case.not_your_unit", _("Only the handling unit can do that."))
    held = held_by(by, move.who, area=case.area)
    if held:
        return yes(held)
    duty = DutyKind(move.who).label
    return no(
        "case.not_your_duty",
        _("Only a person with the duty “%(duty)s” for this area can do that.") % {"duty": duty},
    )
