"""Many workers at once: every case is counted once, nobody waits in a circle, closed figures stay closed."""

from datetime import timedelta
from random import Random
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from bihuan.audit.models import Entry
from bihuan.audit.running import take_effect
from bihuan.cases.tests.conftest import moment
from bihuan.core.clock import travel
from bihuan.insight import actions
from bihuan.insight.actions.closing import faults_in_closed
from bihuan.insight.events import EVENTS
from bihuan.insight.models import ClosedPeriod
from bihuan.insight.tests.conftest import District, all_rows

pytestmark = [pytest.mark.threads, pytest.mark.django_db(transaction=True)]
NAME = "insight.background.count"
WORKERS = 6


def work(calls: list[Any]) -> list[str]:
    """Run these at the same time on a connection each; how each ended."""
    barrier, ended = Barrier(len(calls)), ["crashed or still waiting"] * len(calls)

    def run(number: int, call: Any) -> None:
        connection.ensure_connection()
        barrier.wait(30)
        try:
            call()
            ended[number] = "done"
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return ended


def reactions(seed: int, now: Any) -> Any:
    def run() -> None:
        entries = list(Entry.objects.filter(subject_type="cases.case", verb__in=EVENTS))
        Random(seed).shuffle(entries)
        with travel(now):
            for entry in entries:
                take_effect(entry, NAME)

    return run


def test_workers_in_any_order_count_each_case_once(cast: Any) -> None:
    district = District(cast, 5)
    district.live(cases=12, steps=10)
    assert work([reactions(seed, district.now) for seed in range(WORKERS)]) == ["done"] * WORKERS
    counted = all_rows()
    with travel(district.now):
        actions.rebuild_figures()
    anew = all_rows()
    for table in ("insight_fact", "insight_transition", "insight_tally", "insight_handlingtime"):
        assert counted[table] == anew[table], table


def test_closing_while_workers_count(cast: Any) -> None:
    district = District(cast, 6)
    district.live(cases=8, steps=10)
    later = district.now + timedelta(days=40)

    def close() -> None:
        with travel(later):
            actions.close_periods()

    assert work([reactions(1, later), close, reactions(2, later), close]) == ["done"] * 4
    with travel(later):
        actions.count_missed()
        actions.close_periods()
    assert ClosedPeriod.objects.exists()
    assert list(faults_in_closed()) == []


def test_counting_anew_while_workers_count(make_case: Any) -> None:
    with travel(moment("2025-09-09 10:00")):
        for _ in range(4):
            make_case(at="closed")
    now = moment("2025-09-09 11:00")

    def anew() -> None:
        with travel(now):
            actions.rebuild_figures()

    assert work([reactions(1, now), anew, reactions(2, now)]) == ["done"] * 3
    counted = all_rows()
    anew()
    assert all_rows() == counted
