"""What is corrected at a place reaches the items there; what they find out reaches the place."""

from bihuan.audit import on
from bihuan.audit.models import Entry
from bihuan.ledgers import actions
from bihuan.ledgers.models import Item
from bihuan.ledgers.queries.facts import found_out, items_behind
from bihuan.territory.actions import learn_facts
from bihuan.territory.models import Place


@on("place.changed")
def note_place_changed(entry: Entry) -> None:
    place: Place = entry.subject()
    for item in items_behind(place):
        actions.note_place_changed(item)


@on("item.place_changed")
def take_over_facts(entry: Entry) -> None:
    item: Item = entry.subject()
    actions.take_over_facts(item)


@on("item.step_taken")
def let_place_learn(entry: Entry) -> None:
    """Once a step stands behind it: what was only filled in may still be mended without the place."""
    item: Item = entry.subject()
    if item.place is not None and (facts := found_out(item)):
        learn_facts(item.place, by=entry.by, facts=facts)
