"""Joint handling and the whistle: what must hold for their verbs, and the verbs on one part or one call."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import DutyKind, Unit
from bihuan.accounts.rules import held as held_by
from bihuan.cases.models import Assistance, Call, Case, PartState, Report, State, Whistle, WhistleState
from bihuan.cases.models.case import STANDING
from bihuan.cases.models.whistle import STILL_OPEN
from bihuan.core.verdicts import Verdict, no, yes

LEAD, WHISTLER, EITHER = "lead", "whistler", "whistler_or_handler"


@dataclass(frozen=True)
class SideMove:
    """One verb on a part of a case or on a call.

    `start` and `end` are states of the part, for a call those of its whistle; `who` is a duty, the lead unit,
    or who whistled. `case` lists the states of the case in which it may be used; empty: any.
    """

    label: Any
    start: frozenset[str]
    end: str
    who: str
    event: str
    case: frozenset[State] = frozenset()
    guards: tuple[str, ...] = field(default=())


AT_WORK = frozenset({State.FILED, State.ASSIGNED, State.HANDLING})

PARTS: dict[str, SideMove] = {
    "acknowledge_assistance": SideMove(
        _("Acknowledge our part"),
        frozenset({PartState.ASKED}),
        PartState.IN_HAND,
        DutyKind.HANDLER,
        "case.assistance_acknowledged",
        AT_WORK,
    ),
    "finish_assistance": SideMove(
        _("Report our part as done"),
        frozenset({PartState.IN_HAND}),
        PartState.DONE,
        DutyKind.HANDLER,
        "case.assistance_done",
        AT_WORK,
    ),
    "redo_assistance": SideMove(
        _("Have it done again"),
        frozenset({PartState.DONE}),
        PartState.IN_HAND,
        LEAD,
        "case.assistance_redone",
        frozenset({State.HANDLING}),
        ("no_newer_part",),
    ),
    "withdraw_assistance": SideMove(
        _("Withdraw this part"),
        frozenset({PartState.ASKED, PartState.IN_HAND}),
        PartState.WITHDRAWN,
        DutyKind.DISPATCHER,
        "case.assistance_withdrawn",
        AT_WORK | frozenset(STANDING),
    ),
}

CALLS: dict[str, SideMove] = {
    "answer_whistle": SideMove(
        _("Answer the whistle"),
        frozenset({WhistleState.OPEN}),
        WhistleState.OPEN,
        DutyKind.HANDLER,
        "case.whistle_answered",
        guards=("not_answered",),
    ),
    "attend_whistle": SideMove(
        _("Confirm attendance"),
        frozenset({WhistleState.OPEN, WhistleState.RULED}),
        WhistleState.OPEN,
        EITHER,
        "case.whistle_attended",
        guards=("not_attended", "not_rated"),
    ),
    "rate_department": SideMove(
        _("Rate the department"),
        frozenset({WhistleState.RULED}),
        WhistleState.RULED,
        WHISTLER,
        "case.whistle_rated",
        guards=("not_rated",),
    ),
    "answer_rating": SideMove(
        _("Answer the rating"),
        frozenset({WhistleState.RULED}),
        WhistleState.RULED,
        DutyKind.HANDLER,
        "case.rating_answered",
        guards=("rated", "not_replied"),
    ),
}


def may_part(verb: str, part: Assistance, by: Any) -> Verdict:
    """Whether this person may do this to this part now."""
    move = PARTS[verb]
    case = part.case
    if move.who == DutyKind.DISPATCHER:
        held = held_by(by, DutyKind.DISPATCHER, area=case.area)
        verdict = yes(held) if held else _not_your_duty()
    else:
        verdict = _of_unit(case.unit if move.who == LEAD else part.unit, by)
    if not verdict:
        return verdict
    if part.state not in move.start:
        return no(
            "case.part_in_wrong_state", _("This part is %(state)s.") % {"state": part.get_state_display()}
        )
    return _whether_now(move, case, part, verdict)


def may_call(verb: str, call: Call, by: Any) -> Verdict:
    """Whether this person may do this to this call now."""
    move, whistle = CALLS[verb], call.whistle
    verdict = _no_whistler()
    if move.who in (WHISTLER, EITHER):
        verdict = may_speak_for(whistle, by)
    if not verdict and move.who != WHISTLER:
        verdict = _of_unit(call.unit, by)
    if not verdict:
        return verdict
    if whistle.state not in move.start:
        return no(
            "case.whistle_in_wrong_state", _("This whistle is %(state)s.") % {"state": whistle.state.label}
        )
    return _whether_now(move, whistle.case, call, verdict)


def may_speak_for(whistle: Whistle, by: Any) -> Verdict:
    """Whether somebody is a dispatcher of the subdistrict or district that whistled."""
    held = held_by(by, DutyKind.DISPATCHER, area=whistle.area)
    return yes(held) if held else _no_whistler()


def open_whistle_of(case: Case) -> Whistle | None:
    """The whistle of a case that is neither ruled nor called off."""
    return case.whistles.filter(STILL_OPEN).select_related("area").first() if case.whistled_at else None


def _of_unit(unit: Unit | None, by: Any) -> Verdict:
    held = held_by(by, DutyKind.HANDLER, unit=unit) if unit else None
    return yes(held) if held else no("case.not_your_unit", _("Only the handling unit can do that."))


def _not_your_duty() -> Verdict:
    duty = DutyKind.DISPATCHER.label
    return no(
        "case.not_your_duty",
        _("Only a person with the duty “%(duty)s” for this area can do that.") % {"duty": duty},
    )


def _no_whistler() -> Verdict:
    return no("case.not_the_whistler", _("Only the dispatchers of the desk that whistled can do that."))


def _whether_now(move: SideMove, case: Case, subject: Any, verdict: Verdict) -> Verdict:
    if move.case and case.state not in move.case:
        return no("case.wrong_state", _("This case is %(state)s.") % {"state": case.get_state_display()})
    for guard in move.guards:
        answer = SIDE_GUARDS[guard](subject)
        if answer is not None:
            return answer
    return verdict


# -- guards of parts and calls ----------------------------------------------------------------------------


def _no_newer_part(part: Assistance) -> Verdict | None:
    if Assistance.objects.open().filter(case=part.case_id, unit=part.unit_id).exists():
        return no("case.assists_already", _("This unit already has a part in this case."))
    return None


def _not_answered(call: Call) -> Verdict | None:
    return no("case.answered_whistle", _("Your unit has answered.")) if call.answered_at else None


def _not_attended(call: Call) -> Verdict | None:
    return no("case.attended_already", _("This unit has been there.")) if call.attended_at else None


def _rated(call: Call) -> Verdict | None:
    return None if call.rated_at else no("case.not_rated", _("Your unit has not been rated."))


def _not_rated(call: Call) -> Verdict | None:
    return no("case.rated_already", _("This unit has been rated.")) if call.rated_at else None


def _not_replied(call: Call) -> Verdict | None:
    return no("case.replied_already", _("Your unit has answered its rating.")) if call.replied_at else None


SIDE_GUARDS: dict[str, Callable[[Any], Verdict | None]] = {
    "no_newer_part": _no_newer_part,
    "not_answered": _not_answered,
    "not_attended": _not_attended,
    "rated": _rated,
    "not_rated": _not_rated,
    "not_replied": _not_replied,
}


# -- guards of the case's own verbs -----------------------------------------------------------------------


def _parts_done(case: Case, _by: Any, _report: Report | None) -> Verdict | None:
    if not case.parts_open:
        return None
    open_parts = case.assistances.filter(state__in=(PartState.ASKED, PartState.IN_HAND))
    names = [part.unit.label for part in open_parts.select_related("unit").order_by("pk")]
    return no(
        "case.assistance_open",
        _("Not every assisting unit has done its part: %(units)s.") % {"units": str(_(", ")).join(names)},
    )


def _no_open_whistle(case: Case, _by: Any, _report: Report | None) -> Verdict | None:
    if case.whistled_at is None:
        return None
    return no(
        "case.whistle_open",
        _("Departments have been called together. Record the joint ruling, or call the whistle off."),
    )


def _not_whistled(case: Case, _by: Any, _report: Report | None) -> Verdict | None:
    if case.whistled_at is None:
        return None
    return no("case.whistled_already", _("Departments have already been called together over this case."))


def _may_whistle(case: Case, by: Any, _report: Report | None) -> Verdict | None:
    """Where the district decides, the district whistles; else the subdistrict's own desk, or the district."""
    for held in by.duties_now():
        if (
            held.kind == DutyKind.DISPATCHER
            and held.area.kind in ("district", "subdistrict")
            and held.reaches(area=case.area)
        ):
            return yes(held)
    return no("case.only_street_whistles", _("Only the subdistrict or the district can whistle."))


def _whistler(case: Case, by: Any, _report: Report | None) -> Verdict | None:
    whistle = open_whistle_of(case)
    if whistle is None:
        return no("case.no_whistle", _("No departments have been called together over this case."))
    return may_speak_for(whistle, by)


def _decides_who_leads(case: Case, by: Any, _report: Report | None) -> Verdict | None:
    """A disputed case waits at the district's desk, and whoever rules there says who takes it."""
    if case.state != State.FILED or case.desk.kind != "district":
        return None
    if held_by(by, DutyKind.DISPATCHER, area=case.desk):
        return None
    return no("case.district_decides", _("The district decides who takes this case."))


# Refusals that say no more than that it is not the time for a whistle: no button tells about it.
NO_WHISTLE = {
    "case.no_whistle",
    "case.whistled_already",
    "case.only_street_whistles",
    "case.not_the_whistler",
}

JOINT_GUARDS = {
    "parts_done": _parts_done,
    "no_open_whistle": _no_open_whistle,
    "not_whistled": _not_whistled,
    "may_whistle": _may_whistle,
    "whistler": _whistler,
    "decides_who_leads": _decides_who_leads,
}
