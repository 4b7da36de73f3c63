"""The clock that tests and the demo move."""

import threading
from datetime import UTC, date, datetime, timedelta
from time import sleep
from zoneinfo import ZoneInfo

from bihuan.core import clock

MARCH = datetime(2023, 3, 15, 22, 30, tzinfo=UTC)


def test_the_present_is_aware_and_utc() -> None:
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=1)
    assert clock.now().tzinfo is UTC


def test_travel_stops_the_clock_and_comes_back() -> None:
    with clock.travel(MARCH):
        assert clock.now() == MARCH
        sleep(0.01)
        assert clock.now() == MARCH
    assert clock.now() > MARCH + timedelta(days=365)


def test_travel_with_tick_lets_time_go_on() -> None:
    with clock.travel(MARCH, tick=True):
        sleep(0.02)
        assert timedelta(milliseconds=10) < clock.now() - MARCH < timedelta(seconds=5)


def test_travel_nests_and_survives_an_error() -> None:
    later = MARCH + timedelta(days=1)
    with clock.travel(MARCH):
        try:
            with clock.travel(later):
                assert clock.now() == later
                raise ValueError
        except ValueError:
            pass
        assert clock.now() == MARCH


def test_travel_takes_a_moment_in_any_zone() -> None:
    with clock.travel(MARCH.astimezone(ZoneInfo("Asia/Shanghai"))):
        assert clock.now() == MARCH
        assert clock.now().tzinfo is UTC


def test_the_districts_date_is_not_utcs() -> None:
    with clock.travel(MARCH):  # half past six in the morning of the next day in China
        assert clock.today() == date(2023, 3, 16)
        assert clock.local().hour == 6


def test_travel_moves_only_the_own_thread() -> None:
    seen = []
    with clock.travel(MARCH):
        thread = threading.Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen[0] > MARCH + timedelta(days=365)


def test_real_time_is_never_moved() -> None:
    with clock.travel(MARCH):
        assert clock.real_now() > MARCH + timedelta(days=365)
