"""The district sets its own hours and days, from today on."""

from datetime import UTC, date, datetime, time

import pytest
from django.db import transaction

from bihuan.audit.models import Entry
from bihuan.core.clock import travel
from bihuan.territory import actions, queries
from bihuan.territory.models import CalendarDay, OfficeHours

WORKTIME = "bihuan.territory.actions.worktime"
SATURDAY = date(2026, 3, 7)
SUMMER = ((time(8), time(12)), (time(15), time(18, 30)))


@pytest.fixture(autouse=True)
def monday_2_march():
    with travel(datetime(2026, 3, 2, 2, tzinfo=UTC)):
        yield


def test_a_set_day_counts_at_once(town, administrator):
    assert not queries.working_calendar().is_working_day(SATURDAY)
    day = actions.set_calendar_day(SATURDAY, works=True, name="防汛值班", by=administrator)

    assert queries.working_calendar().is_working_day(SATURDAY)
    assert queries.working_calendar().explain(SATURDAY).name == "防汛值班"
    actions.set_calendar_day(SATURDAY, works=False, name="轮休", by=administrator)
    assert CalendarDay.objects.get() == day
    assert Entry.objects.about(day).count() == 2


def test_the_past_stays_as_it_was(town, administrator, refused):
    yesterday = date(2026, 3, 1)
    with refused("calendar.day_passed"):
        actions.set_calendar_day(yesterday, works=True, name="x", by=administrator)
    with refused("calendar.day_passed"):
        actions.remove_calendar_day(yesterday, by=administrator)
    with refused("calendar.day_passed"):
        actions.set_office_hours(starts_on=yesterday, spans=SUMMER, by=administrator)


def test_days_are_the_administrators(town, clerk, refused):
    with refused("territory.not_your_duty"):
        actions.set_calendar_day(SATURDAY, works=True, name="x", by=clerk)
    with refused("territory.not_your_duty"):
        actions.remove_calendar_day(SATURDAY, by=clerk)
    with refused("territory.not_your_duty"):
        actions.set_office_hours(starts_on=SATURDAY, spans=SUMMER, by=clerk)


def test_what_fails_half_way_leaves_nothing(town, administrator, breaking_record):
    actions.set_calendar_day(SATURDAY, works=True, name="防汛值班", by=administrator)
    broken = breaking_record(WORKTIME)
    for act in (
        lambda: actions.set_calendar_day(date(2026, 3, 8), works=True, name="x", by=administrator),
        lambda: actions.remove_calendar_day(SATURDAY, by=administrator),
        lambda: actions.set_office_hours(starts_on=SATURDAY, spans=SUMMER, by=administrator),
    ):
        with pytest.raises(broken), transaction.atomic():
            act()
    assert CalendarDay.objects.get().day == SATURDAY
    assert not OfficeHours.objects.exists()
    assert queries.working_calendar().is_working_day(SATURDAY)


def test_a_removed_day_follows_the_official_calendar_again(town, administrator, refused):
    actions.set_calendar_day(SATURDAY, works=True, name="防汛值班", by=administrator)
    actions.remove_calendar_day(SATURDAY, by=administrator)

    assert not queries.working_calendar().is_working_day(SATURDAY)
    assert Entry.objects.filter(verb="calendar_day.removed").exists()
    with refused("calendar.no_exception"):
        actions.remove_calendar_day(SATURDAY, by=administrator)


def test_hours_hold_from_their_day_on(town, administrator, refused):
    actions.set_office_hours(starts_on=date(2026, 6, 1), spans=SUMMER[::-1], by=administrator)

    calendar = queries.working_calendar()
    assert calendar.hours_on(date(2026, 6, 1)) == SUMMER
    assert calendar.hours_on(date(2026, 5, 31)) != SUMMER
    assert OfficeHours.objects.get().lines() == ["08:00–12:00", "15:00–18:30"]
    with refused("calendar.impossible_hours"):
        actions.set_office_hours(
            starts_on=SATURDAY, spans=((time(8), time(12)), (time(11), time(13))), by=administrator
        )
