"""Places are put on the map by the administrator and found by any part of their names."""

import pytest
from django.db import transaction

from bihuan.audit.models import Entry
from bihuan.territory import actions, queries
from bihuan.territory.models import Place
from bihuan.territory.tests.factories import make_place

PLACES = "bihuan.territory.actions.places"


def put(town, by, **fields):
    given = {"kind": "compound", "name": "良苑小区", "area": town["community"], "lon": 114.603, "lat": 33.603}
    return actions.create_place(**{**given, **fields}, by=by)


def change(place, by, **fields):
    given = {
        name: getattr(place, name)
        for name in ("kind", "name", "name_en", "address", "area", "parent", "aliases", "lon", "lat")
    }
    return actions.change_place(place, **{**given, **fields}, by=by)


def test_what_is_known_of_a_place_is_kept_and_corrected_with_it(town, administrator, breaking_record):
    place = put(town, administrator, facts={"households": 312, "built_in": 1998})
    assert queries.facts_of(place.pk) == {"households": 312, "built_in": 1998}

    change(place, administrator, name="良苑")
    assert queries.facts_of(place.pk)["households"] == 312, "who says nothing of them leaves them"

    change(place, administrator, facts={"households": 310, "buildings": 12})
    assert queries.facts_of_places([place.pk]) == {place.pk: {"households": 310, "buildings": 12}}
    told = Entry.objects.about(place).last().data
    assert (told["before"]["built_in"], told["after"]["households"]) == (1998, 310)

    with pytest.raises(breaking_record(PLACES)):
        change(place, administrator, facts={"households": 1})
    assert queries.facts_of(place.pk)["households"] == 310


# -- create ---------------------------------------------------------------------------------------------


def test_create_puts_a_place_on_the_map(town, administrator):
    place = put(town, administrator)
    assert (place.pinyin, place.initials) == ("liangyuanxiaoqu", "lyxq")
    assert Entry.objects.about(place).get().area_id == town["community"].pk
    assert queries.places_near(114.6031, 33.6031)[0] == place


def test_create_refuses_a_closed_area(town, administrator, refused):
    actions.retire_area(town["grid"], by=administrator)
    with refused("area.retired"):
        put(town, administrator, area=town["grid"])


def test_create_refuses_others(town, clerk, refused):
    with refused("territory.not_your_duty"):
        put(town, clerk)


def test_create_that_fails_half_way_leaves_nothing(town, administrator, breaking_record, nothing_written):
    before, broken = nothing_written(), breaking_record(PLACES)
    with pytest.raises(broken), transaction.atomic():
        put(town, administrator)
    assert nothing_written() == before


def test_many_places_at_once_may_be_parts_of_each_other(town, administrator):
    rows = [actions.PlaceRow("compound", "良苑小区", town["community"])]
    rows += [actions.PlaceRow("building", f"{n}号楼", town["community"], parent=0) for n in range(1, 13)]
    places = actions.create_places(rows, by=administrator)

    assert places[0].parts.count() == 12
    assert Entry.objects.about(town["community"]).latest("seq").verb == "area.places_imported"


def test_many_places_that_fail_half_way_leave_nothing(town, administrator, breaking_record, nothing_written):
    before, broken = nothing_written(), breaking_record(PLACES)
    with pytest.raises(broken), transaction.atomic():
        actions.create_places([actions.PlaceRow("lane", "南巷", town["community"])], by=administrator)
    assert nothing_written() == before


# -- change ---------------------------------------------------------------------------------------------


def test_change_corrects_a_place_and_how_it_is_found(town, administrator):
    place = change(put(town, administrator), administrator, name="良苑新村", aliases=["老棉纺厂家属院"])

    assert [found.place for found in queries.places_like("mfc")] == [place]
    assert [found.place for found in queries.places_like("新村")] == [place]
    assert not queries.places_like("良苑小区")
    assert Entry.objects.about(place).latest("seq").data["before"]["name"] == "良苑小区"


def test_change_refuses_a_closed_area_and_a_circle(town, administrator, refused):
    place = put(town, administrator)
    part = put(town, administrator, name="1号楼", parent=place)
    with refused("place.part_of_itself"):
        change(place, administrator, parent=part)
    actions.retire_area(town["grid"], by=administrator)
    with refused("area.retired"):
        change(place, administrator, area=town["grid"])


def test_change_refuses_others(town, administrator, clerk, refused):
    place = put(town, administrator)
    with refused("territory.not_your_duty"):
        change(place, clerk)


def test_change_that_fails_half_way_leaves_nothing(town, administrator, breaking_record):
    place = put(town, administrator)
    broken = breaking_record(PLACES)
    with pytest.raises(broken), transaction.atomic():
        change(place, administrator, name="别名")
    assert Place.objects.get(pk=place.pk).name == "良苑小区"


# -- search ---------------------------------------------------------------------------------------------


HOWEVER_TYPED = "良苑 苑小 良苑小区 liangyuan LiangYuan yuanxiaoqu ly lyxq liang_yuan Fine garden 老棉纺 mian"


@pytest.mark.parametrize("typed", [typed.replace("_", " ") for typed in HOWEVER_TYPED.split()])
def test_a_place_is_found_by_any_part_of_its_names(town, typed):
    place = make_place("良苑小区", area=town["community"], name_en="Fine Garden", aliases=["老棉纺厂家属院"])
    make_place("七一路", area=town["community"], kind="lane")
    assert [found.place for found in queries.places_like(typed)] == [place]


def test_readings_follow_the_word(town):
    make_place("重庆路", area=town["community"], kind="lane")
    assert [found.label for found in queries.places_like("chongqing")] == ["重庆路"]


def test_exact_names_come_first_then_beginnings_then_parts(town):
    for name in ("新良苑", "良苑小区3号楼", "良苑", "良苑小区"):
        make_place(name, area=town["community"])
    assert [found.label for found in queries.places_like("良苑")] == [
        "良苑",
        "良苑小区",
        "良苑小区3号楼",
        "新良苑",
    ]


def test_areas_are_found_too_and_say_where_they_lie(town):
    found = queries.places_like("富民")
    assert [item.label for item in found] == ["富民社区", "富民一网格"]
    assert found[1].where == "小桥街街道 · 富民社区"
    assert found[0].lon is not None


@pytest.mark.parametrize("typed", ["", "  ", "'", "\\", "' | '", "!&|<->:*", "a'b\\:*", "\x00", "。，"])
def test_nothing_typed_breaks_the_search(town, typed):
    assert queries.places_like(typed) == []


def test_search_and_list_take_constant_queries(town, django_assert_num_queries):
    for rows in (10, 1000):
        actions.create_places(
            [
                actions.PlaceRow("building", f"良苑小区{n}号楼", town["community"], address="七一路")
                for n in range(rows)
            ]
        )
        queries.ground.get()
        with django_assert_num_queries(3):
            assert len(queries.places_like("ly", limit=10)) == 10
        with django_assert_num_queries(1):
            assert all(
                place.area.name for place in queries.places_in_list(area=town["west"], text="良苑")[:50]
            )
