"""Who may do what in the loop: decides, never writes."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import DutyKind
from bihuan.accounts.rules import held as held_by
from bihuan.cases.models import Case, Report
from bihuan.cases.rules.appeals import APPEAL_DAYS, NO_APPEAL, ground_of
from bihuan.cases.rules.batches import BATCH_VERBS, MOST_CASES, batch_verbs_for, may_batch, may_go_on
from bihuan.cases.rules.catalogue import may_change_catalogue
from bihuan.cases.rules.endings import (
    SUSPEND_DAYS,
    UNMERGE_DAYS,
    ChangedMeanwhile,
    is_solved,
    may_take_in,
    satisfaction_of,
)
from bihuan.cases.rules.exports import KEPT_DAYS, MOST_ROWS, may_export, may_fetch, may_write, scope_of
from bihuan.cases.rules.flow import ANYONE, FLOW, REPORTER, Move
from bihuan.cases.rules.guards import ANSWER_DAYS, GUARDS
from bihuan.cases.rules.joint import AT_WORK, CALLS, NO_WHISTLE, PARTS, may_call, may_part
from bihuan.cases.rules.rechecks import (
    answered_doubts,
    has_open_doubts,
    may_see_doubts,
    open_recheck,
    recheck_desk,
    recheckers,
)
from bihuan.cases.rules.replies import MOST_REPLIES, may_write_reply, writes_replies
from bihuan.cases.rules.saved import MOST_VIEWS, may_change_view, may_save
from bihuan.cases.rules.standing import (
    goes_out,
    has_consenting_reporter,
    is_handler_of,
    may_reopen,
    works_on_cases,
)
from bihuan.cases.rules.supervision import (
    NOTHING_THERE,
    OVERSEER,
    UNIT_OR_CLERK,
    WHO,
    addressed_by,
    levels_for,
    may_be_told,
    unanswered_notices,
    watches,
)
from bihuan.core.verdicts import YES, Verdict, no, yes

CALL_ATTEMPTS = 2

__all__ = [
    "ANSWER_DAYS",
    "APPEAL_DAYS",
    "AT_WORK",
    "BATCH_VERBS",
    "CALLS",
    "CALL_ATTEMPTS",
    "FLOW",
    "KEPT_DAYS",
    "MOST_CASES",
    "MOST_REPLIES",
    "MOST_ROWS",
    "MOST_VIEWS",
    "NOTHING_THERE",
    "NO_APPEAL",
    "NO_WHISTLE",
    "OVERSEER",
    "PARTS",
    "SUSPEND_DAYS",
    "UNIT_OR_CLERK",
    "UNMERGE_DAYS",
    "ChangedMeanwhile",
    "Move",
    "addressed_by",
    "answered_doubts",
    "batch_verbs_for",
    "goes_out",
    "ground_of",
    "has_consenting_reporter",
    "has_open_doubts",
    "is_handler_of",
    "is_solved",
    "levels_for",
    "may",
    "may_batch",
    "may_be_told",
    "may_call",
    "may_change_catalogue",
    "may_change_view",
    "may_export",
    "may_fetch",
    "may_go_on",
    "may_part",
    "may_reopen",
    "may_save",
    "may_see_doubts",
    "may_take_in",
    "may_write",
    "may_write_reply",
    "open_recheck",
    "recheck_desk",
    "recheckers",
    "satisfaction_of",
    "scope_of",
    "unanswered_notices",
    "watches",
    "works_on_cases",
    "writes_replies",
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
    if move.who in WHO:
        return WHO[move.who](case, by)
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
