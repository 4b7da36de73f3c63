"""A short kill test: everything that can be killed is, and nothing acknowledged is lost or done twice.

`make torture` is the long one.
"""

import pytest

from bench.torture import report, tortured

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]
SECONDS = 12
SEED = 20231


def test_nothing_acknowledged_is_lost_or_done_twice_however_much_is_killed() -> None:
    counts = tortured(SECONDS, SEED, pause=(1.0, 3.0), calm=60)

    print(report(SEED, counts))
    assert counts["faults"] == [], report(SEED, counts)
    assert counts["killed"] >= 3, report(SEED, counts)
    assert counts["reports"], report(SEED, counts)
