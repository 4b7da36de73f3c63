"""The list of campaigns and the pages of one: who sees what, and what they cost."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

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


def test_the_list_costs_the_same_for_any_number(page, cast, make_campaign, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

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
