"""What holds for every verb: it works; it refuses the wrong state, the wrong person, half a change."""

import pytest
from django.contrib.auth.models import AnonymousUser

from bihuan.accounts.models import DutyKind, User
from bihuan.audit.queries import faults
from bihuan.cases import actions, queries, rules
from bihuan.cases.models import State
from bihuan.cases.models.case import FINISHED
from bihuan.cases.tests.factories import CaseMaker
from bihuan.cases.tests.verbs import VERBS, ready
from bihuan.core.clock import now
from bihuan.core.verdicts import Refusal

pytestmark = pytest.mark.usefixtures("at_nine")
every_verb = pytest.mark.parametrize("name", VERBS)
NOT_YOURS = {"case.not_your_duty", "case.not_your_unit", "case.not_yours"}
REACHABLE = [state.value for state in State if state != State.WITHDRAWN]
# Who else may press it: the district's dispatcher reaches every street.
ALSO = {
    DutyKind.DISPATCHER: {"district_dispatcher"},
    DutyKind.INSPECTOR: {"district_inspector"},
    rules.OVERSEER: {"leader"},
    rules.UNIT_OR_CLERK: {"handler"},
}


def people(cast):
    return {name: person for name, person in vars(cast).items() if isinstance(person, User)}


def test_every_verb_of_the_flow_is_proved():
    assert set(VERBS) == set(rules.FLOW) - {"report"}


@every_verb
def test_a_verb_works(make_case, cast, entry_of, name):
    verb, move = VERBS[name], rules.FLOW[name]
    case = ready(verb, make_case)
    was, by = case.state, getattr(cast, verb.who)
    assert rules.may(name, case, by, report=case.reports.first())

    case = verb.do(case, by, cast, ())

    stored = type(case).objects.get(pk=case.pk)
    assert stored.state == case.state == verb.then
    assert verb.then in move.ends
    entry = entry_of(case)
    assert (entry.verb, entry.by, entry.on_behalf_of, entry.at) == (move.event, by, None, now())
    assert (entry.data["was"], entry.data["state"], entry.area_id) == (was, verb.then, case.area_id)
    if verb.then in FINISHED:
        assert (stored.step_at, stored.running_since, entry.data["due"]) == (None, None, None)
    else:
        assert entry.data["due"] == stored.due_at.isoformat()
    assert stored.changed_at == now()
    assert list(faults()) == []


@pytest.mark.parametrize("state", REACHABLE)
def test_a_verb_is_refused_in_every_other_state(make_case, cast, unchanged, state):
    case = make_case(at=state)
    for name, verb in VERBS.items():
        if state in rules.FLOW[name].start:
            continue
        with unchanged(), pytest.raises(Refusal) as refusal:
            verb.do(case, getattr(cast, verb.who), cast, ())
        handled_by_nobody = rules.FLOW[name].who == DutyKind.HANDLER and case.unit is None
        expected = "case.not_your_unit" if handled_by_nobody else "case.wrong_state"
        if name == "withdraw" and state == State.MERGED:
            expected = "case.not_yours"  # its reports lie in the other case
        assert refusal.value.code == expected, name


@pytest.mark.parametrize("name", [name for name in VERBS if name not in ("answer", "appeal")])
def test_a_verb_is_refused_to_everybody_else(make_case, cast, unchanged, name):
    verb = VERBS[name]
    case = ready(verb, make_case)
    rightful = {verb.who} | ALSO.get(rules.FLOW[name].who, set())
    others = {who: person for who, person in people(cast).items() if who not in rightful}
    assert {"stranger", "administrator", "leader", "supervisor", "auditor"} <= set(others) | rightful
    for who, person in {**others, "anonymous": AnonymousUser()}.items():
        with unchanged(), pytest.raises(Refusal) as refusal:
            verb.do(case, person, cast, ())
        assert refusal.value.code in NOT_YOURS, who
        assert str(refusal.value.sentence)


@pytest.mark.parametrize("name", ["withdraw", "answer", "appeal"])
def test_somebody_elses_report_opens_nothing(make_case, cast, name):
    case = ready(VERBS[name], make_case)
    other = make_case().reports.get()
    for report in (None, other):
        assert rules.may(name, case, cast.resident, report=report).code == "case.not_yours"


@every_verb
def test_a_failure_half_way_leaves_nothing(make_case, cast, photo, breaking_record, unchanged, name):
    verb = VERBS[name]
    case = ready(verb, make_case)
    photos = [photo(1), photo(2)]
    broken = breaking_record("bihuan.cases.actions.loop")

    with unchanged(), pytest.raises(broken):
        verb.do(case, getattr(cast, verb.who), cast, photos)


@pytest.mark.parametrize("name", [name for name, verb in VERBS.items() if verb.who != "resident"])
def test_a_stand_in_acts_and_the_audit_says_for_whom(make_case, cast, stand_in_for, entry_of, name):
    verb = VERBS[name]
    case = ready(verb, make_case)
    absent = getattr(cast, verb.who)
    stand_in = stand_in_for(absent)

    case = verb.do(case, stand_in, cast, ())

    entry = entry_of(case)
    assert (entry.by, entry.on_behalf_of) == (stand_in, absent)
    if name in ("acknowledge", "resolve", "self_handle"):
        assert {stand_in.pk, absent.pk} <= set(case.handlers)


@pytest.mark.parametrize("state", REACHABLE)
def test_every_page_of_every_state_can_be_read(make_case, cast, settle, state):
    case = make_case(at=state)
    settle()
    assert queries.timeline(case, public=False)
    assert queries.timeline(case, public=True)
    assert bool(queries.holder_of(case)) is case.is_open
    for person in people(cast).values():
        queries.desk_of_user(person)
        queries.choices_for(case, person)


# -- whoever handled a case does not judge it -----------------------------------------------------------

JUDGING = ("inspect", "rework", "close", "call_back")


def judge_refused(name, case, by, cast, refused, unchanged):
    assert rules.may(name, case, by).code == "case.own_work"
    with unchanged(), refused("case.own_work"):
        VERBS[name].do(case, by, cast, ())


@pytest.mark.parametrize("name", JUDGING)
def test_a_handler_never_judges_their_own_case(make_case, cast, hold, refused, unchanged, name):
    hold(cast.handler, VERBS[name].who, cast.places.street)
    judge_refused(name, ready(VERBS[name], make_case), cast.handler, cast, refused, unchanged)


@pytest.mark.parametrize("name", JUDGING)
def test_a_handler_never_judges_it_as_somebodys_stand_in(
    make_case, cast, stand_in_for, refused, unchanged, name
):
    case = ready(VERBS[name], make_case)
    stand_in_for(getattr(cast, VERBS[name].who), cast.handler)
    judge_refused(name, case, cast.handler, cast, refused, unchanged)


@pytest.mark.parametrize("name", JUDGING)
def test_nobody_judges_what_they_handled_as_a_stand_in(
    make_case, cast, stand_in_for, hold, refused, unchanged, name
):
    """Even when the cover has ended, and the unit is no longer theirs."""
    from bihuan.accounts.models import Cover

    case = make_case(at="assigned", consenting=VERBS[name].consenting)
    stand_in = stand_in_for(cast.handler)
    case = actions.acknowledge_case(case, by=stand_in)
    Cover.objects.all().delete()
    stand_in.forget_duties()
    maker = CaseMaker(cast)
    for step in ["resolve", "inspect"][: 1 if VERBS[name].at == "resolved" else 2]:
        case = getattr(maker, step)(case, cast.pipes)
    hold(stand_in, VERBS[name].who, cast.places.street)
    judge_refused(name, case, stand_in, cast, refused, unchanged)


@pytest.mark.parametrize("name", JUDGING)
def test_whoever_covers_for_the_handler_does_not_judge(
    make_case, cast, stand_in_for, refused, unchanged, name
):
    case = ready(VERBS[name], make_case)
    judge = getattr(cast, VERBS[name].who)
    stand_in_for(cast.handler, judge)
    judge_refused(name, case, judge, cast, refused, unchanged)


def test_nobody_checks_what_they_settled_on_the_spot(make_case, cast, hold, refused, unchanged):
    case = make_case(at="self_handled")
    hold(cast.grid_worker, "inspector", cast.places.street)
    judge_refused("spot_check", case, cast.grid_worker, cast, refused, unchanged)


def test_nobody_checks_it_for_whoever_settled_it(make_case, cast, hold, stand_in_for, refused, unchanged):
    case = make_case(at="self_handled")
    hold(cast.grid_worker, "inspector", cast.places.street)
    judge_refused("spot_check", case, stand_in_for(cast.grid_worker), cast, refused, unchanged)


def test_a_finer_duty_that_is_covered_is_the_one_on_record(make_case, cast, hold, stand_in_for, entry_of):
    """A community's own dispatcher may not suspend; covering for the street's, they do it for the street."""
    case = make_case(at="handling")
    person = stand_in_for(cast.dispatcher)
    hold(person, "dispatcher", cast.places.community)

    case = VERBS["suspend"].do(case, person, cast, ())

    assert entry_of(case).on_behalf_of == cast.dispatcher
