"""Reads of the territory: which area holds a point, what a typed name means, when the district works."""

from __future__ import annotations

import hashlib
import json
from calendar import monthcalendar
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, time
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from django.db.models import (
    BooleanField,
    Case,
    F,
    FloatField,
    Func,
    IntegerField,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Length
from django.urls import reverse
from django.utils.timezone import get_default_timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bihuan.core.calendar import DEFAULT_HOURS, DayExplained, Spans, WorkingCalendar
from bihuan.core.verdicts import Refusal
from bihuan.territory.models import (
    Area,
    AreaKind,
    AreaQuerySet,
    CalendarDay,
    OfficeHours,
    Place,
    PlaceKind,
    PlaceQuerySet,
)
from bihuan.territory.raster import Raster
from bihuan.territory.remembered import Remembered
from bihuan.territory.rules import RANK
from bihuan.territory.search import search_terms, ts_query
from bihuan.territory.shapes import faults_between

# -- areas in memory ------------------------------------------------------------------------------------


@dataclass
class _Ground:
    """The current areas as this process remembers them. Shared between threads: nobody may change them."""

    areas: dict[int, Area]
    payloads: dict[tuple[Any, ...], tuple[bytes, str]] = field(default_factory=dict)

    @cached_property
    def district(self) -> Area | None:
        return next((area for area in self.areas.values() if area.kind == AreaKind.DISTRICT), None)

    @cached_property
    def raster(self) -> Raster[Area]:
        shapes = boundaries_of(Area.objects.current())
        items = [(self.areas[pk], shape) for pk, shape in shapes.items() if pk in self.areas]
        # The deepest area wins; of two that overlap against the rules, the smaller.
        items.sort(key=lambda item: (-item[0].depth, item[1].area, item[0].pk))
        return Raster(items)


def _build_ground() -> _Ground:
    return _Ground({area.pk: area for area in Area.objects.current().light().order_by("path")})


def _build_calendar() -> WorkingCalendar:
    hours = {row.starts_on: spans_from(row.spans) for row in OfficeHours.objects.order_by("starts_on")}
    days = list(CalendarDay.objects.all())
    return WorkingCalendar(
        DEFAULT_HOURS,
        get_default_timezone(),
        {day.day: day.works for day in days},
        changes=hours,
        names={day.day: day.name for day in days},
    )


ground = Remembered("territory", _build_ground)
calendar = Remembered("calendar", _build_calendar)


def forget_index() -> None:
    """Forget everything kept in memory, as after a test that rolled back what it wrote."""
    ground.forget()
    calendar.forget()


def locate(lon: float, lat: float) -> Area | None:
    """The deepest area that holds a WGS-84 point; None outside the district. Takes about a microsecond.

    The answer is shared with the rest of the process: read it, do not change it.
    """
    return ground.get().raster.locate(lon, lat)


def locate_many(lons: npt.ArrayLike, lats: npt.ArrayLike) -> list[Area | None]:
    """`locate` for many points at once."""
    return ground.get().raster.locate_many(lons, lats)


def looks_swapped(lon: float, lat: float) -> bool:
    """Whether a point outside the district would lie in it with its two numbers exchanged."""
    raster = ground.get().raster
    if raster.bounds is None:
        return False
    west, south, east, north = raster.bounds
    return (
        not (west <= lon <= east and south <= lat <= north) and west <= lat <= east and south <= lon <= north
    )


def district() -> Area:
    """The root of all areas. Refuses before set-up, when nothing that needs a district can be done."""
    found = ground.get().district
    if found is None:
        raise Refusal("territory.no_district", _("The district has not been set up yet."))
    return found


def district_if_any() -> Area | None:
    """The root of all areas; None before set-up."""
    return ground.get().district


def areas_by_id() -> dict[int, Area]:
    """Every current area, from memory."""
    return ground.get().areas


def desk_of(area: Area) -> Area:
    """Where reports of this area are taken in: the nearest area upwards with a desk, else the district."""
    known = ground.get().areas
    for pk in reversed(area.ids):
        found = known.get(pk)
        if found is not None and found.has_desk:
            return found
    return ground.get().district or area


def trail(area: Area) -> list[Area]:
    """The areas from the district down to this one, itself included, from memory."""
    known = ground.get().areas
    return [*(known[pk] for pk in area.ids[:-1] if pk in known), area]


def where(area: Area) -> str:
    """The area with those it lies in, without the district: 「小桥街街道 · 富民社区」."""
    return " · ".join(part.label for part in trail(area)[1:] or [area])


# -- areas from the database ----------------------------------------------------------------------------


def boundaries_of(areas: AreaQuerySet) -> dict[int, Any]:
    """The boundaries of these areas as shapes, by id; areas without one are left out."""
    rows = list(
        areas.filter(boundary__isnull=False)
        .order_by("pk")
        .annotate(text=Cast("boundary", TextField()))
        .values_list("pk", "text")
    )
    shapes: Any = shapely.from_geojson([text for _pk, text in rows]) if rows else []
    return dict(zip((pk for pk, _text in rows), shapes, strict=True))


def areas_in_tree() -> AreaQuerySet:
    """All current areas, each after the one it lies in."""
    return Area.objects.current().light().select_related("parent").order_by("path")


@dataclass(frozen=True)
class Branch:
    """An area in a list of its siblings, with what lies below it."""

    area: Area
    below: int
    drawn: bool


def branches(parent: Area | None) -> list[Branch]:
    """The areas directly in another (None: the district itself) and how many areas each holds."""
    known = ground.get().areas
    held: Counter[int] = Counter()
    for area in known.values():
        held.update(area.ids[:-1])
    parent_id = parent.pk if parent else None
    children = [area for area in known.values() if area.parent_id == parent_id]
    drawn = set(
        Area.objects.filter(pk__in=[area.pk for area in children], boundary__isnull=False).values_list(
            "pk", flat=True
        )
    )
    return [
        Branch(area, held[area.pk], area.pk in drawn) for area in sorted(children, key=lambda area: area.code)
    ]


def possible_parents(kind: str) -> AreaQuerySet:
    """Areas that an area of this kind may lie in."""
    above = [other for other, rank in RANK.items() if rank < RANK[kind]]
    return Area.objects.current().light().filter(kind__in=above).order_by("path")


def areas_for_page() -> AreaQuerySet:
    """Areas, closed ones too, with what a page about one of them shows."""
    return Area.objects.select_related("parent")


def areas_like(text: str, *, limit: int = 30) -> list[Area]:
    """Areas by part of a name, alias, pinyin or initials."""
    terms = search_terms(text)
    return list(_best(Area.objects.current().light(), terms, limit)) if terms else []


def faults_in(parent: Area) -> list[dict[str, Any]]:
    """Overlaps and gaps between the areas that lie directly in another, each with the areas' names."""
    known = ground.get().areas
    children = [area.pk for area in known.values() if area.parent_id == parent.pk]
    shapes = boundaries_of(Area.objects.filter(pk__in=[parent.pk, *children]))
    own = shapes.pop(parent.pk, None)
    return [
        {"fault": fault, "areas": [known[pk] for pk in fault.areas]}
        for fault in faults_between(shapes, parent.pk, own)
    ]


def places() -> PlaceQuerySet:
    """All places with their areas, for a list."""
    unseen = ("keys", "area__keys", "area__boundary", "parent__keys")
    return Place.objects.select_related("area", "parent").defer(*unseen)


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


# -- search ---------------------------------------------------------------------------------------------


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


# -- boundaries for maps --------------------------------------------------------------------------------


def boundaries_json(
    *,
    kind: str = "",
    within: int | None = None,
    parent: int | None = None,
    without: int | None = None,
    links: bool = False,
) -> tuple[bytes, str]:
    """Simplified boundaries as GeoJSON with their ETag, made once for each process, language and question.

    Narrowed by kind, to an area and what lies in it (`within`), to what lies directly in an area (`parent`).
    With `links`, each shape leads to its area's page.
    """
    known = ground.get()
    question = (kind, within, parent, without, links, get_language())
    answer = known.payloads.get(question)
    if answer is None:
        wanted = Area.objects.current()
        if kind:
            wanted = wanted.filter(kind=kind)
        if within is not None:
            inside = known.areas.get(within)
            wanted = wanted.within(inside) if inside else wanted.none()
        if parent is not None:
            wanted = wanted.filter(parent_id=parent)
        if without is not None:
            wanted = wanted.exclude(pk=without)
        answer = _draw(known, wanted, links=links)
        if len(known.payloads) < 500:
            known.payloads[question] = answer
    return answer


def _draw(known: _Ground, wanted: AreaQuerySet, *, links: bool) -> tuple[bytes, str]:
    shapes = {pk: shape for pk, shape in boundaries_of(wanted).items() if pk in known.areas}
    features = []
    for pk, shape in zip(shapes, _simplified(list(shapes.values())), strict=True):
        area = known.areas[pk]
        features.append(
            {
                "type": "Feature",
                "id": pk,
                "geometry": json.loads(shapely.to_geojson(shape)),
                "properties": {
                    "id": pk,
                    "label": area.label,
                    "kind": area.kind,
                    "code": area.code,
                    "point": list(area.point) if area.point else None,
                    **({"url": reverse("territory:area", args=[pk])} if links else {}),
                },
            }
        )
    body = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()
    return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _simplified(shapes: list[Any]) -> list[Any]:
    """As coarse as a screen can show; neighbours stay neighbours where they were."""
    if not shapes:
        return []
    west, south, east, north = shapely.total_bounds(np.array(shapes, dtype=object)).tolist()
    tolerance = max(east - west, north - south) / 4000
    if shapely.coverage_is_valid(shapes):
        simple = shapely.coverage_simplify(shapes, tolerance).tolist()
    else:
        simple = [shapely.simplify(shape, tolerance, preserve_topology=True) for shape in shapes]
    return [shapely.transform(shape, lambda points: np.round(points, 6)) for shape in simple]


# -- the district's calendar ----------------------------------------------------------------------------


def working_calendar() -> WorkingCalendar:
    """The district's working time, from memory; a changed day or hour is known to every process at once."""
    return calendar.get()


def spans_from(spans: list[list[str]]) -> Spans:
    """Office hours as they are stored: [["08:30", "12:00"], …]."""
    return tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in spans)


@dataclass(frozen=True)
class Month:
    """A month as a page shows it: weeks from Monday, with None where a day is another month's."""

    first: date
    weeks: list[list[DayExplained | None]]
    working_days: int


def months_of(year: int) -> list[Month]:
    """The twelve months of a year, each day with why it works or not."""
    explain = working_calendar().explain
    months = []
    for number in range(1, 13):
        weeks = [
            [explain(date(year, number, day)) if day else None for day in week]
            for week in monthcalendar(year, number)
        ]
        working = sum(1 for week in weeks for day in week if day and day.works)
        months.append(Month(date(year, number, 1), weeks, working))
    return months


def calendar_exceptions(year: int) -> QuerySet[CalendarDay]:
    return CalendarDay.objects.filter(day__range=(date(year, 1, 1), date(year, 12, 31))).order_by("day")


def office_hours() -> QuerySet[OfficeHours]:
    return OfficeHours.objects.order_by("-starts_on")
