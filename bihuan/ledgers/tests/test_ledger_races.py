"""Several at the same moment, on real connections: one wins, nothing is done or numbered twice."""

from collections import Counter
from datetime import timedelta
from threading import Event
from uuid import uuid4

import pytest
from django.db import transaction

from bihuan.audit.models import Entry
from bihuan.audit.queries import faults
from bihuan.core.clock import now, today, travel
from bihuan.ledgers import actions, figures
from bihuan.ledgers.drafts import Draft
from bihuan.ledgers.models import Campaign, Edition, Item, ItemBatch
from bihuan.ledgers.tests.factories import plots, step_changed
from tests.test_threads import at_once, once_more, wait_until_somebody_waits

pytestmark = [pytest.mark.threads, pytest.mark.django_db(transaction=True)]
EASY = step_changed(plots(), "clear", gate="")


def check(campaign):
    campaign = Campaign.objects.select_related("edition__ledger").get(pk=campaign.pk)
    assert figures.sums_at(campaign, today() + timedelta(days=60)) == figures.recount(
        campaign, now() + timedelta(days=60)
    )
    assert list(faults()) == []


def test_eight_people_take_the_same_step(make_item, make_campaign, force):
    item = make_item(campaign=make_campaign(definition=EASY))
    said = Counter(
        at_once([lambda: actions.take_step(item, by=once_more(force.member)).step_code for _ in range(8)])
    )
    assert said == {"clear": 1, "item.not_your_step": 7}
    assert Entry.objects.filter(verb="item.step_taken").count() == 1
    check(item.campaign)


def test_numbers_and_sources_are_given_once(make_campaign, cast):
    campaign = make_campaign()
    drafts = [Draft(f"{number}", source_key=f"row:{number % 4}") for number in range(8)]
    found = at_once(
        [
            lambda draft=draft: actions.add_item(campaign, by=once_more(cast.clerk), draft=draft).pk
            for draft in drafts
        ]
    )
    assert len(set(found)) == 4
    assert sorted(Item.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
    check(campaign)


def test_who_leaves_is_given_nothing_at_that_moment(make_item, make_campaign, cast, force):
    campaign = make_campaign()
    items = [make_item(campaign=campaign, responsible=False) for _ in range(4)]
    post, member = campaign.posts.get(person=force.member), force.member

    def give(item):
        given = actions.assign_item(item, by=once_more(cast.clerk), team=item.team, responsible=member)
        return "given" if given.responsible_id else "taken"

    calls = [lambda one=one: give(one) for one in items]
    at_once([*calls, lambda: "left" if actions.leave_campaign(post, by=once_more(cast.clerk)) else ""])
    post.refresh_from_db()
    answers = Item.objects.filter(campaign=campaign, responsible=member)
    assert post.until is None or not answers.exists()
    check(campaign)


def test_steps_splits_and_the_end_of_the_campaign_cross(make_item, make_campaign, cast, force):
    campaign = make_campaign(definition=EASY)
    items = [make_item(campaign=campaign) for _ in range(3)]
    calls = [lambda one=one: actions.take_step(one, by=once_more(force.member)).state for one in items]
    calls += [
        lambda one=one: len(actions.split_item(one, by=once_more(cast.clerk), titles=["东"])) for one in items
    ]
    calls += [lambda: actions.finish_campaign(campaign, by=once_more(cast.clerk)).state]
    said = Counter(at_once(calls))
    assert set(said) <= {"open", 1, "finished", "campaign.wrong_state"}
    assert said["finished"] == 1
    assert not Item.objects.filter(campaign=campaign, step_at__isnull=False).exists()
    check(campaign)


def test_reminders_are_sent_once_whatever_workers_run(make_item, make_campaign):
    definition = step_changed(EASY, "survey", limit="10d", calendar="natural")
    campaign = make_campaign(definition=definition)
    for _ in range(6):
        make_item(campaign=campaign)
    later = now() + timedelta(days=11)

    def tick():
        with travel(later):
            return actions.take_due_item_steps()

    assert sum(at_once([tick] * 4)) == 12
    verbs = Counter(
        Entry.objects.filter(verb__in=("item.reminded", "item.became_overdue")).values_list("verb", flat=True)
    )
    assert verbs == {"item.reminded": 6, "item.became_overdue": 6}


def test_the_same_edition_kept_at_once_is_one(make_campaign, cast):
    ledger = make_campaign().edition.ledger
    at_once(
        [lambda: actions.keep_edition(ledger, by=once_more(cast.clerk), definition=EASY).pk for _ in range(4)]
    )
    assert Edition.objects.filter(ledger=ledger).count() == 2


def test_a_batch_carried_out_twice_at_once_is_done_once(make_item, make_campaign, cast, force):
    campaign = make_campaign()
    items = [make_item(campaign=campaign, responsible=False) for _ in range(4)]
    batch = actions.start_item_batch(
        "assign", by=force.team_leader, token=uuid4(), campaign=campaign, items=items,
        arguments={"responsible": force.member.pk},
    )  # fmt: skip
    at_once(
        [
            lambda: (
                actions.carry_out_item_batch(
                    ItemBatch.objects.get(pk=batch.pk), by=once_more(force.team_leader)
                ).pk
            )
            for _ in range(3)
        ]
    )
    assert Entry.objects.filter(verb="item.assigned").count() == 4
    check(campaign)


@pytest.mark.parametrize("verb", ["assign", "take_step"])
def test_a_batch_reads_an_item_when_it_is_its_turn(make_item, make_campaign, cast, force, verb):
    definition = step_changed(EASY, "clear", who=("team", "role:清理队"), evidence=(), blocked_when="")
    campaign = make_campaign(definition=definition)
    item = make_item(campaign=campaign)
    told = {"assign": {"responsible": force.other_member.pk}, "take_step": {"step": "survey"}}[verb]
    batch = actions.start_item_batch(
        verb, by=cast.clerk, token=uuid4(), campaign=campaign, items=[item], arguments=told
    )
    other = campaign.teams.get(name="二组")

    def change_first():
        with transaction.atomic():
            if verb == "assign":
                actions.assign_item(item, by=once_more(cast.clerk), team=other)
            else:
                actions.take_step(item, by=once_more(force.member))
            changed.set()
            wait_until_somebody_waits()
        return "changed"

    def carry_out():
        changed.wait(30)
        return actions.carry_out_item_batch(ItemBatch.objects.get(pk=batch.pk), by=once_more(cast.clerk)).pk

    changed = Event()
    at_once([change_first, carry_out])
    item = Item.objects.get(pk=item.pk)
    row = batch.rows.get()
    if verb == "assign":
        assert (item.team, item.responsible, row.ok) == (other, force.other_member, True)
    else:
        assert (item.step_code, row.code) == ("clear", "item.gone_on")
    check(campaign)


def test_who_waited_sees_the_edition_and_the_team_of_now(make_item, make_campaign, cast):
    campaign = make_campaign(definition=EASY)
    item, clerk = make_item(campaign=campaign, responsible=False), cast.clerk
    newer = actions.keep_edition(campaign.edition.ledger, by=clerk, definition=plots())
    other = campaign.teams.get(name="二组")

    def change_first(change):
        with transaction.atomic():
            change(once_more(clerk))
            changed.set()
            wait_until_somebody_waits()

    def add_then():
        changed.wait(30)
        return actions.add_item(campaign, by=once_more(clerk), draft=Draft("新的")).edition_id

    def split_then():
        changed.wait(30)
        return actions.split_item(item, by=once_more(clerk), titles=["东"])[0].team

    for change, then, found in (
        (lambda by: actions.use_edition(campaign, by=by, edition=newer), add_then, newer.pk),
        (lambda by: actions.assign_item(item, by=by, team=other), split_then, other),
        (lambda by: actions.move_to_edition(item, by=by, edition=newer), split_then, other),
    ):
        changed = Event()
        assert at_once([lambda change=change: change_first(change), then]) == [None, found]
    check(campaign)


def test_a_signature_is_given_once(make_item, cast):
    item = make_item()
    said = Counter(
        at_once(
            [
                lambda: (
                    actions.sign_condition(item, by=once_more(cast.leader), gate="lawful", condition=3).gate
                )
                for _ in range(4)
            ]
        )
    )
    assert said == {"lawful": 1, "item.signed_already": 3}


def test_batches_begin_while_another_of_the_same_person_goes_on(make_item, make_campaign, cast, force):
    campaign = make_campaign()
    items = [make_item(campaign=campaign, responsible=False) for _ in range(10)]
    told = {"responsible": force.member.pk}

    def begin():
        by = once_more(cast.clerk)
        return actions.start_item_batch(
            "assign", by=by, token=uuid4(), campaign=campaign, items=items, arguments=told
        )

    first = begin()
    going_on = [lambda: str(actions.carry_out_item_batch(first, by=once_more(cast.clerk)).pk)]
    found = at_once([*going_on, *[lambda: str(begin().total) for _ in range(6)]])
    assert sorted(found) == sorted([str(first.pk), *["10"] * 6])
    check(campaign)


def test_two_keep_a_ledger_of_one_code_and_one_is_told(cast):
    def keep():
        return actions.keep_ledger(plots(), by=once_more(cast.clerk), area=cast.places.street).ledger.code

    said = Counter(at_once([keep] * 4))
    assert said == {plots().settings.code: 1, "ledger.code_taken": 3}
