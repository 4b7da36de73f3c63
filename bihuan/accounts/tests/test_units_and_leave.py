"""The tree of units, and who stands in for whom."""

from datetime import timedelta

import pytest

from bihuan.accounts import queries
from bihuan.accounts.actions import arrange_cover, cancel_cover, change_unit, create_unit, deactivate_person
from bihuan.accounts.models import Cover, Unit
from bihuan.accounts.tests.factories import make_person, make_unit
from bihuan.audit.queries import entries_about
from bihuan.core.clock import today

DAY = timedelta(days=1)


def facts(unit, **changes):
    return {
        "name": unit.name,
        "name_en": unit.name_en,
        "kind": unit.kind,
        "code": unit.code,
        "parent": unit.parent,
        "area": unit.area,
    } | changes


def test_create_unit_hangs_it_into_the_tree(town):
    unit = create_unit(
        name="二中队", kind="department", code="CG-N-2", parent=town.team, area=town.north, by=town.admin
    )
    assert unit.path == f"{town.team.path}{unit.pk}/"
    assert town.office.covers(unit)
    assert entries_about(unit).get().area_id == town.north.pk


def test_create_unit_refuses_a_taken_code(town, refused):
    with refused("unit.code_taken"):
        create_unit(name="X", kind="other", code="CG", by=town.admin)


def test_create_unit_refuses_others(town, refused):
    with refused("accounts.not_administrator"):
        create_unit(name="X", kind="other", code="X", by=town.clerk)
    with refused("accounts.not_administrator"):
        create_unit(name="X", kind="other", code="X", by=town.north_admin)
    assert create_unit(name="X", kind="other", code="X", area=town.north, by=town.north_admin)


def test_create_unit_that_fails_half_way_leaves_nothing(town, breaking_record):
    with pytest.raises(breaking_record("bihuan.accounts.actions.units")):
        create_unit(name="X", kind="other", code="X", by=town.admin)
    assert not Unit.objects.filter(code="X").exists()


def test_change_unit_moves_everything_below_it(town):
    leaf, top = make_unit(parent=town.team), make_unit(code="TOP")

    change_unit(town.office, **facts(town.office, parent=top), by=town.admin)

    for unit in (town.office, town.team, leaf):
        unit.refresh_from_db()
    assert town.office.path == f"{top.path}{town.office.pk}/"
    assert leaf.path == f"{town.office.path}{town.team.pk}/{leaf.pk}/"

    change_unit(town.office, **facts(town.office), by=town.admin)
    assert entries_about(town.office).count() == 1


def test_change_unit_refuses_a_ring_and_a_taken_code(town, refused):
    with refused("unit.ring"):
        change_unit(town.office, **facts(town.office, parent=town.team), by=town.admin)
    with refused("unit.ring"):
        change_unit(town.office, **facts(town.office, parent=town.office), by=town.admin)
    with refused("unit.code_taken"):
        change_unit(town.office, **facts(town.office, code="CG-N"), by=town.admin)


def test_change_unit_refuses_others(town, refused):
    with refused("accounts.not_administrator"):
        change_unit(town.office, **facts(town.office, name="X"), by=town.north_admin)
    with refused("accounts.not_administrator"):
        change_unit(town.team, **facts(town.team, area=town.south), by=town.north_admin)


def test_change_unit_that_fails_half_way_leaves_nothing(town, breaking_record):
    with pytest.raises(breaking_record("bihuan.accounts.actions.units")):
        change_unit(town.team, **facts(town.team, name="X", parent=None), by=town.admin)
    town.team.refresh_from_db()
    assert town.team.name == "北街道执法队" and town.team.path.startswith(town.office.path)


def test_units_are_found_by_name_and_code(town):
    assert list(queries.units_like("执法")) == [town.team]
    assert town.office in queries.units_like("cg")
    assert town.office in queries.units_like("Urban")
    assert not queries.units_like("") or len(queries.units_like("", limit=1)) == 1


def test_the_tree_lists_parents_before_children_in_three_queries(town, django_assert_max_num_queries):
    for number in range(30):
        make_unit(parent=town.team if number % 2 else None)
    make_person(duties=[("handler", town.team)])
    town.admin.duties_now()
    with django_assert_max_num_queries(3):
        branches = queries.unit_tree(town.admin)
    paths = [branch.unit.path for branch in branches]
    assert all(
        any(path.startswith(seen) for seen in paths[:i]) or path.count("/") == 1
        for i, path in enumerate(paths)
    )
    assert {branch.unit.code: branch.people for branch in branches}["CG-N"] == 1


def test_arrange_cover_lets_a_colleague_act(town):
    colleague = make_person(duties=[("clerk", town.community)])
    assert colleague in queries.stand_ins_for(town.clerk)

    cover = arrange_cover(
        town.clerk, stand_in=colleague, starts_on=today(), ends_on=today() + DAY, by=town.clerk, reason="休假"
    )

    assert colleague.holds("clerk", area=town.north).on_behalf_of == town.clerk
    entry = entries_about(cover).get()
    assert (entry.verb, entry.data["absent"], entry.data["stand_in"]) == (
        "cover.arranged",
        town.clerk.pk,
        colleague.pk,
    )


def test_what_a_stand_in_administrator_does_names_the_absent_one(town):
    colleague = make_person()
    arrange_cover(town.admin, stand_in=colleague, starts_on=today(), ends_on=today(), by=town.admin)
    unit = create_unit(name="X", kind="other", code="X", by=colleague)
    entry = entries_about(unit).get()
    assert (entry.by, entry.on_behalf_of) == (colleague, town.admin)


def test_arrange_cover_refuses_wrong_times_and_people(town, refused):
    colleague, third = make_person(), make_person()
    span = {"starts_on": today(), "ends_on": today() + DAY}
    with refused("cover.oneself"):
        arrange_cover(town.clerk, stand_in=town.clerk, **span, by=town.clerk)
    with refused("cover.in_the_past"):
        arrange_cover(
            town.clerk, stand_in=colleague, starts_on=today() - 2 * DAY, ends_on=today() - DAY, by=town.clerk
        )
    arrange_cover(town.clerk, stand_in=colleague, **span, by=town.clerk)
    with refused("cover.already_arranged"):
        arrange_cover(town.clerk, stand_in=colleague, **span, by=town.clerk)
    with refused("cover.stand_in_away"):
        arrange_cover(third, stand_in=town.clerk, **span, by=third)
    deactivate_person(third, by=town.admin)
    third.refresh_from_db()
    with refused("person.inactive"):
        arrange_cover(town.clerk, stand_in=third, **span, by=town.clerk)


def test_arrange_cover_refuses_others(town, refused):
    colleague = make_person()
    span = {"starts_on": today(), "ends_on": today()}
    with refused("cover.not_yours"):
        arrange_cover(town.clerk, stand_in=colleague, **span, by=colleague)
    with refused("cover.not_yours"):
        arrange_cover(town.admin, stand_in=colleague, **span, by=town.north_admin)
    assert arrange_cover(town.clerk, stand_in=colleague, **span, by=town.north_admin)


def test_arrange_cover_that_fails_half_way_leaves_nothing(town, breaking_record):
    with pytest.raises(breaking_record("bihuan.accounts.actions.covers")):
        arrange_cover(town.clerk, stand_in=town.admin, starts_on=today(), ends_on=today(), by=town.clerk)
    assert not Cover.objects.exists()


def test_cancel_cover(town, refused, breaking_record):
    colleague = make_person()
    cover = arrange_cover(town.clerk, stand_in=colleague, starts_on=today(), ends_on=today(), by=town.clerk)
    with refused("cover.not_yours"):
        cancel_cover(cover, by=make_person())
    cancelled = cancel_cover(cover, by=colleague)
    colleague.forget_duties()
    assert cancelled.cancelled_by == colleague and not colleague.duties_now()
    with refused("cover.over"):
        cancel_cover(cover, by=town.clerk)

    cover = arrange_cover(town.clerk, stand_in=colleague, starts_on=today(), ends_on=today(), by=town.clerk)
    with pytest.raises(breaking_record("bihuan.accounts.actions.covers")):
        cancel_cover(cover, by=town.clerk)
    cover.refresh_from_db()
    assert cover.cancelled_at is None
