"""The item of an address, for whoever sees it; opening a confidential one is on record."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from bihuan.ledgers import actions, queries
from bihuan.ledgers.models import Item


def item_read(request: HttpRequest, campaign: str, number: int) -> Item:
    found: Item = get_object_or_404(queries.item_numbered(request.user, campaign, number))
    actions.read_item(found, by=request.user)
    return found
