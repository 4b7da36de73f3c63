"""The verbs of joint handling and of the whistle, once each; and the verbs on a part and on a call."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bihuan.cases import actions
from bihuan.cases.models import Assistance, Call, Case
from bihuan.cases.tests.verb import Verb


def whistled(case: Case, cast: Any, by: Any = None, **changes: Any) -> Case:
    """The case with the works and the bureau called together over it."""
    fields: dict[str, Any] = {"question": "管道归谁维修？", "units": [cast.works, cast.bureau]}
    return actions.blow_whistle(case, by=by or cast.dispatcher, **(fields | changes))


def assisted(case: Case, cast: Any, by: Any = None, **changes: Any) -> Case:
    """The case with a part for the works, which the stranger handles."""
    fields: dict[str, Any] = {"unit": cast.works, "task": "关闭阀门"}
    return actions.ask_assistance(case, by=by or cast.dispatcher, **(fields | changes))


VERBS = {
    "whistle": Verb("filed", "dispatcher", "filed", lambda case, by, cast, photos: whistled(case, cast, by)),
    "rule_whistle": Verb(
        "filed",
        "dispatcher",
        "assigned",
        lambda case, by, cast, photos: actions.rule_whistle(case, by=by, ruling="城管主办", unit=cast.bureau),
        before=whistled,
    ),
    "call_off_whistle": Verb(
        "filed",
        "dispatcher",
        "filed",
        lambda case, by, cast, photos: actions.call_off_whistle(case, by=by, reason="已查明归属"),
        before=whistled,
    ),
    "ask_assistance": Verb(
        "handling", "dispatcher", "handling", lambda case, by, cast, photos: assisted(case, cast, by)
    ),
}


@dataclass(frozen=True)
class Side:
    """How a verb on a part or a call is pressed: by whom, on what, with what; and what it leaves."""

    who: set[str]
    ready: Callable[[Any], Any]
    do: Callable[[Any, Any, Any], Any]
    left: dict[str, Any]


def part_at(state: str) -> Callable[[Any], Assistance]:
    """`part_at("done")(make_case)`: the works' part of a case in hand, brought there by real actions."""

    def bring(make_case: Any) -> Assistance:
        cast = make_case.cast
        case = assisted(make_case(at="handling"), cast)
        part: Assistance = case.assistances.get()
        if state in ("in_hand", "done"):
            part = actions.acknowledge_assistance(part, by=cast.stranger)
        if state == "done":
            part = actions.finish_assistance(part, by=cast.stranger, note="阀门已关")
        if state == "withdrawn":
            part = actions.withdraw_assistance(part, by=cast.dispatcher, reason="不再需要")
        return part

    return bring


def call_at(stage: str) -> Callable[[Any], Call]:
    """`call_at("rated")(make_case)`: the call to the works, brought there by real actions."""

    def bring(make_case: Any) -> Call:
        cast = make_case.cast
        case = whistled(make_case(at="filed"), cast)
        call: Call = Call.objects.get(whistle__case=case, unit=cast.works)
        if stage == "called_off":
            actions.call_off_whistle(case, by=cast.dispatcher, reason="已查明归属")
        if stage in ("answered", "ruled", "rated", "replied"):
            call = actions.answer_whistle(call, by=cast.stranger, comes=True, sends="科长")
        if stage in ("ruled", "rated", "replied"):
            actions.rule_whistle(case, by=cast.dispatcher, ruling="城管主办", unit=cast.bureau)
        if stage in ("rated", "replied"):
            call = actions.rate_department(call, by=cast.dispatcher, rating=4, words="及时到场")
        if stage == "replied":
            call = actions.answer_rating(call, by=cast.stranger, words="感谢")
        return Call.objects.get(pk=call.pk)

    return bring


PARTS = {
    "acknowledge_assistance": Side(
        {"stranger"},
        part_at("asked"),
        lambda part, by, photos: actions.acknowledge_assistance(part, by=by),
        {"state": "in_hand"},
    ),
    "finish_assistance": Side(
        {"stranger"},
        part_at("in_hand"),
        lambda part, by, photos: actions.finish_assistance(part, by=by, note="阀门已关", photos=photos),
        {"state": "done", "result": "阀门已关"},
    ),
    "redo_assistance": Side(
        {"handler"},
        part_at("done"),
        lambda part, by, photos: actions.redo_assistance(part, by=by, reason="还在渗水"),
        {"state": "in_hand", "done_at": None},
    ),
    "withdraw_assistance": Side(
        {"dispatcher", "district_dispatcher"},
        part_at("in_hand"),
        lambda part, by, photos: actions.withdraw_assistance(part, by=by, reason="不再需要"),
        {"state": "withdrawn", "withdrawn_because": "不再需要"},
    ),
}

CALLS = {
    "answer_whistle": Side(
        {"stranger"},
        call_at("called"),
        lambda call, by, photos: actions.answer_whistle(call, by=by, comes=True, sends="科长"),
        {"answer": "comes", "sends": "科长", "running_since": None},
    ),
    "attend_whistle": Side(
        {"stranger", "dispatcher", "district_dispatcher"},
        call_at("answered"),
        lambda call, by, photos: actions.attend_whistle(call, by=by),
        {},
    ),
    "rate_department": Side(
        {"dispatcher", "district_dispatcher"},
        call_at("ruled"),
        lambda call, by, photos: actions.rate_department(call, by=by, rating=5, words="及时到场"),
        {"rating": 5, "rating_words": "及时到场"},
    ),
    "answer_rating": Side(
        {"stranger"},
        call_at("rated"),
        lambda call, by, photos: actions.answer_rating(call, by=by, words="感谢"),
        {"reply": "感谢"},
    ),
}
