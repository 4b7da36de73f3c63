"""Appeals 申诉: who may appeal against what, who rules on it, what follows, and when it is due."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.accounts.tests.factories import make_person
from bihuan.audit.queries import entries_about
from bihuan.cases import actions, rules
from bihuan.cases.models import Appeal, Case
from bihuan.cases.queries.following import story_of
from bihuan.cases.queries.requests import requests_waiting_for
from bihuan.cases.tests.browsing import client_of
from bihuan.cases.tests.conftest import moment
from bihuan.cases.tests.verbs_rechecks import drawn
from bihuan.cases.views.following import APPEALS
from bihuan.core.clock import now, travel
from bihuan.core.visitors import Limit
from bihuan.notices.models import Notice

pytestmark = pytest.mark.usefixtures("at_nine")
WHY = "三号楼的水管仍在漏水，电话13800000001。"


@pytest.fixture
def finished(make_case, cast):
    """A case that was re-opened once and is closed again."""
    case = actions.answer_report(make_case(at="closed").reports.get(), by=cast.resident, solved=False)
    for step in ("resolve", "inspect", "close"):
        case = getattr(make_case, step)(case, cast.pipes)
    return case


def appeal(case, by=None):
    return actions.appeal_report(case.reports.first(), by=by, reason=WHY).appeals.last()


def unit_appeals(case, cast, against="lateness"):
    return actions.appeal_case(case, by=cast.handler, against=against, reason="等待停水").appeals.last()


def rule(appeal, cast, upheld, by=None):
    by = by or cast.district_dispatcher
    return actions.decide_appeal(appeal.case, by=by, appeal=appeal, upheld=upheld, ruling=" 现场仍有漏水。 ")


def told_kinds(case, person):
    found = Notice.objects.filter(subject_type="cases.case", subject_id=case.pk, recipient=person)
    return {notice.kind for notice in found}


# -- a reporter's appeal ----------------------------------------------------------------------------------


def test_a_reporter_appeals_and_the_district_is_told(finished, cast, told):
    asked = appeal(finished, cast.resident)
    assert (asked.state, asked.against, asked.party, asked.asked_by) == (
        "asked", "closing", "reporter", cast.resident
    )  # fmt: skip
    assert asked.due_at == moment("2025-09-17 09:00"), "five working days"
    data = entries_about(finished).last().data
    assert (data["appeal"], data["party"], data["report"]) == (asked.pk, "reporter", asked.report_id)
    assert "漏水" not in str(data), "a reporter's words stay out of the record"
    assert ("district_dispatcher", "case.appealed") in told(finished)
    (waiting,) = requests_waiting_for(cast.district_dispatcher)
    assert [row.number for row in waiting.rows] == [finished.number]


def test_who_can_still_say_not_solved_needs_no_appeal(make_case, refused, unchanged):
    case = make_case(at="closed")
    with unchanged(), refused("case.say_not_solved"):
        appeal(case)


def test_a_reporter_appeals_once_against_the_same(finished, refused, unchanged):
    appeal(finished)
    with unchanged(), refused("case.appealed_already"):
        appeal(finished)


@pytest.mark.parametrize("state", ["closed", "declined"])
@pytest.mark.parametrize(("days", "heard"), [(15, True), (16, False)])
def test_an_appeal_counts_for_fifteen_days(make_case, finished, refused, unchanged, state, days, heard):
    case = finished if state == "closed" else make_case(at="declined")
    with travel(now() + timedelta(days=days)):
        if heard:
            assert appeal(case).state == "asked"
        else:
            with unchanged(), refused("case.appeal_too_late"):
                appeal(case)


def test_an_upheld_appeal_against_declining_is_for_the_desk_to_file(make_case, cast, refused, told):
    case = rule(appeal(make_case(at="declined"), cast.resident), cast, upheld=True)
    assert (case.state, case.decline_reason, case.reply) == ("reported", "", "")
    assert case.due_at == moment("2025-09-11 09:00")
    with refused("case.decline_overruled"):
        actions.decline_case(case, by=cast.clerk, reason="elsewhere", note="请拨打水务公司电话")
    assert actions.file_case(case, by=cast.clerk, matter=cast.pipes).state == "filed"
    assert {("resident", "report.appeal_decided"), ("clerk", "case.taken_up_again")} <= told(case)


def test_an_upheld_appeal_against_closing_is_for_the_unit(finished, cast, told):
    case = rule(appeal(finished, cast.resident), cast, upheld=True)
    assert (case.state, case.closed_at, case.unit) == ("handling", None, cast.bureau)
    assert case.stage_limit == 86_400, "its whole limit anew"
    asked = case.appeals.get()
    assert (asked.state, asked.ruling, asked.ruled_by, asked.step_at) == (
        "upheld", "现场仍有漏水。", cast.district_dispatcher, None
    )  # fmt: skip
    assert {("resident", "report.appeal_decided"), ("handler", "case.taken_up_again")} <= told(case)


def test_a_rejected_appeal_changes_nothing_and_is_explained(finished, cast, told):
    case = rule(appeal(finished, cast.resident), cast, upheld=False)
    assert case.state == "closed"
    page = Client().get(reverse("cases:track", args=[case.reports.get().tracking_code])).text
    assert "现场仍有漏水。" in page
    assert "The decision stands" in page
    assert ("resident", "report.appeal_decided") in told(case)


def test_one_ruling_answers_all_who_appealed_against_the_same(make_case, cast):
    first, second = make_case.report(), make_case.report(by=None, words="水管漏水。")
    actions.merge_case(second.case, by=cast.clerk, into=first.case)
    case = actions.decline_case(first.case, by=cast.clerk, reason="absent", note="未发现")
    for report in case.reports.all():
        actions.appeal_report(report, by=None, reason=WHY)
    case = rule(case.appeals.first(), cast, upheld=True)
    assert {asked.state for asked in case.appeals.all()} == {"upheld"}
    for report in case.reports.all():
        assert [event.verb for event in story_of(report)][-2:] == ["case.appealed", "case.appeal_decided"]


def test_nobody_reads_anothers_appeal(make_case, cast):
    first, second = make_case.report(), make_case.report(by=None, words="水管漏水。")
    actions.merge_case(second.case, by=cast.clerk, into=first.case)
    actions.decline_case(first.case, by=cast.clerk, reason="absent", note="未发现")
    actions.appeal_report(first, by=None, reason=WHY)
    page = Client().get(reverse("cases:track", args=[second.tracking_code])).text
    assert WHY not in page
    assert "You appealed" not in page


# -- on the tracking page ---------------------------------------------------------------------------------


def test_a_reporter_without_an_account_appeals_on_their_page(finished):
    report = finished.reports.get()
    page, url = (reverse(f"cases:{name}", args=[report.tracking_code]) for name in ("track", "appeal"))
    assert 'id="ask-appeal"' in Client().get(page).text
    assert Client().post(url, {"reason": ""}).status_code == 422
    assert Client().post(url, {"reason": WHY})["Location"] == page
    after = Client().get(page).text
    assert 'id="ask-appeal"' not in after
    assert "under review" in after
    assert Appeal.objects.get().asked_by is None


def test_a_flood_of_appeals_is_kept_away_and_the_words_are_not_lost(finished, monkeypatch):
    monkeypatch.setattr("bihuan.cases.views.following.APPEALS", Limit("appeal", times=0, seconds=3_600))
    url = reverse("cases:appeal", args=[finished.reports.get().tracking_code])
    answer = Client().post(url, {"reason": WHY})
    assert answer.status_code == 429
    assert WHY in answer.text
    assert not Appeal.objects.exists()
    assert APPEALS.times >= 5


# -- a unit's appeal --------------------------------------------------------------------------------------


def test_a_unit_that_is_right_is_excused(make_case, cast, told):
    case = make_case(at="closed")
    asked = unit_appeals(case, cast)
    assert (asked.party, asked.unit, asked.against) == ("unit", cast.bureau, "lateness")
    case = rule(asked, cast, upheld=True)
    assert case.state == "closed"
    assert ("handler", "case.appeal_upheld") in told(case)


def test_a_unit_that_is_wrong_is_not(make_case, cast, told):
    case = rule(unit_appeals(make_case(at="closed"), cast), cast, upheld=False)
    assert ("handler", "case.appeal_rejected") in told(case)
    page = Client().get(reverse("cases:track", args=[case.reports.get().tracking_code])).text
    assert "appeal" not in page.lower().replace("ask-appeal", ""), "what a unit says is not the reporter's"


def test_a_unit_appeals_once_for_each_closing(make_case, cast, refused, unchanged):
    case = make_case(at="closed")
    asked = unit_appeals(case, cast)
    with unchanged(), refused("case.appealed_already"):
        unit_appeals(case, cast)
    case = actions.answer_report(case.reports.get(), by=cast.resident, solved=False)
    asked.refresh_from_db()
    assert (asked.state, asked.step_at, asked.ruled_by) == ("lapsed", None, None)
    assert entries_about(case).filter(verb="case.appeal_lapsed").count() == 1
    for step in ("resolve", "inspect", "close"):
        case = getattr(make_case, step)(case, cast.pipes)
    assert unit_appeals(case, cast).state == "asked"


def test_a_reporters_appeal_lapses_with_a_failed_recheck_and_may_come_again(finished, make_case, cast):
    """The case is worked on again: nobody could rule, and the limit would run out all the same."""
    asked = appeal(finished, cast.resident)
    case = actions.recheck_case(drawn(finished), by=cast.district_inspector, held=False, note="仍漏水")
    asked.refresh_from_db()
    assert (case.state, asked.state, asked.step_at) == ("handling", "lapsed", None)
    page = Client().get(reverse("cases:track", args=[asked.report.tracking_code])).text
    assert "An appeal lapsed" in page and "The decision stands" not in page
    for step in ("resolve", "inspect", "close"):
        case = getattr(make_case, step)(case, cast.pipes)
    assert appeal(case, cast.resident).state == "asked"


# -- the ruling -------------------------------------------------------------------------------------------


def test_only_a_district_dispatcher_rules(finished, cast, refused, unchanged):
    asked = appeal(finished)
    with unchanged(), refused("case.not_your_duty"):
        rule(asked, cast, upheld=True, by=cast.dispatcher)


@pytest.mark.parametrize("duty", ["clerk", "inspector"])
def test_nobody_rules_on_their_own_decision(make_case, cast, hold, places, refused, unchanged, duty):
    judge = make_person("都是我", duties=[("dispatcher", places.district), (duty, places.street)])
    if duty == "clerk":
        case = actions.decline_case(make_case(), by=judge, reason="absent", note="未发现")
    else:
        case = actions.inspect_case(make_case(at="resolved"), by=judge, reply="已修复")
        case = actions.close_case(case, by=cast.inspector)
        Case.objects.filter(pk=case.pk).update(reopened=True)
    asked = appeal(Case.objects.get(pk=case.pk))
    with unchanged(), refused("case.own_decision"):
        rule(asked, cast, upheld=True, by=judge)


def test_whoever_handled_it_does_not_rule(finished, cast, hold, places, refused, unchanged):
    hold(cast.handler, "dispatcher", places.district)
    asked = appeal(finished)
    with unchanged(), refused("case.own_decision"):
        rule(asked, cast, upheld=True, by=cast.handler)


def test_an_appeal_about_another_case_is_none(make_case, finished, cast, refused, unchanged):
    other = make_case(at="declined")
    appeal(finished)
    asked = appeal(other)
    with unchanged(), refused("case.no_appeal"):
        actions.decide_appeal(finished, by=cast.district_dispatcher, appeal=asked, upheld=True, ruling="对")


# -- what is due ------------------------------------------------------------------------------------------


def test_the_district_is_reminded_once_at_each_step(finished, cast, told):
    asked = appeal(finished)
    with travel(asked.step_at):
        assert actions.take_due_review_steps() == 1
        assert actions.take_due_review_steps() == 0
    with travel(asked.due_at + timedelta(days=9)):
        assert actions.take_due_review_steps() == 1
        assert actions.take_due_review_steps() == 0
    verbs = [entry.verb for entry in entries_about(finished)][-2:]
    assert verbs == ["case.appeal_reminded", "case.appeal_overdue"]
    told(finished)
    assert {"case.appeal_reminded", "case.appeal_overdue"} <= told_kinds(finished, cast.district_dispatcher)
    finished.refresh_from_db()
    assert finished.state == "closed"


def test_what_is_decided_is_not_due(finished, cast):
    rule(appeal(finished), cast, upheld=False)
    with travel(now() + timedelta(days=30)):
        assert actions.take_due_review_steps() == 0


# -- the page of appeals ----------------------------------------------------------------------------------


def test_the_page_lists_what_waits_and_what_was_decided(make_case, finished, cast):
    asked = appeal(finished)
    client, url = client_of(cast.district_dispatcher), reverse("cases:appeals")
    assert finished.number in client.get(url).text
    assert WHY in client.get(url).text
    assert finished.number not in client.get(url, {"show": "decided"}).text
    rule(asked, cast, upheld=False)
    assert finished.number not in client.get(url).text
    assert finished.number in client.get(url, {"show": "decided"}).text
    assert finished.number not in client_of(cast.stranger).get(url, {"show": "decided"}).text
    assert client_of(cast.resident).get(url).status_code == 404


def test_the_page_takes_as_many_queries_for_ten_as_for_many(
    finished, cast, django_assert_max_num_queries, django_assert_num_queries
):
    client, url = client_of(cast.district_dispatcher), reverse("cases:appeals")
    appeal(finished)
    row = Appeal.objects.values().get()
    del row["id"], row["report_id"]
    row |= {"party": "unit", "unit_id": cast.bureau.pk}

    def more(count):
        first = Case.objects.values().get(pk=finished.pk)
        del first["id"]
        start = Case.objects.count()
        cases = Case.objects.bulk_create(
            Case(**(first | {"number": f"990102-{start + step:07d}-0"})) for step in range(count)
        )
        Appeal.objects.bulk_create(Appeal(**(row | {"case_id": case.pk})) for case in cases)

    more(10)
    client.get(url)
    with django_assert_max_num_queries(20) as few:
        client.get(url)
    more(1_000)
    with django_assert_num_queries(len(few)):
        assert client.get(url).text.count("list-group-item") >= 30


def test_who_may_not_appeal_has_no_button(make_case, cast):
    case = make_case(at="closed")
    page = client_of(cast.handler).get(reverse("cases:show", args=[case.number])).text
    assert "/appeal-as-unit/" in page
    assert (
        "/decide-appeal/"
        not in client_of(cast.district_dispatcher).get(reverse("cases:show", args=[case.number])).text
    )
    assert rules.may("appeal", case, cast.resident, report=None).code == "case.not_yours"
