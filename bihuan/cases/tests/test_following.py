"""What somebody who reported sees and may do: following, rating, taking back."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from bihuan.accounts.models import User
from bihuan.cases import actions
from bihuan.cases.models import Case, Report, Satisfaction, State
from bihuan.cases.tests.factories import CaseMaker
from bihuan.cases.tests.verb import report_of
from bihuan.cases.views.following import WRONG_CODES
from bihuan.core.clock import travel
from bihuan.core.visitors import Limit
from bihuan.files.actions import accept_upload
from bihuan.files.models import Attachment
from bihuan.files.tests.samples import jpeg, upload

STATES = [state.value for state in State if state != State.WITHDRAWN]


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["django_language"] = "en"


def track(case):
    return reverse("cases:track", args=[report_of(case).tracking_code])


def say(client, case, **answer):
    code = case.reports.get().tracking_code
    return client.post(reverse("cases:answer", args=[code]), {"solved": "yes", **answer})


# -- what the page says -------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("state", STATES)
def test_every_state_has_its_words_and_names_nobody(client, make_case, cast, state, language):
    client.cookies["django_language"] = language
    for person in vars(cast).values():
        if isinstance(person, User):
            person.name = f"实名{person.pk}"
            person.save(update_fields=["name"])
    case = make_case(at=state, consenting=state != "closed")

    page = client.get(track(case))

    assert page.status_code == 200
    assert report_of(case).tracking_code in page.text
    assert "实名" not in page.text
    assert not re.search(r"138\D{0,4}0000\D{0,4}0001|138\*+0001", page.text)


def test_the_holder_is_a_unit_or_a_desk(client, make_case):
    assert "the desk of 人和街" in client.get(track(make_case())).text
    assert "Urban Management Bureau is working on it" in client.get(track(make_case(at="handling"))).text


def test_the_promised_day_stands_there_once_it_is_promised(client, make_case):
    assert "Promised by" not in client.get(track(make_case())).text
    assert "Promised by" in client.get(track(make_case(at="filed"))).text


def test_a_late_case_says_so(client, make_case):
    case = make_case(at="handling")
    address = track(case)
    assert "longer than we promised" not in client.get(address).text

    with travel(case.promised_at + timedelta(days=1)):
        assert "longer than we promised" in client.get(address).text


def test_a_decline_says_why_and_where_to_turn(client, make_case, clerk):
    case = make_case()
    said = {"note": "水表归水务公司管", "turn_to": "水务热线 96390"}
    actions.decline_case(case, by=clerk, reason="elsewhere", **said)

    page = client.get(track(case)).text

    assert "another authority is responsible" in page
    assert "水表归水务公司管" in page
    assert "水务热线 96390" in page


def test_before_and_after_can_be_compared_by_whoever_follows(client, make_case, handler, inspector):
    case = make_case(at="handling")
    actions.resolve_case(case, by=handler, note="已修复", photos=[accept_upload(upload(jpeg(seed=2)))])
    with_before = CaseMaker(make_case.cast).report(photos=[accept_upload(upload(jpeg(seed=1)))]).case
    after = Attachment.objects.get(subject_id=case.pk)
    before = Attachment.objects.get(subject_id=with_before.pk)
    Attachment.objects.filter(pk=before.pk).update(subject_id=case.pk)
    stranger = Client()

    url = reverse("files:show", args=[after.pk])
    assert client.get(url).status_code == 404
    page = client.get(track(case)).text

    assert "data-compare" in page
    assert client.get(url).status_code == 200
    assert stranger.get(url).status_code == 404


def test_the_qr_code_leads_to_the_page(client, make_case):
    answer = client.get(reverse("cases:qr", args=[make_case().reports.get().tracking_code]))

    assert answer["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<?xml")


def test_the_page_costs_the_same_however_long_the_story_is(client, make_case, django_assert_max_num_queries):
    for state in ("reported", "inspected"):
        address = track(make_case(at=state, consenting=True))
        client.get(address)
        with django_assert_max_num_queries(10):
            client.get(address)


# -- codes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " "),
        lambda code: f"  {code}\n",
    ],
)
def test_a_code_is_found_however_it_was_typed(client, make_case, typed):
    code = make_case().reports.get().tracking_code

    answer = client.get(reverse("cases:find"), {"code": typed(code)})

    assert answer.status_code == 302
    assert answer.url == f"/track/{code}/"


def test_full_width_letters_are_read_too(client, make_case):
    code = make_case().reports.get().tracking_code
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)

    assert client.get(reverse("cases:find"), {"code": wide}).status_code == 302


@pytest.mark.parametrize("code", ["AAAA-BBBB-CCCC", "x", "\0", "%27%20OR%201", "漢" * 3000, "A" * 2000])
def test_a_wrong_code_asks_again_and_says_so(client, places, code):
    for answer in (client.get(reverse("cases:find"), {"code": code}), client.get(f"/track/{code[:60]}/")):
        assert answer.status_code == 404
        assert "There is no report with this code" in answer.text
        assert 'name="code"' in answer.text


def test_the_number_does_not_open_a_report_but_is_recognised(client, make_case):
    answer = client.get(reverse("cases:find"), {"code": make_case().number})

    assert answer.status_code == 404
    assert "This is the number of the report" in answer.text


def test_a_wrong_code_opens_nothing_else_either(client, places):
    for name, method in (("answer", client.post), ("withdraw", client.post), ("qr", client.get)):
        assert method(reverse(f"cases:{name}", args=["AAAA-BBBB-CCCC"])).status_code == 404


def test_whoever_guesses_codes_has_to_wait(client, make_case, monkeypatch):
    monkeypatch.setattr("bihuan.cases.views.following.WRONG_CODES", Limit(WRONG_CODES.name, 3, 600))
    address = track(make_case())
    for _ in range(5):
        assert client.get(address).status_code == 200
    for number in range(3):
        assert client.get(f"/track/AAAA-BBBB-CCC{number}/").status_code == 404

    refused = client.get(address)

    assert refused.status_code == 429
    assert refused["Retry-After"] == "600"
    assert "wait ten minutes" in refused.text
    assert client.get(address, REMOTE_ADDR="203.0.113.9").status_code == 200


# -- answers ------------------------------------------------------------------------------------------


def test_solved_closes_the_case(client, make_case):
    case = make_case(at="inspected", consenting=True)

    answer = say(client, case, satisfaction="satisfied", comment="谢谢")

    assert answer.status_code == 302
    case.refresh_from_db()
    report = case.reports.get()
    assert (case.state, case.satisfaction) == (State.CLOSED, Satisfaction.SATISFIED)
    assert (report.solved, report.comment) == (True, "谢谢")
    assert "Thank you for your answer" in client.get(track(case)).text


def test_not_solved_reopens_once_and_then_is_only_heard(client, make_case, cast):
    case = make_case(at="inspected", consenting=True)
    say(client, case, solved="no", satisfaction="dissatisfied")
    case.refresh_from_db()
    assert (case.state, case.reopened) == (State.HANDLING, True)
    before = "What we answered before it was taken up again"
    assert before in client.get(track(case)).text, "the old reply does not stand as ours now"

    actions.resolve_case(case, by=cast.handler, note="又修了一次")
    actions.inspect_case(case, by=cast.inspector, reply="已复查")
    assert "already taken up once more" in client.get(track(case)).text
    assert before not in client.get(track(case)).text
    say(client, case, solved="no", satisfaction="dissatisfied")
    case.refresh_from_db()
    assert case.state == State.CLOSED

    refused = say(client, case)
    assert refused.status_code == 409
    assert "You have answered already" in refused.text


def test_an_answer_too_early_is_refused_with_words(client, make_case):
    case = make_case(at="handling")

    assert 'id="answer"' not in client.get(track(case)).text
    refused = say(client, case)

    assert refused.status_code == 409
    case.refresh_from_db()
    assert case.state == State.HANDLING


def test_an_answer_without_a_choice_comes_back(client, make_case):
    case = make_case(at="inspected", consenting=True)

    answer = say(client, case, solved="", comment="还在漏水")

    assert answer.status_code == 422
    assert "还在漏水" in answer.text


def test_an_answer_long_after_closing_is_explained(client, make_case):
    case = make_case(at="closed")
    with travel(case.closed_at + timedelta(days=16)):
        page = client.get(track(case)).text
        assert "Report it anew" in page
        assert say(client, case).status_code == 409


def test_a_failure_half_way_keeps_no_answer(client, make_case, breaking_record):
    case = make_case(at="inspected", consenting=True)
    broken = breaking_record("bihuan.cases.actions.loop")

    with pytest.raises(broken):
        say(client, case)

    case.refresh_from_db()
    assert case.state == State.INSPECTED
    assert case.reports.get().solved is None


# -- taking back --------------------------------------------------------------------------------------


def test_a_report_is_taken_back_while_nobody_has_acted(client, make_case):
    case = make_case()
    code = case.reports.get().tracking_code
    assert "Yes, take it back" in client.get(track(case)).text

    answer = client.post(reverse("cases:withdraw", args=[code]), follow=True)

    case.refresh_from_db()
    assert case.state == State.WITHDRAWN
    assert "Nothing more will happen" in answer.text


def test_an_accepted_report_cannot_be_taken_back(client, make_case):
    case = make_case(at="assigned")
    assert "take it back" not in client.get(track(case)).text

    answer = client.post(reverse("cases:withdraw", args=[case.reports.get().tracking_code]))

    assert answer.status_code == 409
    case.refresh_from_db()
    assert case.state == State.ASSIGNED


def test_taking_back_is_no_matter_of_a_link(client, make_case):
    case = make_case()
    assert client.get(reverse("cases:withdraw", args=[case.reports.get().tracking_code])).status_code == 405


# -- home and own reports -----------------------------------------------------------------------------


def test_home_leads_to_reporting_and_following(client, places):
    page = client.get("/").text

    assert f'href="{reverse("intake:report")}"' in page
    assert f'href="{reverse("cases:find")}"' in page
    assert reverse("account_login") in page


def test_home_leads_those_with_a_desk_to_it(client, clerk):
    client.force_login(clerk)

    assert client.get("/").url == reverse("cases:desk")


def test_own_reports_are_for_oneself(client, make_case, resident, stranger):
    case = make_case()
    assert client.get("/my-reports/").status_code == 302

    client.force_login(resident)
    assert case.number in client.get("/my-reports/").text
    client.force_login(stranger)
    assert case.number not in client.get("/my-reports/").text


def test_own_reports_cost_the_same_at_ten_and_at_a_thousand(
    client, make_case, resident, django_assert_max_num_queries
):
    client.force_login(resident)
    first = make_case(at="handling")
    _copies(first, 9)
    client.get("/my-reports/")
    with django_assert_max_num_queries(8) as few:
        assert client.get("/my-reports/").text.count("/track/") >= 10
    _copies(first, 990)
    with django_assert_max_num_queries(8) as many:
        page = client.get("/my-reports/")
    assert len(many) == len(few)
    assert 'rel="next"' in page.text
    assert case_numbers(page).isdisjoint(case_numbers(client.get(next_of(page))))


def _copies(case, count):
    """Rows like this one; a thousand real rounds of the loop would take minutes."""
    start = Case.objects.count()
    report = case.reports.get()
    values = {field.attname: getattr(case, field.attname) for field in Case._meta.concrete_fields}
    rows = Case.objects.bulk_create(
        Case(**{**values, "id": None, "number": f"260101-{number:07}-0"})
        for number in range(start, start + count)
    )
    own = {"at": report.at, "channel": "web", "words": report.words, "reporter": report.reporter}
    Report.objects.bulk_create(Report(case=row, **own) for row in rows)


def case_numbers(page):
    return set(re.findall(r"\d{6}-\d{7}-\d", page.text))


def next_of(page):
    return "/my-reports/" + re.search(r'rel="next" href="([^"]+)"', page.text).group(1)


def test_no_page_needs_the_other_language(client, make_case):
    case = make_case(at="handling")
    with translation.override("en"):
        page = client.get(track(case)).text
    main = re.search(r"<main.*?</main>", page, flags=re.S).group()
    own = {case.title, case.words, "人和街", "庆丰一格"}
    rest = main
    for words in own:
        rest = rest.replace(words, "")
    assert not re.findall(r"[\u4e00-\u9fff]+", rest)
