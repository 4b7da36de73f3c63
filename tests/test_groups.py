"""The workers of one run find the same tests by the same names, and keep together what belongs together."""

import os

import pytest


@pytest.mark.xdist_group("together")
def test_a_group_is_known_to_whoever_deals_the_tests_out(request: pytest.FixtureRequest) -> None:
    assert request.node.nodeid.endswith("@together") is ("PYTEST_XDIST_WORKER" in os.environ)


@pytest.mark.parametrize("content", [b"PK\x03\x04 made at 12:00:01", b"PK\x03\x04 made at 12:00:02"])
def test_content_is_no_part_of_a_name(content: bytes, request: pytest.FixtureRequest) -> None:
    assert request.node.callspec.id in ("content0", "content1")
    assert content.decode() not in request.node.nodeid
