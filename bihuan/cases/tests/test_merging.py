"""The same problem reported more than once: each reporter stays informed and is heard; taking it back."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.accounts.tests.factories import make_person
from bihuan.audit.queries import entries_about, faults
from bihuan.cases import actions, queries, rules
from bihuan.cases.models import Case, Report
from bihuan.cases.queries.following import photos_for, story_of
from bihuan.cases.tests.browsing import client_of
from bihuan.core.clock import now, travel
from bihuan.files.actions import attach_files
from bihuan.notices.models import Notice

pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture
def neighbour(cast):
    return make_person("邻居", username="neighbour")


@pytest.fixture
def leak(make_case, cast, neighbour):
    """Three reports of one leak: the first one's case, into which the two others were merged."""
    first = make_case.report()
    second = make_case.report(by=neighbour, words="三号楼漏水。", title="邻居的标题")
    third = make_case.report(by=None, words="水从三号楼流出来。", phone="13800000003", may_call=True)
    for report in (second, third):
        actions.merge_case(report.case, by=cast.clerk, into=first.case, note="同一处")
    return [Report.objects.get(pk=report.pk) for report in (first, second, third)]


def brought(make_case, case, *steps):
    for step in steps:
        case = getattr(make_case, step)(case, make_case.cast.pipes)
    return case


def closed(make_case, leak):
    steps = ("file", "assign", "acknowledge", "resolve", "inspect")
    case = brought(make_case, leak[0].case, *steps)
    return actions.call_back_case(case, by=make_case.cast.clerk, answered=True, solved=True)


def told_to(person):
    return {notice.kind for notice in Notice.objects.filter(recipient=person)}


def track(report):
    return reverse("cases:track", args=[report.tracking_code])


# -- merging 合并 -----------------------------------------------------------------------------------------


def test_the_reports_move_and_every_timeline_says_so(leak):
    into = leak[0].case
    assert [report.case_id for report in leak] == [into.pk] * 3
    merged = leak[1].first_case
    assert leak[0].first_case is None
    assert (merged.state, merged.merged_into, merged.step_at) == ("merged", into, None)
    assert entries_about(merged).last().data["into_number"] == into.number
    took_in = [entry.data["of"] for entry in entries_about(into).filter(verb="case.took_in")]
    assert took_in == [leak[1].first_case_id, leak[2].first_case_id]
    assert list(faults()) == []


def test_reporters_keep_their_code_and_read_their_own_words(leak):
    for report, others in zip(leak, ("三号楼漏水", "楼下水管", "楼下水管"), strict=True):
        page = Client().get(track(report)).text
        assert report.own_case.number in page
        assert report.words in page
        assert others not in page
    assert "邻居的标题" in Client().get(track(leak[1])).text
    assert "邻居的标题" not in Client().get(track(leak[0])).text


def test_a_merged_reporters_story_is_theirs_and_then_the_cases(make_case, leak):
    brought(make_case, leak[0].case, "file", "assign")
    assert [event.verb for event in story_of(leak[1])] == [
        "case.reported", "case.merged", "case.took_in", "case.filed", "case.assigned"
    ]  # fmt: skip
    assert [event.verb for event in story_of(leak[0])] == [
        "case.reported", "case.took_in", "case.took_in", "case.filed", "case.assigned"
    ]  # fmt: skip


def test_whoever_is_merged_is_told_of_everything_that_follows(make_case, cast, leak, neighbour, settle):
    settle()
    assert "report.merged" in told_to(neighbour)
    closed(make_case, leak)
    settle()
    for person in (cast.resident, neighbour):
        assert {"report.accepted", "report.closed"} <= told_to(person)
    titles = Notice.objects.filter(recipient=neighbour).values_list("params", flat=True)
    assert {params["title"] for params in titles} == {"邻居的标题"}


def test_the_unit_that_does_the_work_sees_what_every_reporter_handed_in(make_case, cast, photo):
    first, second = make_case.report(), make_case.report(by=None, photos=[photo(1)])
    actions.merge_case(second.case, by=cast.clerk, into=first.case)
    (picture,) = queries.photos_of(second.case).before
    assert client_of(cast.handler).get(f"/files/{picture.pk}/").status_code == 404, "not theirs yet"
    brought(make_case, first.case, "file", "assign")
    assert client_of(cast.handler).get(f"/files/{picture.pk}/").status_code == 200
    assert client_of(cast.stranger).get(f"/files/{picture.pk}/").status_code == 404


def test_nobody_sees_anothers_photo_and_everybody_the_work(make_case, cast, neighbour, photo):
    first, second = (
        make_case.report(by=by, photos=[photo(n)]) for n, by in ((1, cast.resident), (2, neighbour))
    )
    case = actions.merge_case(second.case, by=cast.clerk, into=first.case).merged_into
    attach_files([photo(3)], case, role="after", by=cast.handler)
    second.refresh_from_db()
    own, others = (one.case.pk if one is first else one.first_case_id for one in (second, first))
    shown = photos_for(second)
    assert [file.subject_id for file in (*shown.before, *shown.after)] == [own, case.pk]
    visitor = Client()
    visitor.get(track(second))
    for client in (visitor, client_of(neighbour)):
        said = {
            file.role + str(file.subject_id): client.get(reverse("files:show", args=[file.pk])).status_code
            for one in (first.case, second.first_case)
            for file in (*queries.photos_of(one).before, *queries.photos_of(one).after)
        }
        assert said == {f"report{others}": 404, f"report{own}": 200, f"after{case.pk}": 200}


def test_staff_read_the_merged_case_from_the_one_that_is_worked_on(cast, leak):
    page = client_of(cast.leader).get(reverse("cases:show", args=[leak[0].case.number])).text
    assert "邻居的标题" in page
    assert leak[1].first_case.number in page
    old = client_of(cast.leader).get(reverse("cases:show", args=[leak[1].first_case.number])).text
    assert f"/cases/{leak[0].case.number}/" in old
    assert "This case was merged" in old


def test_a_resident_finds_the_old_number_again(leak, neighbour):
    answer = client_of(neighbour).get(reverse("cases:show", args=[leak[1].first_case.number]))
    assert answer["Location"] == track(leak[1])
    mine = client_of(neighbour).get(reverse("cases:mine")).text
    assert "邻居的标题" in mine


def test_what_was_merged_before_moves_along(make_case, cast, leak):
    other = make_case(at="handling")
    case = actions.merge_case(leak[0].case, by=cast.clerk, into=other)
    assert {one.merged_into for one in (case, *other.merged.all())} == {other}
    assert other.merged.count() == 3
    assert other.reports.count() == 4
    assert Report.objects.get(pk=leak[1].pk).first_case == leak[1].first_case


@pytest.mark.parametrize("state", ["closed", "declined", "merged"])
def test_nothing_is_merged_into_what_is_finished(make_case, cast, refused, unchanged, state):
    case, other = make_case(), make_case(at=state)
    with unchanged(), refused("case.merge_finished"):
        actions.merge_case(case, by=cast.clerk, into=other)


def test_nothing_is_merged_into_itself_or_into_what_one_may_not_see(make_case, cast, refused, unchanged):
    case = make_case()
    far = make_case.report(lon=cast.places.elsewhere[0], lat=cast.places.elsewhere[1]).case
    with unchanged(), refused("case.merge_itself"):
        actions.merge_case(case, by=cast.clerk, into=case)
    with unchanged(), refused("case.merge_unseen"):
        actions.merge_case(case, by=cast.clerk, into=far)


def test_one_of_several_cannot_take_it_back_for_all(leak, cast, refused, unchanged):
    with unchanged(), refused("case.others_reported"):
        actions.withdraw_case(leak[0].case, by=cast.resident, report=leak[0])
    assert "take this report back" not in Client().get(track(leak[0])).text


def test_the_clerk_compares_and_merges_with_one_button(make_case, cast):
    first, second = make_case(), make_case()
    client = client_of(cast.clerk)
    page = client.get(reverse("cases:show", args=[second.number])).text
    compare = reverse("cases:alike", args=[second.number, first.number])
    assert compare in page
    assert "same spot" in page
    side = client.get(compare).text
    assert side.count(first.words) >= 2
    assert first.number in side
    client.post(reverse("cases:merge", args=[second.number]), {"into": first.number})
    second.refresh_from_db()
    assert second.merged_into == first
    stranger = client_of(cast.stranger).get(compare)
    assert stranger.status_code == 404
    assert client_of(cast.leader).get(compare).status_code == 409


# -- the reporters' answers ------------------------------------------------------------------------------


def test_a_second_reporters_not_solved_opens_it_again(make_case, leak, cast):
    case = closed(make_case, leak)
    assert (case.state, case.reopened) == ("closed", False)
    case = actions.answer_report(leak[1], by=cast.resident, solved=False)
    assert (case.state, case.reopened) == ("handling", True)


def test_not_solved_opens_it_again_only_once_whoever_says_it(make_case, leak):
    closed(make_case, leak)
    case = actions.answer_report(leak[1], by=None, solved=False)
    case = brought(make_case, case, "resolve", "inspect")
    with travel(now() + timedelta(hours=1)):
        case = actions.answer_report(leak[0], by=None, solved=True, satisfaction="satisfied")
        assert (case.state, case.satisfaction) == ("closed", "satisfied")
        case = actions.answer_report(leak[2], by=None, solved=False, satisfaction="dissatisfied")
    assert (case.state, case.satisfaction) == ("closed", "dissatisfied")
    assert rules.is_solved(case) is False
    data = entries_about(case).last().data
    assert (data["report"], data["case_solved"], data["case_satisfaction"]) == (
        leak[2].pk, False, "dissatisfied"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "together"),
    [
        ([], "unrated"),
        ([(True, "")], "unrated"),
        ([(True, "satisfied"), (True, "")], "satisfied"),
        ([(True, "satisfied"), (True, "fairly")], "fairly"),
        ([(True, "satisfied"), (False, "dissatisfied")], "dissatisfied"),
        ([(True, "satisfied"), (False, "")], "unrated"),
    ],
)
def test_the_case_is_as_satisfactory_as_the_worst_word_about_it(make_case, leak, said, together):
    case = closed(make_case, leak)
    Case.objects.filter(pk=case.pk).update(reopened=True)  # a word changes nothing any more but the figures
    Report.objects.update(heard_at=None, solved=None, satisfaction="")
    for report, (solved, rating) in zip(leak, said, strict=False):
        case = actions.answer_report(report, by=None, solved=solved, satisfaction=rating)
    assert case.satisfaction == together
    assert rules.is_solved(case) is (None if not said else all(solved for solved, _rating in said))


def test_what_was_said_before_it_was_opened_again_no_longer_counts(make_case, leak):
    closed(make_case, leak)
    actions.answer_report(leak[0], by=None, solved=True, satisfaction="satisfied")
    case = actions.answer_report(leak[1], by=None, solved=False, satisfaction="dissatisfied")
    case = brought(make_case, case, "resolve", "inspect")
    with travel(now() + timedelta(days=1)):
        for _attempt in range(2):
            case = actions.call_back_case(case, by=make_case.cast.clerk, answered=False)
            if case.state == "inspected":
                Case.objects.filter(pk=case.pk).update(called_at=now() - timedelta(days=1))
    assert (case.state, case.satisfaction) == ("closed", "unrated"), "never counted as satisfied"


def test_the_clerk_calls_any_of_those_who_agreed(make_case, cast, refused, unchanged):
    first = make_case.report(phone="13800000001", may_call=True)
    second = make_case.report(phone="13800000002", may_call=True)
    silent = make_case.report(by=None)
    for report in (second, silent):
        actions.merge_case(report.case, by=cast.clerk, into=first.case)
    case = brought(make_case, first.case, "file", "assign", "acknowledge", "resolve", "inspect")
    url = reverse("cases:call_back", args=[case.number])
    assert client_of(cast.clerk).get(url).text.count('name="report"') == 2
    with unchanged(), refused("case.not_to_be_called"):
        actions.call_back_case(case, by=cast.clerk, answered=True, solved=True, report=silent)
    case = actions.call_back_case(
        case, by=cast.clerk, answered=True, solved=True, satisfaction="fairly", report=second
    )
    assert (case.state, case.satisfaction) == ("closed", "fairly")
    first.refresh_from_db()
    assert (entries_about(case).last().data["report"], first.heard_at) == (second.pk, None)
    called = [event.verb for event in story_of(Report.objects.get(pk=first.pk))]
    assert "case.called_back" not in called, "what one says no other one reads"
    assert client_of(cast.resident).get(track(first)).context["may_answer"]


def test_when_one_says_not_solved_the_others_are_told_that_it_goes_on(
    make_case, leak, cast, neighbour, settle
):
    closed(make_case, leak)
    actions.answer_report(leak[1], by=neighbour, solved=False)
    settle()
    assert "report.taken_up_again" in told_to(cast.resident), "they had read that it was settled"
    assert "report.taken_up_again" not in told_to(neighbour), "they said so themselves"


def test_when_ones_appeal_is_upheld_the_others_are_told_that_it_goes_on(
    make_case, leak, cast, neighbour, settle
):
    case = actions.decline_case(leak[0].case, by=cast.clerk, reason="elsewhere", note="请联系物业。")
    case = actions.appeal_report(leak[1], by=neighbour, reason="水管属于市政。")
    actions.decide_appeal(
        case, by=cast.district_dispatcher, appeal=case.appeals.get(), upheld=True, ruling="属于市政。"
    )
    settle()
    assert "report.taken_up_again" in told_to(cast.resident)
    assert "report.appeal_decided" in told_to(neighbour)
    assert "report.taken_up_again" not in told_to(neighbour)


def test_erased_words_leave_the_notices_of_a_merged_report(make_case, leak, neighbour, settle):
    closed(make_case, leak)
    settle()
    actions.erase_report(leak[1], by=neighbour)
    settle()
    first, second = leak[0].own_case, leak[1].first_case
    mine = {notice.params["title"] for notice in Notice.objects.filter(recipient=neighbour)}
    assert mine == {second.number}
    others = Notice.objects.exclude(recipient=neighbour).filter(params__has_key="title")
    assert {notice.params["title"] for notice in others} == {first.title}


# -- taking it back --------------------------------------------------------------------------------------


def test_taken_back_the_case_waits_again_with_what_was_left(make_case, cast, neighbour, settle):
    first, second = make_case.report(), make_case.report(by=neighbour)
    case = second.case
    with travel(now() + timedelta(hours=3)):
        case = actions.merge_case(case, by=cast.clerk, into=first.case)
        assert case.stage_used == 3 * 3_600
    with travel(now() + timedelta(days=5)):
        left = case.stage_limit - case.stage_used
        case = actions.unmerge_case(case, by=cast.clerk, reason="是五号楼")
        assert (case.state, case.merged_into, case.running_since) == ("reported", None, now())
        assert (case.stage_used, case.stage_limit - case.stage_used) == (3 * 3_600, left)
        settle()
    second.refresh_from_db()
    assert (second.case, second.first_case, second.answered_at) == (case, None, None)
    assert "report.unmerged" in told_to(neighbour)
    assert [event.verb for event in story_of(second)] == ["case.reported", "case.merged", "case.unmerged"]
    assert entries_about(first.case).last().data["of_number"] == case.number
    assert list(faults()) == []


def test_taken_back_its_reporters_words_count_no_longer_for_the_other_case(make_case, leak, cast):
    case = closed(make_case, leak)
    Case.objects.filter(pk=case.pk).update(reopened=True)
    actions.answer_report(leak[0], by=None, solved=True, satisfaction="satisfied")
    case = actions.answer_report(leak[1], by=None, solved=False, satisfaction="dissatisfied")
    assert case.satisfaction == "dissatisfied"
    actions.unmerge_case(leak[1].first_case, by=cast.clerk, reason="是五号楼")
    case.refresh_from_db()
    assert case.satisfaction == "satisfied"
    assert Report.objects.get(pk=leak[1].pk).heard_at is None


@pytest.mark.parametrize(("days", "possible"), [(15, True), (16, False)])
def test_a_merge_can_be_taken_back_until_fifteen_days_after_closing(make_case, leak, cast, days, possible):
    closed(make_case, leak)
    with travel(now() + timedelta(days=days)):
        case = Case.objects.get(pk=leak[1].first_case_id)
        assert bool(rules.may("unmerge", case, cast.clerk)) is possible
