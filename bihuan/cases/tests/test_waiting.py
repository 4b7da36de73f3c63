"""Cases that must wait: how often they may be suspended, the backlog, and its review each quarter."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils.formats import date_format

from bihuan.audit.queries import entries_about
from bihuan.cases import actions, queries, rules
from bihuan.cases.actions.waiting import next_review
from bihuan.cases.models import Case
from bihuan.cases.queries.requests import requests_waiting_for
from bihuan.cases.tests.browsing import client_of, multiply
from bihuan.cases.tests.conftest import moment
from bihuan.core.clock import now, today, travel

pytestmark = pytest.mark.usefixtures("at_nine")


def suspend(case, by, days=5):
    return actions.suspend_case(case, by=by, reason="等待配件", resume_on=today() + timedelta(days=days))


def again(case, cast):
    return actions.resume_case(case, by=cast.dispatcher)


# -- suspending 缓办 --------------------------------------------------------------------------------------


def test_the_second_time_only_the_district_suspends_and_there_is_no_third(
    make_case, cast, refused, unchanged
):
    case = again(suspend(make_case(at="handling"), cast.dispatcher), cast)
    with unchanged(), refused("case.district_suspends"):
        suspend(case, cast.dispatcher)
    case = again(suspend(case, cast.district_dispatcher), cast)
    assert case.suspensions == 2
    with unchanged(), refused("case.suspended_twice"):
        suspend(case, cast.district_dispatcher)


def test_the_reason_is_public_while_it_waits(make_case, cast, client):
    case = suspend(make_case(at="handling"), cast.dispatcher)
    assert case.waits_because == "等待配件"
    track = reverse("cases:track", args=[case.reports.get().tracking_code])
    assert "等待配件" in client.get(track).text
    assert again(case, cast).waits_because == ""


def test_what_wakes_up_by_itself_no_longer_waits_for_anything(make_case):
    case = make_case(at="suspended")
    with travel(now() + timedelta(days=6)):
        actions.take_due_steps()
    case.refresh_from_db()
    assert (case.state, case.waits_because, case.resume_on) == ("handling", "", None)


# -- the backlog 挂账 -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "review"),
    [
        (date(2025, 9, 10), date(2025, 12, 10)),
        (date(2025, 11, 30), date(2026, 2, 28)),
        (date(2027, 11, 30), date(2028, 2, 29)),
        (date(2025, 12, 31), date(2026, 3, 31)),
    ],
)
def test_the_review_is_on_the_same_day_of_the_next_quarter(day, review):
    assert next_review(day) == review


def test_on_the_backlog_the_clock_stands_and_both_sides_are_told(make_case, cast, told, entry_of):
    case = make_case(at="suspended")
    used = case.stage_used
    case = actions.backlog_case(case, by=cast.district_dispatcher, reason=" 等待管网改造 ")
    assert (case.state, case.waits_because, case.resume_on) == ("backlog", "等待管网改造", date(2025, 12, 10))
    assert (case.running_since, case.stage_used) == (None, used)
    assert case.step_at == case.due_at == moment("2025-12-10 00:00")
    assert entry_of(case).data["review_on"] == "2025-12-10"
    assert {("handler", "case.backlogged"), ("resident", "report.waits")} <= told(case)
    assert queries.clock_face(case).level == "stands"


def test_only_the_district_puts_it_there(make_case, cast, refused, unchanged):
    case = make_case(at="suspended")
    with unchanged(), refused("case.not_your_duty"):
        actions.backlog_case(case, by=cast.dispatcher, reason="等待改造")


def test_the_review_falls_due_once_and_then_waits(make_case, cast, told):
    case = make_case(at="backlog")
    with travel(moment("2025-12-10 08:00")):
        assert actions.take_due_steps() == 1
        assert actions.take_due_steps() == 0
        case.refresh_from_db()
        assert (case.state, case.step_at, case.running_since) == ("backlog", None, None)
        assert ("district_dispatcher", "case.review_due") in told(case)
        (reviews,) = [kind for kind in requests_waiting_for(cast.district_dispatcher) if kind.total]
        assert [row.number for row in reviews.rows] == [case.number]
        assert not [kind for kind in requests_waiting_for(cast.dispatcher) if kind.total]
    with travel(moment("2026-03-01 08:00")):
        assert actions.take_due_steps() == 0, "nobody is asked twice"


def test_a_review_keeps_it_for_another_quarter_with_a_new_reason(make_case, cast, entry_of):
    case = make_case(at="backlog")
    with travel(moment("2025-12-12 09:00")):
        case = actions.review_backlog(case, by=cast.district_dispatcher, kept=True, reason="明年三月改造")
    assert (case.state, case.resume_on, case.waits_because) == ("backlog", date(2026, 3, 12), "明年三月改造")
    assert entry_of(case).data | {"kept": True, "review_on": "2026-03-12"} == entry_of(case).data


def test_a_review_lets_the_unit_take_it_up_with_what_was_left(make_case, cast, told):
    case = make_case(at="handling")
    left = case.stage_limit
    with travel(now() + timedelta(hours=6)):
        case = suspend(case, cast.dispatcher)
        case = actions.backlog_case(case, by=cast.district_dispatcher, reason="等待改造")
    with travel(moment("2025-12-01 09:00")):
        case = actions.review_backlog(case, by=cast.district_dispatcher, kept=False, reason="改造已完成")
        assert (case.state, case.waits_because, case.resume_on) == ("handling", "", None)
        assert case.due_at == now() + timedelta(seconds=left, hours=-6)
    assert ("handler", "case.resumed") in told(case)


def test_the_page_of_the_backlog_takes_as_many_queries_for_ten_as_for_a_thousand(
    make_case, cast, django_assert_max_num_queries, django_assert_num_queries
):
    case = make_case(at="backlog")
    multiply(case, 10)
    client = client_of(cast.district_dispatcher)
    url = reverse("cases:backlog_list")
    client.get(url)
    with django_assert_max_num_queries(20) as few:
        assert case.number in client.get(url).text
    multiply(case, 1_000)
    with django_assert_num_queries(len(few)):
        page = client.get(url).text
    assert "等待管网改造" in page
    assert date_format(case.resume_on, "SHORT_DATE_FORMAT") in page


def test_residents_see_no_list_of_the_backlog(make_case, cast):
    make_case(at="backlog")
    assert client_of(cast.resident).get(reverse("cases:backlog_list")).status_code == 404
    assert "等待管网改造" not in client_of(cast.stranger).get(reverse("cases:backlog_list")).text


def test_the_story_of_a_backlog_reads_in_words(make_case, cast):
    case = make_case(at="backlog")
    told = [(str(event.sentence), event.note) for event in queries.timeline(case, public=True)]
    assert told[-1][0].startswith("It cannot be settled for now.")
    assert told[-1][1] == "等待管网改造"
    assert rules.may("review_backlog", case, cast.district_dispatcher)
    assert entries_about(case).last().verb == "case.backlogged"
    assert Case.objects.get(pk=case.pk).is_open
