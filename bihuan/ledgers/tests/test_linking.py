"""Items and cases: a step opens one, its end completes the step; sweeps and batches."""

from datetime import timedelta
from uuid import uuid4

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.accounts.tests.factories import hold
from bihuan.audit.models import Entry
from bihuan.cases import actions as case_actions
from bihuan.cases.forms.acts import FileForm
from bihuan.core.clock import now, today, travel
from bihuan.ledgers import actions, figures, queries
from bihuan.ledgers.drafts import Draft
from bihuan.ledgers.models import BatchRow, CaseLink, Item, ItemBatch
from bihuan.ledgers.tests.factories import plots, step_changed
from bihuan.territory.tests.factories import make_place

pytestmark = pytest.mark.usefixtures("at_nine")
OPENS = step_changed(
    step_changed(plots(), "survey", opens_case="01.01", case_completes=True, next=("accept",)),
    "clear",
    gate="",
)


def again(item):
    return Item.objects.with_names().get(pk=item.pk)


@pytest.fixture
def opened(make_item, make_campaign, force):
    """An item whose first step waits for the case that it opened."""
    item = make_item(campaign=make_campaign(definition=OPENS))
    return actions.open_case(item, by=force.member, words="绿地被占，请处理。")


def finish_case(case, make_case):
    """What is left of a case's way, by real actions."""
    for step in make_case.way_to("closed"):
        case = getattr(make_case, step)(case, make_case.cast.pipes)
    return case


def test_a_step_waits_for_its_case_and_is_done_when_that_closes(
    opened, make_case, force, refused, unchanged, settle
):
    item, case = opened.item, opened.case
    assert (opened.kind, opened.step, case.title) == ("completes", "survey", item.title)
    with unchanged(), refused("item.waits_for_case"):
        actions.take_step(item, by=force.member)
    with unchanged(), refused("item.case_there"):
        actions.open_case(item, by=force.member, words="再来一次")

    finish_case(case, make_case)
    settle()

    item = again(item)
    assert (item.step_code, item.path) == ("accept", ["survey"])
    entry = Entry.objects.about(item).last()
    assert (entry.verb, entry.by, entry.data["case"]) == ("item.step_taken", None, case.pk)
    assert figures.sums_at(item.campaign, today()) == figures.recount(item.campaign, now())


def test_the_desk_finds_the_matter_that_the_step_names(opened, cast):
    form = FileForm(case=opened.case, user=cast.clerk)
    assert form.initial["matter"].code == "01.01"


def test_where_something_is_missing_the_step_stays_and_its_people_are_told(
    make_item, make_campaign, make_case, force, told
):
    definition = step_changed(OPENS, "survey", evidence=("cleared",))
    item = make_item(campaign=make_campaign(definition=definition))
    link = actions.open_case(item, by=force.member, words="绿地被占，请处理。")
    finish_case(link.case, make_case)
    assert ("member", "item.case_ended") in told(item)
    assert again(item).step_code == "survey"
    item = actions.take_step(item, by=force.member, answers={"cleared": "2025-09-09"})
    assert item.step_code == "accept"


def test_a_merged_case_completes_with_the_one_it_lies_in(opened, make_case, cast, settle):
    other = make_case()
    case_actions.merge_case(opened.case, by=cast.clerk, into=other)
    finish_case(other, make_case)
    settle()
    assert again(opened.item).step_code == "accept"


def test_the_step_waits_for_the_case_into_which_its_own_was_merged(
    opened, make_case, cast, force, refused, unchanged
):
    other = make_case()
    case_actions.merge_case(opened.case, by=cast.clerk, into=other)
    with unchanged(), refused("item.waits_for_case"):
        actions.take_step(opened.item, by=force.member)
    with unchanged(), refused("item.case_there"):
        actions.open_case(opened.item, by=force.member, words="再来一次")


def test_a_step_whose_case_was_not_accepted_opens_another(opened, cast, force, told):
    case_actions.decline_case(opened.case, by=cast.clerk, reason="not_ours", note="不属受理范围。")
    people = {name for name, kind in told(opened.item) if kind == "item.case_dropped"}
    assert people == {"member", "team_leader"}
    link = actions.open_case(opened.item, by=force.member, words="换一个说法再报。")
    assert link.case != opened.case


def test_of_a_case_that_was_withdrawn_the_items_people_are_told_unless_it_has_gone_on(
    opened, cast, force, told, settle
):
    actions.drop_item(opened.item, by=cast.clerk, reason="重复")
    case_actions.withdraw_case(opened.case, by=force.member, report=opened.case.reports.get())
    settle()
    assert not Entry.objects.filter(verb="item.case_dropped").exists()
    other = actions.open_case(
        actions.add_item(
            opened.item.campaign, by=cast.clerk, draft=Draft(title="二号", responsible=force.member)
        ),
        by=force.member,
        words="绿地被占。",
    )
    case_actions.withdraw_case(other.case, by=force.member, report=other.case.reports.get())
    settle()
    assert Entry.objects.about(other.item).filter(verb="item.case_dropped").count() == 1


def test_an_item_that_comes_back_to_its_step_opens_another_case(
    make_item, make_campaign, make_case, force, cast, settle, refused, unchanged
):
    definition = step_changed(OPENS, "accept", back=("survey",))
    item = make_item(campaign=make_campaign(definition=definition))
    link = actions.open_case(item, by=force.member, words="绿地被占，请处理。")
    finish_case(link.case, make_case)
    settle()
    item = actions.send_back_item(again(item), by=cast.inspector, to="survey", reason="没有处理干净")
    again_opened = actions.open_case(item, by=force.member, words="没有处理干净，请再处理。")
    with unchanged(), refused("item.waits_for_case"):
        actions.take_step(again(item), by=force.member)
    finish_case(again_opened.case, make_case)
    settle()
    assert again(item).step_code == "accept"


def test_of_two_cases_that_complete_a_step_the_last_one_does(opened, make_case, cast, settle):
    other = make_case()
    actions.link_case(opened.item, by=cast.clerk, case=other, completes=True)
    finish_case(opened.case, make_case)
    settle()
    assert again(opened.item).step_code == "survey"
    finish_case(other, make_case)
    settle()
    assert again(opened.item).step_code == "accept"


def test_a_step_that_a_case_completes_late_is_late_whenever_a_worker_came(
    make_item, make_campaign, make_case, force
):
    definition = step_changed(OPENS, "survey", limit="1d", calendar="natural")
    item = make_item(campaign=make_campaign(definition=definition))
    link = actions.open_case(item, by=force.member, words="绿地被占，请处理。")
    finish_case(link.case, make_case)
    with travel(now() + timedelta(days=2)):
        assert actions.complete_step(CaseLink.objects.get(pk=link.pk))
    verbs = [one.verb for one in Entry.objects.about(item)]
    assert verbs[-3:] == ["item.reminded", "item.became_overdue", "item.step_taken"]
    assert item.passages.get(step="survey").late


def test_an_item_that_has_gone_on_is_left_alone(opened, make_case, cast, settle):
    actions.drop_item(opened.item, by=cast.clerk, reason="重复")
    finish_case(opened.case, make_case)
    settle()
    assert again(opened.item).state == "dropped"
    assert not Entry.objects.filter(verb="item.case_closed").exists()
    assert actions.complete_step(CaseLink.objects.get(pk=opened.pk)).code == "item.wrong_state"


def test_a_confidential_item_tells_its_case_nothing(make_item, make_campaign, cast, force):
    campaign = make_campaign(definition=step_changed(plots(confidential=True), "survey", opens_case="01.01"))
    lon, lat = cast.places.inside
    building = make_place("3号楼", area=cast.places.grid, kind="building", lon=lon, lat=lat)
    flat = make_place("3号楼201", area=cast.places.grid, kind="household", parent=building)
    item = make_item(campaign=campaign, title="王某户", place=flat, lon=lon + 0.0002, lat=lat)
    link = actions.open_case(item, by=force.member, words="此处需清运。")
    assert (link.kind, link.case.title, link.case.place) == ("opened", "此处需清运", building)
    assert (item.lon, link.case.lon, link.case.lat) == (lon + 0.0002, lon, lat)


def test_cases_are_linked_by_who_works_on_both(
    make_item, make_campaign, make_case, cast, force, refused, unchanged
):
    item, case = make_item(campaign=make_campaign(definition=OPENS)), make_case()
    with unchanged(), refused("item.case_not_yours"):
        actions.link_case(item, by=force.member, case=case)
    with unchanged(), refused("item.not_yours"):
        actions.link_case(item, by=cast.stranger, case=case)
    link = actions.link_case(item, by=cast.clerk, case=case, completes=True)
    assert (link.kind, link.step) == ("completes", "survey")
    with unchanged(), refused("item.case_linked"):
        actions.link_case(item, by=cast.clerk, case=case)
    plain = make_item(campaign=make_campaign())
    with unchanged(), refused("item.case_completes_nothing"):
        actions.link_case(plain, by=cast.clerk, case=case, completes=True)
    assert actions.link_case(plain, by=cast.clerk, case=case).kind == "mentioned"
    actions.drop_item(plain, by=cast.clerk, reason="重复")
    third = make_case()
    with unchanged(), refused("item.wrong_state"):
        actions.link_case(plain, by=cast.clerk, case=third)


@pytest.mark.parametrize("verb", ["open", "link", "complete", "note", "dropped"])
def test_a_failure_half_way_links_nothing(
    opened, make_item, make_case, cast, force, unchanged, breaking_record, verb
):
    other, case = make_item(campaign=opened.item.campaign), make_case()
    finish_case(opened.case, make_case)
    down = breaking_record(f"bihuan.ledgers.actions.{'linking' if verb in ('note', 'dropped') else 'loop'}")
    with unchanged(), pytest.raises(down):
        {
            "open": lambda: actions.open_case(other, by=force.member, words="绿地被占"),
            "link": lambda: actions.link_case(other, by=cast.clerk, case=case),
            "dropped": lambda: actions.note_case_dropped(CaseLink.objects.get(pk=opened.pk)),
            "note": lambda: actions.note_case_closed(CaseLink.objects.get(pk=opened.pk)),
            "complete": lambda: actions.complete_step(CaseLink.objects.get(pk=opened.pk)),
        }[verb]()


# -- sweeps ----------------------------------------------------------------------------------------------


def sweep(finding, cast, by=None, **changed):
    fields = {
        "edition": finding.edition if isinstance(finding, Item) else changed.pop("edition"),
        "name": "举一反三",
        "name_en": "Look-alikes",
        "kind": "site",
        "areas": [cast.places.community, cast.places.grid],
        "starts_on": today(),
        "ends_on": today(),
    } | changed
    return actions.sweep_alike(finding, by=by or cast.clerk, **fields)


def test_a_finding_is_looked_for_at_every_place_of_its_kind(make_item, make_case, cast):
    places = [make_place(f"{number}号点", area=cast.places.grid, kind="site") for number in range(3)]
    make_place("小区", area=cast.places.grid, kind="compound")
    make_place("远处", area=cast.places.far, kind="site")
    item = make_item()

    campaign = sweep(item, cast)

    assert (campaign.state, campaign.area, campaign.swept_from_item) == (
        "running",
        cast.places.community,
        item,
    )
    found = Item.objects.filter(campaign=campaign).order_by("number")
    assert [one.place for one in found] == places
    assert campaign.items == 3
    assert (campaign.name, campaign.name_en) == ("举一反三", "Look-alikes")
    assert list(campaign.milestones.values_list("figure", "amount", "on")) == [("sites", 3, today())]
    of_case = sweep(make_case(), cast, edition=item.edition)
    assert of_case.swept_from_case is not None


def test_what_a_sweep_refuses(make_item, cast, refused, unchanged, breaking_record):
    item = make_item()
    for code, fields in (
        ("campaign.no_places", {}),
        ("campaign.no_areas", {"areas": []}),
        ("campaign.finding_not_yours", {"by": cast.stranger}),
    ):
        with unchanged(), refused(code):
            sweep(item, cast, **fields)
    make_place("一号点", area=cast.places.grid, kind="site")
    with unchanged(), refused("ledger.not_yours"):
        sweep(item, cast, by=cast.grid_worker)
    down = breaking_record("bihuan.ledgers.actions.intake")
    with unchanged(), pytest.raises(down):
        sweep(item, cast)


# -- batches ---------------------------------------------------------------------------------------------


def test_a_batch_does_what_it_may_and_explains_the_rest(make_item, make_campaign, cast, force):
    campaign = make_campaign()
    items = [make_item(campaign=campaign, responsible=False) for _ in range(3)]
    actions.drop_item(items[1], by=cast.clerk, reason="重复")
    token = uuid4()
    told = {"responsible": force.member.pk}

    batch = actions.start_item_batch(
        "assign", by=force.team_leader, token=token, campaign=campaign, items=items, arguments=told
    )

    assert ProcrastinateJob.objects.get(task_name="ledgers.carry_out_batch").args == {"batch_id": batch.pk}
    same = actions.start_item_batch(
        "assign", by=force.team_leader, token=token, campaign=campaign, items=items, arguments=told
    )
    assert same == batch
    assert queries.batch_progress(force.team_leader, batch.pk).left == 3
    actions.carry_out_item_batch(batch, by=force.team_leader)
    actions.carry_out_item_batch(batch, by=force.team_leader)
    progress = queries.batch_progress(force.team_leader, batch.pk)
    assert (progress.done, progress.refused, progress.left) == (2, 1, 0)
    assert queries.batch_progress(force.member, batch.pk) is None
    [refusal] = queries.refusals_of(force.team_leader, batch)
    assert (refusal["item__number"], refusal["code"]) == (2, "item.wrong_state")
    assert refusal["sentence"]
    assert Entry.objects.filter(verb="item.assigned").count() == 2


def test_a_batch_takes_steps_only_where_they_were(make_item, make_campaign, force):
    definition = step_changed(step_changed(plots(), "clear", gate=""), "survey", evidence=())
    campaign = make_campaign(definition=definition)
    items = [make_item(campaign=campaign) for _ in range(3)]
    actions.take_step(items[0], by=force.member)
    batch = actions.start_item_batch(
        "take_step",
        by=force.member,
        token=uuid4(),
        campaign=campaign,
        items=items,
        arguments={"step": "survey"},
    )
    actions.carry_out_item_batch(batch, by=force.member)
    assert {again(item).step_code for item in items} == {"clear"}
    assert [row["code"] for row in queries.refusals_of(force.member, batch)] == ["item.gone_on"]


def test_what_went_to_another_team_is_left_out_of_what_was_refused(make_item, make_campaign, cast, force):
    campaign = make_campaign(definition=plots(confidential=True))
    item = make_item(campaign=campaign)
    batch = actions.start_item_batch(
        "take_step",
        by=force.member,
        token=uuid4(),
        campaign=campaign,
        items=[item],
        arguments={"step": "clear"},
    )
    actions.carry_out_item_batch(batch, by=force.member)
    assert [row["item__title"] for row in queries.refusals_of(force.member, batch)] == [item.title]
    other = campaign.teams.get(name="二组")
    actions.assign_item(item, by=cast.clerk, team=other, responsible=force.other_member)
    assert queries.refusals_of(force.member, batch) == []


def test_who_may_press_for_several(make_item, cast, force, refused, unchanged, breaking_record):
    item = make_item()
    hold(cast.resident, "leader", cast.places.street)

    def press(by, items=(item,), verb="assign"):
        return actions.start_item_batch(
            verb, by=by, token=uuid4(), campaign=item.campaign, items=items, arguments={}
        )

    for by, code, more in (
        (cast.stranger, "batch.not_yours", {}),
        (cast.resident, "batch.not_yours", {}),
        (force.member, "batch.not_yours", {"verb": "drop"}),
        (force.member, "batch.nothing", {"items": ()}),
        (force.member, "batch.too_many", {"items": [item] * 5_001}),
    ):
        with unchanged(), refused(code):
            press(by, **more)
    batch = press(force.member)
    with unchanged(), refused("batch.not_yours"):
        actions.carry_out_item_batch(batch, by=cast.clerk)
    down = breaking_record("bihuan.ledgers.actions.batching")
    with unchanged(), pytest.raises(down):
        press(force.member)
    assert (ItemBatch.objects.count(), BatchRow.objects.count()) == (1, 1)
