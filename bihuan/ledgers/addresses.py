"""Where campaigns and items are found: one place for those who tell of them and those who show them."""

from urllib.parse import urlencode

from bihuan.ledgers.models import Campaign, Item


def campaign_address(campaign: Campaign) -> str:
    return f"/ledgers/{campaign.number}/"


def item_address(item: Item) -> str:
    return f"{campaign_address(item.campaign)}{item.number}/"


def table_address(campaign: Campaign, **narrowed: object) -> str:
    """The table of a campaign, narrowed as its filters are named."""
    return f"{campaign_address(campaign)}table/?{urlencode(narrowed)}"
