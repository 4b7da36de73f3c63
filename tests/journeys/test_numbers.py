"""A leader reads the numbers: one screen, the cases behind each figure, a course as chart and as table."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from bihuan.cases.tests.factories import CaseMaker, make_cast, make_ground
from bihuan.core.clock import today
from bihuan.insight.actions import count_case
from bihuan.insight.periods import MONTH, Period
from tests.journeys.conftest import Visitor


@pytest.fixture
def cast(transactional_db: None) -> Any:
    """A district with twelve closed cases and one in hand."""
    cast = make_cast(make_ground())
    make = CaseMaker(cast)
    for case in [*(make(at="closed") for _ in range(12)), make(at="handling")]:
        count_case(case.pk)
    return cast


@pytest.mark.parametrize("width", ["desk", "phone"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_leader_reads_one_screen(
    visit: Callable[..., Visitor], cast: Any, width: str, language: str
) -> None:
    leader = visit(cast.leader, width=width, language=language)
    page = leader.go("/numbers/")
    counts = page.locator(".is-plain .figure-card").first
    assert counts.locator(".figure-number").inner_text() == "13"
    assert not leader.is_wider_than_the_screen()
    assert leader.faults_for_disabled_people() == []

    page.locator(".formula summary").first.click()
    assert page.locator(".formula-text").first.is_visible()
    page.locator(".formula summary").first.click()

    page.locator("#trend").scroll_into_view_if_needed()
    page.locator("[data-chart] svg").wait_for()
    assert page.locator("#trend-table").is_hidden()
    page.locator("[data-chart-table] summary").click()
    assert page.locator("#trend-table tbody tr").count() == 12
    page.evaluate("scrollTo(0, 0)")  # what the bar at the top half covers is too small to press
    assert leader.faults_for_disabled_people() == []


def test_a_figure_opens_its_cases(visit: Callable[..., Visitor], cast: Any) -> None:
    leader = visit(cast.leader, language="en")
    page = leader.go("/numbers/")
    page.get_by_label("13 · Reported", exact=True).click()
    page.wait_for_url(re.compile("/numbers/cases/"))
    assert page.locator("tbody tr").count() == 13
    assert leader.faults_for_disabled_people() == []
    page.locator("tbody a").first.click()
    page.wait_for_url(re.compile(r"/cases/[\d-]+/"))


def test_periods_and_places_are_one_press_away(visit: Callable[..., Visitor], cast: Any) -> None:
    leader = visit(cast.leader, language="en")
    page = leader.go("/numbers/")
    month = Period.holding(today(), MONTH)
    page.get_by_label("The period before").click()
    page.wait_for_url(re.compile(str(month.previous)))
    page.get_by_label("The period after").click()
    page.wait_for_url(re.compile(f"period={month}"))
    page.locator("#id_area").select_option(label="\u3000人和街")
    page.wait_for_url(re.compile(f"area={cast.places.street.pk}"))
    page.get_by_role("link", name="Year").click()
    page.wait_for_url(re.compile(f"period={today().year}&"))
    assert page.locator("#id_area").input_value() == str(cast.places.street.pk)


def test_it_reads_without_script(visit: Callable[..., Visitor], cast: Any) -> None:
    leader = visit(cast.leader, language="en", scripts=False)
    page = leader.go("/numbers/")
    assert page.locator("#trend-table tbody tr").count() == 12
    assert page.locator("#trend-table").is_visible()
    page.locator(".formula summary").first.click()
    assert page.locator(".formula-text").first.is_visible()
    page.get_by_role("button", name="Show").click()
    assert page.locator(".figure-number").first.is_visible()


def test_a_handler_sees_their_unit(visit: Callable[..., Visitor], cast: Any) -> None:
    page = visit(cast.handler, width="phone", language="en").go("/numbers/")
    units = page.locator("#id_unit option").all_inner_texts()
    assert units == ["Urban Management Bureau"]


def test_an_administrator_sets_the_weights(visit: Callable[..., Visitor], cast: Any) -> None:
    administrator = visit(cast.administrator, language="en")
    page = administrator.go("/numbers/weights/")
    assert administrator.faults_for_disabled_people() == []
    page.get_by_label("Valid for periods").fill(Period.holding(today(), MONTH).next.start.isoformat())
    page.get_by_label("Closed in time").fill("50")
    page.get_by_role("button", name="Set the weights").click()
    page.get_by_text("The weights have been set.").wait_for()
    assert "Closed in time 50" in page.locator("table").inner_text()
