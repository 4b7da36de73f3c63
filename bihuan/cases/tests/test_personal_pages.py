"""The pages on which a number is shown, and on which its owner sees and does everything."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from bihuan.audit.queries import entries_about
from bihuan.cases import actions
from bihuan.cases.models import Report
from bihuan.cases.queries.personal import export_of
from bihuan.cases.tests.browsing import address, client_of
from bihuan.core.clock import now, travel

PHONE = "13800000001"
NOBODY = AnonymousUser()


def report_of(case: Any) -> Report:
    return case.reports.get()


def show_url(report: Report, route: str = "report_data") -> str:
    return reverse(f"cases:{route}", args=[report.tracking_code])


# -- for who calls ------------------------------------------------------------------------------------


def test_the_page_shows_the_number_only_after_the_button(anonymous: Report, cast: Any) -> None:
    client, case = client_of(cast.clerk), anonymous.case
    show = reverse("cases:show", args=[case.number])
    ask = reverse("cases:read_contact", args=[case.number, anonymous.pk])

    for url in (show, address(case, "call_back")):
        page = client.get(url).text
        assert PHONE not in page and "138****0001" in page and "Show number to call" in page
    assert not entries_about(anonymous).exists()

    assert client.get(ask).status_code == 405
    assert client.post(ask).url == show
    assert PHONE in client.get(show).text
    assert PHONE in client.get(address(case, "call_back")).text
    assert entries_about(anonymous).count() == 1  # looking again within the call is the same look
    fragment = client.post(ask, headers={"hx-request": "true"})
    assert f"tel:{PHONE}" in fragment.text and "<html" not in fragment.text
    assert PHONE not in client_of(cast.clerk).get(show).text  # another browser of the same person
    with travel(now() + timedelta(minutes=16)):
        assert PHONE not in client.get(show).text


def test_after_the_call_the_number_is_gone_from_the_page(anonymous: Report, cast: Any) -> None:
    client, case = client_of(cast.clerk), anonymous.case
    client.post(reverse("cases:read_contact", args=[case.number, anonymous.pk]))
    actions.call_back_case(case, by=cast.clerk, answered=True, solved=True)
    assert PHONE not in client.get(reverse("cases:show", args=[case.number])).text


def test_a_report_of_another_case_is_not_shown(anonymous: Report, make_case: Any, cast: Any) -> None:
    other = make_case.report()
    url = reverse("cases:read_contact", args=[anonymous.case.number, other.pk])
    assert client_of(cast.clerk).post(url).status_code == 404


# -- for its owner -----


def test_the_owner_sees_who_looked_and_no_name(anonymous: Report, cast: Any) -> None:
    actions.read_contact(anonymous, by=cast.clerk)
    client = Client()
    client.cookies["django_language"] = "en"
    for url in (reverse("cases:track", args=[anonymous.tracking_code]), show_url(anonymous)):
        page = client.get(url).text
        assert "Intake clerk of 人和街, to call you back" in page
        assert cast.clerk.name not in page
        assert PHONE not in page


@pytest.fixture
def visitor() -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def test_the_owners_page_does_it_all(anonymous: Report, visitor: Client) -> None:
    page = visitor.get(show_url(anonymous)).text
    assert "138********" in page and "138****0001" not in page and "I do not want to be called" in page

    assert visitor.post(show_url(anonymous, "withdraw_consent")).status_code == 302
    wrong = visitor.post(
        show_url(anonymous, "correct_report"), {"name": "李四", "phone": "", "digits": "9999"}
    )
    assert wrong.status_code == 422 and "not the last four digits" in wrong.text
    fits = {"digits": "0001"}
    assert (
        visitor.post(show_url(anonymous, "correct_report"), {"name": "李四", "phone": "", **fits}).status_code
        == 302
    )
    anonymous.refresh_from_db()
    assert (anonymous.name, anonymous.phone, anonymous.may_call) == ("李四", PHONE, False)

    assert visitor.post(show_url(anonymous, "erase_report"), fits).status_code == 422  # not sure
    assert visitor.post(show_url(anonymous, "erase_report"), {**fits, "sure": "on"}).status_code == 302
    page = visitor.get(show_url(anonymous)).text
    assert "Erased on" in page and "****" not in page


def test_wrong_digits_are_counted_wherever_they_come_from(anonymous: Report, visitor: Client) -> None:
    url = show_url(anonymous, "correct_report")
    visitor.get(show_url(anonymous))
    for number in range(6):
        answer = visitor.post(
            url,
            {"name": "x", "phone": "", "digits": f"9{number:03d}"},
            REMOTE_ADDR=f"1.1.1.{number}",
        )
        assert answer.status_code == 422
    answer = visitor.post(url, {"name": "x", "phone": "", "digits": "0001"})
    assert answer.status_code == 422 and "Too many wrong digits" in answer.text
    with travel(now() + timedelta(minutes=31)):
        assert visitor.post(url, {"name": "x", "phone": "", "digits": "0001"}).status_code == 302


def test_the_page_of_the_code_comes_first(anonymous: Report, visitor: Client) -> None:
    for route in ("correct_report", "withdraw_consent", "erase_report"):
        answer = visitor.post(show_url(anonymous, route), {"digits": "0001", "sure": "on", "name": "x"})
        assert (answer.status_code, answer.url) == (302, show_url(anonymous))
    assert not entries_about(anonymous).exists()


def test_an_export_has_everything_of_ones_own_and_nothing_of_others(
    anonymous: Report, cast: Any, visitor: Client
) -> None:
    actions.read_contact(anonymous, by=cast.clerk)
    answer = visitor.get(show_url(anonymous, "export_report") + "?as=json")
    (found,) = json.loads(answer.content)["reports"]
    assert "attachment" in answer["Content-Disposition"]
    assert (found["words"], found["phone"], found["name"]) == (anonymous.words, "138********", "张三")
    assert found["who_read_your_number"][0]["duty"] == "Intake clerk"
    assert PHONE not in answer.text and "0001" not in str(found["phone"])
    readable = visitor.get(show_url(anonymous, "export_report"))
    assert "138********" in readable.text and "138****0001" not in readable.text
    assert "attachment" in readable["Content-Disposition"] and anonymous.words in readable.text
    assert export_of(anonymous, NOBODY)["your_answer"]["solved"] is None


def test_an_export_has_ones_appeals_and_photos(make_case: Any, cast: Any, photo: Any) -> None:
    report = make_case.report(by=None, photos=[photo(1)])
    actions.decline_case(report.case, by=cast.clerk, reason="elsewhere", note="请联系物业。")
    case = actions.appeal_report(report, by=NOBODY, reason="水管属于市政。")
    actions.decide_appeal(
        case, by=cast.district_dispatcher, appeal=case.appeals.get(), upheld=False, ruling="属于物业。"
    )
    visitor = Client()
    visitor.get(reverse("cases:track", args=[report.tracking_code]))
    (found,) = json.loads(visitor.get(show_url(report, "export_report") + "?as=json").content)["reports"]
    (appeal,) = found["your_appeals"]
    assert (appeal["reason"], appeal["ruling"]) == ("水管属于市政。", "属于物业。")
    (address,) = found["photos"]
    assert visitor.get(address).status_code == 200
    readable = visitor.get(show_url(report, "export_report")).text
    assert "水管属于市政。" in readable and "属于物业。" in readable


def test_my_data_has_all_reports_and_the_whole_number(make_case: Any, cast: Any) -> None:
    report = report_of(make_case(at="inspected", consenting=True))
    actions.read_contact(report, by=cast.clerk)
    client = client_of(cast.resident)
    page = client.get("/me/data/").text
    assert show_url(report) in page and "Intake clerk of" in page
    found = json.loads(client.get("/me/data/export/?as=json").content)
    assert found["account"]["sign_in_name"] == "resident"
    assert [one["phone"] for one in found["reports"]] == [PHONE]
    assert client.get("/me/data/export/").status_code == 200
    assert Client().get("/me/data/").status_code == 302


def test_who_holds_duties_cannot_erase_the_account_and_reads_why(cast: Any) -> None:
    page = client_of(cast.clerk).get("/me/data/").text
    assert "You still hold duties" in page
