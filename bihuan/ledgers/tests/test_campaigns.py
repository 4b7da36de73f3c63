"""Ledgers, campaigns, teams, milestones: works; wrong state; wrong person; half a change leaves nothing."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bihuan.audit.models import Entry
from bihuan.audit.queries import faults
from bihuan.core.clock import now, today
from bihuan.files.access import may_see
from bihuan.files.actions import accept_upload
from bihuan.files.queries import attachments_of
from bihuan.files.tests.samples import upload
from bihuan.ledgers import actions, queries, rules
from bihuan.ledgers.definition import digest
from bihuan.ledgers.drafts import Draft
from bihuan.ledgers.models import Edition, Item, Ledger, Post
from bihuan.ledgers.tests.books import gardens, made, read
from bihuan.ledgers.tests.factories import plots, step_changed

pytestmark = pytest.mark.usefixtures("at_nine")
WEEK = {"starts_on": date(2025, 9, 10), "ends_on": date(2025, 9, 17)}


# -- ledgers ---------------------------------------------------------------------------------------------


def test_a_ledger_is_kept_with_its_workbook(cast, entry_of):
    book = made(gardens())
    workbook = accept_upload(upload(book.getvalue(), "小菜园.xlsx"))

    edition = actions.keep_ledger(read(gardens()), by=cast.clerk, area=cast.places.street, workbook=workbook)

    assert (edition.number, edition.ledger.code, edition.ledger.name) == (1, "gardens", "小菜园清理")
    assert edition.definition == read(gardens())
    assert [entry.verb for entry in Entry.objects.about(edition.ledger)] == [
        "ledger.made",
        "ledger.edition_added",
    ]
    assert set(queries.ledgers_for(cast.clerk)) == {edition.ledger}
    assert not queries.ledgers_for(cast.stranger).exists()
    attachment = attachments_of(edition).get()
    assert may_see(cast.clerk, None, attachment)
    assert not may_see(cast.stranger, None, attachment)


@pytest.mark.parametrize("who", ["stranger", "resident", "grid_worker", "leader", "handler"])
def test_only_who_keeps_ledgers_there_keeps_them(cast, refused, unchanged, who):
    with unchanged(), refused("ledger.not_yours"):
        actions.keep_ledger(plots(), by=getattr(cast, who), area=cast.places.street)


def test_the_same_again_is_no_new_edition(cast, refused, unchanged):
    first = actions.keep_ledger(plots(), by=cast.clerk, area=cast.places.street)
    with unchanged():
        assert actions.keep_edition(first.ledger, by=cast.clerk, definition=plots()) == first
    with unchanged(), refused("ledger.code_taken"):
        actions.keep_ledger(plots(), by=cast.clerk, area=cast.places.street)
    with unchanged(), refused("ledger.confidence_promised"):
        actions.keep_edition(first.ledger, by=cast.clerk, definition=plots(confidential=True))

    second = actions.keep_edition(
        first.ledger, by=cast.clerk, definition=replace(plots(), name="小菜园整治"), note="改名"
    )

    assert (second.number, bytes(second.digest).hex()) == (2, digest(second.definition))
    assert Ledger.objects.get().name == "小菜园整治"
    assert queries.latest_edition(first.ledger) == second


def test_a_retired_ledger_is_used_no_more(cast, refused, unchanged):
    edition = actions.keep_ledger(plots(), by=cast.clerk, area=cast.places.street)
    with unchanged(), refused("ledger.not_yours"):
        actions.retire_ledger(edition.ledger, by=cast.stranger)
    actions.retire_ledger(edition.ledger, by=cast.clerk)
    edition = Edition.objects.get()
    with unchanged(), refused("ledger.retired"):
        actions.retire_ledger(edition.ledger, by=cast.clerk)
    with unchanged(), refused("ledger.retired"):
        actions.keep_edition(edition.ledger, by=cast.clerk, definition=replace(plots(), name="新"))
    with unchanged(), refused("ledger.retired"):
        actions.make_campaign(edition, by=cast.clerk, name="整治", area=cast.places.street, **WEEK)


def test_what_is_in_use_or_somebody_elses_is_not_brought_back(cast, refused, unchanged, breaking_record):
    ledger = actions.keep_ledger(plots(), by=cast.clerk, area=cast.places.street).ledger
    with unchanged(), refused("ledger.in_use"):
        actions.reuse_ledger(ledger, by=cast.clerk)
    actions.retire_ledger(ledger, by=cast.clerk)
    with unchanged(), refused("ledger.not_yours"):
        actions.reuse_ledger(ledger, by=cast.stranger)
    down = breaking_record("bihuan.ledgers.actions.keeping")
    with unchanged(), pytest.raises(down):
        actions.reuse_ledger(ledger, by=cast.clerk)


def test_what_was_brought_back_is_used_again(cast, entry_of):
    edition = actions.keep_ledger(plots(), by=cast.clerk, area=cast.places.street)
    actions.retire_ledger(edition.ledger, by=cast.clerk)
    edition.ledger = actions.reuse_ledger(edition.ledger, by=cast.clerk)
    assert entry_of(edition.ledger).verb == "ledger.reused"
    assert actions.make_campaign(edition, by=cast.clerk, name="整治", area=cast.places.street, **WEEK)


# -- campaigns -------------------------------------------------------------------------------------------


def test_a_campaign_begins_with_its_goals_and_its_leader(make_campaign, cast, entry_of):
    campaign = make_campaign(begun=False, **WEEK)

    assert (campaign.state, campaign.number) == ("draft", f"2509-{campaign.pk:04d}")
    assert [(one.figure, one.on, one.amount) for one in campaign.milestones.all()] == [
        ("sites", date(2025, 10, 10), Decimal(18))
    ]
    assert campaign.summary_at.isoformat() == "18:30:00"
    assert rules.leads(campaign, cast.clerk).post.role == "leader"
    campaign = actions.begin_campaign(campaign, by=cast.clerk)
    assert (campaign.state, campaign.begun_at) == ("running", now())
    assert entry_of(campaign).verb == "campaign.begun"


def test_another_leader_may_be_named(make_campaign, cast, force):
    campaign = make_campaign(begun=False, leader=force.lawyer)
    assert rules.leads(campaign, force.lawyer)
    assert actions.begin_campaign(campaign, by=force.lawyer).state == "running"


def test_a_campaign_does_not_end_before_it_begins(make_campaign, cast, refused):
    with refused("campaign.ends_before"):
        make_campaign(starts_on=today(), ends_on=today() - timedelta(days=1))


def test_matters_of_which_the_catalogue_knows_nothing_are_found_when_it_begins(make_campaign, cast, refused):
    definition = step_changed(plots(), "survey", opens_case="99.99")
    campaign = make_campaign(begun=False, definition=definition)
    with refused("campaign.no_such_matter"):
        actions.begin_campaign(campaign, by=cast.clerk)


def press(name, campaign, by, people):
    """A verb of a campaign, with some arguments."""
    team = campaign.teams.first()
    return {
        "change": lambda: actions.change_campaign(
            campaign, by=by, name="菜园整治", visibility="public", **WEEK
        ),
        "begin": lambda: actions.begin_campaign(campaign, by=by),
        "finish": lambda: actions.finish_campaign(campaign, by=by, lessons="先告知后清理"),
        "add_team": lambda: actions.add_team(campaign, by=by, name="三组"),
        "change_team": lambda: actions.change_team(team, by=by, name="一组甲", answers_for="摸排"),
        "retire_team": lambda: actions.retire_team(team, by=by),
        "join": lambda: actions.join_campaign(campaign, by=by, person=people.resident, team=team),
        "leave": lambda: actions.leave_campaign(Post.objects.filter(team=team).last(), by=by),
        "set_milestones": lambda: actions.set_milestones(
            campaign, by=by, milestones=[actions.Goal("area", "复绿", date(2025, 9, 30), Decimal(250))]
        ),
        "use_edition": lambda: actions.use_edition(
            campaign,
            by=by,
            edition=actions.keep_edition(
                campaign.edition.ledger, by=people.clerk, definition=replace(plots(), name="新菜园")
            ),
        ),
        "set_rates": lambda: actions.set_rates(
            campaign, by=by, basis="街道文件", rates=campaign.edition.definition.rates
        ),
    }[name]()  # fmt: skip


@pytest.mark.parametrize("name", rules.CAMPAIGNS)
def test_a_campaigns_verb_works_once_and_for_its_runner(
    make_campaign, cast, force, refused, unchanged, entry_of, name
):
    campaign = make_campaign(begun=name != "begin")
    if name == "use_edition":
        actions.keep_edition(
            campaign.edition.ledger, by=cast.clerk, definition=replace(plots(), name="新菜园")
        )
    for person in (cast.stranger, force.team_leader, force.member, cast.grid_worker, cast.inspector):
        with unchanged(), refused("campaign.not_yours"):
            press(name, campaign, person, cast)

    press(name, campaign, cast.clerk, cast)

    assert entry_of(campaign).verb == rules.CAMPAIGNS[name].event
    assert list(faults()) == []
    if name != "finish":
        actions.finish_campaign(campaign, by=cast.dispatcher)
    with unchanged(), refused("campaign.wrong_state"):
        press(name, campaign, cast.clerk, cast)


@pytest.mark.parametrize("name", rules.CAMPAIGNS)
def test_a_failure_half_way_leaves_nothing_of_a_campaigns_verb(
    make_campaign, cast, unchanged, breaking_record, name
):
    campaign = make_campaign(begun=name != "begin")
    if name == "use_edition":
        actions.keep_edition(
            campaign.edition.ledger, by=cast.clerk, definition=replace(plots(), name="新菜园")
        )
    down = breaking_record("bihuan.ledgers.actions.campaigns")
    with unchanged(), pytest.raises(down):
        press(name, campaign, cast.clerk, cast)


@pytest.mark.parametrize("make", ["keep_ledger", "keep_edition", "retire_ledger", "make_campaign"])
def test_a_failure_half_way_leaves_no_ledger_and_no_campaign(cast, unchanged, breaking_record, make):
    edition = actions.keep_ledger(plots(), by=cast.clerk, area=cast.places.street)
    down = breaking_record(f"bihuan.ledgers.actions.{'campaigns' if make == 'make_campaign' else 'keeping'}")
    other = replace(plots(), name="另一个", settings=replace(plots().settings, code="other"))
    with unchanged(), pytest.raises(down):
        {
            "keep_ledger": lambda: actions.keep_ledger(other, by=cast.clerk, area=cast.places.street),
            "keep_edition": lambda: actions.keep_edition(edition.ledger, by=cast.clerk, definition=other),
            "retire_ledger": lambda: actions.retire_ledger(edition.ledger, by=cast.clerk),
            "make_campaign": lambda: actions.make_campaign(
                edition, by=cast.clerk, name="整治", area=cast.places.street, **WEEK
            ),
        }[make]()


# -- the task force --------------------------------------------------------------------------------------


def test_what_a_task_force_refuses(make_campaign, make_item, cast, force, refused, unchanged):
    campaign, other = make_campaign(), make_campaign()
    team = campaign.teams.get(name="一组")
    item = make_item(campaign=campaign)
    clerk = cast.clerk
    for code, call in (
        ("campaign.team_name", lambda: actions.add_team(campaign, by=clerk, name="一组")),
        ("campaign.team_name", lambda: actions.change_team(team, by=clerk, name="二组")),
        ("campaign.team_has_items", lambda: actions.retire_team(team, by=clerk)),
        ("campaign.no_such_role",
         lambda: actions.join_campaign(campaign, by=clerk, person=clerk, role="画家")),
        ("campaign.there_already",
         lambda: actions.join_campaign(campaign, by=clerk, person=force.member, team=team)),
        ("item.other_campaigns_team",
         lambda: actions.join_campaign(campaign, by=clerk, person=clerk, team=other.teams.first())),
        ("campaign.answers_for_items",
         lambda: actions.leave_campaign(team.posts.get(person=force.member), by=clerk)),
        ("campaign.no_such_figure", lambda: actions.set_milestones(
            campaign, by=clerk, milestones=[actions.Goal("none", "?", today(), Decimal(1))])),
    ):  # fmt: skip
        with unchanged(), refused(code):
            call()
    actions.drop_item(item, by=clerk, reason="重复")
    actions.retire_team(team, by=clerk)
    assert not team.posts.filter(until=None).exists()
    with refused("campaign.team_retired"):
        actions.retire_team(team, by=clerk)
    with refused("campaign.left_already"):
        actions.leave_campaign(team.posts.first(), by=clerk)
    shown = queries.task_force(force.cleaner, campaign)
    assert [(one.name, len(posts)) for one, posts in shown.teams] == [("二组", 1)]
    assert {post.person for post in shown.over_all} == {clerk, force.cleaner, force.lawyer}


def test_an_item_goes_to_people_of_the_task_force(make_item, cast, force, refused, unchanged):
    item = make_item()
    other = item.campaign.teams.get(name="二组")
    with unchanged(), refused("item.not_in_team"):
        actions.assign_item(item, by=cast.clerk, team=item.team, responsible=cast.resident)
    with unchanged(), refused("item.other_team"):
        actions.assign_item(item, by=force.team_leader, team=other, responsible=None)
    item = actions.assign_item(item, by=cast.clerk, team=other, responsible=force.other_member)
    assert (item.team, item.responsible) == (other, force.other_member)
    with refused("item.not_leader"):
        actions.assign_item(item, by=force.team_leader, team=other, responsible=force.other_member)


def test_nobody_answers_for_an_item_of_a_team_that_they_are_not_in(
    make_item, cast, force, refused, unchanged
):
    item, clerk = make_item(), cast.clerk
    campaign, own = item.campaign, item.team
    other = campaign.teams.get(name="二组")
    with unchanged(), refused("item.not_in_team"):
        actions.assign_item(item, by=clerk, team=other, responsible=force.member)
    second = actions.join_campaign(campaign, by=clerk, person=force.member, team=other)
    with unchanged(), refused("campaign.answers_for_items"):
        actions.leave_campaign(own.posts.get(person=force.member), by=clerk)
    item = actions.assign_item(item, by=clerk, team=None, responsible=force.member)
    actions.leave_campaign(second, by=clerk)
    with unchanged(), refused("campaign.answers_for_items"):
        actions.retire_team(own, by=clerk)
    actions.assign_item(item, by=clerk)
    actions.retire_team(own, by=clerk)


def test_a_team_that_was_dissolved_meanwhile_gets_nothing(make_item, make_campaign, cast, refused, unchanged):
    item = make_item(responsible=False)
    campaign, clerk = item.campaign, cast.clerk
    other = campaign.teams.get(name="二组")  # as a form read it
    actions.retire_team(campaign.teams.get(name="二组"), by=clerk)
    for give in (
        lambda: actions.assign_item(item, by=clerk, team=other),
        lambda: actions.add_item(campaign, by=clerk, draft=Draft("新的", team=other)),
        lambda: actions.join_campaign(campaign, by=clerk, person=clerk, team=other),
    ):
        with unchanged(), refused("item.other_campaigns_team"):
            give()


def test_finishing_lets_what_is_open_stand(make_item, cast):
    item = make_item()
    assert item.step_at is not None
    actions.finish_campaign(item.campaign, by=cast.clerk)
    item = Item.objects.get(pk=item.pk)
    assert (item.state, item.step_at) == ("open", None)
