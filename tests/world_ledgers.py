"""Ledgers in the world of `tests.world`: a running campaign of the clerk's, with its task force and items."""

from typing import Any

from bihuan.ledgers.tests.factories import CampaignMaker, ItemMaker, people_of


def put_ledgers(world: Any) -> None:
    """One thing of each kind for the routes of ledgers and reports."""
    force = people_of(world.cast)
    make_campaign = CampaignMaker(world.cast, force)
    make_item = ItemMaker(world.cast, force, make_campaign)
    campaign = make_campaign()
    _put_keeping(world, campaign, make_campaign)
    _put_working(world, campaign, make_item)
    _put_sheets(world, campaign, make_item)
    _put_reports(world, campaign, make_item)


def _put_keeping(world: Any, campaign: Any, make_campaign: CampaignMaker) -> None:
    """Ledgers, editions, campaigns, teams and the task force."""
    world.arguments |= {"ledgers:campaign": [campaign.number]}


def _put_working(world: Any, campaign: Any, make_item: ItemMaker) -> None:
    """The board, items and their verbs."""


def _put_sheets(world: Any, campaign: Any, make_item: ItemMaker) -> None:
    """Imports, exports, money and the household's page."""


def _put_reports(world: Any, campaign: Any, make_item: ItemMaker) -> None:
    """Reports and their templates."""
