"""Re-checks 抽查复核: who is drawn, who may look, and what follows when a result does not hold."""

from datetime import timedelta

import pytest

from bihuan.accounts.tests.factories import make_person
from bihuan.audit.queries import entries_about, faults
from bihuan.cases import actions, queries, rules
from bihuan.cases.background import rechecking
from bihuan.cases.models import Case, Recheck, SupervisionNotice
from bihuan.cases.tests.browsing import multiply
from bihuan.cases.tests.conftest import moment
from bihuan.cases.tests.verbs_rechecks import drawn
from bihuan.core.clock import now, travel

pytestmark = pytest.mark.usefixtures("at_nine")
SHARE = rechecking.DRAWN_IN_1000  # as it is outside tests


def waiting(person):
    person.forget_duties()
    return [recheck.case_id for recheck in queries.rechecks_waiting(person)]


def desk(person):
    person.forget_duties()
    return {group.verb: [case.pk for case in group.cases] for group in queries.desk_of_user(person)}


# -- drawing --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lot", "drawn_cases"), [(29, 1), (30, 0)])
def test_three_in_a_hundred_closed_cases_are_drawn(make_case, settle, monkeypatch, lot, drawn_cases):
    asked = []
    monkeypatch.setattr(rechecking, "DRAWN_IN_1000", SHARE)
    monkeypatch.setattr("secrets.randbelow", lambda most: asked.append(most) or lot)
    make_case(at="closed")
    settle()
    assert asked[-1] == 1000
    assert Recheck.objects.count() == drawn_cases


def test_a_drawn_case_waits_five_working_days_for_the_next_level_up(make_case, cast, entry_of, told):
    case = drawn(make_case(at="closed"))
    recheck = Recheck.objects.get()
    assert (recheck.desk, recheck.why, recheck.done_at) == (cast.places.district, "lot", None)
    assert recheck.due_at == moment("2025-09-17 09:00")
    entry = entry_of(case)
    assert (entry.verb, entry.by, entry.data["why"]) == ("case.recheck_drawn", None, "lot")
    assert told(case) >= {("district_inspector", "case.to_recheck")}
    assert ("inspector", "case.to_recheck") not in told(case)
    assert desk(cast.district_inspector) == {"recheck": [case.pk]}
    assert desk(cast.inspector) == {}


def test_a_community_case_goes_to_the_subdistrict(make_case, cast, places):
    case = make_case(at="closed")
    Case.objects.filter(pk=case.pk).update(desk=places.community)
    case.refresh_from_db()
    other = make_person("街道另一核查员", duties=[("inspector", places.street)])
    drawn(case)
    assert Recheck.objects.get().desk == places.street
    assert waiting(other) == [case.pk]
    assert waiting(cast.inspector) == [], "they inspected it"
    assert waiting(cast.district_inspector) == [case.pk]


def test_an_open_case_is_not_drawn(make_case):
    assert actions.draw_recheck(make_case(at="inspected"), why="lot") is None
    assert not Recheck.objects.exists()


def test_drawing_twice_is_one_recheck(make_case):
    case = make_case(at="closed")
    drawn(case)
    with travel(now() + timedelta(days=1)):
        drawn(case)
    assert Recheck.objects.get().drawn_at == now() + timedelta(days=1)


def test_a_failure_while_drawing_leaves_nothing(make_case, breaking_record, unchanged):
    case = make_case(at="closed")
    broken = breaking_record("bihuan.cases.actions.rechecking")
    with unchanged(), pytest.raises(broken):
        actions.draw_recheck(case, why="lot")


# -- looking once more ----------------------------------------------------------------------------------


def test_what_holds_stays_closed(make_case, cast, entry_of, photo):
    case = drawn(make_case(at="closed"))
    closed_at = case.closed_at
    with travel(now() + timedelta(days=1)):
        case = actions.recheck_case(
            case, by=cast.district_inspector, held=True, note="完好", photos=[photo(1)]
        )
        recheck = Recheck.objects.get()
        assert (recheck.held, recheck.done_by, recheck.done_at) == (True, cast.district_inspector, now())
        assert recheck.running_since is None
    assert (case.state, case.closed_at) == ("closed", closed_at)
    assert entry_of(case).data["held"] is True
    assert entries_about(case).filter(verb="file.attached", data__role="evidence").exists()
    assert waiting(cast.district_inspector) == []
    assert list(faults()) == []


def test_what_does_not_hold_is_taken_up_again_under_supervision(make_case, cast, told, entry_of):
    case = drawn(make_case(at="closed"))
    case = actions.recheck_case(case, by=cast.district_inspector, held=False, note="又漏水了")
    assert (case.state, case.closed_at, case.unit) == ("handling", None, cast.bureau)
    assert (case.supervision, case.stage_limit) == ("ordinary", 86_400)
    assert SupervisionNotice.objects.get().why == "recheck"
    assert ("handler", "case.recheck_failed") in told(case)
    assert ("resident", "report.taken_up_again") in told(case)


def test_the_reporters_own_reopening_is_not_used_up(make_case, cast):
    case = drawn(make_case(at="closed"))
    case = actions.recheck_case(case, by=cast.district_inspector, held=False, note="又漏水了")
    assert not case.reopened
    for step in ("resolve", "inspect", "close"):
        case = getattr(make_case, step)(case, cast.pipes)
    case = actions.answer_report(case.reports.get(), by=cast.resident, solved=False)
    assert (case.state, case.reopened) == ("handling", True)


def test_what_no_unit_had_goes_to_the_desk(make_case, cast):
    case = actions.close_undrawn_case(make_case(at="self_handled"))
    case = actions.recheck_case(drawn(case), by=cast.district_inspector, held=False, note="垃圾还在")
    assert (case.state, case.unit) == ("reported", None)


def test_what_was_not_drawn_cannot_be_rechecked_and_is_not_offered(make_case, cast, refused, unchanged):
    case = make_case(at="closed")
    with unchanged(), refused("case.not_drawn"):
        actions.recheck_case(case, by=cast.district_inspector, held=True)
    choices = queries.choices_for(case, cast.district_inspector)
    assert "recheck" not in [choice.verb for choice in choices]


def test_whoever_inspected_it_does_not_recheck_it(make_case, cast, hold, refused, unchanged):
    case = drawn(make_case(at="closed"))
    hold(cast.inspector, "inspector", cast.places.district)
    assert waiting(cast.inspector) == []
    with unchanged(), refused("case.own_judgement"):
        actions.recheck_case(case, by=cast.inspector, held=True)


def test_nor_does_whoever_stands_in_for_them(make_case, cast, hold, stand_in_for, refused):
    case = drawn(make_case(at="closed"))
    stand_in = stand_in_for(cast.inspector)
    hold(stand_in, "inspector", cast.places.district)
    assert waiting(stand_in) == []
    with refused("case.own_judgement"):
        actions.recheck_case(case, by=stand_in, held=True)


def test_nor_does_whoever_handled_it(make_case, cast, hold, refused, unchanged):
    case = drawn(make_case(at="closed"))
    hold(cast.handler, "inspector", cast.places.district)
    assert waiting(cast.handler) == []
    with unchanged(), refused("case.own_work"):
        actions.recheck_case(case, by=cast.handler, held=True)


def test_a_case_that_its_reporter_reopened_waits_until_it_is_closed_again(make_case, cast):
    case = drawn(make_case(at="closed"))
    case = actions.answer_report(case.reports.get(), by=cast.resident, solved=False)
    assert waiting(cast.district_inspector) == []
    with travel(now() + timedelta(days=30)):
        assert actions.take_due_review_steps() == 0
    assert rules.may("recheck", case, cast.district_inspector).code == "case.wrong_state"
    for step in ("resolve", "inspect", "close"):
        case = getattr(make_case, step)(case, cast.pipes)
    assert waiting(cast.district_inspector) == [case.pk]


def test_whoever_may_recheck_is_reminded_once_at_each_step(make_case, cast, told):
    case = drawn(make_case(at="closed"))
    recheck = case.rechecks.get()
    for moment_of_step in (recheck.step_at, recheck.due_at + timedelta(days=9)):
        with travel(moment_of_step):
            assert actions.take_due_review_steps() == 1
            assert actions.take_due_review_steps() == 0
    verbs = [entry.verb for entry in entries_about(case)][-2:]
    assert verbs == ["case.recheck_reminded", "case.recheck_overdue"]
    assert {("district_inspector", verb) for verb in verbs} <= set(told(case))


def test_what_was_rechecked_is_not_due(make_case, cast):
    actions.recheck_case(drawn(make_case(at="closed")), by=cast.district_inspector, held=True)
    with travel(now() + timedelta(days=30)):
        assert actions.take_due_review_steps() == 0


def test_the_desk_of_rechecks_costs_the_same_for_ten_and_a_thousand(
    make_case, cast, django_assert_num_queries
):
    case = drawn(make_case(at="closed"))
    recheck = Recheck.objects.get()

    def more(count):
        Recheck.objects.bulk_create(
            Recheck(case=copy, why="lot", desk=recheck.desk, drawn_at=now(), due_at=now(),
                    stage_started_at=now(), running_since=now(), stage_limit=60)
            for copy in multiply(case, count)
        )  # fmt: skip

    more(9)
    cast.district_inspector.duties_now()
    with django_assert_num_queries(3):
        (group,) = queries.recheck_work_of(cast.district_inspector)
        assert len(list(group.rows)) == group.total == 10
    more(990)
    with django_assert_num_queries(3):
        (group,) = queries.recheck_work_of(cast.district_inspector)
        assert (len(list(group.rows)), group.total) == (30, 1000)
