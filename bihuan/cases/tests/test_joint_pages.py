"""What pages show of joint work and whistles, to whom; the verbs on parts and calls through their forms."""

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases.forms.joint import MOST_AT_ONCE, AssignForm
from bihuan.cases.models import Call, Case
from bihuan.cases.tests.browsing import address, client_of
from bihuan.cases.tests.verbs_joint import assisted, call_at, part_at, whistled
from bihuan.cases.views.joint import CALLS, PARTS
from bihuan.core.clock import now

pytestmark = pytest.mark.usefixtures("at_nine")
HTMX = {"hx-request": "true"}

# Who does it, on what, with what; and a form that cannot be understood (None: there is nothing to get wrong).
SIDES = {
    "acknowledge_assistance": ("stranger", part_at("asked"), {}, None),
    "finish_assistance": ("stranger", part_at("in_hand"), {"note": "阀门已关"}, {"note": ""}),
    "redo_assistance": ("handler", part_at("done"), {"reason": "还在渗水"}, {"reason": ""}),
    "withdraw_assistance": ("dispatcher", part_at("asked"), {"reason": "不再需要"}, {"reason": ""}),
    "answer_whistle": ("stranger", call_at("called"), {"comes": "yes", "sends": "科长"}, {"comes": "no"}),
    "attend_whistle": ("dispatcher", call_at("answered"), {}, None),
    "rate_department": ("dispatcher", call_at("ruled"), {"rating": "5"}, {"rating": "2"}),
    "answer_rating": ("stranger", call_at("rated"), {"words": "感谢"}, {"words": ""}),
}
every_side = pytest.mark.parametrize("verb", SIDES)


def case_of(subject):
    return subject.whistle.case if isinstance(subject, Call) else subject.case


def at(subject, verb):
    return reverse(f"cases:{verb}", args=[case_of(subject).number, subject.pk])


def test_every_verb_on_a_part_or_call_is_tried_here():
    assert set(SIDES) == set(PARTS) | set(CALLS)


@every_side
def test_a_verb_through_its_page_and_in_place(make_case, cast, verb):
    who, ready, values, _bad = SIDES[verb]
    subject = ready(make_case)
    case, client, url = case_of(subject), client_of(getattr(cast, who)), at(subject, verb)

    page = client.get(url)
    assert page.status_code == 200
    assert f'action="{url}"' in page.text and case.title in page.text
    dialog = client.get(url, headers=HTMX).text
    assert dialog.lstrip().startswith("<dialog")

    answer = client.post(url, values)
    assert answer.status_code == 302, answer.text[:3_000]
    assert f"{case.title}: " in client.get(answer["Location"]).text
    assert client.post(url, values).status_code in (404, 409), "twice is refused"


@every_side
def test_a_form_with_a_mistake_comes_back(make_case, cast, verb):
    who, ready, _values, bad = SIDES[verb]
    if bad is None:
        return
    subject = ready(make_case)
    answer = client_of(getattr(cast, who)).post(at(subject, verb), bad)
    assert answer.status_code == 422
    assert "field-error" in answer.text


@every_side
def test_a_part_or_call_exists_only_for_those_who_see_its_case(make_case, cast, verb):
    _who, ready, values, _bad = SIDES[verb]
    subject = ready(make_case)
    expected = {"administrator": 404, "resident": 404, "leader": 409, "auditor": 409}
    for name, status in expected.items():
        assert client_of(getattr(cast, name)).post(at(subject, verb), values).status_code == status, name
    assert Client().post(at(subject, verb)).status_code == 302
    other = make_case(at="handling")
    elsewhere = reverse(f"cases:{verb}", args=[other.number, subject.pk])
    assert client_of(cast.district_dispatcher).get(elsewhere).status_code == 404


# -- the case page ----------------------------------------------------------------------------------------


def page_of(person, case):
    response = client_of(person).get(f"/cases/{case.number}/")
    return response.text if response.status_code == 200 else response.status_code


def test_an_assisting_unit_finds_its_part_on_top_with_masked_phones(make_case, cast):
    case = assisted(make_case(at="handling", consenting=True), cast)
    page = page_of(cast.stranger, case)
    assert page.index("Our part") < page.index("case-now")
    assert "关闭阀门" in page
    assert f"/parts/{case.assistances.get().pk}/acknowledge/" in page
    assert "13800000001" not in page and "138****0001" in page
    assert "Our part" not in page_of(cast.handler, case)


def test_the_lead_sees_how_many_units_are_still_at_work(make_case, cast):
    case = assisted(make_case(at="handling"), cast)
    page = page_of(cast.handler, case)
    assert "1 assisting unit is still at work" in page
    assert "Not every assisting unit has done its part: Housing Bureau." in page


def test_another_unit_finds_nothing(make_case, cast):
    case = make_case(at="handling")
    assert page_of(cast.stranger, case) == 404


def test_a_case_without_joint_work_says_nothing_of_it(make_case, cast):
    page = page_of(cast.dispatcher, make_case(at="handling"))
    assert "Who works on it" not in page and "Whistle of" not in page
    assert "No departments have been called together" not in page


def test_a_called_department_reads_question_and_place(make_case, cast):
    case = whistled(make_case(at="filed"), cast, meet_at=now(), meet_where="三号楼前", emergency=True)
    page = page_of(cast.stranger, case)
    for words in ("管道归谁维修？", "三号楼前", "emergency", "Called by 人和街"):
        assert words in page, words
    call = Call.objects.get(unit=cast.works)
    assert f"/calls/{call.pk}/answer/" in page
    assert f"/calls/{Call.objects.get(unit=cast.bureau).pk}/answer/" not in page


def test_the_page_shows_a_rating_and_what_the_department_says_to_it(make_case, cast):
    call = call_at("replied")(make_case)
    for person in (cast.stranger, cast.dispatcher):
        page = page_of(person, call.whistle.case)
        assert "4 of 5" in page and "及时到场" in page and "感谢" in page


def test_the_reporter_reads_plain_words_and_no_ratings(make_case, cast, client):
    call = call_at("replied")(make_case)
    client.cookies["django_language"] = "en"
    report = call.whistle.case.reports.get()
    page = client.get(reverse("cases:track", args=[report.tracking_code])).text
    assert "The departments have agreed: Urban Management Bureau answers for it." in page
    assert "及时到场" not in page and "科长" not in page and "4 of 5" not in page


def test_the_case_page_takes_as_many_queries_for_many_parts(make_case, cast, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from bihuan.accounts.tests.factories import make_person, make_unit

    case = assisted(make_case(at="handling"), cast)
    client = client_of(cast.dispatcher)

    def count():
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"/cases/{case.number}/").status_code == 200
        return len(caught)

    count()
    few = count()
    for number in range(8):
        unit = make_unit(f"单位{number}", code=f"U{number}")
        make_person(f"承办人{number}", duties=[("handler", unit)])
        assisted(case, cast, unit=unit)
    assert count() == few


# -- assigning --------------------------------------------------------------------------------------------


def test_assigning_through_the_form_names_assisting_units(make_case, cast):
    case = make_case(at="filed")
    values = {
        "unit": cast.bureau.pk,
        "assist_1_unit": cast.works.pk,
        "assist_1_task": "关闭阀门",
        "assist_1_limit": "4h",
    }
    answer = client_of(cast.dispatcher).post(address(case, "assign"), values)
    assert answer.status_code == 302
    part = case.assistances.get()
    assert (part.unit, part.task, part.stage_limit) == (cast.works, "关闭阀门", 4 * 3_600)


@pytest.mark.parametrize(
    ("row", "mistake"),
    [
        ({"unit": "works"}, "Say what this unit is to do."),
        ({"task": "关闭阀门"}, "Choose the unit that this task is for."),
        ({"unit": "bureau", "task": "关闭阀门"}, "Each unit can be named once."),
        ({"unit": "works", "task": "关闭阀门", "limit": "马上"}, "is not a time limit"),
    ],
)
def test_mistakes_in_a_row_are_shown_where_they_are(make_case, cast, row, mistake):
    case = make_case(at="filed")
    typed = {
        f"assist_2_{name}": getattr(cast, value).pk if name == "unit" else value
        for name, value in row.items()
    }
    answer = client_of(cast.dispatcher).post(address(case, "assign"), {"unit": cast.bureau.pk} | typed)
    assert answer.status_code == 422
    assert mistake in answer.text
    assert answer.text.count('<details class="assist" open>') == 2, "the rows down to the mistake stand open"
    assert Case.objects.get(pk=case.pk).state == "filed"


def test_rows_wait_one_inside_the_other(make_case, cast):
    form = AssignForm(case=make_case(at="filed"), user=cast.dispatcher)
    row, count = form.assisting_rows, 1
    assert not row.open
    while row.below:
        row, count = row.below, count + 1
    assert count == MOST_AT_ONCE


def test_too_long_a_sub_limit_is_refused_in_words(make_case, cast):
    case = make_case(at="handling")
    values = {"unit": cast.works.pk, "task": "关闭阀门", "limit": "30d"}
    answer = client_of(cast.dispatcher).post(address(case, "ask_assistance"), values)
    assert answer.status_code == 409
    assert "A part can take at most 1 day" in answer.text


def test_only_units_in_which_somebody_handles_cases_can_be_called(make_case, cast):
    page = client_of(cast.dispatcher).get(address(make_case(at="filed"), "whistle")).text
    assert "Housing Bureau" in page and cast.office.name not in page


def test_a_meeting_is_not_in_the_past(make_case, cast):
    case = make_case(at="filed")
    values = {"question": "归谁管？", "units": [cast.works.pk], "meet_at": "2025-09-10T08:59"}
    answer = client_of(cast.dispatcher).post(address(case, "whistle"), values)
    assert answer.status_code == 422 and "This moment has passed." in answer.text
