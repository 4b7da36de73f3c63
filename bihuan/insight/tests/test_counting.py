"""However cases live and in whatever order reactions run: what is counted is what counting anew gives."""

from datetime import timedelta
from random import Random
from typing import Any

import hypothesis.strategies as st
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from bihuan.cases.models import Case
from bihuan.core.clock import today, travel
from bihuan.insight import actions, background, queries
from bihuan.insight.models import Fact, Tally
from bihuan.insight.tests.conftest import District, all_rows, react

pytestmark = pytest.mark.django_db


@settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=8,
    suppress_health_check=list(HealthCheck),
)
@given(seed=st.integers(min_value=0, max_value=10**6), closing=st.booleans())
def test_counted_step_by_step_or_anew_it_is_the_same(cast: Any, seed: int, closing: bool) -> None:
    with transaction.atomic():
        district = District(cast, seed)
        chance = Random(seed)
        for _ in range(3):
            district.live(cases=6, steps=8)
            with travel(district.now):
                react(chance)
                if closing:
                    background.close_the_day()
        with travel(district.now):
            actions.count_open(queries.nights_missing(today() - timedelta(days=1)))
            counted = all_rows()
            actions.rebuild_figures()
            anew = all_rows()
        for table, rows in anew.items():
            assert counted[table] == rows, table
        assert Fact.objects.count() == Case.objects.count()
        assert Tally.objects.exists()
        transaction.set_rollback(True)
