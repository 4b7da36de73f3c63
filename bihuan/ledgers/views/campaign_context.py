"""What every page of a campaign begins with: the campaign, if this person may see it, and its head."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from bihuan.ledgers import queries
from bihuan.ledgers.models import Campaign
from bihuan.ledgers.tabs import tabs_of


def campaign_page(request: HttpRequest, number: str, tab: str) -> tuple[Campaign, dict[str, Any]]:
    """The campaign with this number, or a 404, and the context of `ledgers/_campaign_head.html`.

    `tab` is the code of the tab that the page stands under (see `ledgers.tabs`). Costs the same number of
    queries for every campaign.
    """
    campaign = get_object_or_404(queries.campaign_numbered(request.user, number))
    return campaign, head_of(request, campaign, tab)


def head_of(request: HttpRequest, campaign: Campaign, tab: str) -> dict[str, Any]:
    """The head alone, for a page that found its campaign by an item of it."""
    return {"campaign": campaign, "campaign_tabs": tabs_of(campaign, request.user, tab)}
