"""What is corrected at a place is taken over by the items there. Nobody is present."""

from typing import Any

from django.db import transaction

from bihuan.audit import record
from bihuan.ledgers.actions.answering import settle_any
from bihuan.ledgers.actions.loop import hold_for_system, index_words, lock, save
from bihuan.ledgers.actions.money import reopen_outdated
from bihuan.ledgers.models import CampaignState, Item, ItemState


@transaction.atomic
def note_place_changed(item: Item, *, by: Any = None) -> None:
    """Put it on an item's record that its place knows better; the item takes it over after that.

    In a transaction of its own, for the reason that `note_case_closed` gives.
    """
    item = lock(item)
    if item.state == ItemState.OPEN:
        record("item.place_changed", item, by=by, campaign=item.campaign_id, place=item.place_id)


@transaction.atomic
def take_over_facts(item: Item, *, by: Any = None) -> Item:
    """Let an item say what its place knows; the difference is today's in the figures."""
    held = hold_for_system(item)
    item = held.item
    if item.state != ItemState.OPEN or item.campaign.state != CampaignState.RUNNING:
        return item
    item.answers = settle_any(item, {}, by=by, here=held.here)
    changed = sorted(name for name, value in item.answers.items() if held.answers.get(name) != value)
    if not changed:
        return item
    index_words(item)
    reopen_outdated(held)
    return save(held, "item.facts_taken", ["answers"], asked=changed, step=item.step_code)
