"""Items at work in the world of `tests.world`: one for each verb, in the state in which it is possible."""

from typing import Any
from uuid import uuid4

from bihuan.cases.models import Matter
from bihuan.core.clock import today
from bihuan.ledgers import actions
from bihuan.ledgers.tests.factories import ItemMaker, plots, step_changed

PLAIN = ("item", "item_send", "item_correct", "item_assign", "item_rename", "item_drop", "item_block",
         "item_give_notice", "item_split", "item_link_case", "item_sign")  # fmt: skip


def put_working(world: Any, campaign: Any, make_item: ItemMaker) -> None:
    """The board, items and their verbs."""
    cast, force = world.cast, make_item.force
    item = make_item(campaign=campaign)
    blocked = actions.block_item(make_item(campaign=campaign), by=force.member, why="门锁着")
    notified = make_item(campaign=campaign)
    notice = actions.give_notice(notified, by=force.member, channel="door", text="请清理")
    matter = Matter.objects.choosable().order_by("pk")[:1].get()
    opens = step_changed(plots(), "survey", opens_case=matter.code)
    opening = make_item(campaign=make_item.make_campaign(definition=opens))
    batch = actions.start_item_batch(
        "assign",
        by=cast.clerk,
        token=uuid4(),
        campaign=campaign,
        items=[item],
        arguments={"responsible": force.member.pk},
    )
    of_campaign = ("board", "table", "map", "points", "route", "new_item", "batch")
    world.arguments |= {f"ledgers:{name}": [campaign.number] for name in of_campaign}
    world.arguments |= {f"ledgers:{name}": [campaign.number, item.number] for name in PLAIN}
    world.arguments |= {
        "ledgers:item_send_back": [campaign.number, make_item(at="accept", campaign=campaign).number],
        "ledgers:item_unblock": [campaign.number, blocked.number],
        "ledgers:item_withdraw_notice": [campaign.number, notified.number],
        "ledgers:item_open_case": [opening.campaign.number, opening.number],
        "ledgers:batch_progress": [campaign.number, batch.pk],
        "ledgers:batch_live": [campaign.number, batch.pk],
    }
    world.forms |= _forms(world, item, notice)


def _forms(world: Any, item: Any, notice: Any) -> dict[str, dict[str, Any]]:
    lon, lat = world.cast.places.inside
    return {
        "ledgers:new_item": {"title": "新菜园", "lon": lon, "lat": lat},
        "ledgers:batch": {
            "do": "assign",
            "item": item.number,
            "token": str(uuid4()),
            "team": item.team_id,
        },
        "ledgers:item_send": {
            "key": str(uuid4()),
            "step": item.step_code,
            "done": "0",
            "a.owner": "李某",
        },
        "ledgers:item_correct": {"a.owner": "李某", "reason": "登记有误"},
        "ledgers:item_assign": {"team": item.team_id},
        "ledgers:item_rename": {"title": "改名"},
        "ledgers:item_drop": {"reason": "重复"},
        "ledgers:item_block": {"why": "门锁着"},
        "ledgers:item_give_notice": {"channel": "door", "text": "请清理", "given_at": f"{today()}T00:00"},
        "ledgers:item_split": {"titles": "甲户"},
        "ledgers:item_link_case": {"number": world.arguments["cases:show"][0]},
        "ledgers:item_sign": {"gate": "lawful", "condition": "3"},
        "ledgers:item_send_back": {"to": "clear", "reason": "照片不清"},
        "ledgers:item_withdraw_notice": {"notice": notice.pk, "why": "写错"},
        "ledgers:item_open_case": {"words": "水管漏水"},
    }
