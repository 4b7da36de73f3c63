"""The list of campaigns and the pages of one: who sees what, and what they cost."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.core.clock import now, today, travel
from bihuan.ledgers import actions
from bihuan.ledgers.queries.progress import curve
from bihuan.ledgers.tests.factories import plots

pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture
def page(client: Client) -> Any:
    """`page(who, "ledgers:index")`: what somebody gets there."""

    def fetch(who: Any, route: str, *args: Any, **query: Any) -> Any:
        client.force_login(who)
        return client.get(reverse(route, args=args), query)

    return fetch


def test_the_list_shows_running_campaigns_and_marks_ones_own(page, cast, force, make_campaign):
    running, prepared = make_campaign(), make_campaign(begun=False, name="春季整治")

    text = page(force.member, "ledgers:index").content.decode()

    assert running.number in text and prepared.number in text
    assert text.index(running.number) < text.index(prepared.number)
    assert text.count("on its task force") == 2
    assert "on its task force" not in page(cast.dispatcher, "ledgers:index").content.decode()


def test_residents_and_strangers_see_no_campaign(page, cast, make_campaign):
    campaign = make_campaign()

    assert page(cast.resident, "ledgers:index").status_code == 404
    assert campaign.number not in page(cast.stranger, "ledgers:index").content.decode()
    assert page(cast.stranger, "ledgers:campaign", campaign.number).status_code == 404


def test_the_menu_has_campaigns_for_staff_and_none_for_residents(page, cast):
    address = f'href="{reverse("ledgers:index")}"'
    assert address in page(cast.clerk, "cases:desk").content.decode()
    assert address not in page(cast.resident, "cases:home").content.decode()


def test_the_head_leads_to_what_one_may_use(page, cast, force, make_campaign):
    campaign = make_campaign()

    tabs = page(cast.clerk, "ledgers:campaign", campaign.number).context["campaign_tabs"]

    assert [tab["current"] for tab in tabs].count(True) == 1
    assert tabs[0]["url"] == reverse("ledgers:campaign", args=[campaign.number])


def test_the_list_costs_the_same_for_any_number(page, cast, make_campaign):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(cast.clerk, "ledgers:index")
        return len(queries)

    make_campaign()
    cost()
    before = cost()
    for _ in range(5):
        make_campaign()
    assert cost() == before


# -- the overview ----------------------------------------------------------------------------------------


@pytest.fixture
def overview(page):
    """`overview(who, campaign)`: what the page of a campaign shows to somebody."""

    def fetch(who: Any, campaign: Any, **query: Any) -> Any:
        return page(who, "ledgers:campaign", campaign.number, **query).context["shown"]

    return fetch


def test_figures_open_the_items_they_count(page, overview, cast, make_campaign, make_item):
    campaign = make_campaign()
    make_item(campaign=campaign)
    make_item("clear", campaign=campaign)

    shown = overview(cast.clerk, campaign)

    card = shown.cards[0]
    assert (card.value.amount, card.value.target, card.value.percent) == (2, 18, 11)
    assert card.url == f"/ledgers/{campaign.number}/table/?figure=sites"
    assert [(line.label, line.amount) for line in card.choices] == [("Refused", 1)]
    assert [int(line.amount) for line in shown.states] == [2, 0, 1, 0]
    assert [int(line.amount) for line in shown.steps] == [1, 1, 0]
    assert [point.amount for point in shown.curve if point.amount is not None][-1] == 2


def test_where_nothing_is_open_the_page_says_nothing_of_where_it_stands(page, cast, make_campaign, make_item):
    campaign = make_campaign()
    assert "Where the open items stand" not in page(cast.clerk, "ledgers:campaign", campaign.number).text
    make_item(campaign=campaign)
    assert "Where the open items stand" in page(cast.clerk, "ledgers:campaign", campaign.number).text


def test_every_link_of_the_overview_finds_as_many_items_as_it_says(
    client, overview, cast, make_campaign, make_item
):
    campaign = make_campaign()
    make_item(campaign=campaign)
    make_item("clear", campaign=campaign)
    make_item("finished", campaign=campaign)

    shown = overview(cast.clerk, campaign)

    counted = [*shown.states, *shown.steps, *shown.cards[0].choices]
    counted += [cell for row in (*shown.teams, *shown.areas) for cell in (row.cells[0], *row.cells[-2:])]
    for line in counted:
        if line.url:
            page = client.get(line.url).context["page"]
            assert len(page.items) == line.amount, line.url
    assert any(line.url for line in counted)


def test_teams_and_areas_add_up_to_the_whole(overview, cast, force, make_campaign, make_item):
    campaign = make_campaign()
    for _ in range(3):
        make_item(campaign=campaign)
    other = campaign.teams.get(name="二组")
    item = make_item(campaign=campaign, responsible=False)
    actions.assign_item(item, by=cast.clerk, team=other, responsible=None)

    shown = overview(cast.clerk, campaign)

    assert [(row.label, int(row.cells[0].amount)) for row in shown.teams] == [("一组", 3), ("二组", 1)]
    assert sum(row.cells[0].amount for row in shown.areas) == shown.cards[0].value.amount == 4


def test_parts_of_split_items_can_be_left_out(overview, cast, force, make_campaign, make_item):
    campaign = make_campaign()
    item = make_item(campaign=campaign)
    actions.split_item(item, by=force.member, titles=["甲户", "乙户"])

    card = overview(cast.clerk, campaign).cards[0]

    assert (card.value.amount, card.without_parts) == (3, 1)


def test_outside_a_confidential_campaign_small_counts_are_not_told(
    page, overview, cast, force, make_campaign, make_item
):
    campaign = make_campaign(definition=plots(confidential=True))
    make_item(campaign=campaign)

    assert overview(cast.clerk, campaign).cards[0].value.amount == 1  # who leads it
    outside = overview(cast.dispatcher, campaign)
    assert outside.scope.is_outside
    assert outside.cards[0].value.amount is None and outside.cards[0].value.target is None
    assert not outside.teams and not outside.areas and not outside.curve and not outside.steps
    assert all(not line.url and line.amount in (None, 0) for line in outside.states)
    assert page(cast.leader, "ledgers:campaign", campaign.number).status_code == 404


def test_outside_a_confidential_campaign_no_two_looks_differ_by_a_few(
    page, overview, cast, force, make_campaign, make_item
):
    definition = plots(confidential=True, settings={"least_count": 2})
    campaign = make_campaign(definition=definition)
    for _ in range(4):
        make_item(campaign=campaign)

    def looks():
        shown = overview(cast.dispatcher, campaign)
        row = page(cast.dispatcher, "ledgers:index").context["rows"][0]
        lines = {str(line.label): line.amount for line in shown.states}
        return lines["open"], row.open_items, shown.cards[0].value.amount, row.first.amount

    assert looks() == (4, 4, 4, 4)
    make_item(campaign=campaign)
    assert looks() == (4, 4, 4, 4), "the fifth household is nobody else's to know"
    make_item(campaign=campaign)
    assert looks() == (6, 6, 6, 6)

    figures = {card.code: (card.value.figure.kind, card) for card in overview(cast.clerk, campaign).cards}
    sums = {code for code, (kind, _card) in figures.items() if kind == "sum"}
    told = {card.code: card.value.amount for card in overview(cast.dispatcher, campaign).cards}
    assert sums and all(told[code] is None for code in sums), "a sum does not say how many stand behind it"
    others = {card.code: card.of_all for card in overview(force.other_member, campaign).cards}
    assert all(others[code] is None for code in sums)


def test_settings_of_a_confidential_campaign_tell_who_is_outside_no_numbers(
    page, cast, make_campaign, make_item
):
    campaign = make_campaign(definition=plots(confidential=True))
    goal = actions.Goal(figure="sites", name="过半", on=today() - timedelta(days=1), amount=Decimal(2))
    actions.set_milestones(campaign, by=cast.clerk, milestones=[goal])
    make_item(campaign=campaign)
    newer = replace(campaign.edition.definition, figures=campaign.edition.definition.figures[:1])
    edition = actions.keep_edition(campaign.edition.ledger, by=cast.clerk, definition=newer)
    actions.use_edition(campaign, by=cast.clerk, edition=edition)

    def settings(who):
        return page(who, "ledgers:settings", campaign.number).context

    own, outside = settings(cast.clerk), settings(cast.dispatcher)
    assert own["milestones"][0].reached == 1 and own["milestones"][0].is_late
    assert outside["milestones"][0].reached is None and not outside["milestones"][0].is_late
    assert own["editions"] and not outside["editions"]
    assert page(cast.clerk, "ledgers:finish", campaign.number).context["still_open"] == 1
    assert page(cast.dispatcher, "ledgers:finish", campaign.number).context["still_open"] is None


def test_a_team_of_a_confidential_campaign_knows_its_own_numbers(overview, force, make_campaign, make_item):
    campaign = make_campaign(definition=plots(confidential=True))
    make_item(campaign=campaign)

    own, other = overview(force.member, campaign), overview(force.other_member, campaign)

    assert (own.cards[0].value.amount, own.cards[0].of_all) == (1, None)
    assert [row.label for row in own.teams] == ["一组"]
    assert (other.cards[0].value.amount, other.cards[0].of_all) == (0, None)
    assert [row.label for row in other.teams] == ["二组"]


def test_a_team_learns_of_the_others_what_may_leave_a_confidential_campaign(
    overview, force, make_campaign, make_item
):
    campaign = make_campaign(definition=plots(confidential=True, settings={"least_count": 2}))
    make_item(campaign=campaign)
    make_item(campaign=campaign)

    other = overview(force.other_member, campaign)

    assert (other.cards[0].value.amount, other.cards[0].of_all) == (0, 2)


def test_the_curve_shows_what_was_to_be_reached(overview, cast, make_campaign, make_item):
    campaign = make_campaign(starts_on=today())
    goal = actions.Goal(figure="sites", name="过半", on=today() + timedelta(days=10), amount=Decimal(9))
    actions.set_milestones(campaign, by=cast.clerk, milestones=[goal])
    make_item(campaign=campaign)
    with travel(now() + timedelta(days=3)):
        make_item(campaign=campaign)

        shown = overview(cast.clerk, campaign, figure="sites")

    assert [(point.amount, point.added, point.goal) for point in shown.curve] == [
        (1, 1, None), (1, 0, None), (1, 0, None), (2, 1, None), (None, None, 9),
    ]  # fmt: skip
    assert shown.milestones[0].percent == 22


def test_a_long_curve_is_shown_by_weeks(make_campaign):
    campaign = make_campaign(begun=False)
    day = today() - timedelta(days=364)
    campaign.starts_on = day

    points = curve(campaign, {day: Decimal(5), day + timedelta(days=1): Decimal(2)}, {})

    assert len(points) == 53 and points[-1].day == today() and points[-1].amount == 7
    assert sum(point.added for point in points) == 7


def test_the_overview_costs_the_same_for_any_number_of_items(page, cast, make_campaign, make_item):
    campaign = make_campaign()

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(cast.clerk, "ledgers:campaign", campaign.number)
        return len(queries)

    make_item(campaign=campaign)
    cost()
    before = cost()
    for _ in range(10):
        make_item(campaign=campaign)
    assert cost() == before


# -- for everybody ---------------------------------------------------------------------------------------


def test_public_numbers_need_no_account_and_show_no_item(client, make_campaign, make_item):
    campaign = make_campaign(visibility="public")
    item = make_item(campaign=campaign, title="张家后院")

    response = client.get(reverse("ledgers:public", args=[campaign.number]))

    text = response.content.decode()
    assert response.status_code == 200 and "Sites" in text
    assert item.title not in text and "/table/" not in text and "一组" not in text


@pytest.mark.parametrize(
    "fields", [{}, {"visibility": "task_force"}, {"begun": False, "visibility": "public"}]
)
def test_other_campaigns_have_no_public_numbers(client, make_campaign, fields):
    campaign = make_campaign(**fields)
    assert client.get(reverse("ledgers:public", args=[campaign.number])).status_code == 404
