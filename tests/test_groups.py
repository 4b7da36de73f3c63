"""Tests that belong together are given to one worker of the run, or each worker builds their world anew."""

import os

import pytest


@pytest.mark.xdist_group("together")
def test_a_group_is_known_to_whoever_deals_the_tests_out(request: pytest.FixtureRequest) -> None:
    assert request.node.nodeid.endswith("@together") is ("PYTEST_XDIST_WORKER" in os.environ)
