"""What people may act as today, and who gives and ends it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from bihuan.accounts import queries
from bihuan.accounts.actions import end_duty, give_duty
from bihuan.accounts.models import Cover, Duty
from bihuan.accounts.rules import held
from bihuan.accounts.tests.factories import hold, make_person, make_unit
from bihuan.audit.queries import entries_about
from bihuan.core.clock import now, today, travel

DAY = timedelta(days=1)


def cover(absent, stand_in, first=0, last=0):
    return Cover.objects.create(
        absent=absent, stand_in=stand_in, starts_on=today() + first * DAY, ends_on=today() + last * DAY
    )


def test_a_duty_reaches_down_and_not_up_or_aside(town):
    assert town.clerk.holds("clerk")
    assert town.clerk.holds("clerk", area=town.north)
    assert town.clerk.holds("clerk", area=town.community)
    assert not town.clerk.holds("clerk", area=town.district)
    assert not town.clerk.holds("clerk", area=town.south)
    assert not town.clerk.holds("dispatcher", area=town.north)
    assert not town.clerk.holds("clerk", unit=town.office)


def test_a_handler_reaches_the_units_below(town):
    person = make_person(duties=[("handler", town.office)])
    other = make_person(duties=[("handler", town.team)])

    assert person.holds("handler", unit=town.team)
    assert other.holds("handler", unit=town.team)
    assert not other.holds("handler", unit=town.office)
    assert not person.holds("handler", area=town.district)


def test_paths_are_not_mistaken_for_longer_ones(town):
    town.office.path, town.team.path = "1/", "11/"
    assert not town.office.covers(town.team)


def test_duties_count_from_their_first_day_to_their_last(town):
    person = make_person()
    hold(person, "inspector", town.north, starts_on=today() + DAY, ends_on=today() + 2 * DAY)

    assert not person.holds("inspector")
    with travel(now() + DAY):
        assert person.holds("inspector")
    with travel(now() + 2 * DAY):
        assert person.holds("inspector")
    with travel(now() + 3 * DAY):
        assert not person.holds("inspector")


def test_a_stand_in_acts_on_behalf_of_the_absent_person(town):
    stand_in = make_person("李强")
    cover(town.clerk, stand_in)

    found = stand_in.holds("clerk", area=town.community)

    assert found and found.on_behalf_of == town.clerk
    assert town.clerk.holds("clerk").on_behalf_of is None


def test_own_duties_come_before_borrowed_ones(town):
    stand_in = make_person(duties=[("clerk", town.north)])
    cover(town.clerk, stand_in)

    assert stand_in.holds("clerk", area=town.north).on_behalf_of is None


def test_cover_of_cover_does_not_chain(town):
    first, second = make_person(), make_person()
    cover(town.clerk, first)
    cover(first, second)

    assert first.holds("clerk")
    assert not second.holds("clerk")


def test_nobody_acts_for_a_closed_account_and_a_closed_account_acts_for_nobody(town):
    stand_in = make_person()
    cover(town.clerk, stand_in)
    town.clerk.is_active = False
    town.clerk.save()
    assert not stand_in.duties_now()
    assert not make_person(is_active=False, duties=[("clerk", town.north)]).duties_now()


def test_duties_take_two_queries_once_a_day(town, django_assert_num_queries):
    for number in range(10):
        cover(make_person(duties=[("clerk", town.north)]), town.clerk, last=number)
    town.clerk.forget_duties()
    with django_assert_num_queries(2):
        assert len(town.clerk.duties_now()) == 11
        for found in town.clerk.duties_now():
            assert found.place.path
            assert town.clerk.holds("clerk", area=town.community)


def test_visitors_hold_nothing():
    from django.contrib.auth.models import AnonymousUser

    assert held(AnonymousUser(), "clerk") is None


def test_holders_are_those_here_and_above_with_stand_ins(town):
    above = make_person("甲", duties=[("clerk", town.district)])
    stand_in = make_person("乙")
    make_person("丙", duties=[("clerk", town.south)])
    make_person("丁", duties=[("dispatcher", town.north)])
    make_person("戊", duties=[("clerk", town.community)])
    cover(town.clerk, stand_in)

    assert set(queries.holders("clerk", area=town.north)) == {above, town.clerk, stand_in}
    assert set(queries.holders("clerk", area=town.district)) == {above}


def test_holders_of_a_unit(town):
    head, worker = (
        make_person(duties=[("handler", town.office)]),
        make_person(duties=[("handler", town.team)]),
    )

    assert set(queries.holders("handler", unit=town.team)) == {head, worker}
    assert set(queries.holders("handler", unit=town.office)) == {head}


@pytest.mark.parametrize("kind, place", [("handler", "north"), ("clerk", "team")])
def test_the_database_refuses_a_duty_in_the_wrong_kind_of_place(town, kind, place):
    where = getattr(town, place)
    fields = {"area": where} if place == "north" else {"unit": where}
    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.create(person=town.clerk, kind=kind, starts_on=today(), **fields)


def test_give_duty_makes_a_person_answer_for_it(town):
    duty = give_duty(town.clerk, kind="inspector", area=town.community, by=town.admin)

    assert town.clerk.__class__.objects.get(pk=town.clerk.pk).holds("inspector", area=town.community)
    entry = entries_about(duty).get()
    assert (entry.verb, entry.by, entry.data["person"]) == ("duty.given", town.admin, town.clerk.pk)


def test_give_duty_refuses_what_is_already_held(town, refused):
    with refused("duty.already_held"):
        give_duty(town.clerk, kind="clerk", area=town.north, by=town.admin)
    with pytest.raises(ValidationError):
        give_duty(town.clerk, kind="handler", area=town.north, by=town.admin)
    with pytest.raises(ValidationError):
        give_duty(
            town.clerk,
            kind="inspector",
            area=town.north,
            starts_on=today(),
            ends_on=today() - DAY,
            by=town.admin,
        )
    assert town.clerk.duties.count() == 1


def test_give_duty_refuses_people_who_do_not_administer_the_place(town, refused):
    with refused("accounts.not_administrator"):
        give_duty(town.clerk, kind="inspector", area=town.north, by=town.clerk)
    with refused("accounts.not_administrator"):
        give_duty(town.clerk, kind="inspector", area=town.south, by=town.north_admin)
    with refused("accounts.not_administrator"):
        give_duty(town.clerk, kind="handler", unit=town.office, by=town.north_admin)
    with refused("accounts.not_administrator"):
        give_duty(town.clerk, kind="handler", unit=make_unit(), by=town.north_admin)
    assert give_duty(town.clerk, kind="handler", unit=town.team, by=town.north_admin)


def test_give_duty_that_fails_half_way_leaves_nothing(town, breaking_record):
    with pytest.raises(breaking_record("bihuan.accounts.actions.duties")):
        give_duty(town.clerk, kind="inspector", area=town.north, by=town.admin)
    assert town.clerk.duties.count() == 1


def test_end_duty_ends_it_now_or_after_a_day(town):
    duty = town.clerk.duties.get()

    end_duty(duty, by=town.admin, last_day=today() + DAY)
    town.clerk.forget_duties()
    assert town.clerk.holds("clerk")
    with travel(now() + 2 * DAY):
        assert not town.clerk.holds("clerk")

    end_duty(duty, by=town.admin)
    town.clerk.forget_duties()
    assert not town.clerk.holds("clerk")
    assert [entry.verb for entry in entries_about(duty)] == ["duty.limited", "duty.ended"]


def test_end_duty_refuses_an_ended_duty(town, refused):
    duty = town.clerk.duties.get()
    with refused("duty.bad_last_day"):
        end_duty(duty, by=town.admin, last_day=date(2020, 5, 1))
    end_duty(duty, by=town.admin)
    with refused("duty.over"):
        end_duty(duty, by=town.admin)


def test_end_duty_refuses_others(town, refused):
    with refused("accounts.not_administrator"):
        end_duty(town.clerk.duties.get(), by=town.clerk)
    with refused("accounts.not_administrator"):
        end_duty(town.admin.duties.get(), by=town.north_admin)


def test_end_duty_that_fails_half_way_leaves_nothing(town, breaking_record):
    duty = town.clerk.duties.get()
    with pytest.raises(breaking_record("bihuan.accounts.actions.duties")):
        end_duty(duty, by=town.admin)
    duty.refresh_from_db()
    assert not duty.is_over


def test_the_last_administrator_of_the_district_remains(town, refused):
    with refused("accounts.last_administrator"):
        end_duty(town.admin.duties.get(), by=town.admin)
    with refused("accounts.last_administrator"):
        end_duty(town.admin.duties.get(), by=town.admin, last_day=today() + DAY)

    second = make_person(duties=[("administrator", town.district)])
    end_duty(town.admin.duties.get(), by=second)
    with refused("accounts.last_administrator"):
        end_duty(second.duties.get(), by=second)
