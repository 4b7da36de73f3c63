"""The loop as a table, and who may do what: decides, never writes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import DutyKind
from bihuan.accounts.queries import holders
from bihuan.accounts.rules import administers
from bihuan.accounts.rules import held as held_by
from bihuan.cases import clocks
from bihuan.cases.models import Case, Extension, Report, State
from bihuan.core import clock
from bihuan.core.verdicts import YES, Verdict, no, yes

ANYONE, REPORTER, SYSTEM = "anyone", "reporter", "system"
ANSWER_DAYS = 15  # natural days after closing in which a reporter may still answer
SUSPEND_DAYS = 30
CALL_ATTEMPTS = 2


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


def _move(label: Any, start: set[State], ends: Any, who: str, event: str, *guards: str) -> Move:
    return Move(label, frozenset(start), ends if isinstance(ends, tuple) else (ends,), who, event, guards)


S = State
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
    "withdraw": _move(_("Withdraw"), {S.REPORTED}, S.WITHDRAWN, REPORTER, "case.withdrawn"),
    "send_to_verify": _move(
        _("Have it verified"),
        {S.REPORTED},
        S.VERIFYING,
        DutyKind.CLERK,
        "case.sent_to_verify",
        "has_grid_worker",
    ),
    "verify": _move(_("Verify"), {S.VERIFYING}, S.REPORTED, DutyKind.GRID_WORKER, "case.verified"),
    "decline": _move(_("Do not accept"), {S.REPORTED}, S.DECLINED, DutyKind.CLERK, "case.declined"),
    "file": _move(_("File"), {S.REPORTED}, S.FILED, DutyKind.CLERK, "case.filed"),
    "assign": _move(
        _("Assign"), {S.FILED}, S.ASSIGNED, DutyKind.DISPATCHER, "case.assigned", "district_if_disputed"
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
    "suspend": _move(
        _("Suspend"), {S.HANDLING}, S.SUSPENDED, DutyKind.DISPATCHER, "case.suspended", "street_or_district"
    ),
    "resume": _move(
        _("Resume"), {S.SUSPENDED}, S.HANDLING, DutyKind.DISPATCHER, "case.resumed", "street_or_district"
    ),
    "resolve": _move(_("Report as done"), {S.HANDLING}, S.RESOLVED, DutyKind.HANDLER, "case.resolved"),
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
}


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


def is_handler_of(case: Case, by: Any) -> bool:
    """Whether somebody, or a person they stand in for, took part in handling it or belongs to its unit."""
    hats = {by.pk, *(held.on_behalf_of.pk for held in by.duties_now() if held.on_behalf_of)}
    return bool(hats & set(case.handlers)) or bool(
        case.unit and held_by(by, DutyKind.HANDLER, unit=case.unit)
    )


def may_reopen(case: Case) -> bool:
    """“Not solved” re-opens a case once."""
    return not case.reopened


# None: nothing against it. A yes: this finer duty is the one that the verb rests on.
Guard = Callable[[Case, Any, Report | None], Verdict | None]


def _not_handler(case: Case, by: Any, _report: Report | None) -> Verdict | None:
    if is_handler_of(case, by):
        return no(
            "case.own_work", _("Whoever handled a case can neither inspect it nor call its reporter back.")
        )
    return None


def _has_grid_worker(case: Case, _by: Any, _report: Report | None) -> Verdict | None:
    if case.is_outside:
        return no("case.no_grid", _("The place lies outside the district: no grid worker can go there."))
    if not holders(DutyKind.GRID_WORKER, area=case.area).exists():
        return no(
            "case.no_grid_worker", _("No grid worker looks after this place. Please decide without one.")
        )
    return None


def _district_if_disputed(case: Case, by: Any, _report: Report | None) -> Verdict | None:
    if case.desk.kind != "district":
        return None
    held = held_by(by, DutyKind.DISPATCHER, area=case.desk)
    return yes(held) if held else no("case.district_decides", _("The district decides who takes this case."))


def _within_limit(case: Case, _by: Any, _report: Report | None) -> Verdict | None:
    if clocks.left(case, clock.now()) < 0:
        return no(
            "case.return_too_late", _("A case can be returned only within the limit to acknowledge it.")
        )
    return None


def _not_ruled(case: Case, _by: Any, _report: Report | None) -> Verdict | None:
    if case.returns >= 2:
        return no("case.district_ruled", _("The district has decided that your unit takes this case."))
    return None


def _before_reminder(case: Case, _by: Any, _report: Report | None) -> Verdict | None:
    if clocks.used(case, clock.now()) >= clocks.STEPS[0].share * case.stage_limit:
        return no(
            "case.extension_too_late", _("More time can be asked for only before 80 % of the limit is used.")
        )
    return None


def _first_extension(case: Case, _by: Any, _report: Report | None) -> Verdict | None:
    if case.extension != Extension.NONE:
        return no("case.extension_once", _("More time can be asked for once."))
    return None


def _asked(case: Case, _by: Any, _report: Report | None) -> Verdict | None:
    if case.extension != Extension.ASKED:
        return no("case.no_extension_asked", _("The unit has not asked for more time."))
    return None


def _street_or_district(case: Case, by: Any, _report: Report | None) -> Verdict | None:
    held = next(
        (
            held
            for held in by.duties_now()
            if held.kind == DutyKind.DISPATCHER
            and held.area.kind in ("district", "subdistrict")
            and held.reaches(area=case.area)
        ),
        None,
    )
    if held is None:
        return no(
            "case.street_or_district", _("Only the subdistrict or the district can suspend and resume.")
        )
    return yes(held)


def _somebody_to_call(case: Case, _by: Any, _report: Report | None) -> Verdict | None:
    if not has_consenting_reporter(case):
        return no(
            "case.nobody_to_call", _("No reporter agreed to be called back: the inspector closes the case.")
        )
    return None


def _not_called_today(case: Case, _by: Any, _report: Report | None) -> Verdict | None:
    if case.called_at and clock.local(case.called_at).date() == clock.today():
        return no("case.called_today", _("Nobody answered today. Call again on another day."))
    return None


def _nobody_to_call(case: Case, _by: Any, _report: Report | None) -> Verdict | None:
    if has_consenting_reporter(case):
        return no("case.call_back_first", _("The reporter agreed to be called back: that comes first."))
    return None


def _answer_in_time(case: Case, _by: Any, report: Report | None) -> Verdict | None:
    if case.state == State.CLOSED:
        assert case.closed_at is not None
        if clock.now() > case.closed_at + timedelta(days=ANSWER_DAYS):
            return no(
                "case.answer_too_late",
                _("An answer counts within %(days)s days of closing. Not solved by now? Report it anew.")
                % {"days": ANSWER_DAYS},
            )
        if report is not None and report.answered_at and report.answered_at >= case.closed_at:
            return no("case.answered_already", _("You have answered already. Thank you."))
    return None


def has_consenting_reporter(case: Case) -> bool:
    """Whether somebody who reported it left a phone number and agreed to be called."""
    return any(report.may_call and report.phone_index for report in case.reports.all())


GUARDS: dict[str, Guard] = {
    "not_handler": _not_handler,
    "has_grid_worker": _has_grid_worker,
    "district_if_disputed": _district_if_disputed,
    "within_limit": _within_limit,
    "not_ruled": _not_ruled,
    "before_reminder": _before_reminder,
    "first_extension": _first_extension,
    "asked": _asked,
    "street_or_district": _street_or_district,
    "somebody_to_call": _somebody_to_call,
    "not_called_today": _not_called_today,
    "nobody_to_call": _nobody_to_call,
    "answer_in_time": _answer_in_time,
}

# -- the catalogue ------------------------------------------------------------------------------------


def may_change_catalogue(by: Any) -> Verdict:
    held = administers(by)
    if held:
        return yes(held)
    return no("matter.not_your_duty", _("Only the district's administrator can change the catalogue."))


def works_on_cases(by: Any) -> bool:
    """Whether somebody's duties let them see cases at all."""
    return getattr(by, "is_authenticated", False) and any(
        held.kind != DutyKind.ADMINISTRATOR for held in by.duties_now()
    )


def goes_out(by: Any) -> bool:
    """Whether somebody walks a grid: they report and act on their phone, standing in front of it."""
    return bool(held_by(by, DutyKind.GRID_WORKER))
