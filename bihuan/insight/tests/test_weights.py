"""The weights of the composite score: set by the district, for what is to come, kept where it is closed."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.audit.models import Entry
from bihuan.cases.tests.conftest import moment
from bihuan.core.clock import travel
from bihuan.insight import queries
from bihuan.insight.actions import set_weights
from bihuan.insight.catalogue import DEFAULT_WEIGHTS
from bihuan.insight.models import Weighting
from bihuan.insight.periods import MONTH, QUARTER, Period
from bihuan.insight.queries import Sums, View, score_of, weights_of

pytestmark = pytest.mark.django_db
OCTOBER = date(2025, 10, 1)
NOON = moment("2025-09-10 12:00")


def test_weights_hold_for_periods_that_begin_then(cast: Any) -> None:
    with travel(NOON):
        weighting = set_weights(OCTOBER, by=cast.administrator, weights={"in_time_rate": 3, "rework_rate": 0})
    assert weighting.weights == {"in_time_rate": 3}
    entry = Entry.objects.about(weighting).get()
    assert (entry.verb, entry.by, entry.data["weights"]) == (
        "weights.set",
        cast.administrator,
        {"in_time_rate": 3},
    )
    assert queries.weights_on(date(2025, 9, 30)) == DEFAULT_WEIGHTS
    assert queries.weights_on(OCTOBER) == {"in_time_rate": 3}


@pytest.mark.parametrize(
    ("day", "weights", "code"),
    [
        (date(2025, 9, 10), {"in_time_rate": 1}, "insight.begun_already"),
        (OCTOBER, {}, "insight.nothing_weighs"),
        (OCTOBER, {"in_time_rate": 101}, "insight.weight_out_of_range"),
        (OCTOBER, {"in_time_rate": -1}, "insight.weight_out_of_range"),
        (OCTOBER, {"mean_time": 1}, "insight.weight_out_of_range"),
    ],
)
def test_what_has_begun_and_what_makes_no_sense_is_refused(
    cast: Any, refused: Any, day: date, weights: dict[str, int], code: str
) -> None:
    with travel(NOON), refused(code):
        set_weights(day, by=cast.administrator, weights=weights)
    assert not Weighting.objects.exists()


@pytest.mark.parametrize("name", ["leader", "dispatcher", "auditor", "resident"])
def test_only_the_districts_administrator_sets_them(cast: Any, refused: Any, name: str) -> None:
    with travel(NOON), refused("insight.not_administrator"):
        set_weights(OCTOBER, by=getattr(cast, name), weights={"in_time_rate": 1})


def test_a_failure_half_way_leaves_nothing(cast: Any, breaking_record: Any) -> None:
    down = breaking_record("bihuan.insight.actions.weighting")
    with travel(NOON), pytest.raises(down):
        set_weights(OCTOBER, by=cast.administrator, weights={"in_time_rate": 1})
    assert not Weighting.objects.exists()


def test_a_day_can_be_set_again_while_it_is_to_come(cast: Any) -> None:
    with travel(NOON):
        set_weights(OCTOBER, by=cast.administrator, weights={"in_time_rate": 1})
        set_weights(OCTOBER, by=cast.administrator, weights={"solved_rate": 1})
    assert queries.weights_on(OCTOBER) == {"solved_rate": 1}


def test_what_has_begun_keeps_its_weights(cast: Any) -> None:
    with travel(NOON):
        set_weights(OCTOBER, by=cast.administrator, weights={"solved_rate": 1})
    for period in (Period(date(2025, 9, 1), MONTH), Period(date(2025, 7, 1), QUARTER)):
        assert weights_of(View(period, cast.places.district)) == DEFAULT_WEIGHTS
    assert weights_of(View(Period(OCTOBER, QUARTER), cast.places.district)) == {"solved_rate": 1}


def test_a_score_is_the_weighted_mean_of_what_is_known() -> None:
    sums = Sums(Counter(closable=10, in_time=8, resolved=10, reworked=1))
    assert score_of(sums, {"in_time_rate": 1}) == 80
    assert score_of(sums, {"in_time_rate": 1, "rework_rate": 1}) == pytest.approx(85)  # of rework, the rest
    assert score_of(sums, {"in_time_rate": 1, "satisfaction_rate": 9}) == 80  # nobody was asked
    assert score_of(Sums(), {"in_time_rate": 1}) is None


def test_the_page(cast: Any, client: Client) -> None:
    page = reverse("insight:weights")
    client.force_login(cast.administrator)
    with travel(NOON):
        assert client.get(page).status_code == 200
        assert client.post(page, {"starts_on": "", "in_time_rate": 5}).status_code == 422
        assert client.post(page, {"starts_on": "2025-10-01", "in_time_rate": 500}).status_code == 422
        assert client.post(page, {"starts_on": "2025-09-01", "in_time_rate": 5}).status_code == 409
        assert client.post(page, {"starts_on": "2025-10-01", "in_time_rate": 5}).status_code == 302
    assert b"1 October 2025" in client.get(page).content
    client.force_login(cast.leader)
    assert client.get(page).status_code == 404
