"""Operations on areas and places, open to everybody: names and where things are is public."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from bihuan.territory import queries
from bihuan.territory.models import Area, AreaKind

router = Router(tags=["territory"])


class AreaShown(BaseModel):
    """An area of the district."""

    id: int = Field(examples=[5])
    code: str = Field(description=_("Its official code; made up for grids."), examples=["411602001"])
    kind: str = Field(examples=["subdistrict"])
    name: str = Field(examples=["人和街街道"])
    name_en: str
    parent: int | None = Field(description=_("The area it lies in; none for the district."))
    has_desk: bool = Field(description=_("Whether reports are taken in here."))
    lon: float | None = Field(description=_("Where its name is written on a map, in WGS-84 degrees."))
    lat: float | None


class AreasShown(BaseModel):
    """Areas, those above first."""

    items: list[AreaShown]


class PlaceFound(BaseModel):
    """A place or an area that answers to a name."""

    id: int | None = Field(description=_("The place, to be sent with a report; none for an area."))
    area: int = Field(description=_("The area it lies in, or that it is."))
    kind: str = Field(examples=["compound"])
    label: str = Field(examples=["良苑小区"])
    detail: str = Field(description=_("Its kind and where it lies, for people."))
    lon: float | None
    lat: float | None


class PlacesFound(BaseModel):
    """Places and areas, the best first."""

    items: list[PlaceFound]


class Narrowed(BaseModel):
    """What the areas may be narrowed to."""

    parent: int | None = Field(
        default=None, ge=1, le=2**63 - 1, description=_("Only what lies directly in this area.")
    )
    kind: AreaKind | None = Field(default=None, description=_("Only areas of this kind."))


class Asked(BaseModel):
    """A typed name."""

    q: str = Field(
        min_length=1,
        max_length=60,
        description=_("Part of a name: characters, pinyin or initials."),
        examples=["良苑"],
    )


class Point(BaseModel):
    """A point in WGS-84 degrees."""

    lon: float = Field(ge=-180, le=180, allow_inf_nan=False, examples=[114.605])
    lat: float = Field(ge=-90, le=90, allow_inf_nan=False, examples=[33.605])


@router.get(
    "/areas",
    response=AreasShown,
    auth=None,
    summary=_("List the areas"),
    description=_("The district, its subdistricts, communities, villages and grids."),
)
def list_areas(request: HttpRequest, asked: Query[Narrowed]) -> AreasShown:
    found = [
        area
        for area in queries.areas_by_id().values()
        if (asked.parent is None or area.parent_id == asked.parent)
        and (asked.kind is None or area.kind == asked.kind)
    ]
    return AreasShown(items=[_area(area) for area in sorted(found, key=lambda area: (area.depth, area.code))])


@router.get(
    "/areas/at",
    response=AreaShown,
    auth=None,
    summary=_("Find the area of a point"),
    description=_("The deepest area that holds it; 404 outside the district."),
    openapi_extra={"x-failures": [404]},
)
def locate_area(request: HttpRequest, point: Query[Point]) -> AreaShown:
    found = queries.locate(point.lon, point.lat)
    if found is None:
        raise Http404
    return _area(found)


@router.get(
    "/places",
    response=PlacesFound,
    auth=None,
    summary=_("Search places and areas"),
    description=_("At most ten, exact names first."),
)
def search_places(request: HttpRequest, asked: Query[Asked]) -> PlacesFound:
    found = [_place(one.as_json()) for one in queries.places_like(asked.q.replace("\0", ""))]
    return PlacesFound(items=found)


def _area(area: Area) -> AreaShown:
    return AreaShown(
        id=area.pk,
        code=area.code,
        kind=area.kind,
        name=area.name,
        name_en=area.name_en,
        parent=area.parent_id,
        has_desk=area.has_desk,
        lon=area.lon,
        lat=area.lat,
    )


def _place(found: dict[str, Any]) -> PlaceFound:
    return PlaceFound(**{name: found[name] for name in PlaceFound.model_fields})
