"""Who sees campaigns and items: queries and rules say the same, and a stranger finds nothing."""

import pytest
from django.contrib.auth.models import AnonymousUser

from bihuan.accounts.models import User
from bihuan.core.clock import today
from bihuan.ledgers import actions, queries, rules
from bihuan.ledgers.models import Item, Visibility
from bihuan.ledgers.tests.factories import plots

pytestmark = pytest.mark.usefixtures("at_nine")


def everybody(cast, force):
    people = {**vars(cast), **vars(force)}
    return {who: one for who, one in people.items() if isinstance(one, User)} | {"anonymous": AnonymousUser()}


def seers(item, cast, force):
    """Who finds an item; the rules must say the same of it."""
    found = set()
    for who, person in everybody(cast, force).items():
        finds = queries.items_visible_to(person).filter(pk=item.pk).exists()
        assert finds == rules.sees_item(Item.objects.with_names().get(pk=item.pk), person), who
        inside = queries.items_in(person, item.campaign).filter(pk=item.pk).exists()
        assert inside == finds, f"{who} sees the same in the campaign as everywhere"
        if finds:
            found.add(who)
    return found


def test_staff_of_the_area_see_an_ordinary_campaign(make_item, cast, force):
    assert seers(make_item(), cast, force) == {
        "team_leader", "member", "other_member", "cleaner", "lawyer", "grid_worker", "clerk", "dispatcher",
        "inspector", "supervisor", "leader", "auditor", "district_dispatcher", "district_inspector",
    }  # fmt: skip


def test_the_task_force_alone_where_it_is_said_so(make_item, make_campaign, cast, force):
    campaign = make_campaign(visibility=Visibility.TASK_FORCE)
    assert seers(make_item(campaign=campaign), cast, force) == {
        "team_leader", "member", "other_member", "cleaner", "lawyer", "clerk",
    }  # fmt: skip


def test_of_a_confidential_campaign_another_team_sees_nothing(make_item, make_campaign, cast, force, refused):
    campaign = make_campaign(definition=plots(confidential=True), visibility=Visibility.PUBLIC)
    assert (campaign.visibility, campaign.confidential) == ("task_force", True)
    item = make_item(campaign=campaign)
    assert seers(item, cast, force) == {"team_leader", "member", "cleaner", "lawyer", "clerk"}
    post = campaign.posts.get(person=force.member)
    actions.assign_item(item, by=cast.clerk, team=item.team, responsible=None)
    actions.leave_campaign(post, by=cast.clerk)
    assert "member" not in seers(item, cast, force), "who left sees nothing any more"
    with refused("campaign.confidential"):
        actions.change_campaign(
            campaign, by=cast.clerk, name="征迁", starts_on=today(), ends_on=today(), visibility="staff"
        )


def test_somebody_who_stands_in_sees_what_the_absent_one_does(make_item, make_campaign, force, stand_in_for):
    item = make_item(campaign=make_campaign(definition=plots(confidential=True)))
    sub = stand_in_for(force.member)
    assert queries.items_visible_to(sub).filter(pk=item.pk).exists()
    assert rules.may("fill", item, sub).on_behalf_of == force.member
    assert queries.my_items(sub).others + queries.my_items(sub).due == [item]


def test_campaigns_are_listed_for_who_may_see_them(make_campaign, cast, force):
    open_one = make_campaign()
    closed = make_campaign(visibility=Visibility.TASK_FORCE)

    def listed(person):
        return set(queries.campaigns_for(person))

    assert listed(force.member) == {open_one, closed}
    assert listed(cast.grid_worker) == {open_one}
    assert listed(cast.dispatcher) == {open_one, closed}, "who keeps ledgers there knows that it is there"
    assert listed(cast.stranger) == listed(cast.resident) == listed(AnonymousUser()) == set()
    assert not queries.item_numbered(cast.stranger, open_one.number, 1).exists()


def test_a_household_opens_its_own_file_by_its_code(make_item, cast):
    item = make_item()
    assert queries.item_by_own_code(f" {item.own_code.lower()} ").get() == item
    actions.drop_item(item, by=cast.clerk, reason="重复")
    assert not queries.item_by_own_code(item.own_code).exists()


def test_a_list_costs_the_same_however_long(make_item, make_campaign, force, django_assert_num_queries):
    campaign = make_campaign()
    items = [make_item(campaign=campaign, responsible=False) for _ in range(3)]

    def read():
        page = queries.items_of(force.member, campaign, {}, size=30)
        return [(one.title, one.area.label, one.team and one.team.label, one.responsible) for one in page]

    read()
    with django_assert_num_queries(1) as few:
        assert len(read()) == 3
    for _ in range(20):
        items.append(make_item(campaign=campaign, responsible=False))
    with django_assert_num_queries(len(few)):
        assert len(read()) == 23


def test_a_list_is_narrowed_and_paged(make_item, make_campaign, cast, force):
    campaign = make_campaign()
    items = [make_item(campaign=campaign, title=f"{name}菜园") for name in ("东门", "西门", "南门")]
    actions.block_item(items[1], by=force.member, why="户主外出")
    actions.fill_item(items[2], by=force.member, answers={"reason": "unable"})

    def found(**filters):
        page = queries.items_of(
            force.member, campaign, {}, filters=queries.ItemFilters(**filters), order="number"
        )
        return [one.number for one in page]

    assert found() == [1, 2, 3]
    assert found(blocked=True) == [2]
    assert found(answers={"reason": "unable"}) == [3]
    assert found(text="西门") == [2]
    assert found(text="#3") == [3]
    assert found(step="survey", team=items[0].team_id) == [1, 2, 3]
    assert found(step="clear") == found(late=True) == found(parts=True) == []
    assert found(area=cast.places.other) == []
    page = queries.items_of(force.member, campaign, {}, order="due", size=2)
    rest = queries.items_of(force.member, campaign, {"cursor": page.next_cursor}, order="due", size=2)
    assert [one.number for one in [*page, *rest]] == [1, 2, 3]


def test_the_board_shows_what_stands_at_each_step(make_item, make_campaign, cast, force):
    campaign = make_campaign(definition=plots(confidential=True))
    items = [make_item(campaign=campaign) for _ in range(3)]
    other = make_item(campaign=campaign, responsible=False)
    actions.assign_item(other, by=cast.clerk, team=campaign.teams.get(name="二组"), responsible=None)
    actions.drop_item(items[2], by=cast.clerk, reason="重复")

    def shown(user, **filters):
        narrowed = queries.ItemFilters(**filters) if filters else None
        return [
            (column.code, column.total, [one.number for one in column.items], column.beyond)
            for column in queries.board(user, campaign, filters=narrowed, rows=2)
        ]

    empty = [("clear", 0, [], 0), ("accept", 0, [], 0)]
    assert shown(force.lawyer) == [("survey", 3, [1, 2], 1), *empty], "from the figures"
    assert shown(force.member) == [("survey", 2, [1, 2], 0), *empty], "of their own team, counted"
    assert shown(force.lawyer, team=other.team_id) == [("survey", 2, [1, 2], 0), *empty]
    assert shown(cast.stranger) == [("survey", 0, [], 0), *empty]
