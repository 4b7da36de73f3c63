"""What the place of an item knows of it: taken over from there, asked nowhere else."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from bihuan.ledgers.definition import Definition
from bihuan.ledgers.models import CampaignState, Item, ItemState
from bihuan.territory.models import Place
from bihuan.territory.queries import facts_of


@lru_cache(maxsize=256)
def fields_from_place(definition: Definition) -> dict[str, str]:
    """The fields that a place may answer, each with what of it they are."""
    return {one.name: one.fact for one in definition.walk() if one.fact}


def known_of_place(item: Item) -> dict[str, Any]:
    """What the item's place answers, by field; nothing is asked where no field is of a place."""
    wanted = fields_from_place(item.edition.definition)
    if not wanted or item.place_id is None:
        return {}
    facts = item.__dict__.get("_facts")  # read already, for many items at once
    known = facts_of(item.place_id) if facts is None else facts
    return {name: known[fact] for name, fact in wanted.items() if fact in known}


def found_out(item: Item) -> dict[str, int]:
    """What an item says that its place does not know, by fact; of a confidential one nothing."""
    wanted = fields_from_place(item.edition.definition)
    if not wanted or item.place_id is None or item.campaign.confidential:
        return {}
    said = {fact: item.answers.get(name) for name, fact in wanted.items()}
    known = facts_of(item.place_id)
    return {fact: value for fact, value in said.items() if value is not None and fact not in known}


def items_behind(place: Place) -> Iterator[Item]:
    """The items under way at a place that say something else than it does."""
    rows = Item.objects.filter(place=place, state=ItemState.OPEN, campaign__state=CampaignState.RUNNING)
    for item in rows.select_related("edition", "campaign").defer("search").order_by("pk"):
        known = known_of_place(item)
        if any(item.answers.get(name) != value for name, value in known.items()):
            yield item
