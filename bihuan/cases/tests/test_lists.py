"""List, search and map: what they show to whom, at the same cost for ten rows and a thousand."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.cases import queries
from bihuan.cases.models import Case, Report
from bihuan.cases.tests.browsing import client_of, multiply
from bihuan.core.clock import now, today, travel
from bihuan.territory.models import Place


def queries_for(client, url):
    with CaptureQueriesContext(connection) as caught:
        response = client.get(url)
        assert response.status_code == 200, url
    return len(caught), response


# -- what it costs ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "state", "url"),
    [
        ("clerk", "reported", "/desk/"),
        ("clerk", "reported", "/desk/rows/"),
        ("handler", "handling", "/desk/"),
        ("leader", "handling", "/desk/"),
        ("clerk", "handling", "/cases/"),
        ("clerk", "handling", "/cases/?show=open&q=水管&urgency=urgent"),
        ("clerk", "handling", "/cases/map.json"),
        ("handler", "handling", "/cases/map.json?show=overdue"),
    ],
)
def test_lists_take_as_many_queries_for_ten_rows_as_for_a_thousand(cast, make_case, who, state, url):
    case = make_case(at=state, consenting=True)
    Case.objects.filter(pk=case.pk).update(due_at=now() - timedelta(hours=1), overdue_at=now())
    case.refresh_from_db()
    multiply(case, 9)
    client = client_of(getattr(cast, who))
    client.get(url)
    few, _response = queries_for(client, url)

    multiply(case, 990)
    many, _response = queries_for(client, url)

    assert few == many
    assert many < 25


def test_the_case_page_takes_as_many_queries_for_a_thousand_reports(cast, make_case):
    case = make_case(at="inspected", consenting=True)
    report = case.reports.get()
    client = client_of(cast.clerk)
    url = reverse("cases:show", args=[case.number])
    client.get(url)
    few, _response = queries_for(client, url)

    Report.objects.bulk_create(
        Report(case=case, at=report.at, channel=report.channel, words=f"{number}") for number in range(1_000)
    )
    many, _response = queries_for(client, url)

    assert few == many
    assert many < 25


# -- who sees them ------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["administrator", "resident"])
@pytest.mark.parametrize("url", ["/desk/", "/desk/rows/", "/cases/", "/cases/map.json"])
def test_for_people_without_work_on_cases_the_pages_do_not_exist(cast, who, url):
    assert client_of(getattr(cast, who)).get(url).status_code == 404


@pytest.mark.parametrize("url", ["/desk/", "/cases/", "/cases/map.json"])
def test_visitors_are_asked_to_sign_in(db, url):
    response = Client().get(url)

    assert response.status_code == 302
    assert "/account/login/" in response["Location"]


def test_strangers_see_no_case_of_another_street(cast, make_case):
    case = make_case()
    client = client_of(cast.stranger)

    assert case.number not in client.get("/cases/").content.decode()
    assert json.loads(client.get("/cases/map.json").content)["features"] == []


def test_an_own_report_is_followed_like_everybody_elses(cast, make_case):
    report = make_case.report(by=cast.stranger)
    client = client_of(cast.stranger)

    assert report.case.number not in client.get("/cases/").content.decode()
    response = client.get(reverse("cases:show", args=[report.case.number]))
    assert response.status_code == 302
    assert response["Location"] == reverse("cases:track", args=[report.tracking_code])
    assert client.get(reverse("cases:live", args=[report.case.number])).status_code == 404


# -- search -------------------------------------------------------------------------------------------


def found(person, text):
    return list(queries.cases_listed_for(person, queries.Filters(text=text)).values_list("pk", flat=True))


@pytest.fixture
def flood(cast, make_case):
    compound = Place.objects.create(
        kind="compound",
        name="良苑小区",
        aliases=["老电厂家属院"],
        area=cast.places.community,
        lon=114.605,
        lat=33.605,
    )
    make_case.report(words="广场舞音响太吵，晚上睡不着。")
    return make_case.report(
        words="楼下水管爆裂，水流了一地，车辆无法通行。", place=compound, address="文昌大道12号"
    ).case


@pytest.mark.parametrize(
    "text",
    [
        "水管",
        "水管爆裂",
        "爆裂 楼下",
        "车辆",
        "良苑小区",
        "良苑",
        "老电厂家属院",
        "文昌大道",
        "水管 良苑",
    ],
)
def test_search_finds_words_inside_sentences_and_names_of_places(cast, flood, text):
    assert found(cast.clerk, text) == [flood.pk]


@pytest.mark.parametrize("text", ["庆丰一格", "庆丰", "人和街"])
def test_search_finds_the_names_of_areas(cast, flood, text):
    assert flood.pk in found(cast.clerk, text)


def test_search_finds_parts_of_a_number(cast, flood):
    day, serial, check = flood.number.split("-")

    for text in (
        flood.number,
        f"{day}-{serial}",
        serial,
        serial[-4:],
        f"{serial[-4:]}-{check}",
        f" {serial} ",
    ):
        assert found(cast.clerk, text) == [flood.pk], text
    assert len(found(cast.clerk, day)) == 2


@pytest.mark.parametrize("text", ["没有这个词", "水管 音响", "'; drop", "!!", "& | !", "\\", "%"])
def test_search_finds_nothing_and_never_fails(cast, flood, text):
    assert found(cast.clerk, text) == []


def test_no_result_shows_a_way_out(cast, flood):
    page = client_of(cast.clerk).get("/cases/?q=没有这个词").content.decode()

    assert "No case fits" in page
    assert 'href="/cases/"' in page


# -- filters ------------------------------------------------------------------------------------------


def listed(person, query):
    page = client_of(person).get(f"/cases/?{query}")
    assert page.status_code == 200
    return {case.pk for case, _face, _holder in page.context["rows"]} if "rows" in page.context else set()


def test_every_filter_narrows_the_list(cast, make_case):
    with travel(now() - timedelta(days=40)):
        old = make_case(at="closed")
    reported, handling, declined = make_case(), make_case(at="handling"), make_case(at="declined")
    Case.objects.filter(pk=handling.pk).update(due_at=now() - timedelta(hours=1))
    clerk, places = cast.clerk, cast.places
    everything = {old.pk, reported.pk, handling.pk, declined.pk}
    day = today().isoformat()

    assert listed(clerk, "") == everything
    assert listed(clerk, "state=declined") == {declined.pk}
    assert listed(clerk, "show=open") == {reported.pk, handling.pk}
    assert listed(clerk, "show=overdue") == {handling.pk}
    assert listed(clerk, "urgency=urgent") == {old.pk, handling.pk}
    assert listed(clerk, f"matter={cast.pipes.pk}") == {old.pk, handling.pk}
    assert listed(clerk, f"matter={cast.group.pk}") == {old.pk, handling.pk}
    assert listed(clerk, f"matter={cast.plots.pk}") == set()
    assert listed(clerk, f"area={places.community.pk}") == everything
    assert listed(clerk, f"area={places.other.pk}") == set()
    assert listed(clerk, f"unit={cast.bureau.pk}") == {old.pk, handling.pk}
    assert listed(clerk, f"since={day}") == everything - {old.pk}
    assert listed(clerk, f"until={date(2020, 1, 1).isoformat()}") == set()


def test_filters_that_make_no_sense_narrow_nothing(cast, make_case):
    case = make_case()

    assert listed(cast.clerk, "state=nonsense&area=abc&since=yesterday&cursor=xyz&unit=0") == {case.pk}


def test_filters_in_force_can_be_taken_off_one_by_one(cast, make_case):
    make_case()
    page = client_of(cast.clerk).get("/cases/?q=水管&show=open&cursor=abc&view=").content.decode()

    assert 'href="?show=open"' in page
    assert 'href="?q=%E6%B0%B4%E7%AE%A1"' in page
    assert "Clear all" in page


def test_paging_goes_through_every_case_once_in_both_orders(cast, make_case):
    multiply(make_case(), 119)
    client = client_of(cast.clerk)
    for first in ("/cases/", "/cases/?show=open"):
        seen, url = [], first
        while url:
            page = client.get(url)
            seen += [case.pk for case, _face, _holder in page.context["rows"]]
            cursor = page.context["page"].next_cursor
            url = f"{first}{'&' if '?' in first else '?'}cursor={cursor}" if cursor else ""
        assert len(seen) == len(set(seen)) == 120


# -- the map ------------------------------------------------------------------------------------------


def test_the_map_shows_the_same_cases_with_their_levels(cast, make_case):
    late, suspended, closed = make_case(at="handling"), make_case(at="suspended"), make_case(at="closed")
    Case.objects.filter(pk=late.pk).update(due_at=now() - timedelta(hours=1))
    client = client_of(cast.clerk)

    features = json.loads(client.get("/cases/map.json").content)["features"]

    levels = {feature["properties"]["number"]: feature["properties"]["level"] for feature in features}
    assert levels == {late.number: "over", suspended.number: "neutral", closed.number: "done"}
    assert features[0]["geometry"] == {"type": "Point", "coordinates": list(cast.places.inside)}
    assert features[0]["properties"]["url"].startswith("/cases/")
    overdue = json.loads(client.get("/cases/map.json?show=overdue").content)["features"]
    assert [feature["properties"]["number"] for feature in overdue] == [late.number]


def test_the_map_page_keeps_the_filters(cast, make_case):
    make_case()
    page = client_of(cast.clerk).get("/cases/?view=map&show=open").content.decode()

    assert 'data-points-url="/cases/map.json?show=open"' in page
    assert 'href="/cases/?show=open"' in page
