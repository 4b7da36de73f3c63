"""The Numbers page: exactly the cases behind each figure, nobody else's figures, what it exports."""

import io
from datetime import date
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.cases import actions as loop
from bihuan.cases.tests.conftest import moment
from bihuan.core.clock import travel
from bihuan.core.sheets import read_workbook
from bihuan.insight import background, queries
from bihuan.insight.catalogue import INDICATORS
from bihuan.insight.models import LateChange
from bihuan.insight.periods import KINDS, MONTH, Period
from bihuan.insight.queries import BOTTOM, TOP, View, figures_for, lines_behind
from bihuan.insight.tests.conftest import react

pytestmark = pytest.mark.django_db
SEPTEMBER = Period(date(2025, 9, 1), MONTH)


# -- the cases behind a figure -----------------------------------------------------------------------------


def check_lists(cast: Any, periods: Any) -> set[str]:
    """Compare every figure with its list; the indicators of which something was counted."""
    seen = set()
    for period in periods:
        for view in (
            View(period, cast.places.district),
            View(period, cast.places.community, None, cast.group),
            View(period, cast.places.street, cast.bureau, cast.pipes),
        ):
            for figure in figures_for(view, periods=2).figures.values():
                for which, said in ((TOP, figure.top), (BOTTOM, figure.bottom)):
                    if said is not None:
                        lines = lines_behind(view, figure.indicator, which)
                        assert lines.count() == said, (view, figure.indicator.code, which)
                if figure.top:
                    seen.add(figure.indicator.code)
    return seen


def test_every_figure_has_exactly_its_cases_behind_it(
    make_case: Any, settle: Any, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something of everything that is counted."""
    monkeypatch.setattr("secrets.randbelow", lambda _below: 0)
    with travel(moment("2025-09-09 10:00")):
        for at in ("closed", "suspended", "declined", "filed"):
            make_case(at=at)
        into = make_case(at="handling")
        loop.spot_check_case(make_case(at="self_handled"), by=cast.inspector, passed=True)
        called = make_case(at="inspected", consenting=True)
        loop.call_back_case(called, by=cast.clerk, answered=True, solved=True, satisfaction="fairly")
        loop.merge_case(make_case(), by=cast.clerk, into=into)
        taken_back = make_case.report()
        loop.withdraw_case(taken_back.case, by=cast.resident, report=taken_back)
        loop.rework_case(make_case(at="resolved"), by=cast.inspector, reason="仍在漏水")
        longer = make_case(at="handling", consenting=True)
        loop.contact_reporters(longer, by=cast.handler, words="明天上门维修。")
        loop.ask_extension(longer, by=cast.handler, seconds=3600, reason="等待配件")
        loop.decide_extension(longer, by=cast.dispatcher, granted=True)
        settle()
    with travel(moment("2025-09-12 10:00")):
        make_case(at="filed")
        loop.take_due_steps()
        settle()
    with travel(moment("2025-09-13 01:23")):
        background.close_the_day()
        seen = check_lists(cast, [Period.holding(date(2025, 9, 12), kind) for kind in KINDS])
    assert seen == set(INDICATORS)


def test_lists_of_closed_periods_hold_what_was_counted_then(live: Any, cast: Any) -> None:
    town = live(7, cases=6, steps=10)
    with travel(town.now):
        react(Random(7))
        background.close_the_day()
    town.live(6, 8)  # some of it changes what is closed
    with travel(town.now):
        react(Random(7))
        background.close_the_day()
        assert LateChange.objects.exists()
        touched = LateChange.objects.values_list("start", "kind").distinct()
        check_lists(cast, [Period(*period) for period in touched][:12])


def test_the_list_is_paged_and_names_the_cases(
    make_case: Any, settle: Any, cast: Any, client: Client
) -> None:
    with travel(moment("2025-09-09 10:00")):
        cases = [make_case(at="closed") for _ in range(3)]
        settle()
    client.force_login(cast.leader)
    address = reverse("insight:behind")
    page = client.get(address, {"indicator": "in_time_rate", "part": "bottom", "period": "2025-09"})
    assert [row.case.number for row in page.context["rows"]] == [case.number for case in cases[::-1]]
    assert page.context["total"] == 3
    page = client.get(address, {"indicator": "closed", "period": "2025-09", "cursor": "nonsense"})
    assert len(page.context["rows"]) == 3
    assert client.get(address, {"indicator": "nonsense"}).status_code == 404


def test_a_case_that_left_the_unit_is_a_line_without_a_name(
    make_case: Any, settle: Any, cast: Any, client: Client
) -> None:
    with travel(moment("2025-09-09 10:00")):
        case = make_case(at="resolved")
        for _ in range(2):
            case = make_case.resolve(loop.rework_case(case, by=cast.inspector, reason="不合格"), None)
        loop.rework_case(case, by=cast.inspector, reason="不合格")  # the third time the district decides
        settle()
    client.force_login(cast.handler)
    page = client.get(reverse("insight:behind"), {"indicator": "rework_rate", "period": "2025-09"})
    assert [row.case for row in page.context["rows"]] == [None]
    assert case.number not in page.content.decode()
    page = client.get(reverse("insight:behind"), {"indicator": "open_at_end", "period": "2025-09"})
    assert page.context["rows"] == [], "it counts as the unit's rework, but no longer as its open work"


# -- who sees what -----------------------------------------------------------------------------------------


def test_handlers_see_their_own_unit_only(make_case: Any, settle: Any, cast: Any, client: Client) -> None:
    client.force_login(cast.handler)
    numbers = reverse("insight:numbers")
    page = client.get(numbers)
    assert page.context["view"].unit == cast.bureau
    assert client.get(numbers, {"unit": cast.works.pk}).status_code == 404
    assert client.get(numbers, {"unit": cast.bureau.pk, "area": cast.places.far.pk}).status_code == 200
    assert "reported" not in page.context["shown"].figures.figures


def test_a_street_sees_itself_and_what_lies_in_it(cast: Any, client: Client) -> None:
    client.force_login(cast.dispatcher)
    numbers = reverse("insight:numbers")
    assert client.get(numbers).context["view"].area == cast.places.street
    assert client.get(numbers, {"area": cast.places.community.pk}).status_code == 200
    for area in (cast.places.district, cast.places.other, cast.places.far, cast.places.grid):
        assert client.get(numbers, {"area": area.pk}).status_code == 404
        assert client.get(reverse("insight:export"), {"area": area.pk}).status_code == 404
        asked = {"indicator": "closed", "area": area.pk}
        assert client.get(reverse("insight:behind"), asked).status_code == 404


@pytest.mark.parametrize("name", ["resident", "grid_worker", "clerk", "administrator"])
def test_others_see_no_figures(cast: Any, client: Client, name: str) -> None:
    client.force_login(getattr(cast, name))
    assert client.get(reverse("insight:numbers")).status_code == 404


@pytest.mark.parametrize("asked", [{"area": "x"}, {"unit": "9" * 30}, {"matter": "0"}, {"area": "-1"}])
def test_nonsense_is_not_found(cast: Any, client: Client, asked: dict[str, str]) -> None:
    client.force_login(cast.leader)
    assert client.get(reverse("insight:numbers"), asked).status_code == 404


def test_a_period_that_makes_no_sense_is_this_month(cast: Any, client: Client) -> None:
    client.force_login(cast.leader)
    for written in ("2025-13", "2025-W60", "1", "2025-02-30", "0001"):
        page = client.get(reverse("insight:numbers"), {"period": written})
        assert page.context["view"].period.kind == MONTH


# -- the page ------------------------------------------------------------------------------------------------


def test_links_of_the_page_lead_to_what_they_say(
    make_case: Any, settle: Any, cast: Any, client: Client
) -> None:
    with travel(moment("2025-09-09 10:00")):
        make_case(at="closed")
        settle()
    client.force_login(cast.leader)
    shown = client.get(reverse("insight:numbers"), {"period": "2025-09"}).context["shown"]
    card = next(card for card in shown.head if card.indicator.code == "in_time_rate")
    assert card.said.number == "100.0"
    for url, total in ((card.top_url, 1), (card.bottom_url, 1)):
        assert client.get(url).context["total"] == total
    asked = parse_qs(urlsplit(card.trend_url).query)
    assert asked["show"] == ["in_time_rate"]
    assert [figure.indicator.code for figure in shown.chosen] == ["in_time_rate", "suspension_rate"]
    street = shown.areas.rows[0]
    assert (street.label, street.due) == ("人和街", 1)
    assert client.get(street.url).context["view"].area == cast.places.street


def test_ranks_need_ten_cases(make_case: Any, settle: Any, cast: Any, client: Client) -> None:
    with travel(moment("2025-09-09 10:00")):
        for _ in range(9):
            make_case(at="closed")
        settle()
    client.force_login(cast.leader)
    numbers = reverse("insight:numbers")
    for sort in ("in_time_rate", "score"):
        shown = client.get(numbers, {"period": "2025-09", "sort": sort}).context["shown"]
        assert [(row.rank, row.is_few, row.score) for row in shown.units.rows] == [(None, True, None)]
    with travel(moment("2025-09-09 11:00")):
        make_case(at="closed")
        settle()
    shown = client.get(numbers, {"period": "2025-09", "sort": "score"}).context["shown"]
    (row,) = shown.units.rows
    assert (row.rank, row.is_few) == (1, False)
    assert 0 < row.score <= 100
    shown = client.get(numbers, {"period": "2025-09", "sort": "solved_rate"}).context["shown"]
    assert shown.units.rows[0].rank is None, "ten cases, but nobody of whom to say what they think"


def test_a_closed_period_says_so(make_case: Any, settle: Any, cast: Any, client: Client) -> None:
    with travel(moment("2025-09-09 10:00")):
        make_case(at="closed")
        settle()
    with travel(moment("2025-10-20 03:00")):
        background.close_the_day()
    client.force_login(cast.leader)
    text = client.get(reverse("insight:numbers"), {"period": "2025-09"}).content.decode()
    assert "Closed on 20 October 2025: these figures are final." in text
    text = client.get(reverse("insight:numbers"), {"period": "2025-10"}).content.decode()
    assert "these figures are final" not in text


def test_the_workbook_holds_what_is_shown(make_case: Any, settle: Any, cast: Any, client: Client) -> None:
    with travel(moment("2025-09-09 10:00")):
        make_case(at="closed")
        settle()
    client.force_login(cast.leader)
    response = client.get(reverse("insight:export"), {"period": "2025-09"})
    assert response["Content-Disposition"] == 'attachment; filename="numbers-2025-09.xlsx"'
    tables = {table.name: table for table in read_workbook(io.BytesIO(response.content), "numbers.xlsx")}
    assert list(tables) == ["Numbers", "Course", "By area", "By unit", "By matter"]
    rows = {row.cells["Indicator"]: row.cells for row in tables["Numbers"].rows}
    assert rows["Closed in time"]["September 2025"] == 100
    assert len(rows) == len(queries.shown_in(View(SEPTEMBER, cast.places.district)))
    for name in ("By area", "By unit", "By matter"):
        first = tables[name].rows[0].cells
        (taken,) = [value for title, value in first.items() if title.endswith("(h)")]
        assert isinstance(taken, int | float)


def test_reading_costs_the_same_however_many_cases(
    make_case: Any, settle: Any, cast: Any, client: Client
) -> None:
    client.force_login(cast.leader)

    def queries_for(address: str, **asked: str) -> int:
        client.get(address, asked)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(address, asked).status_code == 200
        return len(captured)

    with travel(moment("2025-09-09 10:00")):
        make_case(at="closed")
        settle()
        few = [
            queries_for(reverse("insight:numbers"), period="2025-09"),
            queries_for(reverse("insight:behind"), period="2025-09", indicator="closed"),
        ]
        for _ in range(9):
            make_case(at="closed")
        settle()
        many = [
            queries_for(reverse("insight:numbers"), period="2025-09"),
            queries_for(reverse("insight:behind"), period="2025-09", indicator="closed"),
        ]
    assert few == many
    assert few[0] < 40
