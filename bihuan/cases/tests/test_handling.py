"""From a filed case to a reported result: 交办, 签收, 退回, 延期, 缓办, 恢复, 反馈."""

from datetime import date, timedelta

import pytest

from bihuan.audit.queries import entries_about
from bihuan.cases import actions, clocks
from bihuan.cases.forms.acts import ResolveForm
from bihuan.cases.models import Extension
from bihuan.cases.tests.conftest import moment
from bihuan.core.clock import now, travel
from bihuan.files.queries import attachments_of

pytestmark = pytest.mark.usefixtures("at_nine")
HOUR, DAY = 3_600, 25_200  # a working day has seven hours


@pytest.fixture
def ordinary(make_case, cast):
    """`ordinary(at="handling")`: a case whose limits run in working time."""
    return lambda at="handling", **more: make_case(at=at, matter=cast.plots, **more)


# -- assign 交办, acknowledge 签收 ------------------------------------------------------------------------


def test_the_unit_is_told_what_it_has_got(make_case, dispatcher, cast, told, entry_of):
    case = make_case(at="filed")
    told(case)
    case = actions.assign_case(case, by=dispatcher, unit=cast.bureau, note="请处理")
    assert (case.unit, case.assigned_at) == (cast.bureau, now())
    assert case.due_at == moment("2025-09-10 10:00")  # urgent: one hour
    assert entry_of(case).data["unit_name"] == "城市管理局"
    assert ("handler", "case.to_acknowledge") in told(case)


def test_a_unit_where_nobody_handles_cases_gets_none(make_case, dispatcher, cast, refused, unchanged):
    case = make_case(at="filed")
    with unchanged(), refused("case.unit_without_handlers"):
        actions.assign_case(case, by=dispatcher, unit=cast.office)


def test_acknowledging_starts_the_units_clock(make_case, handler):
    case = make_case(at="assigned")
    with travel(moment("2025-09-10 09:40")):
        case = actions.acknowledge_case(case, by=handler)
    assert (case.state, case.handlers) == ("handling", [handler.pk])
    assert case.due_at == moment("2025-09-11 09:40")  # urgent: a day and a night


def test_another_units_handler_sees_nothing_of_it(make_case, stranger, refused, unchanged):
    case = make_case(at="assigned")
    with unchanged(), refused("case.not_your_unit"):
        actions.acknowledge_case(case, by=stranger)


# -- return 退回 -----------------------------------------------------------------------------------------


def send_back(case, cast, **more):
    return actions.return_case(
        case, by=cast.handler, **({"right_unit": cast.works, "reason": "属于住建局"} | more)
    )


def test_a_return_names_the_right_unit_and_goes_to_the_dispatcher(make_case, cast, told, entry_of):
    case = make_case(at="assigned")
    told(case)
    case = send_back(case, cast)
    assert (case.state, case.unit, case.returns, case.desk) == ("filed", None, 1, cast.places.street)
    assert case.due_at == moment("2025-09-10 11:00")
    data = entry_of(case).data
    assert (data["unit_name"], data["right_unit_name"]) == ("城市管理局", "住房和城乡建设局")
    assert {("dispatcher", "case.returned"), ("district_dispatcher", "case.returned")} <= told(case)


def test_a_return_names_another_unit_than_its_own(make_case, cast, refused, unchanged):
    case = make_case(at="assigned")
    with unchanged(), refused("case.same_unit"):
        send_back(case, cast, right_unit=cast.bureau)


def test_a_case_is_returned_within_the_limit_to_acknowledge_it(make_case, cast, refused, unchanged):
    case = make_case(at="assigned")
    with travel(case.due_at + timedelta(seconds=1)), unchanged(), refused("case.return_too_late"):
        send_back(case, cast)
    with travel(case.due_at):
        assert send_back(case, cast).state == "filed"


def test_the_second_return_lets_the_district_decide_and_that_stands(make_case, cast, refused, unchanged):
    case = send_back(make_case(at="assigned"), cast)
    case = actions.assign_case(case, by=cast.dispatcher, unit=cast.bureau, note="职责清单已写明")
    case = send_back(case, cast)
    assert (case.returns, case.desk) == (2, cast.places.district)

    with unchanged(), refused("case.district_decides"):
        actions.assign_case(case, by=cast.dispatcher, unit=cast.bureau)
    case = actions.assign_case(case, by=cast.district_dispatcher, unit=cast.bureau, note="由城管局承办")
    with unchanged(), refused("case.district_ruled"):
        send_back(case, cast)


def test_who_decides_for_the_districts_dispatcher_is_on_record(make_case, cast, stand_in_for, entry_of):
    case = send_back(make_case(at="assigned"), cast)
    case = send_back(actions.assign_case(case, by=cast.dispatcher, unit=cast.bureau, note="已写明"), cast)
    stand_in_for(cast.district_dispatcher, cast.dispatcher)
    case = actions.assign_case(case, by=cast.dispatcher, unit=cast.bureau, note="由城管局承办")
    assert entry_of(case).on_behalf_of == cast.district_dispatcher


# -- extend 延期 -----------------------------------------------------------------------------------------


def ask(case, cast, seconds=DAY):
    return actions.ask_extension(case, by=cast.handler, seconds=seconds, reason="等待配件")


def decide(case, cast, granted=True):
    return actions.decide_extension(case, by=cast.dispatcher, granted=granted)


def test_asking_for_time_changes_no_deadline_and_reaches_the_dispatcher(ordinary, cast, told):
    case = ordinary()
    due = case.due_at
    case = ask(case, cast)
    assert (case.extension, case.extension_asked, case.due_at) == (Extension.ASKED, DAY, due)
    assert ("dispatcher", "case.extension_asked") in told(case)


@pytest.mark.parametrize("seconds", [0, -1, 7 * DAY + 1])
def test_no_more_than_the_original_limit_can_be_asked_for(ordinary, cast, refused, unchanged, seconds):
    case = ordinary()
    with unchanged(), refused("case.extension_too_long"):
        ask(case, cast, seconds)
    assert ask(case, cast, 7 * DAY).extension == Extension.ASKED


def test_time_is_asked_for_before_the_reminder(ordinary, cast, refused, unchanged):
    case = ordinary()
    with travel(case.step_at), unchanged(), refused("case.extension_too_late"):
        ask(case, cast)
    with travel(case.step_at - timedelta(seconds=1)):
        assert ask(case, cast).extension == Extension.ASKED


@pytest.mark.parametrize("granted", [True, False])
def test_time_is_asked_for_once(ordinary, cast, refused, unchanged, granted):
    case = ask(ordinary(), cast)
    with unchanged(), refused("case.extension_once"):
        ask(case, cast)
    case = decide(case, cast, granted)
    with unchanged(), refused("case.extension_once"):
        ask(case, cast)


def test_granted_time_moves_the_deadline(ordinary, cast, told):
    case = ask(ordinary(), cast)
    assert case.due_at == moment("2025-09-19 09:00")
    case = decide(case, cast)
    assert (case.extension, case.due_at) == (Extension.GRANTED, moment("2025-09-22 09:00"))
    assert ("handler", "case.extension_granted") in told(case)


def test_refused_time_leaves_everything(ordinary, cast, told):
    case = ask(ordinary(), cast)
    due = case.due_at
    case = decide(case, cast, granted=False)
    assert (case.extension, case.due_at) == (Extension.REFUSED, due)
    assert ("handler", "case.extension_refused") in told(case)


def test_nobody_decides_on_what_was_not_asked(ordinary, cast, refused, unchanged):
    case = ordinary()
    with unchanged(), refused("case.no_extension_asked"):
        decide(case, cast)


# -- suspend 缓办, resume 恢复 -----------------------------------------------------------------------------


def pause(case, by, resume_on):
    return actions.suspend_case(case, by=by, reason="等待天气", resume_on=resume_on)


def test_a_pause_stops_the_clock_and_its_reporter_is_told(ordinary, cast, told, entry_of):
    case = pause(ordinary(), cast.dispatcher, date(2025, 9, 20))
    assert (case.state, case.running_since) == ("suspended", None)
    assert case.due_at == case.step_at == moment("2025-09-20 00:00")
    assert (entry_of(case).data["reason"], entry_of(case).data["resume_on"]) == ("等待天气", "2025-09-20")
    assert {("resident", "report.waits"), ("handler", "case.suspended")} <= told(case)


@pytest.mark.parametrize("day", [date(2025, 9, 9), date(2025, 9, 10), date(2025, 10, 11)])
def test_a_pause_ends_on_a_later_day_within_thirty(ordinary, cast, refused, unchanged, day):
    case = ordinary()
    with unchanged(), refused("case.resume_date"):
        pause(case, cast.dispatcher, day)


def test_a_pause_of_thirty_days_is_the_longest(ordinary, cast):
    assert pause(ordinary(), cast.dispatcher, date(2025, 10, 10)).state == "suspended"


def test_a_communitys_dispatcher_neither_suspends_nor_resumes(ordinary, cast, hold, refused, unchanged):
    hold(cast.leader, "dispatcher", cast.places.community)
    case = ordinary()
    with unchanged(), refused("case.street_or_district"):
        pause(case, cast.leader, date(2025, 9, 20))
    case = pause(case, cast.dispatcher, date(2025, 9, 20))
    with unchanged(), refused("case.street_or_district"):
        actions.resume_case(case, by=cast.leader)


def test_the_district_resumes_what_a_street_suspended(ordinary, cast, told):
    case = pause(ordinary(), cast.dispatcher, date(2025, 9, 20))
    case = actions.resume_case(case, by=cast.district_dispatcher)
    assert (case.state, case.resume_on, case.due_at) == ("handling", None, moment("2025-09-19 09:00"))
    assert ("handler", "case.resumed") in told(case)


# -- resolve 反馈 -----------------------------------------------------------------------------------------


def test_a_result_comes_with_its_evidence_and_waits_for_somebody_else(ordinary, cast, photo, entry_of):
    case = ordinary()
    with travel(moment("2025-09-11 10:00")):
        case = actions.resolve_case(case, by=cast.handler, note="已复绿", photos=[photo()])
    assert (case.state, case.resolution) == ("resolved", "已复绿")
    assert case.handling_used == 8 * HOUR
    assert case.due_at == moment("2025-09-15 10:00")  # two working days, over a weekend
    assert [found.role for found in attachments_of(case)] == ["after"]
    data = entry_of(case).data
    assert (data["note"], data["photos"], data["late"]) == ("已复绿", 1, False)


def test_a_late_result_says_so(ordinary, cast, photo, entry_of):
    case = ordinary()
    with travel(case.due_at + timedelta(hours=1)):
        case = actions.resolve_case(case, by=cast.handler, note="已复绿", photos=[photo()])
    assert entry_of(case).data["late"] is True


def test_a_matter_that_asks_for_a_photo_of_the_result_gets_one(ordinary, cast, refused, unchanged):
    case = ordinary()
    with unchanged(), refused("case.after_photo_missing"):
        actions.resolve_case(case, by=cast.handler, note="已复绿")


def test_a_matter_that_asks_for_a_photo_from_before_gets_one(make_case, cast, photo, refused, unchanged):
    cast.pipes.needs_before_photo = True
    case = make_case(at="handling")
    with unchanged(), refused("case.before_photo_missing"):
        actions.resolve_case(case, by=cast.handler, note="已修复", photos=[photo()])
    done = actions.resolve_case(case, by=cast.handler, note="已修复", before=[photo(1)], photos=[photo(2)])
    assert [found.role for found in attachments_of(done)] == ["before", "after"]


def test_the_form_asks_for_photos_from_before_where_the_matter_does(make_case, cast):
    plain = ResolveForm(case=make_case(at="handling"), user=cast.handler)
    cast.pipes.needs_before_photo = True
    asking = ResolveForm(case=make_case(at="handling"), user=cast.handler)
    assert ("before" in plain.fields, "before" in asking.fields) == (False, True)


def test_the_reporters_own_photo_is_one_from_before(make_case, cast, photo):
    cast.pipes.needs_before_photo = True
    maker = make_case
    case = maker.report(photos=[photo()]).case
    for step in ("file", "assign", "acknowledge"):
        case = getattr(maker, step)(case, cast.pipes)
    assert actions.resolve_case(case, by=cast.handler, note="已修复").state == "resolved"


def test_a_wish_for_time_that_nobody_answered_falls_with_the_result(make_case, cast, refused):
    case = ask(make_case(at="handling"), cast, HOUR)
    case = actions.resolve_case(case, by=cast.handler, note="已修复")
    assert case.extension == Extension.NONE
    assert clocks.left(case, now()) == 2 * DAY
    assert [entry.verb for entry in entries_about(case)][-1] == "case.resolved"
