"""What is corrected at a place reaches the items there."""

from bihuan.audit import on
from bihuan.audit.models import Entry
from bihuan.ledgers import actions
from bihuan.ledgers.models import Item
from bihuan.ledgers.queries.facts import items_behind
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
