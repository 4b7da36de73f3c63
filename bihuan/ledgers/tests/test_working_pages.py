"""Board, table, map, route list, today's list and batches: what they show, and what they cost."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.ledgers import actions, queries
from bihuan.ledgers.drafts import Draft
from bihuan.ledgers.models import Campaign, Item, ItemBatch
from bihuan.ledgers.tests.factories import plots
from bihuan.territory.tests.factories import make_place

pytestmark = pytest.mark.django_db

PAGES = ("board", "table", "map", "points", "route")


def where(campaign: Campaign, name: str, *more: Any) -> str:
    return reverse(f"ledgers:{name}", args=[campaign.number, *more])


def fill(campaign: Campaign, cast: Any, force: Any, count: int) -> list[Item]:
    lon, lat = cast.places.inside
    drafts = [
        Draft(title=f"{n} 号", lon=lon, lat=lat, responsible=force.member, answers={"owner": f"户{n}"})
        for n in range(count)
    ]
    return actions.add_items(campaign, by=cast.clerk, drafts=drafts)


def cost(client: Any, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_the_pages_of_a_campaigns_items(client: Any, make_item: Any, force: Any) -> None:
    item = make_item()
    client.force_login(force.member)
    for name in PAGES:
        page = client.get(where(item.campaign, name))
        assert page.status_code == 200, name
        if name not in ("map", "points"):
            assert "1 号菜园" in page.content.decode(), name
    points = client.get(where(item.campaign, "points")).json()["features"]
    assert [one["properties"]["title"] for one in points] == ["1 号菜园"]
    assert "1 号菜园" in client.get(reverse("ledgers:mine")).content.decode()


def test_a_stranger_finds_none_of_them(client: Any, make_campaign: Any, cast: Any) -> None:
    campaign = make_campaign()
    client.force_login(cast.stranger)
    for name in (*PAGES, "batch", "new_item"):
        assert client.get(where(campaign, name)).status_code == 404, name


@pytest.mark.parametrize("confidential", [False, True])
def test_they_cost_the_same_with_ten_items_and_with_a_thousand(
    client: Any, make_campaign: Any, cast: Any, force: Any, confidential: bool
) -> None:
    campaign = make_campaign(
        definition=plots(confidential=confidential), visibility="task_force" if confidential else "staff"
    )
    items = fill(campaign, cast, force, 40)
    client.force_login(force.member)
    paths = [where(campaign, name) for name in PAGES] + [
        f"{where(campaign, 'table')}?figure=sites&key=refused&column=owner&column=reason",
        f"{where(campaign, 'table')}?team={items[0].team_id or ''}&late=on&q=户",
        where(campaign, "item", items[0].number),
        reverse("ledgers:mine"),
    ]
    for path in paths:
        client.get(path)  # what the process remembers from then on
    few = [cost(client, path) for path in paths]
    fill(campaign, cast, force, 960)
    assert [cost(client, path) for path in paths] == few


def test_who_is_in_no_team_asks_no_items_of_teams(
    make_item: Any, force: Any, cast: Any, django_assert_num_queries: Any
) -> None:
    item = make_item(responsible=False)
    assert [one.number for one in queries.team_items(force.member)] == [item.number]
    asked = queries.team_items(cast.clerk)
    with django_assert_num_queries(0):  # which teams was read before; of none there is nothing to read
        assert list(asked) == []


def test_a_figure_opens_its_items(client: Any, make_item: Any, make_campaign: Any, force: Any) -> None:
    campaign = make_campaign()
    refused = make_item(campaign=campaign, answers={"owner": "甲", "reason": "refused"})
    make_item(campaign=campaign, answers={"owner": "乙", "reason": "unable"})
    client.force_login(force.member)
    table = where(campaign, "table")
    found = client.get(f"{table}?figure=sites&key=refused").context["page"]
    assert [item.number for item in found] == [refused.number]
    assert len(client.get(f"{table}?figure=sites").context["page"]) == 2
    assert len(client.get(f"{table}?figure=step:clear").context["page"]) == 0
    assert len(client.get(f"{table}?f.reason=unable").context["page"]) == 1
    text = client.get(f"{table}?column=reason").content.decode()
    assert "Refused" in text


def test_a_table_says_how_many_it_finds(
    client: Any, make_item: Any, make_campaign: Any, force: Any, monkeypatch: Any
) -> None:
    campaign = make_campaign()
    for reason in ("refused", "unable", "unable"):
        make_item(campaign=campaign, answers={"owner": "甲", "reason": reason})
    client.force_login(force.member)
    table = where(campaign, "table")
    for query, words in (("", "3 items"), ("?f.reason=refused", "1 item<"), ("?sort=due", "3 items")):
        assert words in client.get(table + query).content.decode()
    monkeypatch.setattr("bihuan.ledgers.queries.items.MOST_COUNTED", 2)
    assert "More than 2 items" in client.get(table).content.decode()


def test_a_number_with_its_sign_finds_that_item_alone(
    client: Any, make_item: Any, make_campaign: Any, force: Any
) -> None:
    campaign = make_campaign()
    make_item(campaign=campaign, title="2 号楼菜园")
    second = make_item(campaign=campaign, title="东侧菜园")
    client.force_login(force.member)
    table = where(campaign, "table")
    assert [item.number for item in client.get(f"{table}?q=%232").context["page"]] == [second.number]
    assert len(client.get(f"{table}?q=2").context["page"]) == 2


def test_another_team_sees_nothing_of_a_confidential_campaign(
    client: Any, make_item: Any, make_campaign: Any, force: Any
) -> None:
    campaign = make_campaign(definition=plots(confidential=True), visibility="task_force")
    item = make_item(campaign=campaign)
    client.force_login(force.other_member)
    for name in ("board", "table", "route"):
        assert item.title not in client.get(where(campaign, name)).content.decode()
    assert client.get(where(campaign, "item", item.number)).status_code == 404
    assert item.title not in client.get(reverse("ledgers:mine")).content.decode()


def carried_out() -> ItemBatch:
    """The one batch that there is, once a worker has gone through it."""
    batch = ItemBatch.objects.get()
    return actions.carry_out_item_batch(batch, by=batch.by)


def test_several_items_are_given_to_somebody_at_once(
    client: Any, make_campaign: Any, cast: Any, force: Any
) -> None:
    campaign = make_campaign()
    items = fill(campaign, cast, force, 3)
    client.force_login(cast.clerk)
    path = where(campaign, "batch")
    page = client.get(path, {"do": "assign", "item": [items[0].number, items[1].number]})
    assert page.status_code == 200
    told = {"do": "assign", "item": [items[0].number, items[1].number], "token": str(uuid4())}
    assert client.post(path, told).status_code == 422
    told["responsible"] = force.team_leader.pk
    for _twice in range(2):
        response = client.post(path, told)
        assert response.status_code == 302
    batch = carried_out()
    assert Item.objects.filter(responsible=force.team_leader).count() == 2
    assert client.get(response["Location"]).status_code == 200
    assert client.get(where(campaign, "batch_live", batch.pk)).status_code == 200
    client.force_login(force.team_leader)
    assert client.get(response["Location"]).status_code == 404


def test_refusals_of_a_batch_are_explained_each_with_its_item(
    client: Any, make_campaign: Any, cast: Any, force: Any
) -> None:
    campaign = make_campaign()
    items = fill(campaign, cast, force, 2)
    client.force_login(force.member)
    path = f"{where(campaign, 'batch')}?q=户"
    told = {"do": "take_step", "found": "1", "step": "survey", "token": str(uuid4())}
    response = client.post(path, told)
    carried_out()
    text = client.get(response["Location"]).content.decode()
    assert all(item.title in text for item in items)
    assert text.count("Still missing") == 2


def test_the_route_goes_from_building_to_building_as_people_count(
    client: Any, make_campaign: Any, cast: Any, force: Any
) -> None:
    campaign = make_campaign()
    drafts = [
        Draft(
            title=f"{name} 项", place=make_place(name, area=cast.places.community), responsible=force.member
        )
        for name in ("10号楼", "2号楼", "1号楼")
    ]
    actions.add_items(campaign, by=cast.clerk, drafts=drafts)
    client.force_login(force.member)
    stops = client.get(where(campaign, "route")).context["route"].stops
    assert [stop.name for stop in stops] == ["1号楼", "2号楼", "10号楼"]


def test_the_worker_reaches_only_ledgers(client: Any) -> None:
    response = client.get("/ledgers/worker.js")
    assert response["Content-Type"].startswith("text/javascript")
    assert "Service-Worker-Allowed" not in response


def test_who_takes_a_step_by_their_role_finds_it_on_the_list(
    client: Any, make_item: Any, force: Any, cast: Any
) -> None:
    item = make_item(at="clear")
    for person, finds in ((force.cleaner, True), (cast.inspector, False), (force.lawyer, False)):
        client.force_login(person)
        assert (item.title in client.get(reverse("ledgers:mine")).content.decode()) is finds, person
    item = make_item(at="accept")
    client.force_login(cast.inspector)
    assert item.title in client.get(reverse("ledgers:mine")).content.decode()


def test_who_signs_for_a_gate_finds_what_waits_for_them(
    client: Any, make_item: Any, force: Any, cast: Any
) -> None:
    item = make_item()
    for person, waits in ((cast.leader, True), (force.lawyer, True), (force.cleaner, False)):
        client.force_login(person)
        groups = dict(client.get(reverse("ledgers:mine")).context["groups"])
        assert ("sign" in groups) is waits, person
    actions.sign_condition(item, by=cast.leader, gate="lawful", condition=3)
    client.force_login(force.lawyer)
    assert "sign" not in dict(client.get(reverse("ledgers:mine")).context["groups"])


def test_the_menu_offers_the_list_to_whoever_takes_steps_or_signs(
    client: Any, make_campaign: Any, cast: Any, force: Any
) -> None:
    make_campaign(begun=False)
    mine = reverse("ledgers:mine")
    link = f'href="{mine}"'
    client.force_login(cast.leader)
    assert link not in client.get(reverse("ledgers:index")).content.decode()
    make_campaign()
    for person, offered in ((cast.leader, True), (force.lawyer, True), (cast.dispatcher, False)):
        client.force_login(person)
        assert (link in client.get(reverse("ledgers:index")).content.decode()) is offered, person


def test_the_list_says_whose_turn_it_is(client: Any, make_item: Any, force: Any) -> None:
    own, waiting = make_item(), make_item(at="clear")
    client.force_login(force.member)
    groups = client.get(reverse("ledgers:mine")).context["groups"]
    found = {row.item.pk: (code, row.turn) for code, group in groups for row in group}
    assert found == {own.pk: ("others", ()), waiting.pk: ("waiting", ("role:清理队",))}
    assert groups[-1][0] == "waiting", "what one can do comes first"
    assert "This step is taken by: 清理队" in client.get(reverse("ledgers:mine")).content.decode()


def test_the_list_costs_the_same_for_any_number_of_campaigns(
    client: Any, make_item: Any, make_campaign: Any, force: Any
) -> None:
    definition = plots()
    client.force_login(force.member)
    costs = []
    for _round in range(2):
        for _campaign in range(2):
            make_item(campaign=make_campaign(definition=definition))
        client.get(reverse("ledgers:mine"))
        costs.append(cost(client, reverse("ledgers:mine")))
    assert costs[1] == costs[0]
