"""Ledgers in the world of `tests.world`: a running campaign of the clerk's, with its task force and items."""

from dataclasses import replace
from typing import Any

from bihuan.ledgers import actions
from bihuan.ledgers.definition import Field, Words
from bihuan.ledgers.definition.editing import Put
from bihuan.ledgers.queries.drafts import fresh_draft
from bihuan.ledgers.tests.factories import CampaignMaker, ItemMaker, people_of, plots
from tests.world_reports import put_reports
from tests.world_sheets import put_sheets
from tests.world_working import put_working


def put_ledgers(world: Any) -> None:
    """One thing of each kind for the routes of ledgers and reports."""
    force = people_of(world.cast)
    make_campaign = CampaignMaker(world.cast, force)
    make_item = ItemMaker(world.cast, force, make_campaign)
    campaign = make_campaign()
    _put_keeping(world, campaign, make_campaign)
    _put_editing(world, campaign, make_campaign)
    _put_working(world, campaign, make_item)
    _put_sheets(world, campaign, make_item)
    _put_reports(world, campaign, make_item)


def _put_keeping(world: Any, campaign: Any, make_campaign: CampaignMaker) -> None:
    """Ledgers, editions, campaigns, teams and the task force."""
    by, edition = world.cast.clerk, campaign.edition
    prepared = make_campaign(begun=False, name="下月开始")
    team = actions.add_team(campaign, by=by, name="机动组")
    post = campaign.posts.get(role="法律顾问")
    actions.keep_edition(edition.ledger, by=by, definition=replace(edition.definition, version="2"))
    retired = make_campaign.edition(replace(plots(), name="旧台账")).ledger
    actions.retire_ledger(retired, by=by)
    of_campaign = (
        "campaign",
        "settings",
        "change_campaign",
        "finish",
        "milestones",
        "teams",
        "join",
        "use_edition",
    )
    of_ledger = ("kind", "new_edition", "retire_kind", "new_campaign")
    world.arguments |= {f"ledgers:{name}": [campaign.number] for name in of_campaign}
    world.arguments |= {f"ledgers:{name}": [edition.ledger.code] for name in of_ledger}
    world.arguments |= {
        "ledgers:begin": [prepared.number],
        "ledgers:reuse_kind": [retired.code],
        "ledgers:public": [make_campaign(name="公开数字", visibility="public").number],
        "ledgers:shipped": ["gardens"],
        "ledgers:shipped_workbook": ["gardens"],
        "ledgers:workbook": [edition.ledger.code, 1],
        "ledgers:team": [campaign.number, team.pk],
        "ledgers:retire_team": [campaign.number, team.pk],
        "ledgers:leave": [campaign.number, post.pk],
        "ledgers:moving": [campaign.number, 1],
    }
    told = {"name": "春季清理", "starts_on": "2030-03-01", "ends_on": "2030-04-01", "visibility": "staff"}
    area = world.cast.places.street.pk
    world.forms |= {
        "ledgers:shipped": {"area": area},
        "ledgers:new_campaign": told | {"area": area},
        "ledgers:change_campaign": told,
        "ledgers:teams": {"name": "三组"},
        "ledgers:team": {"name": "机动二组"},
        "ledgers:join": {"person": world.cast.inspector.username, "role": "leader"},
        "ledgers:milestones": {"m-TOTAL_FORMS": "0", "m-INITIAL_FORMS": "0"},
        "ledgers:use_edition": {"edition": "2"},
    }


def _put_editing(world: Any, campaign: Any, make_campaign: CampaignMaker) -> None:
    """The clerk's draft of a ledger, and one of another, of which a newer edition was kept meanwhile."""
    by, own = world.cast.clerk, campaign.edition.ledger
    lamp = Put("field", Field("lamp", "text", Words("路灯", "Street lamp")))
    actions.change_draft(fresh_draft(own, by=by), by=by, edit=lamp)
    other = make_campaign.edition(plots(splits=False))
    actions.change_draft(fresh_draft(other.ledger, by=by), by=by, edit=lamp)
    actions.keep_edition(other.ledger, by=by, definition=replace(other.definition, version="2"))
    named = ("edit", "keep_draft", "discard_draft", "draft_workbook", "check_expression")
    world.arguments |= {f"ledgers:{name}": [own.code] for name in named}
    world.arguments |= {
        "ledgers:rebase_draft": [other.ledger.code],
        "ledgers:preview_step": [own.code, "survey"],
        "ledgers:edit (moved on)": [other.ledger.code],
        "ledgers:add_part": [own.code, "step"],
        "ledgers:add_part (sorts)": [own.code, "field"],
        "ledgers:part": [own.code, "field", "owner"],
        "ledgers:part (step)": [own.code, "step", "clear"],
        "ledgers:part (settings)": [own.code, "settings", "all"],
        "ledgers:move_part": [own.code, "field", "owner"],
        "ledgers:remove_part": [own.code, "goal", "1"],
    }
    world.forms |= {
        "ledgers:blank": {"name_zh": "路灯", "area": world.cast.places.street.pk, "subject": "none"},
        "ledgers:add_part": {"name_zh": "回访", "who": "team"},
        "ledgers:part": {"label_zh": "种菜的人", "name": "owner", "type": "text"},
        "ledgers:move_part": {"way": "down"},
        "ledgers:check_expression": {"box": "relevant", "kind": "field", "relevant": "${owner} ="},
    }


def _put_working(world: Any, campaign: Any, make_item: ItemMaker) -> None:
    """The board, items and their verbs."""
    put_working(world, campaign, make_item)


def _put_sheets(world: Any, campaign: Any, make_item: ItemMaker) -> None:
    """Imports, exports, money and the household's page."""
    put_sheets(world, campaign, make_item)


def _put_reports(world: Any, campaign: Any, make_item: ItemMaker) -> None:
    """Reports and their templates."""
    put_reports(world, campaign)
