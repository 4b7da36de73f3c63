"""What follows from a part: its clock, who sees the case, what waits on which desk, who may judge it."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.accounts.actions import change_unit
from bihuan.accounts.models import Cover
from bihuan.accounts.tests.factories import hold, make_person, make_unit
from bihuan.audit.queries import entries_about, faults
from bihuan.cases import actions, clocks, queries, rules
from bihuan.cases.actions.parts import follow
from bihuan.cases.models import Assistance, Case
from bihuan.cases.tests.browsing import multiply
from bihuan.cases.tests.conftest import moment
from bihuan.cases.tests.verbs_joint import assisted, part_at
from bihuan.core.clock import now, travel

pytestmark = pytest.mark.usefixtures("at_nine")
HOUR = 3_600


def verbs(case):
    return [entry.verb.removeprefix("case.") for entry in entries_about(case)]


@pytest.fixture
def helper(cast):
    """Somebody who handles cases for a third unit."""
    unit = make_unit("供水公司", code="GS", name_en="Water Company")
    return make_person("供水承办人", username="helper", duties=[("handler", unit)])


# -- clocks -----------------------------------------------------------------------------------------------


def sweep_at(at):
    with travel(at):
        return actions.take_due_assistance_steps()


def test_a_part_is_reminded_and_overdue_at_exactly_its_moments_and_once(make_case, cast, told):
    case = assisted(make_case(at="handling"), cast)
    part = case.assistances.get()
    told(case)
    reminder, due = part.step_at, part.due_at
    assert reminder == part.stage_started_at + timedelta(hours=0.8 * 24)

    assert sweep_at(reminder - timedelta(seconds=1)) == 0
    assert (sweep_at(reminder), sweep_at(reminder)) == (1, 0)
    assert told(case) >= {("stranger", "case.assistance_reminded")}
    assert (sweep_at(due), sweep_at(due + timedelta(days=90))) == (1, 0)

    part.refresh_from_db()
    assert (part.overdue_at, part.step_at) == (due, None)
    assert [verb for verb in verbs(case) if "assistance" in verb] == [
        "assistance_asked", "assistance_reminded", "assistance_overdue",
    ]  # fmt: skip
    assert {
        (who, "case.assistance_overdue")
        for who in ("stranger", "handler", "dispatcher", "district_dispatcher")
    } <= told(case)
    assert list(faults()) == []


def test_a_stand_in_is_reminded_of_a_part(make_case, cast, stand_in_for, told):
    case = assisted(make_case(at="handling"), cast)
    stand_in = stand_in_for(cast.stranger)
    sweep_at(case.assistances.get().step_at)
    assert (stand_in.username, "case.assistance_reminded") in told(case)


def test_a_worker_that_was_down_takes_both_steps_before_somebody_acts(make_case, cast):
    case = assisted(make_case(at="handling"), cast)
    part = case.assistances.get()
    with travel(part.due_at + timedelta(hours=1)):
        actions.acknowledge_assistance(part, by=cast.stranger)
    assert verbs(case)[-3:] == ["assistance_reminded", "assistance_overdue", "assistance_acknowledged"]
    part.refresh_from_db()
    assert part.overdue_at == part.due_at


def test_many_due_parts_are_taken_batch_by_batch(make_case, cast, monkeypatch):
    monkeypatch.setattr("bihuan.cases.actions.ticking_joint.BATCH", 2)
    cases = [assisted(make_case(at="handling"), cast) for _ in range(5)]
    assert sweep_at(cases[0].assistances.get().step_at) == 5


def test_a_failing_step_leaves_every_part_of_its_batch(make_case, cast, breaking_record, unchanged):
    case = assisted(make_case(at="handling"), cast)
    broken = breaking_record("bihuan.cases.actions.ticking_joint")
    with travel(case.assistances.get().step_at), unchanged(), pytest.raises(broken):
        actions.take_due_assistance_steps()


def test_the_clocks_of_parts_stand_and_run_on_with_the_case(make_case, cast, told):
    case = assisted(make_case(at="handling"), cast)
    part = case.assistances.get()
    with travel(now() + timedelta(hours=5)):
        case = actions.suspend_case(case, by=cast.dispatcher, reason="等待配件", resume_on=date(2025, 9, 13))
    part.refresh_from_db()
    assert (part.running_since, part.step_at, clocks.used(part, now())) == (None, None, 5 * HOUR)
    assert sweep_at(moment("2025-09-12 09:00")) == 0
    assert ("stranger", "case.suspended") in told(case)

    with travel(moment("2025-09-11 09:00")):
        case = actions.resume_case(case, by=cast.dispatcher)
    part.refresh_from_db()
    assert part.due_at == case.due_at == moment("2025-09-12 04:00")  # 19 hours were left


def test_parts_wake_by_themselves_with_their_case(make_case, cast):
    case = assisted(make_case(at="handling"), cast)
    actions.suspend_case(case, by=cast.dispatcher, reason="等待配件", resume_on=date(2025, 9, 13))
    with travel(moment("2025-09-13 10:00")):
        actions.take_due_steps()
    part = case.assistances.get()
    assert (part.running_since, part.due_at) == (moment("2025-09-13 00:00"), moment("2025-09-14 00:00"))


def test_the_backlog_stops_parts_for_good_until_somebody_takes_it_up(make_case, cast):
    case = assisted(make_case(at="handling"), cast)
    case = actions.suspend_case(case, by=cast.dispatcher, reason="等待配件", resume_on=date(2025, 9, 13))
    actions.backlog_case(case, by=cast.district_dispatcher, reason="等待管网改造")
    assert case.assistances.get().running_since is None
    with travel(moment("2025-10-20 09:00")):
        actions.review_backlog(case, by=cast.district_dispatcher, kept=False, reason="改造完成")
    part = case.assistances.get()
    assert (part.running_since, part.due_at) == (moment("2025-10-20 09:00"), moment("2025-10-21 09:00"))


def test_parts_end_with_their_case(make_case, cast, told):
    """No verb of the loop ends a case with open parts but merging; whatever does, ends them."""
    case = assisted(make_case(at="handling"), cast)
    case = Case.objects.get(pk=case.pk)
    case.state = "closed"
    fields = follow(case, "handling", now(), by=cast.dispatcher)
    case.save(update_fields=fields)

    part = case.assistances.get()
    assert (part.state, part.withdrawn_by, part.step_at, case.parts_open) == ("withdrawn", None, None, 0)
    assert ("stranger", "case.part_ended") in told(case)


# -- who sees it ------------------------------------------------------------------------------------------


def sees(person, case):
    person.forget_duties()
    return queries.case_by_number(person, case.number).exists()


def test_an_assisting_unit_sees_the_case_and_another_one_does_not(make_case, cast, helper):
    case = make_case(at="handling")
    assert not sees(cast.stranger, case)
    case = assisted(case, cast)
    assert sees(cast.stranger, case) and sees(cast.handler, case)
    assert not sees(helper, case)

    part = actions.acknowledge_assistance(case.assistances.get(), by=cast.stranger)
    actions.finish_assistance(part, by=cast.stranger, note="阀门已关")
    assert sees(cast.stranger, case), "what a unit has done stays in its sight"


def test_a_withdrawn_unit_no_longer_sees_the_case(make_case, cast):
    part = part_at("withdrawn")(make_case)
    assert not sees(cast.stranger, part.case)
    assert Case.objects.get(pk=part.case_id).units == [cast.bureau.pk]


def test_units_above_an_assisting_unit_see_the_case_too(make_case, cast):
    above = make_unit("区政府", code="QF")
    boss = make_person("上级承办人", duties=[("handler", above)])
    team = make_unit("抢修队", code="QX", parent=above)
    make_person("抢修承办人", duties=[("handler", team)])
    case = assisted(make_case(at="handling"), cast, unit=team)
    assert case.units == sorted([cast.bureau.pk, above.pk, team.pk])
    assert sees(boss, case)
    assert rules.may_part("acknowledge_assistance", case.assistances.get(), boss)


def test_a_unit_put_elsewhere_shows_its_cases_to_the_units_now_above_it(make_case, cast, settle):
    above = make_unit("区政府", code="QF")
    boss = make_person("上级承办人", duties=[("handler", above)])
    case = assisted(make_case(at="handling"), cast)
    closed = make_case(at="closed")
    assert not sees(boss, case)

    for unit in (cast.works, cast.bureau):
        change_unit(
            unit, by=cast.administrator, name=unit.name, name_en=unit.name_en, kind=unit.kind, code=unit.code,
            parent=above, area=None,
        )  # fmt: skip
    settle()

    case.refresh_from_db()
    assert case.units == sorted([cast.bureau.pk, cast.works.pk, above.pk])
    assert sees(boss, case) and sees(boss, closed)


def test_the_list_shows_a_unit_its_parts(make_case, cast):
    case = assisted(make_case(at="handling"), cast)
    assert case in queries.cases_worked_on_by(cast.stranger)


# -- the desk ---------------------------------------------------------------------------------------------


def desk(person):
    person.forget_duties()
    return {group.verb: [case.pk for case in group.cases] for group in queries.desk_of_user(person)}


def test_parts_wait_on_the_units_own_desk(make_case, cast):
    case = assisted(make_case(at="handling"), cast)
    assert desk(cast.stranger) == {"acknowledge_assistance": [case.pk]}
    part = actions.acknowledge_assistance(case.assistances.get(), by=cast.stranger)
    assert desk(cast.stranger) == {"finish_assistance": [case.pk]}
    (group,) = queries.desk_of_user(cast.stranger)
    (row,) = group.rows
    assert (row.case, row.face.level, row.about) == (case, "ok", "关闭阀门")
    assert row.address == f"/cases/{case.number}/parts/{part.pk}/finish/"
    actions.finish_assistance(part, by=cast.stranger, note="阀门已关")
    assert desk(cast.stranger) == {}
    assert desk(cast.handler) == {"resolve": [case.pk]}


def test_a_part_of_a_suspended_case_waits_for_nobody(make_case, cast):
    case = assisted(make_case(at="handling"), cast)
    actions.suspend_case(case, by=cast.dispatcher, reason="等待配件", resume_on=date(2025, 9, 13))
    assert desk(cast.stranger) == {}


def test_the_desk_knows_when_a_part_came(make_case, cast):
    case = make_case(at="handling")
    before = queries.desk_stamp(cast.stranger)
    assisted(case, cast)
    assert queries.desk_stamp(cast.stranger) != before


@pytest.mark.parametrize("who", ["stranger", "dispatcher"])
def test_the_desk_takes_as_many_queries_for_ten_parts_as_for_a_thousand(make_case, cast, who):
    case = assisted(make_case(at="handling"), cast)
    part = case.assistances.get()

    def more(count):
        row = {field.attname: getattr(part, field.attname) for field in part._meta.fields}
        Assistance.objects.bulk_create(
            Assistance(**row | {"id": None, "case_id": copy.pk}) for copy in multiply(case, count)
        )

    def count():
        person = getattr(cast, who)
        person.forget_duties()
        with CaptureQueriesContext(connection) as caught:
            groups = queries.desk_of_user(person)
        return len(caught), groups

    more(9)
    few, _groups = count()
    more(990)
    many, groups = count()
    assert few == many <= 9
    if who == "stranger":
        (group,) = groups
        assert (group.total, len(group.subjects), group.beyond) == (1_000, 30, 970)


# -- nobody judges their own work --------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["inspect", "rework"])
def test_whoever_assisted_does_not_inspect(make_case, cast, verb):
    part = part_at("done")(make_case)
    hold(cast.stranger, "inspector", cast.places.street)
    case = actions.resolve_case(part.case, by=cast.handler, note="已修复")
    cast.stranger.forget_duties()
    assert rules.may(verb, case, cast.stranger).code == "case.own_work"


def test_not_even_after_they_left_their_unit(make_case, cast, stand_in_for):
    part = part_at("asked")(make_case)
    stand_in = stand_in_for(cast.stranger)
    part = actions.acknowledge_assistance(part, by=stand_in)
    part = actions.finish_assistance(part, by=stand_in, note="阀门已关")
    Cover.objects.all().delete()
    stand_in.forget_duties()
    hold(stand_in, "inspector", cast.places.street)
    case = actions.resolve_case(part.case, by=cast.handler, note="已修复")
    assert rules.may("inspect", case, stand_in).code == "case.own_work"
