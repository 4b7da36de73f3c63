"""Creating and changing places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bihuan.audit import record
from bihuan.core.verdicts import Refusal
from bihuan.territory import rules
from bihuan.territory.actions.areas import next_ids, search_vector
from bihuan.territory.models import FACT_BOUNDS, FACTS, Area, Place, PlaceFacts
from bihuan.territory.rows import PlaceRow
from bihuan.territory.search import search_columns

Facts = Mapping[str, int | None]  # by the names of FACTS


@transaction.atomic
def create_place(
    *,
    kind: str,
    name: str,
    area: Area,
    by: Any,
    parent: Place | None = None,
    name_en: str = "",
    address: str = "",
    aliases: Sequence[str] = (),
    lon: float | None = None,
    lat: float | None = None,
    facts: Facts | None = None,
) -> Place:
    """Put a place on the map, so that people can name it when they report."""
    row = PlaceRow(kind, name, area, parent, name_en, address, aliases, lon, lat, facts or {})
    place = _insert([row], by=by)[0]
    record("place.created", place, by=by, area=place.area, name=name, kind=kind)
    return place


@transaction.atomic
def create_places(rows: Sequence[PlaceRow], *, by: Any = None) -> list[Place]:
    """Add many places at once, with one entry in the audit of each area that got some."""
    places = _insert(rows, by=by)
    by_area: dict[Area, list[int]] = {}
    for place in places:
        by_area.setdefault(place.area, []).append(place.pk)
    for area, ids in sorted(by_area.items(), key=lambda item: item[0].pk):
        Area.objects.locked(area.pk)
        record("area.places_imported", area, by=by, area=area, places=ids)
    return places


@transaction.atomic
def change_place(
    place: Place,
    *,
    kind: str,
    name: str,
    area: Area,
    parent: Place | None,
    name_en: str,
    address: str,
    aliases: Sequence[str],
    lon: float | None,
    lat: float | None,
    by: Any,
    facts: Facts | None = None,
) -> Place:
    """Correct what is known about a place. Cases that name it show the new name; ledgers take over its facts.

    Without `facts` those that are known stay.
    """
    place = Place.objects.locked(place.pk)
    area = Area.objects.light().get(pk=area.pk)
    rules.may_put_place(place, by, area=area).enforce()
    _refuse_circle(place, parent)

    before = {"name": place.name, "area": place.area_id, "lon": place.lon, "lat": place.lat}
    place.kind, place.name, place.name_en, place.address = kind, name, name_en, address
    place.area, place.parent, place.aliases = area, parent, list(aliases)
    place.lon, place.lat = lon, lat
    _set_search(place)
    place.save(
        update_fields=[
            "kind", "name", "name_en", "address", "area", "parent", "aliases", "lon", "lat",
            "pinyin", "initials", "keys",
        ]
    )  # fmt: skip

    after = {"name": name, "area": area.pk, "lon": lon, "lat": lat}
    if facts is not None:
        before |= _told(PlaceFacts.objects.filter(place=place).first())
        _set_facts(place, facts)
        after |= {one: facts.get(one) for one in FACTS}
    record("place.changed", place, by=by, area=area, before=before, after=after)
    place.refresh_from_db(fields=["keys"])
    return place


@transaction.atomic
def learn_facts(place: Place, *, by: Any, facts: Facts) -> Place:
    """Keep what somebody found out about a place while working there, so that nobody is asked for it again.

    That asks for no duty over places: only what nobody has said is filled in. What is known stays as it is
    and is corrected by `change_place`; a number that no place can have is left out.
    """
    place = Place.objects.locked(place.pk)
    before = _told(PlaceFacts.objects.filter(place=place).first())
    after = before | {
        name: value
        for name, value in facts.items()
        if before[name] is None and value is not None and _can_be(name, value)
    }
    if after != before:
        _set_facts(place, after)
        record("place.changed", place, by=by, area=place.area_id, before=before, after=after)
    return place


def _can_be(name: str, value: int) -> bool:
    low, high = FACT_BOUNDS[name]
    return low <= value <= high


def _insert(rows: Sequence[PlaceRow], *, by: Any) -> list[Place]:
    fresh = Area.objects.light().in_bulk({row.area.pk for row in rows})
    for area in fresh.values():
        rules.may_put_place(None, by, area=area).enforce()
    places: list[Place] = []
    for pk, row in zip(next_ids(Place, len(rows)), rows, strict=True):
        place = Place(
            pk=pk,
            kind=row.kind,
            name=row.name,
            name_en=row.name_en,
            area=fresh[row.area.pk],
            parent=places[row.parent] if isinstance(row.parent, int) else row.parent,
            address=row.address,
            aliases=list(row.aliases),
            lon=row.lon,
            lat=row.lat,
        )
        _set_search(place)
        places.append(place)
    created = Place.objects.bulk_create(places, batch_size=500)
    known = [(place, row.facts) for place, row in zip(places, rows, strict=True) if any(row.facts.values())]
    PlaceFacts.objects.bulk_create(PlaceFacts(place=place, **facts) for place, facts in known)
    return created


def _told(known: PlaceFacts | None) -> dict[str, int | None]:
    return {one: getattr(known, one, None) for one in FACTS}


def _set_facts(place: Place, facts: Facts) -> None:
    told = {one: facts.get(one) for one in FACTS}
    PlaceFacts.objects.update_or_create(place=place, defaults=told)


def _refuse_circle(place: Place, parent: Place | None) -> None:
    above = parent
    while above is not None:
        if above.pk == place.pk:
            raise Refusal("place.part_of_itself", _("A place cannot be part of itself."))
        above = above.parent


def _set_search(place: Place) -> None:
    columns = search_columns(place.name, place.name_en, place.aliases)
    place.pinyin, place.initials = columns.pinyin, columns.initials
    place.keys = search_vector(columns.words)
