"""Reads about ledgers, campaigns and items; the user is the first argument wherever rights matter."""

from bihuan.ledgers.queries.answers import answers_checked
from bihuan.ledgers.queries.board import Column, board
from bihuan.ledgers.queries.campaigns import (
    Force,
    Progress,
    batch_progress,
    campaign_numbered,
    campaigns_for,
    refusals_of,
    task_force,
    verbs_of_campaign,
)
from bihuan.ledgers.queries.editions import (
    Moved,
    areas_kept,
    editions_of,
    latest_edition,
    ledger_coded,
    ledgers_for,
    move_shown,
)
from bihuan.ledgers.queries.items import (
    ItemFilters,
    Today,
    item_by_own_code,
    item_numbered,
    items_in,
    items_of,
    items_visible_to,
    my_items,
    sees_all,
    team_items,
)
from bihuan.ledgers.queries.page import GateShown, ItemShown, item_shown, timeline

__all__ = [
    "Column",
    "Force",
    "GateShown",
    "ItemFilters",
    "ItemShown",
    "Moved",
    "Progress",
    "Today",
    "answers_checked",
    "areas_kept",
    "batch_progress",
    "board",
    "campaign_numbered",
    "campaigns_for",
    "editions_of",
    "item_by_own_code",
    "item_numbered",
    "item_shown",
    "items_in",
    "items_of",
    "items_visible_to",
    "latest_edition",
    "ledger_coded",
    "ledgers_for",
    "move_shown",
    "my_items",
    "refusals_of",
    "sees_all",
    "task_force",
    "team_items",
    "timeline",
    "verbs_of_campaign",
]
