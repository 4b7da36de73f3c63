"""Items as they are worked on: rows of a table, points of a map, a way from building to building."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from bihuan.cases.queries.page import ClockFace
from bihuan.core.verdicts import Verdict
from bihuan.ledgers import rules
from bihuan.ledgers.definition import Field, Step
from bihuan.ledgers.models import Campaign, CampaignState, Item, ItemBatch, ItemQuerySet, Post
from bihuan.ledgers.queries.items import ItemFilters, items_in
from bihuan.ledgers.queries.page import clock_face
from bihuan.ledgers.queries.values import in_words
from bihuan.ledgers.rules.standing import may_take
from bihuan.territory.models import Place

MAP_POINTS = 3_000
ROUTE_ROWS = 300
ROUTE_ITEMS = 20_000  # that are put in order; of more one chooses first


@dataclass(frozen=True)
class Row:
    """One item in a list: where it stands, how long it has, and the answers of the chosen columns."""

    item: Item
    step: Step | None
    face: ClockFace | None
    cells: list[tuple[str, str]]  # what a column is called, and what stands in it
    turn: tuple[str, ...] = ()  # who takes its step, where it is not the reader's to take


def rows_of(items: Iterable[Item], columns: Sequence[Field] = ()) -> list[Row]:
    """Items as lists show them; asks the database for nothing more."""
    return [
        Row(
            item,
            item.edition.definition.step(item.step_code) if item.is_open else None,
            clock_face(item),
            [(str(column.label or column.name), _cell(item, column)) for column in columns],
        )
        for item in items
    ]


def own_rows(user: Any, items: Sequence[Item]) -> list[Row]:
    """Items that somebody answers for; where somebody else takes the present step, with whose turn it is."""
    return [
        row if row.step is None or may_take(row.step, row.item, user) else replace(row, turn=row.step.who)
        for row in rows_of(items)
    ]


def _cell(item: Item, column: Field) -> str:
    """Its own edition says what its answers mean; a field that it did not know yet is empty."""
    own = item.edition.definition.find(column.name)
    if own is None:
        return ""
    return in_words(item.edition.definition, own, item.answers.get(own.name))


# -- map -------------------------------------------------------------------------------------------------


def points_of(user: Any, campaign: Campaign, filters: ItemFilters) -> list[dict[str, Any]]:
    """The newest items with a position: what the map says about each. No more than it can show."""
    items = filters.narrow(items_in(user, campaign)).filter(lon__isnull=False).order_by("-id")
    names = ("number", "title", "lon", "lat", "state", "step_code", "overdue_at", "blocked_at", "step")
    rows: Any = items.select_related(None).values(*names)[:MAP_POINTS]
    definition = campaign.edition.definition
    steps = {step.code: str(step.name) for step in definition.steps}
    return [_point(row, steps) for row in rows]


def _point(row: dict[str, Any], steps: dict[str, str]) -> dict[str, Any]:
    is_open = row["state"] == "open"
    if not is_open:
        level = "done" if row["state"] == "finished" else "neutral"
    elif row["overdue_at"] is not None:
        level = "over"
    else:
        level = "attention" if row["step"] or row["blocked_at"] is not None else "active"
    step = steps.get(row["step_code"], row["step_code"]) if is_open else ""
    return {
        "lon": row["lon"],
        "lat": row["lat"],
        "number": row["number"],
        "title": row["title"],
        "step": step,
        "level": level,
    }


# -- route -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stop:
    """One building or place of the way, with the items that are there."""

    name: str
    address: str
    rows: list[Row]


@dataclass(frozen=True)
class Route:
    stops: list[Stop]
    is_cut: bool
    is_endless: bool = False  # so many that nobody has put them in order


def route_of(user: Any, campaign: Campaign, filters: ItemFilters, *, own: bool) -> Route:
    """Open items building by building, in the order of the places' names; `own`: those of this person."""
    items = filters.narrow(items_in(user, campaign)).open()
    if own:
        items = items.filter(responsible__in=rules.people_for(user))
    elif items.order_by()[: ROUTE_ITEMS + 1].count() > ROUTE_ITEMS:
        return Route([], is_cut=True, is_endless=True)
    items = items.select_related("place__parent").order_by(
        "area__path",
        F("place__parent__name").asc(nulls_last=True),
        F("place__name").asc(nulls_last=True),
        "number",
    )
    found = list(items[: ROUTE_ROWS + 1])
    shown = sorted(found[:ROUTE_ROWS], key=_natural)
    return Route([_stop(list(group)) for _key, group in groupby(shown, key=_where)], len(found) > ROUTE_ROWS)


def _building(item: Item) -> Place | None:
    """Where one walks to: the building around a household, else the place itself."""
    place = item.place
    if place is not None and place.kind == "household" and place.parent is not None:
        return place.parent
    return place


def _where(item: Item) -> tuple[int, int]:
    building = _building(item)
    return (item.area_id, building.pk if building is not None else 0)


def _natural(item: Item) -> tuple[Any, ...]:
    """By area, then by building as people count: 2 comes before 10."""
    building = _building(item)
    path = item.area.path
    number = building.pk if building is not None else 0
    names = [place.name if place is not None else "" for place in (building, item.place)]
    return (path, building is None, _counted(names[0]), number, _counted(names[1]), item.number)


def _counted(name: str) -> tuple[tuple[bool, int, str], ...]:
    return tuple(
        (part.isdecimal(), int(part) if part.isdecimal() else 0, "" if part.isdecimal() else part)
        for part in _split(name)
    )


def _split(name: str) -> Iterator[str]:
    for _is_number, group in groupby(name, key=str.isdecimal):
        yield "".join(group)[:18]


def _stop(items: list[Item]) -> Stop:
    first = items[0]
    building = _building(first)
    if building is None:
        return Stop(str(first.area.label), "", rows_of(items))
    return Stop(str(building.label), building.address or str(first.area.label), rows_of(items))


# -- today -----------------------------------------------------------------------------------------------


def campaigns_worked_on(user: Any) -> QuerySet[Campaign]:
    """The running campaigns in whose task force somebody is, the newest first."""
    people = rules.people_for(user)
    if not people:
        return Campaign.objects.none()
    posts = Post.objects.current().filter(person__in=people, campaign=OuterRef("pk"))
    rows = Campaign.objects.filter(Exists(posts), state=CampaignState.RUNNING)
    return rows.select_related("edition__ledger").defer("edition__content").order_by("-pk")


def items_ticked(user: Any, campaign: Campaign, numbers: Iterable[str]) -> list[Item]:
    """The items with these numbers that somebody sees. One query."""
    wanted = [int(text) for text in dict.fromkeys(numbers) if text.isdecimal() and len(text) < 10]
    return list(items_in(user, campaign).filter(number__in=wanted).order_by("number"))


def items_found(user: Any, campaign: Campaign, filters: ItemFilters, *, most: int) -> list[Item]:
    """Every item that a filter finds, no more than one over `most`."""
    rows: ItemQuerySet = filters.narrow(items_in(user, campaign)).order_by("number")
    return list(rows[: most + 1])


def batches_of(user: Any, campaign: Campaign) -> QuerySet[ItemBatch]:
    """What this person has done to several items of a campaign at once; nobody sees another's."""
    return ItemBatch.objects.filter(by=user, campaign=campaign)


def places_to_work(user: Any, *, most: int = 20) -> list[tuple[Campaign, Verdict]]:
    """The campaigns that somebody works on, each with whether they may add items to it."""
    campaigns = list(campaigns_worked_on(user)[:most])
    rules.learn_parts(campaigns, user)
    return [(campaign, may_add_somewhere(user, campaign)) for campaign in campaigns]


def may_add_somewhere(user: Any, campaign: Campaign) -> Verdict:
    """Whether somebody may add items at all: anywhere in the campaign, or where they are on duty."""
    asked = rules.may_add_item(campaign, user, area=campaign.area)
    for held in () if asked else user.duties_now():
        area = held.area if held.unit is None else held.unit.area
        if area is not None and campaign.area.covers(area):
            near = rules.may_add_item(campaign, user, area=area)
            asked = near or asked
    return asked
