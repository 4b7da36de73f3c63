"""What time does to items: reminded, overdue, grace over, each once; and who is told."""

from datetime import timedelta

import pytest

from bihuan.audit.models import Entry
from bihuan.audit.queries import faults
from bihuan.core.clock import now, travel
from bihuan.ledgers import actions
from bihuan.ledgers.models import Item
from bihuan.ledgers.tests.factories import plots, step_changed
from bihuan.notices.models import Notice

pytestmark = pytest.mark.usefixtures("at_nine")
NATURAL = step_changed(plots(), "survey", limit="10d", calendar="natural")


def verbs(item):
    return [entry.verb for entry in Entry.objects.about(item)]


def test_an_item_is_reminded_and_becomes_overdue_each_once(make_item, make_campaign, told):
    item = make_item(campaign=make_campaign(definition=NATURAL))
    start = now()
    for hours, expected in ((191, []), (192, ["item.reminded"]), (193, []), (240, ["item.became_overdue"])):
        before = verbs(item)
        with travel(start + timedelta(hours=hours)):
            assert actions.take_due_item_steps() == len(expected)
            assert actions.take_due_item_steps() == 0
        assert verbs(item)[len(before) :] == expected
    item = Item.objects.get(pk=item.pk)
    assert (item.overdue_at, item.step_at) == (item.due_at, None)
    assert told(item) >= {
        ("member", "item.reminded"), ("team_leader", "item.reminded"),
        ("member", "item.became_overdue"), ("team_leader", "item.became_overdue"),
    }  # fmt: skip
    assert list(faults()) == []


def test_a_share_of_its_own(make_item, make_campaign):
    definition = step_changed(NATURAL, "survey", remind_at=50)
    item = make_item(campaign=make_campaign(definition=definition))
    with travel(now() + timedelta(days=5)):
        assert actions.take_due_item_steps() == 1
    assert verbs(item)[-1] == "item.reminded"


def test_whoever_comes_late_finds_the_past_as_it_was(make_item, make_campaign, force):
    item = make_item(campaign=make_campaign(definition=NATURAL))
    start = now()
    with travel(start + timedelta(days=11)):
        actions.fill_item(item, by=force.member, answers={"reason": "unable"})
    assert verbs(item)[-3:] == ["item.reminded", "item.became_overdue", "item.filled"]
    entry = Entry.objects.about(item).get(verb="item.became_overdue")
    assert entry.data["moment"] == (start + timedelta(days=10)).isoformat()


def test_without_a_team_leader_the_task_force_leader_is_told(make_item, make_campaign, cast, told):
    item = make_item(campaign=make_campaign(definition=NATURAL))
    other = item.campaign.teams.get(name="二组")
    actions.assign_item(item, by=cast.clerk, team=other, responsible=None)
    with travel(now() + timedelta(days=8)):
        actions.take_due_item_steps()
        assert ("clerk", "item.reminded") in told(item)
        assert ("team_leader", "item.reminded") not in told(item)


def test_the_end_of_a_grace_period_is_told(make_item, make_campaign, force, told):
    item = make_item(campaign=make_campaign(definition=step_changed(plots(), "survey", limit="")))
    actions.give_notice(item, by=force.member, channel="loudspeaker", text="十五日内清理")
    with travel(now() + timedelta(days=15)):
        assert actions.take_due_item_steps() == 1
        assert actions.take_due_item_steps() == 0
        assert ("member", "item.grace_ended") in told(item)


def test_a_confidential_notice_names_nobody(make_item, make_campaign, settle):
    item = make_item(campaign=make_campaign(definition=plots(confidential=True)), title="王某户")
    settle()
    notice = Notice.objects.get(kind="item.assigned", subject_id=item.pk)
    assert "王某" not in str(notice.params)
    assert notice.url == f"/ledgers/{item.campaign.number}/{item.number}/"


def test_the_record_holds_nothing_that_somebody_wrote(make_item, make_campaign, cast, force):
    campaign = make_campaign(definition=plots(confidential=True))
    item = make_item(campaign=campaign, title="王某户")
    actions.block_item(item, by=force.member, why="王某外出务工")
    actions.give_notice(item, by=force.member, channel="phone", text="王某已知")
    actions.unblock_item(item, by=force.member)
    actions.rename_item(item, by=cast.clerk, title="王某某户")
    actions.split_item(item, by=force.member, titles=["王二户"])
    actions.drop_item(item, by=cast.clerk, reason="王某搬走")
    written = str(list(Entry.objects.values_list("data", flat=True)))
    assert "王" not in written


def test_who_is_told_of_what_people_do(make_item, cast, force, told):
    item = make_item(at="clear")
    actions.block_item(item, by=force.cleaner, why="下雨")
    actions.send_back_item(item, by=force.cleaner, to="survey", reason="面积不对")
    assert told(item) >= {
        ("member", "item.assigned"), ("team_leader", "item.blocked"), ("member", "item.sent_back"),
        ("team_leader", "item.sent_back"),
    }  # fmt: skip
    assert ("member", "campaign.joined") in told(item.campaign)


def test_a_campaign_is_named_in_the_language_of_who_reads_it(make_campaign, force, told):
    campaign = make_campaign(name="征迁", name_en="Relocation")
    assert ("member", "campaign.joined") in told(campaign)
    notice = Notice.objects.filter(kind="campaign.joined", recipient=force.member).latest("pk")
    assert notice.params["title"] == {"zh": "征迁", "en": "Relocation"}
