"""Whose address is believed, and when a limit is reached."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import RequestFactory

from bihuan.core.clock import travel
from bihuan.core.visitors import Limit, client_address, origin

LIMIT = Limit("test", times=2, seconds=600)
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def visit(address="203.0.113.7", forwarded=""):
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return RequestFactory().get("/", REMOTE_ADDR=address, headers=headers)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "", "203.0.113.7"),
        (0, "198.51.100.1", "203.0.113.7"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "9.9.9.9, 198.51.100.1", "198.51.100.1"),
        (2, "9.9.9.9, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (2, "198.51.100.1", "203.0.113.7"),
        (1, "", "203.0.113.7"),
    ],
)
def test_only_what_trusted_proxies_wrote_is_believed(settings, proxies, forwarded, expected):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies

    assert client_address(visit(forwarded=forwarded)) == expected


def test_an_ipv6_visitor_counts_by_network():
    assert origin(visit("2001:db8:1:2::1")) == origin(visit("2001:db8:1:2:ffff::9"))
    assert origin(visit("2001:db8:1:2::1")) != origin(visit("2001:db8:1:3::1"))
    assert origin(visit("nonsense")) == "nonsense"


def test_a_limit_ends_with_its_window(db):
    with travel(NOON):
        assert [LIMIT.take(visit()) for _ in range(3)] == [True, True, False]
        assert LIMIT.is_reached(visit())
        assert not LIMIT.is_reached(visit("203.0.113.8"))
    with travel(NOON + timedelta(seconds=600)):
        assert not LIMIT.is_reached(visit())
        assert LIMIT.take(visit())


def test_counting_alone_reaches_it_too(db):
    with travel(NOON):
        LIMIT.count(visit())
        assert not LIMIT.is_reached(visit())
        LIMIT.count(visit())
        assert LIMIT.is_reached(visit())


def test_a_measurement_may_do_without_limits(db, settings):
    settings.VISITOR_LIMITS = False

    assert [LIMIT.take(visit()) for _ in range(3)] == [True, True, True]
    assert not LIMIT.is_reached(visit())
