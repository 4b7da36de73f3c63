"""Areas, units and matters side by side: on the page, and for programs."""

from collections import Counter
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.api.tests.conftest import call, make_token
from bihuan.cases.tests.conftest import moment
from bihuan.core.clock import travel
from bihuan.insight import background
from bihuan.insight.catalogue import INDICATORS
from bihuan.insight.queries import Line, Sums
from bihuan.insight.queries.figures import ranked
from bihuan.insight.wording import said

__all__ = ["call", "make_token"]
pytestmark = pytest.mark.django_db


def numbers(client: Client, **asked: Any) -> Any:
    return client.get(reverse("insight:numbers"), {"period": "2025-09"} | asked).context["shown"]


def test_matters_are_compared_down_the_tree(make_case: Any, settle: Any, cast: Any, client: Client) -> None:
    with travel(moment("2025-09-09 10:00")):
        make_case(at="closed", matter=cast.pipes)
        make_case(at="closed", matter=cast.litter)
        settle()
    client.force_login(cast.leader)

    (group,) = numbers(client).matters.rows
    assert (group.label, group.due, group.cells[0].value) == ("City appearance", 2, 100)
    below = client.get(group.url).context["shown"].matters.rows
    assert {(row.label, row.due) for row in below} == {("Burst pipe", 1), ("Litter", 1)}
    assert client.get(below[0].due_url).context["total"] == 1
    assert client.get(below[0].url).context["shown"].matters.rows == []


def test_who_had_nothing_open_at_night_has_none(
    make_case: Any, settle: Any, cast: Any, client: Client
) -> None:
    """“—” says that nothing is known of the night."""
    with travel(moment("2025-09-09 10:00")):
        make_case(at="closed")
        make_case.report(lon=cast.places.elsewhere[0], lat=cast.places.elsewhere[1], place=None)
        settle()
    client.force_login(cast.leader)
    assert {str(row.cells[-2].said) for row in numbers(client).areas.rows} == {"—"}

    with travel(moment("2025-10-01 03:00")):
        background.close_the_day()
    shown = numbers(client)
    assert {row.label: row.cells[-2].value for row in shown.areas.rows} == {"人和街": 0, "七一路": 1}
    assert [row.cells[-2].value for row in (*shown.units.rows, *shown.matters.rows)] == [0, 0]


def test_the_rest_of_an_area_is_told_apart(make_case: Any, settle: Any, cast: Any, call: Any) -> None:
    lon, lat = cast.places.outside
    with travel(moment("2025-09-09 10:00")):
        make_case.report(lon=lon, lat=lat, place=None)
        make_case(at="closed")
        settle()

    told = call(cast.leader, "/figures/lines?period=2025-09&by=area").json()["lines"]
    assert {line["name"] for line in told if line["rest"]} == {"elsewhere in 川汇区"}
    assert [line["beside"] for line in told if line["due"]] == [0]


def test_the_rest_of_an_area_has_no_rank(cast: Any) -> None:
    def enough() -> Sums:
        return Sums(Counter(due=10, closable=10, in_time=10))

    street, rest = ranked(
        [Line(cast.places.district, enough(), is_rest=True), Line(cast.places.street, enough())],
        "in_time_rate",
    )
    assert (street.rank, street.is_rest) == (1, False)
    assert (rest.rank, rest.is_rest) == (None, True)


def test_figures_are_rounded_and_not_cut_off() -> None:
    assert str(said(INDICATORS["rework_rate"], 2 / 3)) == "66.7%"
    assert str(said(INDICATORS["mean_time"], 3 * 86_400 - 1)) == "3.0 days"


def test_whatever_is_not_ranked_says_why(make_case: Any, settle: Any, cast: Any, client: Client) -> None:
    """Ten were due, and of one of them nothing can be said yet: it stands."""
    with travel(moment("2025-09-09 10:00")):
        for at in ["suspended", *["closed"] * 9]:
            make_case(at=at)
        settle()
    client.force_login(cast.leader)

    def said_of(sort: str) -> list[tuple[Any, ...]]:
        rows = numbers(client, sort=sort).units.rows
        return [(row.due, row.rank, row.is_few, row.score is None) for row in rows]

    assert said_of("in_time_rate") == [(10, None, True, False)]
    assert said_of("suspension_rate") == [(10, 1, False, False)]


def test_programs_compare_matters_too(make_case: Any, settle: Any, cast: Any, call: Any) -> None:
    with travel(moment("2025-09-09 10:00")):
        make_case(at="closed", matter=cast.litter)
        settle()
    told = call(cast.leader, "/figures/lines?period=2025-09&by=matter&indicator=closing_rate").json()
    assert told["by"] == "matter"
    (line,) = told["lines"]
    assert (line["name"], line["due"], line["value"], line["beside"]) == ("City appearance", 1, 1.0, None)
