"""From a reported result to a closed case: 核查, 返工, 回访, 结案, 抽查, and the reporter's own answer."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from bihuan.audit.queries import entries_about
from bihuan.cases import actions, queries, rules
from bihuan.cases.tests.conftest import moment
from bihuan.core.clock import now, travel

pytestmark = pytest.mark.usefixtures("at_nine")
HOUR, DAY = 3_600, 86_400  # a burst pipe goes by natural hours


def call(case, cast, *, answered=True, **said):
    return actions.call_back_case(case, by=cast.clerk, answered=answered, **said)


def answer(case, **said):
    report = case.reports.get()
    return actions.answer_report(report, by=report.reporter or AnonymousUser(), **({"solved": True} | said))


def resolve(case, cast):
    return actions.resolve_case(case, by=cast.handler, note="已修复")


# -- inspect 核查 ----------------------------------------------------------------------------------------


def test_an_inspector_writes_what_the_reporter_will_read(make_case, inspector, entry_of):
    case = actions.inspect_case(make_case(at="resolved"), by=inspector, reply=" 已修复。 ", note="看过")
    assert (case.state, case.reply, case.inspected_at) == ("inspected", "已修复。", now())
    assert case.due_at == moment("2025-09-15 09:00")  # three working days to call back
    assert entry_of(case).data["note"] == "看过"


# -- rework 返工 -----------------------------------------------------------------------------------------


def test_rework_gives_what_was_left_of_the_limit(make_case, cast, told, entry_of):
    case = make_case(at="handling")
    with travel(now() + timedelta(hours=6)):
        case = resolve(case, cast)
        case = actions.rework_case(case, by=cast.inspector, reason="仍在漏水")
        assert (case.state, case.reworks, case.supervision) == ("handling", 1, "")
        assert case.stage_limit == 18 * HOUR
        assert case.due_at == now() + timedelta(hours=18)
    assert entry_of(case).data["reason"] == "仍在漏水"
    assert ("handler", "case.to_rework") in told(case)


def test_rework_leaves_at_least_a_fifth_of_the_limit(make_case, cast):
    case = make_case(at="handling")
    with travel(now() + timedelta(hours=30)):
        case = actions.rework_case(resolve(case, cast), by=cast.inspector, reason="仍在漏水")
    assert case.stage_limit == round(0.2 * DAY)


def test_rework_counts_the_time_that_was_granted(make_case, cast):
    case = make_case(at="handling")
    actions.ask_extension(case, by=cast.handler, seconds=12 * HOUR, reason="等待配件")
    case = actions.decide_extension(case, by=cast.dispatcher, granted=True)
    with travel(now() + timedelta(hours=30)):
        case = actions.rework_case(resolve(case, cast), by=cast.inspector, reason="仍在漏水")
    assert case.stage_limit == 6 * HOUR


def test_the_second_rework_is_supervised_and_the_third_goes_to_the_district(make_case, cast, told, entry_of):
    case = make_case(at="resolved")
    supervised = []
    for reason in ("一", "二", "三"):
        case = actions.rework_case(case, by=cast.inspector, reason=reason)
        supervised.append(entry_of(case).data.get("supervision"))
        if case.state == "handling":
            case = resolve(case, cast)
    assert supervised == [None, "ordinary", "ordinary"]
    assert (case.state, case.unit, case.desk, case.reworks) == ("filed", None, cast.places.district, 3)
    assert case.due_at == now() + timedelta(hours=2)
    assert rules.may("assign", case, cast.dispatcher).code == "case.district_decides"
    assert {("district_dispatcher", "case.returned"), ("handler", "case.taken_away")} <= told(case)


def test_whoever_handled_it_stays_out_when_the_district_gives_it_to_another_unit(make_case, cast, hold):
    case = make_case(at="resolved")
    for _ in range(2):
        case = resolve(actions.rework_case(case, by=cast.inspector, reason="不合格"), cast)
    case = actions.rework_case(case, by=cast.inspector, reason="不合格")
    case = actions.assign_case(case, by=cast.district_dispatcher, unit=cast.works)
    case = actions.acknowledge_case(case, by=cast.stranger)
    assert case.stage_limit == DAY, "another unit has the whole limit"
    case = actions.resolve_case(case, by=cast.stranger, note="已修复")
    hold(cast.handler, "inspector", cast.places.street)
    assert rules.may("inspect", case, cast.handler).code == "case.own_work"


# -- call back 回访 --------------------------------------------------------------------------------------


def test_solved_closes_the_case_and_tells_the_reporter(make_case, cast, told, entry_of):
    case = call(make_case(at="inspected", consenting=True), cast, solved=True, satisfaction="fairly")
    assert (case.state, case.satisfaction, case.closed_at) == ("closed", "fairly", now())
    assert entry_of(case).data["satisfaction"] == "fairly"
    assert ("resident", "report.closed") in told(case)


def test_not_solved_opens_it_again_once(make_case, cast, told):
    case = call(make_case(at="inspected", consenting=True), cast, solved=False, satisfaction="dissatisfied")
    assert (case.state, case.reopened, case.closed_at, case.unit) == ("handling", True, None, cast.bureau)
    assert (case.stage_limit, case.due_at) == (DAY, now() + timedelta(days=1)), "the whole limit anew"
    assert ("handler", "case.reopened") in told(case)

    case = actions.inspect_case(resolve(case, cast), by=cast.inspector, reply="已修复。")
    case = call(case, cast, solved=False, satisfaction="dissatisfied")
    assert (case.state, case.satisfaction) == ("closed", "dissatisfied")
    assert ("resident", "report.closed") in told(case)


def test_nobody_answered_twice_closes_it_as_not_rated(make_case, cast, refused, unchanged, told):
    case = make_case(at="inspected", consenting=True)
    due = case.due_at
    case = call(case, cast, answered=False, solved=True, satisfaction="satisfied")
    assert (case.state, case.call_attempts, case.due_at) == ("inspected", 1, due), "the clock runs on"
    with unchanged(), refused("case.called_today"):
        call(case, cast, answered=False)
    with travel(now() + timedelta(days=1)):
        case = call(case, cast, answered=False, solved=True, satisfaction="satisfied")
    assert (case.state, case.satisfaction) == ("closed", "unrated")
    assert ("resident", "report.closed") in told(case)
    assert not any("satisfied" in str(entry.data.get("satisfaction")) for entry in entries_about(case))


def test_an_answer_without_a_rating_is_not_rated(make_case, cast):
    assert call(make_case(at="inspected", consenting=True), cast, solved=True).satisfaction == "unrated"


def test_only_who_agreed_is_called(make_case, cast, refused, unchanged):
    case = make_case(at="inspected")
    with unchanged(), refused("case.nobody_to_call"):
        call(case, cast, solved=True)


def test_the_phone_is_shown_to_who_calls_and_masked_to_everybody_else(make_case, cast):
    case = make_case(at="inspected", consenting=True)
    just_read = [case.reports.get().pk]
    assert queries.reports_shown(case, cast.clerk)[0].number == ""
    assert queries.reports_shown(case, cast.clerk, revealed=just_read)[0].number == "13800000001"
    for person in (cast.handler, cast.inspector, cast.leader):
        (shown,) = queries.reports_shown(case, person, revealed=just_read)
        assert "0000" not in shown.phone + shown.number


# -- close 结案 ------------------------------------------------------------------------------------------


def test_closing_sends_the_reply_to_the_reporter(make_case, cast, told, entry_of):
    case = actions.close_case(make_case(at="inspected"), by=cast.inspector, reply="感谢反映。")
    assert (case.state, case.reply, case.satisfaction) == ("closed", "感谢反映。", "unrated")
    assert entry_of(case).data["reply"] == "感谢反映。"
    assert ("resident", "report.closed") in told(case)


def test_an_empty_reply_leaves_what_the_inspector_wrote_before(make_case, cast):
    case = actions.close_case(make_case(at="inspected"), by=cast.inspector)
    assert case.reply == "水管已修复，感谢反映。"


def test_nobody_closes_before_who_agreed_was_called(make_case, cast, refused, unchanged):
    case = make_case(at="inspected", consenting=True)
    with unchanged(), refused("case.call_back_first"):
        actions.close_case(case, by=cast.inspector, reply="感谢反映。")


# -- spot check 抽查 -------------------------------------------------------------------------------------


def test_a_spot_check_that_passes_closes_the_case(make_case, cast, entry_of):
    case = actions.spot_check_case(make_case(at="self_handled"), by=cast.inspector, passed=True)
    assert (case.state, case.reply, case.satisfaction) == ("closed", "已清扫", "unrated")
    assert entry_of(case).data["passed"] is True


def test_a_spot_check_that_fails_goes_to_the_desk(make_case, cast, entry_of):
    case = actions.spot_check_case(make_case(at="self_handled"), by=cast.inspector, passed=False, note="仍脏")
    assert (case.state, case.closed_at) == ("reported", None)
    assert case.due_at == moment("2025-09-11 09:00")
    assert (entry_of(case).data["passed"], entry_of(case).data["note"]) == (False, "仍脏")


# -- the reporter's own answer ----------------------------------------------------------------------------


def test_a_reporter_says_it_is_solved(make_case, cast, entry_of):
    case = answer(make_case(at="inspected", consenting=True), satisfaction="satisfied", comment=" 谢谢 ")
    report = case.reports.get()
    assert (case.state, case.satisfaction) == ("closed", "satisfied")
    assert (report.solved, report.satisfaction, report.comment) == (True, "satisfied", "谢谢")
    assert "comment" not in entry_of(case).data, "a reporter's words stay out of the audit"


def test_a_reporter_says_it_is_not_solved(make_case, cast, told):
    case = answer(make_case(at="closed"), solved=False, satisfaction="dissatisfied")
    assert (case.state, case.reopened, case.closed_at) == ("handling", True, None)
    assert ("handler", "case.reopened") in told(case)


def test_not_solved_on_the_spot_goes_to_the_desk(make_case, cast):
    case = actions.spot_check_case(make_case(at="self_handled"), by=cast.inspector, passed=True)
    case = answer(case, solved=False)
    assert (case.state, case.reopened, case.closed_at) == ("reported", True, None)
    assert case.due_at == moment("2025-09-11 09:00")


def test_one_answer_for_each_time_it_is_closed(make_case, cast, refused, unchanged):
    case = make_case(at="closed")
    with travel(now() + timedelta(hours=1)):
        case = answer(case, solved=False)
    with travel(now() + timedelta(hours=2)):
        case = actions.inspect_case(resolve(case, cast), by=cast.inspector, reply="已修复。")
        case = actions.close_case(case, by=cast.inspector)
    with travel(now() + timedelta(hours=3)):
        case = answer(case, solved=True, satisfaction="satisfied")
        assert (case.state, case.satisfaction) == ("closed", "satisfied")
        with unchanged(), refused("case.answered_already"):
            answer(case, solved=False)


def test_an_answer_without_a_rating_leaves_the_one_given_on_the_phone(make_case, cast):
    case = call(make_case(at="inspected", consenting=True), cast, solved=True, satisfaction="fairly")
    with travel(now() + timedelta(hours=1)):
        assert answer(case, solved=True).satisfaction == "fairly"


@pytest.mark.parametrize(("days", "heard"), [(15, True), (16, False)])
def test_an_answer_counts_for_fifteen_days(make_case, refused, unchanged, days, heard):
    case = make_case(at="closed")
    with travel(now() + timedelta(days=days)):
        if heard:
            assert answer(case, solved=False).state == "handling"
        else:
            with unchanged(), refused("case.answer_too_late"):
                answer(case, solved=False)
