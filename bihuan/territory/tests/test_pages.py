"""The pages of set-up exist for administrators only; maps and search answer everybody."""

import io
import json
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from bihuan.core.clock import travel
from bihuan.territory import actions, queries
from bihuan.territory.models import Area, CalendarDay, OfficeHours, Place
from bihuan.territory.tests.factories import make_place, square
from bihuan.territory.tests.test_imports import GOOD, NEW, geojson

SET_UP = [
    "areas",
    "new_area",
    "import_divisions",
    "import_boundaries",
    "places",
    "new_place",
    "calendar",
    "set_day",
    "set_hours",
]
OF_AN_AREA = ("area", "change_area", "change_boundary")


def at(name, *args):
    return reverse(f"territory:{name}", args=args)


@pytest.fixture
def desk(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture(autouse=True)
def monday_2_march():
    with travel(datetime(2026, 3, 2, 2, tzinfo=UTC)):
        yield


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", [*SET_UP, *OF_AN_AREA, "place"])
def test_pages_are_there_for_administrators(desk, town, name, language):
    place = make_place("良苑小区", area=town["community"])
    args = [place.pk] if name == "place" else [town["west"].pk] if name in OF_AN_AREA else []
    desk.cookies["django_language"] = language
    answer = desk.get(at(name, *args))
    assert answer.status_code == 200


@pytest.mark.parametrize("name", [*SET_UP, *OF_AN_AREA])
def test_pages_are_not_there_for_others(client, town, clerk, name):
    url = at(name, *([town["west"].pk] if name in OF_AN_AREA else []))
    assert client.get(url).status_code == 302
    client.force_login(clerk)
    assert client.get(url).status_code == 404


def test_posts_are_not_there_for_others(client, town, clerk):
    client.force_login(clerk)
    assert client.post(at("retire_area", town["grid"].pk)).status_code == 404
    assert client.post(at("remove_day", "2026-03-07")).status_code == 404


def test_before_set_up_the_district_is_the_first_page(client, db):
    from bihuan.accounts.tests.factories import make_person

    client.force_login(make_person())
    assert client.get(at("areas")).status_code == 404


def test_an_area_is_created_changed_drawn_and_closed_by_hand(desk, town):
    url = f"{at('new_area')}?in={town['east'].pk}"
    data = {"kind": "community", "code": "411602003001", "name": " 庆丰社区\x00", "parent": town["east"].pk}
    assert desk.post(url, {**data, "name": ""}).status_code == 422
    assert desk.post(url, data).status_code == 302
    area = Area.objects.get(code="411602003001")
    assert area.name == "庆丰社区"

    changed = {"name": "庆丰新社区", "aliases": "庆丰\n\n老庆丰", "parent": town["west"].pk, "has_desk": "on"}
    assert desk.post(at("change_area", area.pk), changed).status_code == 302
    area.refresh_from_db()
    assert (area.name, area.aliases, area.parent) == ("庆丰新社区", ["庆丰", "老庆丰"], town["west"])

    bad = desk.post(at("change_boundary", area.pk), {"boundary": '{"type": "Point"}'})
    assert bad.status_code == 422
    drawn = desk.post(at("change_boundary", area.pk), {"boundary": json.dumps(square(114.61, 33.62))})
    assert drawn.status_code == 302
    assert queries.locate(114.615, 33.625).pk == area.pk

    assert desk.post(at("retire_area", area.pk)).status_code == 302
    assert desk.post(at("retire_area", area.pk)).status_code == 409
    assert desk.get(at("area", area.pk)).status_code == 200


def test_the_district_itself_can_be_changed(desk, town):
    url = at("change_area", town["district"].pk)
    assert desk.post(url, {"name": "川汇新区", "has_desk": "on"}).status_code == 302
    assert queries.district().name == "川汇新区"


def test_an_areas_page_shows_what_does_not_fit(desk, town):
    assert "114." not in desk.get(at("area", town["grid"].pk)).content.decode().split("<main")[1]
    actions.change_boundary(town["east"], boundary=square(114.615, 33.60, 0.02), by=None)
    page = desk.get(at("area", town["district"].pk)).content.decode()
    assert "overlap" in page or "重叠" in page


def test_an_area_is_found_by_initials(desk, town):
    assert "富民社区" in desk.get(at("areas"), {"q": "fmsq"}).content.decode()


def test_a_place_takes_the_area_in_which_it_lies(desk, town):
    data = {"kind": "compound", "name": "良苑小区", "lon": "114.603", "lat": "33.603"}
    assert desk.post(at("new_place"), data).status_code == 302
    place = Place.objects.get()
    assert place.area == town["grid"]

    assert (
        desk.post(at("place", place.pk), {**data, "name": "良苑新村", "area": town["east"].pk}).status_code
        == 302
    )
    place.refresh_from_db()
    assert (place.name, place.area) == ("良苑新村", town["east"])


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"lon": "33.603", "lat": "114.603"}, "lat"),
        ({"lon": "33.61", "lat": "80"}, "area"),
        ({"lon": "114.6"}, "lat"),
        ({}, "area"),
    ],
)
def test_a_place_somewhere_impossible_is_sent_back(desk, town, given, field):
    answer = desk.post(at("new_place"), {"kind": "lane", "name": "南巷", **given})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_divisions_are_checked_then_taken_in_through_the_page(desk, town):
    def send(how, text=GOOD):
        return desk.post(at("import_divisions"), {"how": how, "file": named("a.csv", text.encode())})

    assert send("check").context["report"].kept is False
    assert not Area.objects.filter(code="411602001001").exists()
    assert len(send("all").context["report"].created) == 7
    assert send("all", "x,y\n1,2").status_code == 422


def test_boundaries_are_taken_in_through_the_page(desk, town):
    def send(content, **more):
        data = {"how": "all", "file": named("a.geojson", content), **more}
        return desk.post(at("import_boundaries"), data)

    answer = send(geojson(({"mycode": "411602003"}, NEW)))
    assert answer.context["report"].errors
    assert b"mycode" in answer.content
    answer = send(
        geojson(({"mycode": "411602003"}, NEW)), code_field="mycode", kind="subdistrict", datum="wgs84"
    )
    assert answer.context["report"].kept
    assert answer.context["report"].faults
    assert send(b"nothing").status_code == 422


def named(name, content):
    file = io.BytesIO(content)
    file.name = name
    return file


def test_days_and_hours_are_set_by_hand(desk, town):
    day = {"day": "2026-03-07", "works": "1", "name": "防汛值班"}
    assert desk.post(at("set_day"), {**day, "name": ""}).status_code == 422
    assert desk.post(at("set_day"), day).status_code == 302
    assert CalendarDay.objects.get().works
    assert "防汛值班" in desk.get(at("calendar")).content.decode()
    assert desk.post(at("set_day"), {**day, "day": "2026-02-01"}).status_code == 409
    assert desk.post(at("remove_day", "2026-03-07")).status_code == 302
    assert desk.post(at("remove_day", "2026-03-07")).status_code == 409
    assert desk.post(at("remove_day", "never")).status_code == 404

    hours = {
        "starts_on": "2026-06-01",
        "opens": "08:00",
        "noon": "12:00",
        "afternoon": "15:00",
        "closes": "18:30",
    }
    assert desk.post(at("set_hours"), {**hours, "afternoon": ""}).status_code == 422
    assert desk.post(at("set_hours"), {**hours, "opens": "13:00"}).status_code == 422
    assert desk.post(at("set_hours"), hours).status_code == 302
    assert desk.post(at("set_hours"), {**hours, "noon": "", "afternoon": ""}).status_code == 302
    assert OfficeHours.objects.get().lines() == ["08:00–18:30"]


def test_a_year_without_official_calendar_says_so(desk, town):
    assert desk.get(at("calendar_year", 2041)).context["published"] is False
    assert desk.get(at("calendar_year", 2026)).context["published"] is True
    assert desk.get(at("calendar_year", 1990)).status_code == 404


# -- open to everybody ----------------------------------------------------------------------------------


def test_anybody_searches_places(client, town):
    make_place("良苑小区", area=town["community"], lon=114.603, lat=33.603)
    found = client.get(at("place_search"), {"q": "ly"}).json()
    assert [item["label"] for item in found] == ["良苑小区"]
    assert found[0]["lon"] == 114.603
    assert "富民社区" in found[0]["detail"]
    assert client.get(at("place_search"), {"q": "x" * 10_000}).json() == []
    assert client.get(at("place_search")).json() == []


def test_boundaries_are_narrowed_and_known_ones_are_not_sent_again(client, town):
    def names(**query):
        answer = client.get(at("boundaries"), query)
        return [feature["properties"]["label"] for feature in answer.json()["features"]]

    assert names(kind="subdistrict") == ["小桥街街道", "人和街街道"]
    assert names(within=town["west"].pk) == ["小桥街街道", "富民社区", "富民一网格"]
    assert names(parent=town["district"].pk, without=town["west"].pk) == ["人和街街道"]
    assert names(within="99999999999999999999") and names(within=10**17) == []

    first = client.get(at("boundaries"))
    again = client.get(at("boundaries"), headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    actions.change_boundary(town["grid"], boundary=None, by=None)
    assert client.get(at("boundaries"), headers={"if-none-match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize("rows", [10, 1000])
def test_the_list_of_places_takes_constant_queries(desk, town, rows, django_assert_max_num_queries):
    actions.create_places(
        [actions.PlaceRow("building", f"良苑小区{n}号楼", town["community"]) for n in range(rows)]
    )
    desk.get(at("places"))
    with django_assert_max_num_queries(7):
        desk.get(at("places"), {"q": "ly", "kind": "building", "area": town["west"].pk})
