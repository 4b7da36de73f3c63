"""Making a campaign, its task force, milestones and edition, on their pages; and moving items all at once."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.core.clock import today
from bihuan.ledgers import actions
from bihuan.ledgers.models import Campaign, Item, Post, Visibility
from bihuan.ledgers.tests.factories import plots, step_changed

pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture
def clerk(client: Client, cast: Any) -> Client:
    client.force_login(cast.clerk)
    return client


def told(cast: Any, **changed: Any) -> dict[str, Any]:
    return {
        "name": "春季清理",
        "area": cast.places.street.pk,
        "starts_on": "2025-09-10",
        "ends_on": "2025-10-10",
        "visibility": "staff",
        "summary_at": "18:30",
        "goal": "清完十八处",
        **changed,
    }


# -- making one ------------------------------------------------------------------------------------------


def test_a_campaign_is_made_of_a_ledger(clerk, cast, make_campaign):
    edition = make_campaign.edition(plots())

    answer = clerk.post(
        reverse("ledgers:new_campaign", args=[edition.ledger.code]), told(cast, leader=cast.leader.username)
    )

    campaign = Campaign.objects.get()
    assert answer["Location"] == reverse("ledgers:settings", args=[campaign.number])
    assert (campaign.edition, campaign.starts_on, campaign.goal) == (edition, date(2025, 9, 10), "清完十八处")
    assert campaign.posts.get().person == cast.leader
    assert campaign.milestones.get().on == date(2025, 10, 10)


def test_the_form_begins_with_what_the_ledger_says(clerk, make_campaign):
    edition = make_campaign.edition(plots())
    form = clerk.get(reverse("ledgers:new_campaign", args=[edition.ledger.code])).context["form"]
    assert (form.initial["name"], form.initial["summary_at"]) == ("小菜园清理", "18:30")


def test_of_a_confidential_ledger_nobody_else_can_be_chosen_to_see(clerk, cast, make_campaign):
    edition = make_campaign.edition(plots(confidential=True))
    address = reverse("ledgers:new_campaign", args=[edition.ledger.code])

    assert clerk.post(address, told(cast)).status_code == 422
    clerk.post(address, told(cast, visibility="task_force"))
    assert Campaign.objects.get().visibility == Visibility.TASK_FORCE


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ends_on": "2025-09-01"}, "ends_on"),
        ({"leader": "没有此人"}, "leader"),
        ({"name": " "}, "name"),
        ({"area": ""}, "area"),
    ],
)
def test_what_cannot_be_is_marked(clerk, cast, make_campaign, wrong, field):
    edition = make_campaign.edition(plots())
    answer = clerk.post(reverse("ledgers:new_campaign", args=[edition.ledger.code]), told(cast) | wrong)
    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert not Campaign.objects.exists()


def test_two_people_of_one_name_are_told_apart(clerk, cast, make_campaign):
    edition = make_campaign.edition(plots())
    cast.inspector.name = cast.leader.name
    cast.inspector.save(update_fields=["name"])
    address = reverse("ledgers:new_campaign", args=[edition.ledger.code])

    answer = clerk.post(address, told(cast, leader=cast.leader.name))

    assert cast.inspector.username in str(answer.context["form"].errors["leader"])
    clerk.post(address, told(cast, leader=f"{cast.leader.name} · {cast.leader.username}"))
    assert Campaign.objects.get().posts.get().person == cast.leader


def test_people_are_found_by_whoever_forms_a_task_force(client, cast, force, make_campaign):
    make_campaign()
    address = reverse("ledgers:people")

    client.force_login(cast.clerk)
    found = client.get(address, {"q": cast.inspector.name[:1]}).json()
    assert cast.inspector.pk in [one["id"] for one in found]
    assert cast.resident.pk not in [
        one["id"] for one in client.get(address, {"q": cast.resident.name}).json()
    ]
    assert client.get(address, {"q": force.member.name}).json()  # has no duty, and is in a task force
    client.force_login(force.member)
    assert client.get(address, {"q": "a"}).status_code == 404


# -- settings --------------------------------------------------------------------------------------------


def test_settings_say_what_is_left_to_prepare(clerk, cast, make_campaign):
    edition = make_campaign.edition(plots())
    campaign = actions.make_campaign(
        edition, by=cast.clerk, name="秋季", area=cast.places.street, starts_on=today(), ends_on=today()
    )

    missing = clerk.get(reverse("ledgers:settings", args=[campaign.number])).context["missing"]

    assert missing == {"teams": True, "roles": ["清理队", "法律顾问"], "milestones": False}


def test_a_campaign_is_changed_begun_and_finished(clerk, cast, make_campaign):
    campaign = make_campaign(begun=False)
    number = [campaign.number]

    clerk.post(reverse("ledgers:change_campaign", args=number), told(cast, name="夏季清理"))
    clerk.post(reverse("ledgers:begin", args=number))
    clerk.post(reverse("ledgers:finish", args=number), {"lessons": "先易后难"})

    campaign.refresh_from_db()
    assert (campaign.name, campaign.state, campaign.lessons) == ("夏季清理", "finished", "先易后难")
    assert clerk.get(reverse("ledgers:change_campaign", args=number)).status_code == 409
    assert clerk.get(reverse("ledgers:settings", args=number)).status_code == 200
    assert clerk.get(reverse("ledgers:teams", args=number)).status_code == 200


def test_teams_are_formed_and_people_taken_in_and_off(clerk, cast, make_campaign):
    campaign = make_campaign()
    number = campaign.number

    clerk.post(reverse("ledgers:teams", args=[number]), {"name": "三组", "area": cast.places.community.pk})
    team = campaign.teams.get(name="三组")
    clerk.post(
        reverse("ledgers:join", args=[number]),
        {"person": cast.inspector.username, "role": "leader", "team": team.pk},
    )
    post = Post.objects.get(team=team)
    assert (post.person, post.role) == (cast.inspector, "leader")
    clerk.post(reverse("ledgers:leave", args=[number, post.pk]))
    post.refresh_from_db()
    assert post.until is not None
    clerk.post(reverse("ledgers:team", args=[number, team.pk]), {"name": "机动组", "answers_for": "夜间"})
    team.refresh_from_db()
    assert (team.name, team.answers_for, team.area) == ("机动组", "夜间", None)
    clerk.post(reverse("ledgers:retire_team", args=[number, team.pk]))
    assert clerk.get(reverse("ledgers:team", args=[number, team.pk])).status_code == 404


def test_a_legal_adviser_stands_over_all_teams_and_a_member_does_not(clerk, cast, make_campaign):
    campaign = make_campaign()
    address = reverse("ledgers:join", args=[campaign.number])

    clerk.post(address, {"person": cast.leader.username, "role": "法律顾问"})
    assert Post.objects.filter(person=cast.leader, role="法律顾问", team=None).exists()
    answer = clerk.post(address, {"person": cast.inspector.username, "role": "member"})
    assert answer.status_code == 422 and "team" in answer.context["join"].errors


def test_milestones_are_set_row_by_row(clerk, cast, make_campaign):
    campaign = make_campaign()
    address = reverse("ledgers:milestones", args=[campaign.number])
    shown = clerk.get(address).context["forms"]
    assert shown.forms[0].initial["amount"] == "18"
    rows = {
        "m-TOTAL_FORMS": "3",
        "m-INITIAL_FORMS": "1",
        "m-0-figure": "sites", "m-0-on": "2025-10-01", "m-0-amount": "18", "m-0-name": "全部",
        "m-1-figure": "sites", "m-1-on": "2025-09-20", "m-1-amount": "9", "m-1-name": "过半",
    }  # fmt: skip

    assert clerk.post(address, rows | {"m-2-figure": "area"}).status_code == 422
    clerk.post(address, rows)

    kept = [(one.name, one.on, one.amount) for one in campaign.milestones.all()]
    assert kept == [("过半", date(2025, 9, 20), Decimal(9)), ("全部", date(2025, 10, 1), Decimal(18))]


@pytest.mark.parametrize("who", ["inspector", "leader", "grid_worker"])
def test_settings_do_not_exist_for_who_does_not_run_it(client, cast, make_campaign, who):
    campaign = make_campaign()
    client.force_login(getattr(cast, who))
    for route in ("settings", "teams", "milestones"):
        assert client.get(reverse(f"ledgers:{route}", args=[campaign.number])).status_code == 404


def test_settings_cost_the_same_for_any_number_of_items_and_people(clerk, cast, make_campaign, make_item):
    campaign = make_campaign()

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            clerk.get(reverse("ledgers:settings", args=[campaign.number]))
            clerk.get(reverse("ledgers:teams", args=[campaign.number]))
        return len(queries)

    make_item(campaign=campaign)
    cost()
    before = cost()
    for person in (cast.inspector, cast.leader, cast.handler):
        actions.join_campaign(campaign, by=cast.clerk, person=person, team=campaign.teams.first())
        make_item(campaign=campaign)
    assert cost() == before


# -- another edition -------------------------------------------------------------------------------------


def without_owner(campaign: Campaign, by: Any) -> Any:
    """An edition that asks for no grower any more."""
    definition = step_changed(campaign.edition.definition, "survey", evidence=())
    fields = tuple(one for one in definition.fields if one.name != "owner")
    return actions.keep_edition(campaign.edition.ledger, by=by, definition=replace(definition, fields=fields))


def test_a_newer_edition_is_used_and_items_moved_on_purpose(clerk, cast, make_campaign, make_item):
    campaign = make_campaign()
    items = [make_item(campaign=campaign) for _ in range(2)]
    edition = without_owner(campaign, cast.clerk)
    number = campaign.number
    assert clerk.get(reverse("ledgers:settings", args=[number])).context["newer"] == edition

    clerk.post(reverse("ledgers:use_edition", args=[number]), {"edition": "2"})
    used = clerk.get(reverse("ledgers:settings", args=[number])).context["editions"]
    assert [(one.edition.number, one.items) for one in used] == [(1, 2)]
    address = reverse("ledgers:moving", args=[number, 1])
    assert clerk.get(address).context["shown"].losing == 2
    chosen = {"items": [item.pk for item in items]}
    assert clerk.post(address, {"csrfmiddlewaretoken": "-"}).status_code == 422
    assert clerk.post(address, chosen).status_code == 409
    clerk.post(address, chosen | {"losing": "on"})

    assert {item.edition for item in campaign.all_items.all()} == {edition}
    assert not clerk.get(reverse("ledgers:settings", args=[number])).context["editions"]


def test_items_move_all_at_once_or_not_at_all(cast, force, make_campaign, make_item, refused, unchanged):
    campaign = make_campaign()
    plain = actions.add_item(campaign, by=cast.clerk, draft=make_item.draft(answers={}))
    owned = make_item(campaign=campaign)
    edition = without_owner(campaign, cast.clerk)
    campaign = actions.use_edition(campaign, by=cast.clerk, edition=edition)

    with unchanged(), refused("item.would_lose"):
        actions.move_items(campaign, by=cast.clerk, items=[plain, owned])
    with unchanged(), refused("item.not_leader"):
        actions.move_items(campaign, by=force.member, items=[plain, owned], losing=True)
    moved = actions.move_items(campaign, by=cast.clerk, items=[plain, owned], losing=True)
    assert [item.edition for item in moved] == [edition, edition]


def test_who_moves_items_holds_their_campaign_alone(cast, make_campaign, make_item):
    """Figures of one item after the other would wait crosswise for those of somebody who takes a step."""
    campaign = make_campaign()
    items = [make_item(campaign=campaign) for _ in range(2)]
    campaign = actions.use_edition(campaign, by=cast.clerk, edition=without_owner(campaign, cast.clerk))
    with CaptureQueriesContext(connection) as asked:
        actions.move_items(campaign, by=cast.clerk, items=items, losing=True)
    locks = [sql for one in asked if " FOR " in (sql := str(one["sql"]))]
    assert '"ledgers_campaign"' in locks[0] and "FOR UPDATE" in locks[0]


def test_items_of_another_campaign_do_not_move(cast, make_campaign, make_item, refused, unchanged):
    campaign, other = make_campaign(), make_campaign()
    item = make_item(campaign=other)
    with unchanged(), refused("item.other_campaign"):
        actions.move_items(campaign, by=cast.clerk, items=[item])


def test_a_failure_half_way_moves_none(cast, make_campaign, make_item, unchanged, breaking_record):
    campaign = make_campaign()
    items = [make_item(campaign=campaign) for _ in range(2)]
    campaign = actions.use_edition(campaign, by=cast.clerk, edition=without_owner(campaign, cast.clerk))
    down = breaking_record("bihuan.ledgers.actions.loop")
    with unchanged(), pytest.raises(down):
        actions.move_items(campaign, by=cast.clerk, items=items, losing=True)


def test_a_sweep_is_listed_where_it_began(clerk, cast, make_campaign, make_item):
    campaign = make_campaign()
    item = make_item(campaign=campaign)
    sweep = actions.make_campaign(
        campaign.edition,
        by=cast.clerk,
        name="举一反三",
        area=cast.places.street,
        starts_on=today(),
        ends_on=today() + timedelta(days=7),
        found_in=Item.objects.get(pk=item.pk),
    )
    shown = clerk.get(reverse("ledgers:settings", args=[campaign.number]))
    assert list(shown.context["sweeps"]) == [sweep] and "举一反三" in shown.content.decode()
