"""The whistle 吹哨报到: calling departments together, their answers, the joint ruling, and their rating."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import Unit
from bihuan.audit import record
from bihuan.cases import clocks, limits
from bihuan.cases.actions.loop import hold, keep
from bihuan.cases.actions.parts import (
    add_parts,
    hand_over,
    needs_handlers,
    reckon_units,
    said_of,
    stop_calls,
)
from bihuan.cases.actions.returns import answer_to_return
from bihuan.cases.actions.ticking import catch_up as catch_up_case
from bihuan.cases.actions.ticking_joint import CALL_VERBS, catch_up
from bihuan.cases.models import Answer, Call, Case, Task, Whistle
from bihuan.cases.rules.joint import CALLS, may_call, open_whistle_of
from bihuan.core.clock import now
from bihuan.core.text import clean
from bihuan.core.verdicts import Verdict, no

# domain.md section 2: within which departments answer.
ANSWER_IN_EMERGENCY, ANSWER = ("30m", limits.NATURAL), ("1d", limits.WORKING)


@transaction.atomic
def blow_whistle(
    case: Case,
    *,
    by: Any,
    question: str,
    units: Iterable[Unit],
    meet_at: datetime | None = None,
    meet_where: str = "",
    emergency: bool = False,
) -> Case:
    """Call departments together over what one unit cannot settle. They see the case at once.

    The case's own clock runs on: meeting is no excuse for being late.
    """
    case, verdict = hold("whistle", case, by)
    at = now()
    units = list({unit.pk: unit for unit in units}.values())
    if not units:
        no("case.nobody_called", _("Name at least one department.")).enforce()
    for unit in units:
        needs_handlers(unit)
    whistle = Whistle.objects.create(
        case=case,
        area=verdict.held.area,
        question=clean(question),
        emergency=emergency,
        meet_at=meet_at,
        meet_where=clean(meet_where),
        called_at=at,
        called_by=by,
    )
    calls = [Call(whistle=whistle, unit=unit) for unit in units]
    for call in calls:
        clocks.start_stage(call, at, *(ANSWER_IN_EMERGENCY if emergency else ANSWER))
    Call.objects.bulk_create(calls)
    case.whistled_at = at
    return keep(
        case,
        "whistle",
        ["whistled_at", *reckon_units(case)],
        by=by,
        verdict=verdict,
        was=case.state,
        whistle=whistle.pk,
        units=[unit.pk for unit in units],
        emergency=emergency,
        meet_at=meet_at.isoformat() if meet_at else None,
        note=whistle.question,
    )


@transaction.atomic
def rule_whistle(case: Case, *, by: Any, ruling: str, unit: Unit, assisting: Sequence[Task] = ()) -> Case:
    """Put down what was agreed: who leads, who assists with what.

    A lead that stays goes on in its own time; another one begins with its limit to acknowledge.
    """
    case, verdict = hold("rule_whistle", case, by)
    was, at = case.state, now()
    whistle = _whistle_over(case)
    answered = answer_to_return(case, unit, ruling)
    whistle.ruling = clean(ruling)
    whistle.ruled_at, whistle.ruled_by = at, by
    whistle.save(update_fields=["ruling", "ruled_at", "ruled_by"])
    stop_calls(whistle, at)
    fields, taken_from = ["whistled_at"], None
    if case.unit_id != unit.pk:
        taken_from = case.unit_id
        fields += hand_over(case, unit, by=by, verdict=verdict, at=at)
    add_parts(case, assisting, by=by, verdict=verdict, at=at)
    case.whistled_at = None
    return keep(
        case,
        "rule_whistle",
        [*fields, *reckon_units(case)],
        by=by,
        verdict=verdict,
        was=was,
        whistle=whistle.pk,
        unit=unit.pk,
        unit_name=unit.name,
        unit_name_en=unit.name_en,
        taken_from=taken_from,
        note=whistle.ruling,
        **answered,
    )


@transaction.atomic
def call_off_whistle(case: Case, *, by: Any, reason: str) -> Case:
    """Spare the departments the meeting. Those with no part in the case no longer see it."""
    case, verdict = hold("call_off_whistle", case, by)
    at = now()
    whistle = _whistle_over(case)
    whistle.called_off_because = clean(reason)
    whistle.called_off_at, whistle.called_off_by = at, by
    whistle.save(update_fields=["called_off_because", "called_off_at", "called_off_by"])
    stop_calls(whistle, at)
    case.whistled_at = None
    return keep(
        case,
        "call_off_whistle",
        ["whistled_at", *reckon_units(case)],
        by=by,
        verdict=verdict,
        was=case.state,
        whistle=whistle.pk,
        note=whistle.called_off_because,
    )


def _whistle_over(case: Case) -> Whistle:
    whistle = open_whistle_of(case)
    assert whistle is not None, "the rules have seen it under the same lock"
    return whistle


@transaction.atomic
def answer_whistle(call: Call, *, by: Any, comes: bool, words: str = "", sends: str = "") -> Call:
    """Say whether the department comes and, as a role, whom it sends; or why it cannot."""
    call, verdict = _hold_call("answer_whistle", call, by)
    at = now()
    call.answer = Answer.COMES if comes else Answer.CANNOT
    call.answer_words, call.sends = clean(words), clean(sends)
    call.answered_at, call.answered_by = at, by
    clocks.stop(call, at)
    return _keep_call(
        call,
        "answer_whistle",
        ["answer", "answer_words", "sends", "answered_at", "answered_by"],
        by=by,
        verdict=verdict,
        comes=comes,
        note=call.answer_words,
    )


@transaction.atomic
def attend_whistle(call: Call, *, by: Any) -> Call:
    """Confirm that the department was there: it says so itself, or the desk that whistled does."""
    call, verdict = _hold_call("attend_whistle", call, by)
    call.attended_at, call.attended_by = now(), by
    return _keep_call(call, "attend_whistle", ["attended_at", "attended_by"], by=by, verdict=verdict)


@transaction.atomic
def rate_department(call: Call, *, by: Any, rating: int, words: str = "") -> Call:
    """Rate how a department came and helped, from 1 to 5. Rated is the unit, never a person."""
    call, verdict = _hold_call("rate_department", call, by)
    if not 1 <= rating <= 5:
        no("case.rating_unknown", _("Rate from 1 to 5.")).enforce()
    call.rating, call.rating_words = rating, clean(words)
    call.rated_at, call.rated_by = now(), by
    return _keep_call(
        call,
        "rate_department",
        ["rating", "rating_words", "rated_at", "rated_by"],
        by=by,
        verdict=verdict,
        rating=rating,
        note=call.rating_words,
    )


@transaction.atomic
def answer_rating(call: Call, *, by: Any, words: str) -> Call:
    """Say the department's word on its rating, once. The rating stays, with the word beside it."""
    call, verdict = _hold_call("answer_rating", call, by)
    call.reply = clean(words)
    call.replied_at, call.replied_by = now(), by
    return _keep_call(
        call, "answer_rating", ["reply", "replied_at", "replied_by"], by=by, verdict=verdict, note=call.reply
    )


def _hold_call(verb: str, call: Call, by: Any) -> tuple[Call, Verdict]:
    """Lock the case, then the call, and ask the rules."""
    case = Case.objects.locked(call.whistle.case_id)
    catch_up_case(case, now())
    call = Call.objects.locked(call.pk)
    call.whistle.case = case
    catch_up(call, case, CALL_VERBS, whistle=call.whistle_id)
    return call, may_call(verb, call, by).enforce()


def _keep_call(call: Call, verb: str, fields: list[str], *, by: Any, verdict: Verdict, **data: Any) -> Call:
    """Save a call with its clock, let its case know, and record the verb."""
    case = call.whistle.case
    call.save(update_fields=[*fields, *clocks.CLOCK_FIELDS])
    case.changed_at = now()
    case.save(update_fields=["changed_at"])
    record(
        CALLS[verb].event,
        case,
        by=by,
        on_behalf_of=verdict.on_behalf_of,
        whistle=call.whistle_id,
        **said_of(call),
        **{key: value for key, value in data.items() if value not in (None, "")},
    )
    return call
