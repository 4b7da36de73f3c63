"""Items come in: once for each source, in their area, numbered; they are split and moved to new editions."""

from dataclasses import replace

import pytest
from django.utils import translation

from bihuan.accounts.tests.factories import hold
from bihuan.audit.queries import entries_about, faults
from bihuan.core.clock import now, today, travel
from bihuan.ledgers import actions, figures, queries
from bihuan.ledgers.definition.model import Field, Words
from bihuan.ledgers.drafts import Draft
from bihuan.ledgers.models import Campaign, Item, Passage
from bihuan.ledgers.tests.factories import photo, plots, step_changed
from bihuan.territory.tests.factories import make_place

pytestmark = pytest.mark.usefixtures("at_nine")


def again(item):
    return Item.objects.with_names().get(pk=item.pk)


def test_items_come_in_with_number_area_team_and_step(make_campaign, cast, force):
    campaign = make_campaign()
    place = make_place("三号菜园", area=cast.places.community, kind="site")
    lon, lat = cast.places.inside

    items = actions.add_items(
        campaign,
        by=cast.clerk,
        drafts=[
            Draft("一号", lon=lon, lat=lat, answers={"plots": [{"size": 12}]}),
            Draft("二号", lon=lat, lat=lon),
            Draft("三号", place=place),
            Draft("四号"),
        ],
    )

    assert [item.number for item in items] == [1, 2, 3, 4]
    stored = [again(item) for item in items]
    grid, street = cast.places.grid, cast.places.street
    assert [item.area for item in stored] == [grid, grid, cast.places.community, street]
    assert [item.team and item.team.name for item in stored] == ["一组", "一组", "一组", None]
    assert stored[0].answers["total"] == "12"
    assert {(item.step_code, item.state) for item in stored} == {("survey", "open")}
    assert [entry.verb for entry in entries_about(items[0])] == ["item.added"]
    assert Campaign.objects.get(pk=campaign.pk).items == 4
    assert list(faults()) == []
    assert figures.sums_at(campaign, today()) == figures.recount(campaign, now())


def test_the_same_source_is_the_same_item(make_campaign, cast):
    campaign = make_campaign()
    first = actions.add_item(campaign, by=cast.clerk, draft=Draft("一号", source_key="row:1"))
    both = actions.add_items(
        campaign,
        by=cast.clerk,
        drafts=[Draft("一号改", source_key="row:1"), Draft("二号", source_key="row:2"),
                Draft("二号", source_key="row:2")],
    )  # fmt: skip
    assert [item.pk for item in both] == [first.pk, both[1].pk, both[1].pk]
    assert Item.objects.count() == 2


def test_who_may_add_and_what_is_refused(make_campaign, cast, force, refused, unchanged):
    campaign, other = make_campaign(), make_campaign()
    lon, lat = cast.places.inside
    for person in (force.member, force.team_leader, cast.grid_worker, cast.dispatcher):
        actions.add_item(campaign, by=person, draft=Draft("一号", lon=lon, lat=lat))
    for person in (cast.stranger, cast.resident, cast.inspector, force.other_member):
        with unchanged(), refused("campaign.not_on_task_force"):
            actions.add_item(campaign, by=person, draft=Draft("二号", lon=lon, lat=lat))
    elsewhere = cast.places.elsewhere
    for code, draft in (
        ("item.outside_area", Draft("外面", lon=elsewhere[0], lat=elsewhere[1])),
        ("item.title_missing", Draft(" ")),
        ("item.not_in_team", Draft("六号", lon=lon, lat=lat, responsible=force.other_member)),
        ("item.other_campaigns_team", Draft("三号", team=other.teams.first())),
        ("item.answers_unfit", Draft("四号", answers={"plots": [{"size": "-1"}]})),
    ):
        with unchanged(), refused(code):
            actions.add_items(campaign, by=cast.clerk, drafts=[Draft("好的"), draft])
    waiting = make_campaign(begun=False)
    with unchanged(), refused("campaign.wrong_state"):
        actions.add_item(waiting, by=cast.clerk, draft=Draft("五号"))


def test_what_somebody_of_one_team_enters_is_that_teams_unless_the_place_says_otherwise(
    make_campaign, cast, force
):
    campaign = make_campaign(definition=plots(confidential=True))
    item = actions.add_item(campaign, by=force.other_member, draft=Draft("无位置"))
    assert again(item).team.name == "二组"
    assert queries.items_visible_to(force.other_member).filter(pk=item.pk).exists()
    lon, lat = cast.places.inside
    item = actions.add_item(campaign, by=force.team_leader, draft=Draft("有位置", lon=lon, lat=lat))
    assert again(item).team.name == "一组"
    actions.join_campaign(campaign, by=cast.clerk, person=force.other_member, team=item.team, role="member")
    item = actions.add_item(campaign, by=force.other_member, draft=Draft("两组都在"))
    assert again(item).team is None, "of two teams nobody can say which"


def test_a_failure_half_way_adds_nothing(make_campaign, cast, unchanged, breaking_record):
    campaign = make_campaign()
    down = breaking_record("bihuan.ledgers.actions.intake")
    with unchanged(), pytest.raises(down):
        actions.add_item(campaign, by=cast.clerk, draft=Draft("一号"))


def test_a_new_item_may_bring_files_and_one_beside_it_none(make_campaign, cast):
    campaign = make_campaign()
    drafts = [Draft("一号", answers={"reason": "refused", "basis": photo(3)}), Draft("二号")]
    items = actions.add_items(campaign, by=cast.clerk, drafts=drafts)
    verbs = [list(entries_about(item).values_list("verb", flat=True)) for item in items]
    assert [found[-1] for found in verbs] == ["item.added", "item.added"]
    assert len(verbs[0]) == 2
    assert list(faults()) == []


# -- splitting -------------------------------------------------------------------------------------------


def test_parts_begin_where_the_item_stands_and_know_where_they_come_from(make_item, cast, force):
    item = make_item(at="clear")
    parts = actions.split_item(item, by=cast.clerk, titles=["东半", "西半"])

    item = again(item)
    assert item.is_open
    assert [(part.parent, part.number, part.step_code, part.path) for part in map(again, parts)] == [
        (item, 2, "clear", ["survey"]), (item, 3, "clear", ["survey"]),
    ]  # fmt: skip
    assert parts[0].answers == item.answers
    assert parts[0].due_at == item.due_at, "a split wins nobody time"
    stays = Passage.objects.filter(item=parts[0]).order_by("pk")
    assert [(one.step, one.inherited) for one in stays] == [("survey", True), ("clear", False)]
    day = today()
    for figure in ("sites", "step:clear"):
        assert figures.value_at(item.campaign, figure, day) == 3
        assert figures.value_at(item.campaign, figure, day, parts=False) == 1
    assert figures.sums_at(item.campaign, day) == figures.recount(item.campaign, now())
    assert list(faults()) == []


def test_four_eyes_look_at_the_time_before_the_split_as_well(make_item, cast, force, refused):
    part = actions.split_item(make_item(at="accept"), by=cast.clerk, titles=["东半"])[0]
    hold(force.cleaner, "inspector", cast.places.street)
    with refused("item.other_person"):
        actions.take_step(part, by=force.cleaner)
    assert actions.take_step(part, by=cast.inspector).state == "finished"


def test_what_cannot_be_split(make_item, make_campaign, force, refused, unchanged):
    item = make_item()
    for titles in ([], ["东半", " "]):
        with unchanged(), refused("item.title_missing"):
            actions.split_item(item, by=force.member, titles=titles)
    with unchanged(), refused("item.too_many_parts"):
        actions.split_item(item, by=force.member, titles=["份"] * 51)
    whole = make_item(campaign=make_campaign(definition=plots(splits=False)))
    with unchanged(), refused("item.splits_not"):
        actions.split_item(whole, by=force.member, titles=["东半"])


# -- moving to a new edition -------------------------------------------------------------------------------


def newer(item, by, **changed):
    definition = replace(plots(), **changed) if changed else plots()
    return actions.keep_edition(item.edition.ledger, by=by, definition=definition)


def without(name):
    return tuple(field for field in plots().fields if field.name != name)


def test_an_item_moves_to_a_new_edition_and_keeps_its_clock(make_item, cast, entry_of):
    item = make_item()
    due = item.due_at
    edition = newer(item, cast.clerk, fields=(*plots().fields, Field("remark", "text", Words("备注"))))
    with travel(now().replace(hour=15)):
        shown = queries.move_shown(item, edition, at=now())
        assert (shown.lost, shown.step_stays) == (frozenset(), True)
        assert any("备注" in str(change.sentence) or "remark" in change.name for change in shown.changes)

        item = actions.move_to_edition(item, by=cast.clerk, edition=edition)

        assert (again(item).edition, again(item).due_at) == (edition, due)
        assert entry_of(item).verb == "item.moved"
        assert figures.sums_at(item.campaign, today()) == figures.recount(item.campaign, now())


def test_answers_are_lost_only_when_that_is_said(make_item, cast, force, refused, unchanged):
    item = make_item()
    edition = newer(item, cast.clerk, fields=without("owner"), steps=step_changed(
        plots(), "survey", evidence=()).steps)  # fmt: skip
    with unchanged(), refused("item.would_lose"):
        actions.move_to_edition(item, by=cast.clerk, edition=edition)
    with unchanged(), refused("item.not_leader"):
        actions.move_to_edition(item, by=force.member, edition=edition, losing=True)
    item = actions.move_to_edition(item, by=cast.clerk, edition=edition, losing=True)
    assert "owner" not in item.answers
    with translation.override("en"):
        told = {seer: queries.history_of(seer, item)[0].note for seer in (force.member, cast.inspector)}
    assert told == {force.member: "Left out: Grower: 王某", cast.inspector: ""}
    with unchanged(), refused("item.newest_edition"):
        actions.move_to_edition(item, by=cast.clerk, edition=edition)


def test_where_the_step_is_gone_another_one_is_named(make_item, cast, force, refused, unchanged):
    item = make_item(at="clear")
    steps = tuple(
        replace(step, next=("accept",)) if step.code == "survey" else replace(step, back=(), other_than="")
        for step in plots().steps
        if step.code != "clear"
    )
    figures_left = tuple(one for one in plots().figures if one.of != "step:clear")
    edition = newer(item, cast.clerk, steps=steps, figures=figures_left)
    with unchanged(), refused("item.step_gone"):
        actions.move_to_edition(item, by=cast.clerk, edition=edition)
    item = actions.move_to_edition(item, by=cast.clerk, edition=edition, step="accept")
    assert (item.step_code, item.path) == ("accept", ["survey"])
    assert figures.sums_at(item.campaign, today()) == figures.recount(item.campaign, now())


def test_a_failure_half_way_moves_nothing(make_item, cast, unchanged, breaking_record, refused):
    item = make_item()
    edition = newer(item, cast.clerk, name="新菜园")
    other = make_item.make_campaign(definition=plots(confidential=True)).edition
    with unchanged(), refused("item.other_ledger"):
        actions.move_to_edition(item, by=cast.clerk, edition=other)
    down = breaking_record("bihuan.ledgers.actions.loop")
    with unchanged(), pytest.raises(down):
        actions.move_to_edition(item, by=cast.clerk, edition=edition)
