"""The whistle 吹哨报到: departments are called, answer in time, come, are ruled upon, rated, and answer."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from bihuan.accounts.models import User
from bihuan.accounts.tests.factories import hold, make_person
from bihuan.audit.queries import entries_about, faults
from bihuan.cases import actions, queries, rules
from bihuan.cases.models import Call, Case, Task, Whistle
from bihuan.cases.tests.conftest import moment
from bihuan.cases.tests.verbs_joint import CALLS, call_at, whistled
from bihuan.core.clock import now, travel
from bihuan.core.verdicts import Refusal

pytestmark = pytest.mark.usefixtures("at_nine")
every_call = pytest.mark.parametrize("name", CALLS)


def verbs(case):
    return [entry.verb.removeprefix("case.") for entry in entries_about(case)]


def desk(person):
    person.forget_duties()
    return {group.verb: [case.pk for case in group.cases] for group in queries.desk_of_user(person)}


def sees(person, case):
    person.forget_duties()
    return queries.case_by_number(person, case.number).exists()


# -- every verb on a call --------------------------------------------------------------------------------


def test_every_verb_on_a_call_is_proved():
    assert set(CALLS) == set(rules.CALLS)


@every_call
def test_a_verb_on_a_call_works(make_case, cast, entry_of, name):
    side, move = CALLS[name], rules.CALLS[name]
    call = side.ready(make_case)
    for who in side.who:
        assert rules.may_call(name, call, getattr(cast, who)), who
    by = getattr(cast, sorted(side.who)[0])

    call = side.do(call, by, ())

    stored = Call.objects.get(pk=call.pk)
    for field, value in side.left.items():
        assert getattr(stored, field) == value, field
    case = Case.objects.get(pk=stored.whistle.case_id)
    entry = entry_of(case)
    assert (entry.verb, entry.by, entry.on_behalf_of) == (move.event, by, None)
    assert (entry.data["call"], entry.data["whistle"]) == (call.pk, call.whistle_id)
    assert entry.data["unit_name"] == "住房和城乡建设局"
    assert case.changed_at == now()
    assert list(faults()) == []


@pytest.mark.parametrize(
    ("name", "stage", "code"),
    [
        ("answer_whistle", "answered", "case.answered_whistle"),
        ("answer_whistle", "ruled", "case.whistle_in_wrong_state"),
        ("answer_whistle", "called_off", "case.whistle_in_wrong_state"),
        ("attend_whistle", "called_off", "case.whistle_in_wrong_state"),
        ("attend_whistle", "rated", "case.rated_already"),
        ("rate_department", "answered", "case.whistle_in_wrong_state"),
        ("rate_department", "called_off", "case.whistle_in_wrong_state"),
        ("rate_department", "rated", "case.rated_already"),
        ("answer_rating", "ruled", "case.not_rated"),
        ("answer_rating", "called", "case.whistle_in_wrong_state"),
        ("answer_rating", "replied", "case.replied_already"),
    ],
)
def test_a_verb_on_a_call_is_refused_at_the_wrong_time(
    make_case, cast, refused, unchanged, name, stage, code
):
    call = call_at(stage)(make_case)
    who = "dispatcher" if "dispatcher" in CALLS[name].who else "stranger"
    with unchanged(), refused(code):
        CALLS[name].do(call, getattr(cast, who), ())


def test_attendance_is_confirmed_once(make_case, cast, refused, unchanged):
    call = actions.attend_whistle(call_at("called")(make_case), by=cast.stranger)
    assert (call.attended_at, call.attended_by) == (now(), cast.stranger)
    with unchanged(), refused("case.attended_already"):
        actions.attend_whistle(call, by=cast.dispatcher)


@every_call
def test_a_verb_on_a_call_is_refused_to_everybody_else(make_case, cast, unchanged, name):
    side = CALLS[name]
    call = side.ready(make_case)
    people = {who: person for who, person in vars(cast).items() if isinstance(person, User)}
    community = make_person("社区调度", duties=[("dispatcher", cast.places.community)])
    for who, person in {**people, "community": community, "anonymous": AnonymousUser()}.items():
        if who in side.who:
            continue
        with unchanged(), pytest.raises(Refusal) as refusal:
            side.do(call, person, ())
        assert refusal.value.code in ("case.not_your_unit", "case.not_the_whistler"), who


@every_call
def test_a_failure_half_way_leaves_the_call_as_it_was(make_case, cast, breaking_record, unchanged, name):
    call = CALLS[name].ready(make_case)
    broken = breaking_record("bihuan.cases.actions.whistling")
    with unchanged(), pytest.raises(broken):
        CALLS[name].do(call, getattr(cast, sorted(CALLS[name].who)[0]), ())


@every_call
def test_a_stand_in_acts_on_a_call(make_case, cast, stand_in_for, entry_of, name):
    call = CALLS[name].ready(make_case)
    absent = getattr(cast, sorted(CALLS[name].who)[0])
    stand_in = stand_in_for(absent)
    call = CALLS[name].do(call, stand_in, ())
    assert (entry_of(call.whistle.case).by, entry_of(call.whistle.case).on_behalf_of) == (stand_in, absent)


# -- calling ---------------------------------------------------------------------------------------------


def test_departments_are_called_and_see_the_case_at_once(make_case, cast, told):
    case = make_case(at="filed")
    due = case.due_at
    assert not sees(cast.stranger, case)
    case = whistled(case, cast, meet_at=moment("2025-09-10 15:00"), meet_where="三号楼前")

    assert (case.state, case.whistled_at, case.due_at) == ("filed", now(), due), "its clock runs on"
    assert sees(cast.stranger, case) and sees(cast.handler, case)
    whistle = case.whistles.get()
    assert (whistle.area, whistle.called_by, whistle.state) == (cast.places.street, cast.dispatcher, "open")
    assert {("stranger", "case.whistled"), ("handler", "case.whistled")} <= told(case)
    assert desk(cast.stranger) == {"answer_whistle": [case.pk]}
    assert desk(cast.dispatcher) == {"rule_whistle": [case.pk]}


@pytest.mark.parametrize(("emergency", "due"), [(True, "2025-09-10 09:30"), (False, "2025-09-11 09:00")])
def test_departments_answer_within_half_an_hour_or_a_working_day(make_case, cast, emergency, due):
    case = whistled(make_case(at="filed"), cast, emergency=emergency)
    assert {call.due_at for call in Call.objects.filter(whistle__case=case)} == {moment(due)}


def test_an_emergency_does_not_wait_for_office_hours(make_case, cast):
    with travel(moment("2025-09-13 23:50")):  # a Saturday night
        case = whistled(make_case(at="filed"), cast, emergency=True)
    assert Call.objects.filter(whistle__case=case).first().due_at == moment("2025-09-14 00:20")


def test_the_district_whistles_for_itself(make_case, cast):
    case = whistled(make_case(at="filed"), cast, by=cast.district_dispatcher)
    assert case.whistles.get().area == cast.places.district
    for verb in ("rule_whistle", "call_off_whistle"):
        assert rules.may(verb, case, cast.dispatcher).code == "case.not_the_whistler"
        assert rules.may(verb, case, cast.district_dispatcher)


def test_a_community_does_not_whistle(make_case, cast, refused, unchanged):
    person = make_person("社区调度", duties=[("dispatcher", cast.places.community)])
    case = make_case(at="filed")
    with unchanged(), refused("case.only_street_whistles"):
        whistled(case, cast, by=person)


def test_somebody_has_to_be_called_and_to_be_there(make_case, cast, refused, unchanged):
    case = make_case(at="filed")
    with unchanged(), refused("case.nobody_called"):
        whistled(case, cast, units=[])
    with unchanged(), refused("case.unit_without_handlers"):
        whistled(case, cast, units=[cast.works, cast.office])


def test_a_department_named_twice_is_called_once(make_case, cast):
    case = whistled(make_case(at="filed"), cast, units=[cast.works, cast.works])
    assert Call.objects.filter(whistle__case=case).count() == 1


def test_one_whistle_at_a_time_and_the_ruling_comes_first(make_case, cast, refused, unchanged):
    case = whistled(make_case(at="filed"), cast)
    with unchanged(), refused("case.whistled_already"):
        whistled(case, cast)
    with unchanged(), refused("case.whistle_open"):
        actions.assign_case(case, by=cast.dispatcher, unit=cast.bureau)
    handled = whistled(make_case(at="handling"), cast, units=[cast.works])
    with unchanged(), refused("case.whistle_open"):
        actions.resolve_case(handled, by=cast.handler, note="已修复")


# -- answering in time -----------------------------------------------------------------------------------


def sweep_at(at):
    with travel(at):
        return actions.take_due_assistance_steps()


def test_a_department_is_reminded_and_late_exactly_once(make_case, cast, told):
    case = whistled(make_case(at="filed"), cast, units=[cast.works], emergency=True)
    told(case)
    assert sweep_at(now() + timedelta(minutes=24, seconds=-1)) == 0
    assert [sweep_at(now() + timedelta(minutes=24)) for _ in range(2)] == [1, 0]
    assert ("stranger", "case.whistle_reminded") in told(case)
    assert [sweep_at(now() + timedelta(minutes=30)), sweep_at(now() + timedelta(days=9))] == [1, 0]
    assert {
        (who, "case.whistle_overdue") for who in ("stranger", "dispatcher", "district_dispatcher")
    } <= told(case)
    assert verbs(case)[-2:] == ["whistle_reminded", "whistle_overdue"]
    assert list(faults()) == []


def test_whoever_answered_is_not_reminded(make_case, cast, told):
    case = whistled(make_case(at="filed"), cast)
    call = Call.objects.get(whistle__case=case, unit=cast.works)
    actions.answer_whistle(call, by=cast.stranger, comes=False, words="抢修队在外")
    assert sweep_at(now() + timedelta(days=9)) == 2, "the other department's two steps"
    assert ("dispatcher", "case.whistle_answered") in told(case)
    assert desk(cast.stranger) == {}


def test_a_late_answer_is_late_however_late_the_worker_came(make_case, cast):
    case = whistled(make_case(at="filed"), cast, units=[cast.works], emergency=True)
    with travel(now() + timedelta(hours=1)):
        actions.answer_whistle(Call.objects.get(), by=cast.stranger, comes=True)
    assert verbs(case)[-3:] == ["whistle_reminded", "whistle_overdue", "whistle_answered"]


# -- the ruling ------------------------------------------------------------------------------------------


def test_the_ruling_of_a_filed_case_assigns_it(make_case, cast, told, entry_of):
    case = whistled(make_case(at="filed"), cast)
    told(case)
    case = actions.rule_whistle(
        case,
        by=cast.dispatcher,
        ruling="城管主办，住建配合",
        unit=cast.bureau,
        assisting=[Task(cast.works, "关闭阀门")],
    )

    assert (case.state, case.unit, case.assigned_at, case.whistled_at) == (
        "assigned",
        cast.bureau,
        now(),
        None,
    )
    assert case.due_at == moment("2025-09-10 10:00"), "the lead's limit to acknowledge"
    assert case.parts_open == 1
    whistle = Whistle.objects.get()
    assert (whistle.state, whistle.ruling, whistle.ruled_by) == (
        "ruled",
        "城管主办，住建配合",
        cast.dispatcher,
    )
    assert not Call.objects.filter(running_since__isnull=False).exists()
    data = entry_of(case).data
    assert (data["was"], data["state"], data["due"]) == ("filed", "assigned", case.due_at.isoformat())
    assert {
        ("handler", "case.to_acknowledge"),
        ("stranger", "case.whistle_ruled"),
        ("stranger", "case.to_assist"),
    } <= told(case)


def test_a_lead_that_stays_goes_on_in_its_own_time(make_case, cast, told):
    case = whistled(make_case(at="handling"), cast, units=[cast.works])
    due = case.due_at
    told(case)
    case = actions.rule_whistle(
        case,
        by=cast.dispatcher,
        ruling="住建配合",
        unit=cast.bureau,
        assisting=[Task(cast.works, "关闭阀门")],
    )
    assert (case.state, case.due_at, case.parts_open) == ("handling", due, 1)
    assert ("handler", "case.whistle_ruled") in told(case)


def test_a_new_lead_begins_anew(make_case, cast, told):
    case = make_case(at="handling")
    actions.ask_extension(case, by=cast.handler, seconds=3_600, reason="等待配件")
    case = whistled(case, cast, units=[cast.works])
    case = actions.rule_whistle(case, by=cast.dispatcher, ruling="住建主办", unit=cast.works)
    assert (case.state, case.unit, case.extension) == ("assigned", cast.works, "")
    assert case.units == [cast.works.pk] and not sees(cast.handler, case)
    assert ("stranger", "case.to_acknowledge") in told(case)
    assert ("stranger", "case.whistle_ruled") not in told(case), "told once"
    assert ("handler", "case.taken_away") in told(case)
    assert actions.acknowledge_case(case, by=cast.stranger).state == "handling"


def test_where_the_district_decides_the_district_rules(make_case, cast, refused, unchanged):
    case = make_case(at="assigned")
    for _ in range(2):
        case = actions.return_case(case, by=cast.handler, right_unit=cast.works, reason="属于住建局")
        if case.returns < 2:
            case = actions.assign_case(case, by=cast.dispatcher, unit=cast.bureau, note="已写明")
    case = whistled(case, cast)
    with unchanged(), refused("case.district_decides"):
        actions.rule_whistle(case, by=cast.dispatcher, ruling="城管主办", unit=cast.bureau)
    case = actions.rule_whistle(case, by=cast.district_dispatcher, ruling="城管主办", unit=cast.bureau)
    assert case.state == "assigned"


# -- calling it off --------------------------------------------------------------------------------------


def test_a_whistle_called_off_leaves_no_trace_on_the_desks(make_case, cast, told):
    case = whistled(make_case(at="filed"), cast)
    case = actions.call_off_whistle(case, by=cast.dispatcher, reason="已查明归属")
    assert (case.whistled_at, case.units) == (None, [])
    assert not sees(cast.stranger, case)
    assert desk(cast.stranger) == {} and desk(cast.dispatcher) == {"assign": [case.pk]}
    assert sweep_at(now() + timedelta(days=9)) == 0
    assert ("stranger", "case.whistle_called_off") in told(case)
    assert whistled(case, cast).whistled_at == now(), "another one may follow"


def test_a_whistle_can_be_called_off_while_the_case_waits(make_case, cast):
    case = whistled(make_case(at="handling"), cast, units=[cast.works])
    actions.suspend_case(case, by=cast.dispatcher, reason="等待配件", resume_on=date(2025, 9, 13))
    case = actions.call_off_whistle(case, by=cast.dispatcher, reason="改期")
    assert (case.state, case.whistled_at) == ("suspended", None)


def test_a_whistle_ends_with_its_case(make_case, cast):
    from bihuan.cases.actions.parts import follow

    case = whistled(make_case(at="filed"), cast)
    case.state = "merged"
    follow(case, "filed", now(), by=cast.clerk)
    assert (Whistle.objects.get().state, Whistle.objects.get().called_off_by) == ("called_off", None)
    assert (case.whistled_at, case.units) == (None, [])


# -- rating ----------------------------------------------------------------------------------------------


def test_departments_are_rated_and_answer_once(make_case, cast, told):
    call = call_at("ruled")(make_case)
    case = call.whistle.case
    assert desk(cast.dispatcher) == {"rate_department": [case.pk, case.pk]}
    call = actions.rate_department(call, by=cast.dispatcher, rating=2, words="来得晚")
    assert desk(cast.dispatcher) == {"rate_department": [case.pk]}
    call = actions.answer_rating(call, by=cast.stranger, words="路上堵车")
    assert (call.rating, call.reply) == (2, "路上堵车")
    assert {("stranger", "case.whistle_rated"), ("dispatcher", "case.rating_answered")} <= told(case)


@pytest.mark.parametrize("rating", [0, 6, -1])
def test_a_rating_is_from_one_to_five(make_case, cast, refused, unchanged, rating):
    call = call_at("ruled")(make_case)
    with unchanged(), refused("case.rating_unknown"):
        actions.rate_department(call, by=cast.dispatcher, rating=rating)


def test_a_department_reads_its_rating_after_the_case_is_closed(make_case, cast):
    call = call_at("rated")(make_case)
    case = make_case.acknowledge(Case.objects.get(pk=call.whistle.case_id), cast.pipes)
    for step in ("resolve", "inspect", "close"):
        case = getattr(make_case, step)(case, cast.pipes)
    assert sees(cast.stranger, case)
    assert actions.answer_rating(call, by=cast.stranger, words="感谢").reply == "感谢"


def test_whoever_was_called_does_not_inspect(make_case, cast):
    call = call_at("ruled")(make_case)
    case = make_case.acknowledge(Case.objects.get(pk=call.whistle.case_id), cast.pipes)
    case = make_case.resolve(case, cast.pipes)
    hold(cast.stranger, "inspector", cast.places.street)
    cast.stranger.forget_duties()
    assert rules.may("inspect", case, cast.stranger).code == "case.own_work"


def test_the_desk_knows_when_a_department_answered(make_case, cast):
    case = whistled(make_case(at="filed"), cast)
    before = queries.desk_stamp(cast.dispatcher)
    with travel(now() + timedelta(seconds=1)):
        call = Call.objects.get(whistle__case=case, unit=cast.works)
        actions.answer_whistle(call, by=cast.stranger, comes=True)
        assert queries.desk_stamp(cast.dispatcher) != before
