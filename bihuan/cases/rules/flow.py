"""The loop as a table: from which states, to which, by whom."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import DutyKind
from bihuan.cases.models import State
from bihuan.cases.models.case import OPEN, STANDING
from bihuan.cases.rules.supervision import ADDRESSED, OVERSEER, UNIT_OR_CLERK

ANYONE, REPORTER, SYSTEM = "anyone", "reporter", "system"


@dataclass(frozen=True)
class Move:
    """One verb of the loop: from which states, to which, by whom.

    `who` is a duty, or anyone, reporter, system. `ends` lists every state the verb may lead to, the usual one
    first; a verb that only sets a flag ends where it starts.
    """

    label: Any
    start: frozenset[State]
    ends: tuple[State, ...]
    who: str
    event: str
    guards: tuple[str, ...] = field(default=())

    @property
    def stays(self) -> bool:
        """Whether it leaves the case in the state in which it is."""
        return set(self.ends) == self.start


def _move(label: Any, start: set[State], ends: Any, who: str, event: str, *guards: str) -> Move:
    return Move(label, frozenset(start), ends if isinstance(ends, tuple) else (ends,), who, event, guards)


S = State
TOLD = (S.HANDLING, S.ASSIGNED, S.SUSPENDED, S.BACKLOG)
FLOW: dict[str, Move] = {
    "report": _move(_("Report"), set(), S.REPORTED, ANYONE, "case.reported"),
    "self_handle": _move(
        _("Handle on the spot"),
        {S.REPORTED, S.VERIFYING},
        S.SELF_HANDLED,
        DutyKind.GRID_WORKER,
        "case.self_handled",
    ),
    "spot_check": _move(
        _("Spot-check"),
        {S.SELF_HANDLED},
        (S.CLOSED, S.REPORTED),
        DutyKind.INSPECTOR,
        "case.spot_checked",
        "not_handler",
    ),
    "withdraw": _move(_("Withdraw"), {S.REPORTED}, S.WITHDRAWN, REPORTER, "case.withdrawn", "only_reporter"),
    "merge": _move(_("Merge"), {S.REPORTED}, S.MERGED, DutyKind.CLERK, "case.merged"),
    "unmerge": _move(
        _("Take the merge back"),
        {S.MERGED},
        S.REPORTED,
        DutyKind.CLERK,
        "case.unmerged",
        "other_within_reach",
    ),
    "send_to_verify": _move(
        _("Have it verified"),
        {S.REPORTED},
        S.VERIFYING,
        DutyKind.CLERK,
        "case.sent_to_verify",
        "has_grid_worker",
    ),
    "take_back_verification": _move(
        _("Take the verification back"),
        {S.VERIFYING},
        S.REPORTED,
        DutyKind.CLERK,
        "case.verification_taken_back",
    ),
    "verify": _move(_("Verify"), {S.VERIFYING}, S.REPORTED, DutyKind.GRID_WORKER, "case.verified"),
    "decline": _move(
        _("Do not accept"), {S.REPORTED}, S.DECLINED, DutyKind.CLERK, "case.declined", "district_if_upheld"
    ),
    "file": _move(_("File"), {S.REPORTED}, S.FILED, DutyKind.CLERK, "case.filed"),
    "assign": _move(
        _("Assign"),
        {S.FILED},
        S.ASSIGNED,
        DutyKind.DISPATCHER,
        "case.assigned",
        "district_if_disputed",
        "no_open_whistle",
    ),
    "whistle": _move(
        _("Whistle for departments"),
        {S.FILED, S.HANDLING},
        (S.FILED, S.HANDLING),
        DutyKind.DISPATCHER,
        "case.whistled",
        "may_whistle",
        "not_whistled",
    ),
    "rule_whistle": _move(
        _("Record the joint ruling"),
        {S.FILED, S.HANDLING},
        (S.ASSIGNED, S.HANDLING),
        DutyKind.DISPATCHER,
        "case.whistle_ruled",
        "whistler",
        "decides_who_leads",
    ),
    "call_off_whistle": _move(
        _("Call off the whistle"),
        {S.FILED, S.HANDLING, *STANDING},
        (S.FILED, S.HANDLING, *STANDING),
        DutyKind.DISPATCHER,
        "case.whistle_called_off",
        "whistler",
    ),
    "ask_assistance": _move(
        _("Ask another unit to assist"),
        {S.ASSIGNED, S.HANDLING},
        (S.HANDLING, S.ASSIGNED),
        DutyKind.DISPATCHER,
        "case.assistance_asked",
    ),
    "acknowledge": _move(_("Acknowledge"), {S.ASSIGNED}, S.HANDLING, DutyKind.HANDLER, "case.acknowledged"),
    "return": _move(
        _("Return"), {S.ASSIGNED}, S.FILED, DutyKind.HANDLER, "case.returned", "within_limit", "not_ruled"
    ),
    "ask_extension": _move(
        _("Ask for more time"),
        {S.HANDLING},
        S.HANDLING,
        DutyKind.HANDLER,
        "case.extension_asked",
        "before_reminder",
        "first_extension",
    ),
    "decide_extension": _move(
        _("Decide on more time"),
        {S.HANDLING},
        S.HANDLING,
        DutyKind.DISPATCHER,
        "case.extension_decided",
        "asked",
    ),
    "arrive": _move(
        _("We are on site"), {S.HANDLING}, S.HANDLING, DutyKind.HANDLER, "case.arrived", "on_site_awaited"
    ),
    "contact": _move(
        _("Write to the reporter"), set(TOLD), TOLD, UNIT_OR_CLERK, "case.contacted", "somebody_to_tell"
    ),
    "supervise": _move(_("Supervise"), set(OPEN), OPEN, OVERSEER, "case.supervised"),
    "answer_supervision": _move(
        _("Answer the notice"), set(OPEN), OPEN, ADDRESSED, "case.supervision_answered", "addressed"
    ),
    "suspend": _move(
        _("Suspend"),
        {S.HANDLING},
        S.SUSPENDED,
        DutyKind.DISPATCHER,
        "case.suspended",
        "street_or_district",
        "suspensions_left",
    ),
    "resume": _move(
        _("Resume"), {S.SUSPENDED}, S.HANDLING, DutyKind.DISPATCHER, "case.resumed", "street_or_district"
    ),
    "backlog": _move(
        _("Put on the backlog"),
        {S.SUSPENDED},
        S.BACKLOG,
        DutyKind.DISPATCHER,
        "case.backlogged",
        "district",
    ),
    "review_backlog": _move(
        _("Review the backlog"),
        {S.BACKLOG},
        (S.BACKLOG, S.HANDLING),
        DutyKind.DISPATCHER,
        "case.backlog_reviewed",
        "district",
    ),
    "resolve": _move(
        _("Report as done"),
        {S.HANDLING},
        S.RESOLVED,
        DutyKind.HANDLER,
        "case.resolved",
        "parts_done",
        "no_open_whistle",
    ),
    "inspect": _move(
        _("Pass inspection"), {S.RESOLVED}, S.INSPECTED, DutyKind.INSPECTOR, "case.inspected", "not_handler"
    ),
    "rework": _move(
        _("Send back for rework"),
        {S.RESOLVED},
        (S.HANDLING, S.FILED),
        DutyKind.INSPECTOR,
        "case.reworked",
        "not_handler",
    ),
    "call_back": _move(
        _("Call back"),
        {S.INSPECTED},
        (S.CLOSED, S.HANDLING, S.INSPECTED),
        DutyKind.CLERK,
        "case.called_back",
        "not_handler",
        "somebody_to_call",
        "not_called_today",
    ),
    "close": _move(
        _("Close the case"),
        {S.INSPECTED},
        S.CLOSED,
        DutyKind.INSPECTOR,
        "case.closed",
        "not_handler",
        "nobody_to_call",
    ),
    "answer": _move(
        _("Say whether it is solved"),
        {S.INSPECTED, S.CLOSED},
        (S.CLOSED, S.HANDLING, S.REPORTED),
        REPORTER,
        "case.answered",
        "answer_in_time",
    ),
    "appeal": _move(
        _("Appeal"),
        {S.DECLINED, S.CLOSED},
        (S.CLOSED, S.DECLINED),
        REPORTER,
        "case.appealed",
        "reopening_used",
        "appeal_in_time",
        "reporter_appeals_once",
    ),
    "appeal_as_unit": _move(
        _("Appeal"),
        {S.CLOSED},
        S.CLOSED,
        DutyKind.HANDLER,
        "case.appealed",
        "appeal_in_time",
        "unit_appeals_once",
    ),
    "decide_appeal": _move(
        _("Decide on the appeal"),
        {S.DECLINED, S.CLOSED},
        (S.CLOSED, S.DECLINED, S.REPORTED, S.HANDLING),
        DutyKind.DISPATCHER,
        "case.appeal_decided",
        "district",
        "has_appeal",
        "not_party",
    ),
    "recheck": _move(
        _("Re-check"),
        {S.CLOSED},
        (S.CLOSED, S.HANDLING, S.REPORTED),
        DutyKind.INSPECTOR,
        "case.rechecked",
        "drawn",
        "not_handler",
        "not_judged",
    ),
}
