"""Joint work at the same moment, on real connections: one part for each unit, each step once."""

from collections import Counter
from datetime import timedelta

import pytest

from bihuan.audit.queries import entries_about, faults
from bihuan.cases import actions
from bihuan.cases.models import Assistance, Call, Case
from bihuan.cases.tests.verbs_joint import CALLS, PARTS, assisted, call_at, whistled
from bihuan.core.clock import now, travel
from tests.test_threads import EIGHT, at_once, once_more

pytestmark = [pytest.mark.threads, pytest.mark.django_db(transaction=True)]

SAID = {
    "answer_whistle": "case.answered_whistle",
    "attend_whistle": "case.attended_already",
    "rate_department": "case.rated_already",
    "answer_rating": "case.replied_already",
} | dict.fromkeys(PARTS, "case.part_in_wrong_state")


@pytest.mark.parametrize("name", SAID)
def test_of_eight_people_one_wins_and_seven_are_told_why_not(make_case, cast, name):
    side = {**PARTS, **CALLS}[name]
    subject = side.ready(make_case)
    case = subject.whistle.case if isinstance(subject, Call) else subject.case
    written = entries_about(case).count()
    people = [once_more(getattr(cast, sorted(side.who)[0])) for _ in range(EIGHT)]

    def press(person):
        side.do(subject, person, ())
        return "done"

    said = at_once([lambda person=person: press(person) for person in people])

    assert Counter(said) == {"done": 1, SAID[name]: 7}
    assert entries_about(case).count() == written + 1
    assert list(faults()) == []


def test_dispatchers_who_ask_the_same_unit_get_one_part(make_case, cast):
    case = make_case(at="handling")
    people = [once_more(who) for who in (cast.dispatcher, cast.district_dispatcher) for _ in range(4)]
    said = at_once([lambda person=person: assisted(case, cast, by=person).state for person in people])
    assert Counter(said) == {"handling": 1, "case.assists_already": 7}
    assert Assistance.objects.open().filter(case=case).count() == 1
    assert Case.objects.get(pk=case.pk).parts_open == 1


@pytest.mark.parametrize("turn", range(4))
def test_a_result_and_a_new_part_do_not_pass_each_other(make_case, cast, turn):
    """Either the lead was first and nobody is asked any more, or the lead waits."""
    case = make_case(at="handling")
    handler, dispatcher = once_more(cast.handler), once_more(cast.dispatcher)
    said = at_once(
        [
            lambda: actions.resolve_case(case, by=handler, note="已修复").state,
            lambda: assisted(case, cast, by=dispatcher).state,
        ]
    )
    case = Case.objects.get(pk=case.pk)
    assert said in (["resolved", "case.wrong_state"], ["case.assistance_open", "handling"])
    assert (case.state, case.parts_open) in (("resolved", 0), ("handling", 1))
    assert list(faults()) == []


def test_a_withdrawn_part_is_not_finished_as_well(make_case, cast):
    part = PARTS["finish_assistance"].ready(make_case)
    unit, desk = once_more(cast.stranger), once_more(cast.dispatcher)
    said = at_once(
        [
            lambda: actions.finish_assistance(part, by=unit, note="阀门已关").state,
            lambda: actions.withdraw_assistance(part, by=desk, reason="不再需要").state,
        ]
    )
    stored = Assistance.objects.get(pk=part.pk)
    assert stored.state in said and Counter(said)["case.part_in_wrong_state"] == 1


def test_workers_take_each_step_of_parts_and_calls_once(make_case, cast):
    cases = [assisted(make_case(at="handling"), cast) for _ in range(6)]
    cases += [whistled(make_case(at="filed"), cast, units=[cast.works]) for _ in range(6)]

    def sweep():
        with travel(now() + timedelta(days=30)):
            return actions.take_due_assistance_steps()

    while sum(at_once([sweep] * 4)):
        pass

    for case in cases:
        steps = Counter(
            entry.verb for entry in entries_about(case) if entry.verb.endswith(("reminded", "overdue"))
        )
        assert sorted(steps.values()) == [1, 1], case
    assert list(faults()) == []


def test_a_step_and_the_verb_it_precedes_do_not_block_each_other(make_case, cast):
    case = assisted(make_case(at="handling"), cast)
    part = case.assistances.get()
    unit = once_more(cast.stranger)
    late = part.due_at + timedelta(hours=1)

    def sweep():
        with travel(late):
            return actions.take_due_assistance_steps()

    def take():
        with travel(late):
            return actions.acknowledge_assistance(part, by=unit).state

    said = at_once([sweep, take, sweep])

    assert "in_hand" in said
    verbs = Counter(entry.verb for entry in entries_about(case))
    assert (verbs["case.assistance_reminded"], verbs["case.assistance_overdue"]) == (1, 1)


def test_a_ruling_and_an_answer_at_once_leave_one_story(make_case, cast):
    call = call_at("called")(make_case)
    case = call.whistle.case
    unit, desk = once_more(cast.stranger), once_more(cast.dispatcher)
    said = at_once(
        [
            lambda: actions.answer_whistle(call, by=unit, comes=True).answer,
            lambda: actions.rule_whistle(case, by=desk, ruling="城管主办", unit=cast.bureau).state,
        ]
    )
    assert said[0] in ("comes", "case.whistle_in_wrong_state") and said[1] == "assigned"
    assert not Call.objects.filter(running_since__isnull=False).exists()
    assert list(faults()) == []
