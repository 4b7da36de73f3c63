"""Places for lists, and what a typed name means."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    F,
    FloatField,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Length

from bihuan.territory.models import FACTS, Area, Place, PlaceFacts, PlaceKind, PlaceQuerySet
from bihuan.territory.queries.memory import ground, trail, where
from bihuan.territory.search import search_terms, ts_query


def places() -> PlaceQuerySet:
    """All places with their areas, for a list."""
    unseen = ("keys", "area__keys", "area__boundary", "parent__keys")
    return Place.objects.select_related("area", "parent").defer(*unseen)


def facts_of(place: int) -> dict[str, int]:
    """What is known of a place, by the names of FACTS; what nobody has said is left out."""
    known = PlaceFacts.objects.filter(pk=place).values(*FACTS).first() or {}
    return {name: value for name, value in known.items() if value is not None}


def facts_of_places(places: Collection[int]) -> dict[int, dict[str, int]]:
    """The same of many places, in one query."""
    rows = PlaceFacts.objects.filter(pk__in=places).values("pk", *FACTS)
    return {row["pk"]: {name: row[name] for name in FACTS if row[name] is not None} for row in rows}


def possible_wholes(place: Place | None) -> PlaceQuerySet:
    """What a place may be part of: compounds and lanes, for a new place; nearby ones, for a known place."""
    wholes = Place.objects.filter(kind__in=[PlaceKind.COMPOUND, PlaceKind.LANE, PlaceKind.BUILDING])
    if place is not None:
        return wholes.filter(Q(area=place.area_id) | Q(pk=place.parent_id)).exclude(pk=place.pk)
    return wholes.filter(kind=PlaceKind.COMPOUND)


def places_in_list(*, area: Area | None = None, kind: str = "", text: str = "") -> PlaceQuerySet:
    """Places narrowed by area, kind and part of a name."""
    found = places()
    if area is not None:
        found = found.within(area)
    if kind:
        found = found.filter(kind=kind)
    if terms := search_terms(text):
        found = found.filter(_has_words(terms))
    return found


def places_near(lon: float, lat: float, *, limit: int = 5) -> list[Place]:
    """The places nearest to a point, nearest first."""
    nearness = Func(
        Value(lon),
        Value(lat),
        template="(point(territory_place.lon, territory_place.lat) <-> point(%(expressions)s))",
        output_field=FloatField(),
    )
    return list(places().filter(lon__isnull=False).order_by(nearness)[:limit])


@dataclass(frozen=True)
class Found:
    """A place or an area that answers to a typed name."""

    kind: str
    kind_label: str
    label: str
    name: str
    area: Area
    place: Place | None
    lon: float | None
    lat: float | None
    where: str
    rank: int

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.place.pk if self.place else None,
            "area": self.area.pk,
            "kind": self.kind,
            "kind_label": self.kind_label,
            "label": self.label,
            "detail": " · ".join(part for part in (self.kind_label, self.where) if part),
            "lon": self.lon,
            "lat": self.lat,
        }


def places_like(text: str, *, limit: int = 10) -> list[Found]:
    """Places and areas by part of a name or alias, by pinyin or initials; exact names come first."""
    terms = search_terms(text)
    if not terms:
        return []
    current = Place.objects.filter(area__retired_at__isnull=True).defer("keys")
    known = ground.get().areas
    found = [
        _found_place(place, known.get(place.area_id) or place.area) for place in _best(current, terms, limit)
    ]
    found += [_found_area(area) for area in _best(Area.objects.current().light(), terms, limit)]
    found.sort(key=lambda item: (item.rank, len(item.name), item.name))
    return found[:limit]


def areas_like(text: str, *, limit: int = 30) -> list[Area]:
    """Areas by part of a name, alias, pinyin or initials."""
    terms = search_terms(text)
    return list(_best(Area.objects.current().light(), terms, limit)) if terms else []


def _has_words(terms: list[str]) -> Func:
    return Func(
        F("keys"),
        Value(ts_query(terms)),
        template="(%(expressions)s::tsquery)",
        arg_joiner=" @@ ",
        output_field=BooleanField(),
    )


MOST_PARTS = 400  # names that merely contain what was typed: more are not worth sorting


def _best(rows: QuerySet[Any], terms: list[str], limit: int) -> list[Any]:
    """Names that begin with what was typed, then names that contain it; each step reads its own index."""
    whole = "".join(terms)
    rank = Case(
        When(Q(name=whole) | Q(name_en__iexact=whole), then=Value(0)),
        When(name__startswith=whole, then=Value(1)),
        When(Q(initials=whole) | Q(pinyin=whole), then=Value(2)),
        When(Q(pinyin__startswith=whole) | Q(initials__startswith=whole), then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )
    order = ("rank", Length("name"), "pk")
    beginning = Q(name__startswith=whole) | Q(pinyin__startswith=whole) | Q(initials__startswith=whole)
    found = list(rows.filter(beginning).annotate(rank=rank).order_by(*order)[:limit])
    if len(found) < limit:
        parts = rows.model._default_manager.filter(_has_words(terms)).order_by().values("pk")[:MOST_PARTS]
        more = rows.filter(pk__in=parts).annotate(rank=rank).order_by(*order)
        known = {row.pk for row in found}
        found += [row for row in more[: limit + len(known)] if row.pk not in known]
    return found[:limit]


def _found_place(place: Any, area: Area) -> Found:
    return Found(
        kind=place.kind,
        kind_label=str(place.get_kind_display()),
        label=place.label,
        name=place.name,
        area=area,
        place=place,
        lon=place.lon,
        lat=place.lat,
        where=" · ".join(part for part in (where(area), place.address) if part),
        rank=place.rank,
    )


def _found_area(area: Any) -> Found:
    return Found(
        kind=area.kind,
        kind_label=str(area.get_kind_display()),
        label=area.label,
        name=area.name,
        area=area,
        place=None,
        lon=area.lon,
        lat=area.lat,
        where=" · ".join(part.label for part in trail(area)[1:-1]),
        rank=area.rank,
    )
