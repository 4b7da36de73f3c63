"""Areas are created, changed, drawn and closed by the administrator, and by nobody else."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from bihuan.audit.models import Entry
from bihuan.territory import actions, queries
from bihuan.territory.models import Area, AreaKind
from bihuan.territory.tests.factories import make_area, square

AREAS = "bihuan.territory.actions.areas"


def verbs(subject):
    return list(Entry.objects.about(subject).values_list("verb", flat=True))


def new_community(town, by, **fields):
    given = {"kind": AreaKind.COMMUNITY, "code": "411602003001", "name": "庆丰社区", "parent": town["east"]}
    return actions.create_area(**{**given, **fields}, by=by)


# -- create ---------------------------------------------------------------------------------------------


def test_create_adds_an_area_under_its_parent(town, administrator):
    area = new_community(town, administrator, name_en="Qingfeng Community")

    assert area.path == f"{town['district'].pk}/{town['east'].pk}/{area.pk}/"
    assert area.is_within(town["east"])
    assert not area.is_within(town["west"])
    assert [a.pk for a in area.ancestors()] == [town["district"].pk, town["east"].pk]
    assert Entry.objects.about(area).get().by == administrator


def test_create_refuses_what_does_not_fit(town, administrator, refused):
    with refused("area.wrong_parent"):
        new_community(town, administrator, parent=town["grid"])
    with refused("area.needs_parent"):
        new_community(town, administrator, parent=None)
    with refused("area.code_taken"):
        new_community(town, administrator, code=town["west"].code)
    with refused("area.second_district"):
        actions.create_area(kind="district", code="x", name="另一区", parent=None, by=None)
    actions.retire_area(town["east"], by=administrator)
    with refused("area.retired"):
        new_community(town, administrator)


def test_create_refuses_others(town, clerk, refused):
    with refused("territory.not_your_duty"):
        new_community(town, clerk)


def test_create_that_fails_half_way_leaves_nothing(town, administrator, breaking_record, nothing_written):
    before, broken = nothing_written(), breaking_record(AREAS)
    with pytest.raises(broken), transaction.atomic():
        new_community(town, administrator)
    assert nothing_written() == before
    assert not Area.objects.filter(code="411602003001").exists()


def test_an_administrator_of_one_subdistrict_creates_only_there(town, refused):
    from bihuan.accounts.tests.factories import make_person

    local = make_person(duties=[("administrator", town["east"])])
    assert new_community(town, local)
    with refused("territory.not_your_duty"):
        new_community(town, local, parent=town["west"], code="2")


def test_many_areas_at_once_know_each_other_by_code(town, administrator, django_assert_max_num_queries):
    rows = [actions.AreaRow("community", "C", "新社区", town["east"])]
    rows += [
        actions.AreaRow("grid", f"C-{n}", f"第{n}网格", "C", boundary=square(114.62, 33.6))
        for n in range(300)
    ]
    with django_assert_max_num_queries(15):
        areas = actions.create_areas(rows, by=administrator)

    assert len(areas) == 301
    assert Area.objects.within(areas[0]).count() == 301
    assert Entry.objects.about(town["east"]).latest("seq").data["created"] == {"community": 1, "grid": 300}


def test_the_database_itself_keeps_one_root(town):
    with pytest.raises(IntegrityError), transaction.atomic():
        Area.objects.create(kind="district", code="b", name="b", path="9/", pk=9)
    with pytest.raises(IntegrityError), transaction.atomic():
        Area.objects.create(kind="grid", code="b", name="b", path="9/", pk=9)
    with pytest.raises(IntegrityError), transaction.atomic():
        Area.objects.create(kind="grid", code="b", name="b", path="1/9/", pk=77, parent=town["east"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Area.objects.create(kind="grid", code="b", name="b", path="1/9/", pk=9, parent=town["east"], lon=1)


# -- change ---------------------------------------------------------------------------------------------


def change(area, by, **fields):
    given = {"name": area.name, "name_en": "", "aliases": [], "parent": area.parent, "has_desk": False}
    return actions.change_area(area, **{**given, **fields}, by=by)


def test_change_moves_everything_below(town, administrator):
    community = change(
        town["community"], administrator, parent=town["east"], name="富民新社区", has_desk=True
    )
    town["grid"].refresh_from_db()

    assert community.path == f"{town['district'].pk}/{town['east'].pk}/{community.pk}/"
    assert town["grid"].path == f"{community.path}{town['grid'].pk}/"
    assert queries.desk_of(town["grid"]).pk == community.pk
    assert [found.name for found in queries.places_like("fmxsq")] == ["富民新社区"]
    assert verbs(community) == ["area.created", "area.changed"]


def test_change_refuses_a_closed_area_and_an_impossible_parent(town, administrator, refused):
    with refused("area.wrong_parent"):
        change(town["community"], administrator, parent=town["grid"])
    actions.retire_area(town["east"], by=administrator)
    with refused("area.retired"):
        change(town["east"], administrator)
    with refused("area.retired"):
        change(town["community"], administrator, parent=town["east"])


def test_change_refuses_others(town, clerk, refused):
    with refused("territory.not_your_duty"):
        change(town["community"], clerk)


def test_change_that_fails_half_way_leaves_nothing(town, administrator, breaking_record):
    broken = breaking_record(AREAS)
    with pytest.raises(broken), transaction.atomic():
        change(town["community"], administrator, parent=town["east"])
    town["grid"].refresh_from_db()
    assert town["grid"].is_within(town["west"])


# -- boundary -------------------------------------------------------------------------------------------


def test_a_new_boundary_locates_at_once_and_is_rolled_back_with_its_transaction(town, administrator):
    assert queries.locate(114.63, 33.61).pk == town["east"].pk

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        actions.change_boundary(town["community"], boundary=square(114.62, 33.60, 0.02), by=administrator)
        assert queries.locate(114.63, 33.61).pk == town["community"].pk
        raise ZeroDivisionError

    assert queries.locate(114.63, 33.61).pk == town["east"].pk
    entry = actions.change_boundary(town["community"], boundary=None, by=administrator)
    assert entry.boundary is None
    assert queries.locate(114.608, 33.608).pk == town["west"].pk


def test_boundary_refuses_nonsense_and_closed_areas(town, administrator, refused):
    for nonsense in ({"type": "Point", "coordinates": [1, 2]}, {}, "x", square(500, 500)):
        with pytest.raises(ValidationError):
            actions.change_boundary(town["community"], boundary=nonsense, by=administrator)
    actions.retire_area(town["east"], by=administrator)
    with refused("area.retired"):
        actions.change_boundary(town["east"], boundary=square(1, 1), by=administrator)


def test_boundary_refuses_others(town, clerk, refused):
    with refused("territory.not_your_duty"):
        actions.change_boundary(town["community"], boundary=square(1, 1), by=clerk)


def test_boundary_that_fails_half_way_leaves_nothing(town, administrator, breaking_record):
    broken = breaking_record(AREAS)
    with pytest.raises(broken), transaction.atomic():
        actions.change_boundary(town["community"], boundary=square(1, 1), by=administrator)
    before = town["community"].boundary
    town["community"].refresh_from_db()
    assert town["community"].boundary == before
    assert queries.locate(114.608, 33.608).pk == town["community"].pk


def test_a_boundary_that_crosses_itself_is_mended(town, administrator):
    bow = [[114.62, 33.60], [114.64, 33.62], [114.64, 33.60], [114.62, 33.62], [114.62, 33.60]]
    area = actions.change_boundary(
        town["community"], boundary={"type": "Polygon", "coordinates": [bow]}, by=administrator
    )
    assert area.boundary["type"] == "MultiPolygon"
    assert queries.locate(114.622, 33.61).pk == area.pk


# -- retire ---------------------------------------------------------------------------------------------


def test_retire_takes_an_area_off_the_map(town, administrator):
    area = actions.retire_area(town["grid"], by=administrator)

    assert area.retired_at
    assert queries.locate(114.602, 33.602).pk == town["community"].pk
    assert verbs(area)[-1] == "area.retired"


def test_retire_refuses_the_district_what_is_not_empty_and_what_is_closed(town, administrator, refused):
    with refused("area.is_the_district"):
        actions.retire_area(town["district"], by=administrator)
    with refused("area.not_empty"):
        actions.retire_area(town["community"], by=administrator)
    actions.retire_area(town["grid"], by=administrator)
    with refused("area.retired"):
        actions.retire_area(town["grid"], by=administrator)


def test_retire_refuses_others(town, clerk, refused):
    with refused("territory.not_your_duty"):
        actions.retire_area(town["grid"], by=clerk)


def test_retire_that_fails_half_way_leaves_nothing(town, administrator, breaking_record):
    broken = breaking_record(AREAS)
    with pytest.raises(broken), transaction.atomic():
        actions.retire_area(town["grid"], by=administrator)
    town["grid"].refresh_from_db()
    assert town["grid"].retired_at is None


# -- reads ----------------------------------------------------------------------------------------------


def test_desk_of_is_the_nearest_desk_upwards(town):
    assert queries.desk_of(town["grid"]).pk == town["west"].pk
    assert queries.desk_of(town["east"]).pk == town["district"].pk
    assert queries.where(town["grid"]) == "小桥街街道 · 富民社区 · 富民一网格"


def test_branches_take_the_same_queries_for_ten_areas_and_a_thousand(town, django_assert_num_queries):
    for rows in (10, 1000):
        actions.create_areas(
            [actions.AreaRow("grid", f"{rows}-{n}", f"{n}", town["community"]) for n in range(rows)]
        )
        queries.ground.get()
        with django_assert_num_queries(1):
            found = queries.branches(town["community"])
        assert len(found) >= rows


def test_a_point_outside_is_nowhere_and_swapped_numbers_are_noticed(town):
    assert queries.locate(114.7, 33.61) is None
    assert queries.locate(33.61, 114.61) is None
    assert queries.looks_swapped(33.61, 114.61)
    assert not queries.looks_swapped(114.61, 33.61)
    assert not queries.looks_swapped(1, 2)


def test_nothing_is_located_before_set_up(db, refused):
    assert queries.locate(114.6, 33.6) is None
    assert queries.locate_many([114.6], [33.6]) == [None]
    assert not queries.looks_swapped(1, 2)
    assert queries.district_if_any() is None
    with refused("territory.no_district"):
        queries.district()


def test_areas_made_by_the_factory_lie_in_the_district(db):
    assert make_area().parent == Area.objects.get(kind="district")
