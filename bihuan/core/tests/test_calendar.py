"""Working time obeys its laws in every zone, and the official calendar is the official one."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.core.calendar import (
    DEFAULT_HOURS,
    NaturalClock,
    WorkingCalendar,
    checked_spans,
    is_published,
    works_officially,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = 7 * 3600
NIGHT_SHIFT = ((time(0, 30), time(3, 15)), (time(22), time(0)))

CALENDARS = {
    "shanghai": WorkingCalendar(),
    "new_york": WorkingCalendar(zone=ZoneInfo("America/New_York")),
    "night_new_york": WorkingCalendar(NIGHT_SHIFT, ZoneInfo("America/New_York"), {date(2026, 3, 8): True}),
    "midnight_gap": WorkingCalendar(((time(0), time(0)),), ZoneInfo("America/Santiago")),
    "overridden": WorkingCalendar(
        overrides={
            date(2026, 3, 2): False,
            date(2026, 3, 7): True,
            date(2026, 3, 8): ((time(9), time(10)),),
        },
        changes={date(2026, 6, 1): ((time(8), time(12)), (time(15), time(18, 30)))},
    ),
}
ZONES = st.sampled_from([UTC, SHANGHAI, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")])
calendars = st.sampled_from(sorted(CALENDARS)).map(CALENDARS.__getitem__)
moments = st.datetimes(datetime(2019, 1, 1), datetime(2031, 1, 1), timezones=ZONES)
seconds = st.integers(0, 400 * DAY)


@given(calendars, moments, seconds, seconds)
@settings(max_examples=300, deadline=None)
def test_adding_twice_is_adding_the_sum(calendar, start, first, second):
    assert calendar.add(calendar.add(start, first), second) == calendar.add(start, first + second)


@given(calendars, moments, seconds)
@settings(max_examples=300, deadline=None)
def test_between_undoes_add(calendar, start, work):
    assert calendar.between(start, calendar.add(start, work)) == work


@given(calendars, moments, moments, seconds, seconds)
@settings(max_examples=300, deadline=None)
def test_add_is_monotonic_in_both_arguments(calendar, one, other, less, more):
    early, late = sorted((one, other), key=lambda moment: moment.astimezone(UTC))
    less, more = sorted((less, more))
    assert calendar.add(early, less) <= calendar.add(late, less)
    assert calendar.add(early, less) <= calendar.add(early, more)


@given(calendars, moments, moments)
@settings(max_examples=300, deadline=None)
def test_between_is_antisymmetric_and_never_longer_than_the_time_that_passed(calendar, one, other):
    work = calendar.between(one, other)
    assert work == -calendar.between(other, one)
    assert abs(work) <= abs((other.astimezone(UTC) - one.astimezone(UTC)).total_seconds())


@given(calendars, moments, moments, moments)
@settings(max_examples=300, deadline=None)
def test_between_adds_up_over_a_stop_on_the_way(calendar, first, second, third):
    first, second, third = (
        moment.replace(microsecond=0)
        for moment in sorted((first, second, third), key=lambda moment: moment.astimezone(UTC))
    )
    whole = calendar.between(first, third)
    assert calendar.between(first, second) + calendar.between(second, third) == whole


@given(calendars, moments, st.integers(1, 400 * DAY))
@settings(max_examples=300, deadline=None)
def test_add_answers_with_the_earliest_moment(calendar, start, work):
    end = calendar.add(start, work)
    assert calendar.between(start, end - timedelta(microseconds=1)) == work - 1
    assert calendar.is_working(end - timedelta(microseconds=1))


@given(moments, moments, seconds, seconds)
@settings(deadline=None)
def test_the_natural_clock_obeys_the_same_laws(one, other, first, second):
    clock = NaturalClock()
    assert clock.add(clock.add(one, first), second) == clock.add(one, first + second)
    assert clock.between(one, clock.add(one, first)) == first
    assert clock.between(one, other) == -clock.between(other, one)
    assert clock.is_working(one)


@given(st.dates(date(2004, 1, 1), date(2026, 12, 31)))
@settings(deadline=None)
def test_official_days_are_those_of_the_published_calendar(day):
    import chinese_calendar

    assert works_officially(day) == chinese_calendar.is_workday(day)


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (local(2026, 3, 2, 9, 0), 1, local(2026, 3, 2, 10, 0)),
        (
            local(2026, 3, 2, 11, 0),
            1,
            local(2026, 3, 2, 12, 0),
        ),  # ends at the break, not after it
        (local(2026, 3, 2, 11, 0), 2, local(2026, 3, 2, 15, 30)),
        (local(2026, 3, 2, 13, 0), 1, local(2026, 3, 2, 15, 30)),
        (local(2026, 3, 2, 22, 0), 1, local(2026, 3, 3, 9, 30)),
        (local(2026, 3, 6, 17, 0), 2, local(2026, 3, 9, 9, 30)),  # over a weekend
        (
            local(2026, 2, 13, 17, 0),
            2,
            local(2026, 2, 14, 9, 30),
        ),  # Saturday 14 February 2026 works
        (
            local(2026, 2, 14, 17, 0),
            2,
            local(2026, 2, 24, 9, 30),
        ),  # then nine days of Spring Festival
        (
            local(2023, 1, 27, 17, 0),
            7,
            local(2023, 1, 28, 18, 0),
        ),  # Saturday 28 January 2023 works
    ],
)
def test_known_days(start, hours, end):
    assert WorkingCalendar().add(start, hours * 3600) == end


def test_nothing_to_do_ends_at_once_even_at_night():
    night = local(2026, 3, 2, 23, 0)
    assert WorkingCalendar().add(night, 0) == night


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (local(2026, 3, 2, 8, 29), False),
        (local(2026, 3, 2, 8, 30), True),
        (local(2026, 3, 2, 12, 0), False),
        (local(2026, 3, 2, 17, 59), True),
        (local(2026, 3, 7, 9, 0), False),
        (local(2026, 2, 28, 9, 0), True),
        (local(2026, 2, 17, 9, 0), False),
    ],
)
def test_is_working(moment, expected):
    assert WorkingCalendar().is_working(moment) is expected


def test_the_district_overrides_the_official_calendar():
    flood, sports_day = date(2026, 3, 7), date(2026, 3, 9)
    calendar = WorkingCalendar(
        overrides={
            flood: True,
            sports_day: ((time(9), time(10)),),
            date(2026, 3, 10): False,
        },
        names={flood: "防汛值班"},
    )

    assert calendar.between(local(2026, 3, 7), local(2026, 3, 8)) == DAY
    assert calendar.between(local(2026, 3, 9), local(2026, 3, 10)) == 3600
    assert calendar.between(local(2026, 3, 10), local(2026, 3, 11)) == 0
    assert calendar.explain(flood).source == "district"
    assert calendar.explain(flood).name == "防汛值班"


def test_hours_change_from_a_day_and_leave_the_days_before_alone():
    summer = ((time(8), time(12)), (time(15), time(19)))
    calendar = WorkingCalendar(changes={date(2026, 6, 1): summer})

    assert calendar.between(local(2026, 5, 29), local(2026, 5, 30)) == DAY
    assert calendar.between(local(2026, 6, 1), local(2026, 6, 2)) == 8 * 3600
    assert calendar.day_length == 8 * 3600


def test_unpublished_years_fall_back_to_weekdays_and_say_so():
    calendar = WorkingCalendar()
    national_day = date(2041, 10, 1)  # a Tuesday

    assert calendar.is_working_day(national_day)
    assert not calendar.is_published(national_day)
    assert not calendar.explain(national_day).published
    assert calendar.is_published(date(2023, 10, 1))
    assert not is_published(1999)


def test_explain_names_the_holiday_in_the_readers_language():
    from django.utils.translation import override

    explained = WorkingCalendar().explain
    with override("en"):
        assert explained(date(2026, 2, 17)).name == "Spring Festival"
        assert str(explained(date(2026, 2, 14)).sentence) == "Working day moved here from a holiday"
    with override("zh-hans"):
        assert explained(date(2026, 2, 17)).name == "春节"
    assert [explained(date(2026, 3, day)).source for day in (6, 7)] == [
        "weekday",
        "weekend",
    ]


@pytest.mark.parametrize(
    "spans",
    [
        (),
        ((time(9), time(9)),),
        ((time(12), time(9)),),
        ((time(9), time(12)), (time(11), time(14))),
        ((time(9), time(0)), (time(22), time(23))),
    ],
)
def test_impossible_hours_are_refused(spans):
    with pytest.raises(ValueError, match="hours"):
        checked_spans(spans)


def test_moments_without_a_zone_and_backward_limits_are_refused():
    with pytest.raises(ValueError, match="zone"):
        WorkingCalendar().add(datetime(2026, 3, 2), 1)
    for clock in (WorkingCalendar(), NaturalClock()):
        with pytest.raises(ValueError, match="forwards"):
            clock.add(local(2026, 3, 2), -1)


def test_a_calendar_without_working_days_ends_in_an_error_not_in_a_loop():
    with pytest.raises(OverflowError):
        WorkingCalendar().add(local(9000, 1, 1), 10**11)


def test_the_normal_day_is_seven_hours():
    assert WorkingCalendar().day_length == DAY
    assert WorkingCalendar().hours == DEFAULT_HOURS
    assert NaturalClock().day_length == 86_400
