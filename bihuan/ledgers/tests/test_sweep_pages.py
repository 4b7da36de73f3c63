"""The page of a look-alike sweep, and what a case page says of ledgers."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases.neighbours import neighbours_of
from bihuan.core.clock import today
from bihuan.ledgers import actions
from bihuan.ledgers.models import Campaign
from bihuan.ledgers.tests.factories import plots
from bihuan.territory.tests.factories import make_place

pytestmark = pytest.mark.usefixtures("at_nine")


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def form(cast: Any, ledger: Any, **changed: Any) -> dict[str, Any]:
    day = today().isoformat()
    told = {"ledger": ledger.pk, "name": "举一反三", "kind": "compound", "areas": [cast.places.community.pk],
            "starts_on": day, "ends_on": day, "visibility": "staff"}  # fmt: skip
    return told | changed


def test_a_sweep_from_an_item_makes_an_item_for_each_place(make_item, cast):
    item = make_item()
    for name in ("良苑小区", "新苑小区"):
        make_place(name, area=cast.places.community)
    address = reverse("ledgers:sweep_item", args=[item.campaign.number, item.number])
    client = signed_in(cast.clerk)

    page = client.get(address)
    first = page.context["form"].initial
    assert item.title in page.content.decode()
    assert (first["name"], first["name_en"]) == (f"举一反三：{item.title}", f"Look-alike sweep: {item.title}")
    assert client.post(address, form(cast, item.edition.ledger, areas=[])).status_code == 422
    response = client.post(address, form(cast, item.edition.ledger))

    swept = Campaign.objects.get(swept_from_item=item)
    assert response["Location"] == reverse("ledgers:campaign", args=[swept.number])
    assert set(swept.all_items.values_list("title", flat=True)) == {"良苑小区", "新苑小区"}
    nothing = client.post(address, form(cast, item.edition.ledger, kind="lane"))
    assert (nothing.status_code, Campaign.objects.filter(swept_from_item=item).count()) == (409, 1)


def test_the_way_to_a_sweep_is_shown_to_who_may_go_it(make_item, cast, force):
    item = make_item()
    shown = reverse("ledgers:item", args=[item.campaign.number, item.number])
    address = reverse("ledgers:sweep_item", args=[item.campaign.number, item.number])
    assert address in signed_in(cast.clerk).get(shown).content.decode()
    assert address not in signed_in(force.member).get(shown).content.decode()


def test_a_sweep_from_a_case_and_who_has_no_such_page(make_case, make_item, cast, force):
    case, item = make_case(), make_item()
    make_place("良苑小区", area=cast.places.community)
    address = reverse("ledgers:sweep_case", args=[case.number])

    assert signed_in(cast.clerk).post(address, form(cast, item.edition.ledger)).status_code == 302
    assert Campaign.objects.get(swept_from_case=case).state == "running"
    for person in (cast.stranger, cast.resident, force.member, cast.inspector):
        assert signed_in(person).get(address).status_code == 404


def test_a_confidential_heading_does_not_become_a_campaigns_name(make_item, cast):
    item = make_item(campaign=make_item.make_campaign(definition=plots(confidential=True)), title="王家老宅")
    address = reverse("ledgers:sweep_item", args=[item.campaign.number, item.number])
    text = signed_in(cast.clerk).get(address).content.decode()
    assert f"sweep: #{item.number}" in text


def test_a_case_page_shows_items_that_one_may_see(make_case, make_item, cast, force):
    case, item = make_case(), make_item()
    hidden = make_item(campaign=make_item.make_campaign(definition=plots(confidential=True)), title="王家")
    for one in (item, hidden):
        actions.link_case(one, by=cast.clerk, case=case)

    text = signed_in(cast.clerk).get(reverse("cases:show", args=[case.number])).content.decode()
    assert item.title in text and "王家" in text
    other = [one.label for one in neighbours_of(cast.dispatcher, case)]
    assert any(item.title in str(label) for label in other)
    assert not any("王家" in str(label) for label in other)


def test_what_is_beside_a_case_costs_the_same_for_many(
    make_case, make_item, cast, django_assert_max_num_queries
):
    case = make_case()
    campaign = make_item.make_campaign()
    for _ in range(8):
        actions.link_case(make_item(campaign=campaign, responsible=False), by=cast.clerk, case=case)
    with django_assert_max_num_queries(6):
        assert len(neighbours_of(cast.clerk, case)) == 9
