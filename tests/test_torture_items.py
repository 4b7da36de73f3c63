"""A short kill test of imports and batches: the worker is killed in the middle, and each row is done once.

`python -m bench.torture_items` is the long one.
"""

import pytest

from bench.torture_items import tortured_items

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]
ROWS, ITEMS, KILLS = 2_000, 120, 2


def test_a_killed_import_and_a_killed_batch_do_everything_once() -> None:
    counts = tortured_items(ROWS, ITEMS, KILLS)

    assert counts["faults"] == [], counts
    assert (counts["created"], counts["refused"], counts["given"]) == (ROWS - ROWS // 10, ROWS // 10, ITEMS)
    (rows, _, _), (_, items, _) = counts["killed_at"]
    assert 0 < rows < ROWS and 0 < items < ITEMS, "killed in the middle"
