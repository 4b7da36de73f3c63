"""Figures kept current: what one item adds to each, the difference each change makes, and the sum of a day.

Nothing else may write `Change` rows. An action changes its item in memory, calls `follow`, saves `counts`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import connection
from django.db.models import Sum

from bihuan.core.clock import local
from bihuan.ledgers.definition import Definition, Field, Figure, holds
from bihuan.ledgers.definition.model import BY_STEP, COUNT, FIELD, ITEMS, REPEAT, STEP, SUM
from bihuan.ledgers.models import Campaign, Change, Edition, Item, ItemState, Passage, Revision

PARTS = "/parts"  # what parts of split items add, besides being in the figure itself
SMALLEST = Decimal("0.0001")
UPSERT = (
    "INSERT INTO ledgers_change (campaign_id, figure, day, team, area, key, amount)"
    " SELECT * FROM unnest(%s::bigint[], %s::text[], %s::date[], %s::bigint[], %s::bigint[], %s::text[],"
    " %s::numeric[])"
    " ON CONFLICT (campaign_id, figure, day, team, area, key)"
    " DO UPDATE SET amount = ledgers_change.amount + EXCLUDED.amount"
)
Counts = dict[str, dict[str, str]]  # by figure, then by key: the amount as text
Cell = tuple[str, int, int, str]  # figure, team, area, key
Place = tuple[dict[str, int], list[Mapping[str, Any]]]  # which entries of repeats, and these entries


@dataclass(frozen=True)
class Story:
    """What figures ask of an item at one moment: the row of now, or one put together from history."""

    definition: Definition
    state: str
    step: str
    path: tuple[str, ...]
    answers: Mapping[str, Any]
    blocked: bool
    team: int
    area: int
    is_part: bool


def story_of(item: Item) -> Story:
    """An item as it now is, in memory."""
    return Story(
        definition=item.edition.definition,
        state=item.state,
        step=item.step_code,
        path=tuple(item.path),
        answers=item.answers,
        blocked=item.is_blocked,
        team=item.team_id or 0,
        area=item.area_id,
        is_part=item.parent_id is not None,
    )


def follow(item: Item, was: Mapping[str, Any], at: datetime) -> None:
    """Let the figures follow a change of an item that is held; `was` are the counts that it had before.

    Sets `item.counts`; the caller saves them in the same transaction.
    """
    follow_all([(item, was)], at)


def follow_all(changed: Iterable[tuple[Item, Mapping[str, Any]]], at: datetime) -> None:
    """The same for many items at once: one statement, whose rows are taken in the order of their key."""
    moved: dict[tuple[int, Cell], Decimal] = defaultdict(Decimal)
    for item, was in changed:
        story = story_of(item)
        counts = counted(story, at)
        item.counts = {"team": story.team, "area": story.area, "figures": counts} if counts else {}
        for sign, stored in ((-1, was), (1, item.counts)):
            for cell, amount in cells_of(stored):
                moved[item.campaign_id, cell] += sign * amount
    _add({key: amount for key, amount in moved.items() if amount}, local(at).date())


def cells_of(stored: Mapping[str, Any]) -> Iterator[tuple[Cell, Decimal]]:
    """What an item's stored counts add, cell by cell."""
    for figure, keys in stored.get("figures", {}).items():
        for key, amount in keys.items():
            yield (figure, stored["team"], stored["area"], key), Decimal(amount)


def _add(moved: Mapping[tuple[int, Cell], Decimal], day: date) -> None:
    if not moved:
        return
    rows = sorted(
        (campaign, figure, day, team, area, key, amount)
        for (campaign, (figure, team, area, key)), amount in moved.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, [list(column) for column in zip(*rows, strict=True)])


# -- what one item adds ----------------------------------------------------------------------------------


def counted(story: Story, at: datetime) -> Counts:
    """What an item adds to each figure of its definition, and to those of steps and states."""
    if story.state == ItemState.DROPPED:
        return {}
    one = Decimal(1)
    found: dict[str, dict[str, Decimal]] = {f"state:{story.state}": {"": one}}
    if story.state == ItemState.OPEN:
        found[f"step:{story.step}"] = {"": one}
        if story.blocked:
            found["state:blocked"] = {"": one}
    for figure in story.definition.figures:
        found[figure.code] = _amounts(figure, story, local(at))
    plain = {
        figure: {key: format(amount, "f") for key, amount in keys.items() if amount}
        for figure, keys in found.items()
    }
    plain = {figure: keys for figure, keys in plain.items() if keys}
    if story.is_part:
        plain |= {f"{figure}{PARTS}": keys for figure, keys in plain.items()}
    return plain


def _amounts(figure: Figure, story: Story, at: datetime) -> dict[str, Decimal]:
    entries: Iterable[tuple[Place, Any]]
    if figure.of == ITEMS:
        entries = [(({}, []), 1)]
    elif figure.of.startswith(STEP):
        entries = [(({}, []), 1)] if figure.of.removeprefix(STEP) in story.path else []
    else:
        entries = _values(story.definition, figure.of.removeprefix(FIELD), story.answers)
    found: dict[str, Decimal] = defaultdict(Decimal)
    for (entry, around), value in entries:
        if holds(story.definition, figure.where, story.answers, at=at, entry=entry):
            found[_key(figure, story, around)] += number(value) if figure.kind == SUM else 1
    return dict(found)


def number(value: Any) -> Decimal:
    """An answer as a number, to four places; what is none counts nothing."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return Decimal(0)
    if not amount.is_finite() or abs(amount) >= Decimal(10) ** 15:
        return Decimal(0)
    return amount.quantize(SMALLEST)


def _values(definition: Definition, name: str, answers: Mapping[str, Any]) -> Iterator[tuple[Place, Any]]:
    """Each answer to a field, or each entry of a repeat, with the entries that it lies in, the inner last."""
    one = definition.find(name)
    is_repeat = one is not None and one.type == REPEAT
    way = _repeats_around(definition.fields, name, ()) or ()
    places: list[Place] = [({}, [])]
    for repeat in (*way, name) if is_repeat else way:
        places = [
            ({**entry, repeat: count}, [*around, row])
            for entry, around in places
            for count, row in enumerate((around[-1] if around else answers).get(repeat) or (), start=1)
        ]
    for entry, around in places:
        value = 1 if is_repeat else (around[-1] if around else answers).get(name)
        if value not in (None, "", []):
            yield (entry, around), value


def _repeats_around(fields: tuple[Field, ...], name: str, way: tuple[str, ...]) -> tuple[str, ...] | None:
    for one in fields:
        if one.name == name:
            return way
        found = _repeats_around(one.children, name, (*way, one.name) if one.type == REPEAT else way)
        if found is not None:
            return found
    return None


def _key(figure: Figure, story: Story, around: list[Mapping[str, Any]]) -> str:
    """The choices that a figure is split by, joined; team, area and day have columns of their own."""
    parts = []
    for dimension in figure.by:
        if dimension == BY_STEP:
            parts.append(story.step if story.state == ItemState.OPEN else "")
        elif dimension.startswith(FIELD):
            name = dimension.removeprefix(FIELD)
            holder = next((entry for entry in reversed(around) if name in entry), story.answers)
            parts.append(str(holder.get(name) or ""))
    return "|".join(parts)[:200]


# -- reading ---------------------------------------------------------------------------------------------


def value_at(
    campaign: Campaign,
    figure: str,
    day: date,
    *,
    team: int | None = None,
    area: Iterable[int] | None = None,
    key: str | None = None,
    parts: bool = True,
) -> Decimal:
    """What a figure came to at the end of a day; without `parts`, as if nothing had been split."""
    areas = None if area is None else list(area)
    rows = _rows(campaign, figure, day, team, areas, key)
    whole: Decimal = rows.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    return whole if parts else whole - value_at(campaign, figure + PARTS, day, team=team, area=areas, key=key)


def values_at(
    campaign: Campaign,
    figure: str,
    day: date,
    *,
    by: tuple[str, ...],
    since: date | None = None,
    team: int | None = None,
    area: Iterable[int] | None = None,
) -> dict[tuple[Any, ...], Decimal]:
    """A figure split by `team`, `area`, `key` or `day`; with `since`, only what changed from that day on."""
    rows = _rows(campaign, figure, day, team, area, None)
    if since is not None:
        rows = rows.filter(day__gte=since)
    found = rows.values_list(*by).annotate(total=Sum("amount")).order_by(*by)
    return {tuple(row[:-1]): row[-1] for row in found if row[-1]}


def _rows(
    campaign: Campaign,
    figure: str,
    day: date,
    team: int | None,
    area: Iterable[int] | None,
    key: str | None,
) -> Any:
    rows = Change.objects.filter(campaign=campaign, figure=figure, day__lte=day)
    if team is not None:
        rows = rows.filter(team=team)
    if area is not None:
        rows = rows.filter(area__in=list(area))
    return rows if key is None else rows.filter(key=key)


def standing(
    campaign: Campaign, day: date, *, team: int | None = None, area: Iterable[int] | None = None
) -> dict[str, Decimal]:
    """How many items stood at each step at the end of a day, by `step:code`."""
    rows = Change.objects.filter(campaign=campaign, day__lte=day, figure__startswith=STEP)
    if team is not None:
        rows = rows.filter(team=team)
    if area is not None:
        rows = rows.filter(area__in=list(area))
    totals = rows.exclude(figure__endswith=PARTS).values_list("figure").annotate(total=Sum("amount"))
    return {figure: total for figure, total in totals if total}


def leaves(campaign: Campaign, amount: Decimal) -> Decimal | None:
    """What of a count may be shown beyond the task force. Of a confidential campaign no small numbers, and
    the others in steps of that size: no two looks differ by a few.
    """
    if not campaign.confidential:
        return amount
    steps = amount // campaign.least_count * campaign.least_count
    return None if amount and not steps else steps


def is_count_of_items(figure: Figure) -> bool:
    """Whether a figure counts items; a sum does not say how many stand behind it."""
    return figure.kind == COUNT and (figure.of == ITEMS or figure.of.startswith((STEP, "state:")))


def sums_at(campaign: Campaign, day: date) -> dict[Cell, Decimal]:
    """Every figure at the end of a day, from the changes."""
    rows = Change.objects.filter(campaign=campaign, day__lte=day)
    totals = rows.values_list("figure", "team", "area", "key").annotate(total=Sum("amount"))
    return {(figure, team, area, key): total for figure, team, area, key, total in totals if total}


# -- from history ----------------------------------------------------------------------------------------


def recount(campaign: Campaign, at: datetime) -> dict[Cell, Decimal]:
    """Every figure at a past moment, from revisions and passages alone: it proves what `follow` adds up."""
    found: dict[Cell, Decimal] = defaultdict(Decimal)
    editions = {one.pk: one.definition for one in Edition.objects.filter(ledger=campaign.edition.ledger_id)}
    for item in Item.objects.filter(campaign=campaign).defer("search").order_by("pk"):
        told = _told(item, at, editions)
        if told is not None:
            story, moment = told
            stored = {"team": story.team, "area": story.area, "figures": counted(story, moment)}
            for cell, amount in cells_of(stored):
                found[cell] += amount
    return {cell: amount for cell, amount in found.items() if amount}


def _told(item: Item, at: datetime, editions: Mapping[int, Definition]) -> tuple[Story, datetime] | None:
    revisions = list(Revision.objects.filter(item=item, at__lte=at).order_by("pk"))
    if not revisions:
        return None
    answers: dict[str, Any] = {}
    for one in revisions:
        answers |= one.answers
    last = revisions[-1]
    story = Story(
        definition=editions[last.edition_id],
        state=last.state,
        step=last.step_code,
        path=path_from(Passage.objects.filter(item=item, left_at__lte=at).order_by("pk")),
        answers={name: value for name, value in answers.items() if value is not None},
        blocked=last.blocked,
        team=last.team_id or 0,
        area=last.area_id,
        is_part=item.parent_id is not None,
    )
    return story, last.at


def path_from(passages: Iterable[Passage]) -> tuple[str, ...]:
    """The steps that an item has passed, after these stays of it."""
    path: list[str] = []
    for one in passages:
        path = path_after(path, one.step, one.to_step, back=one.back)
    return tuple(path)


def path_after(path: list[str], left: str, to: str, *, back: bool) -> list[str]:
    """Forwards, a step is passed; back, nothing is that was passed from there on."""
    if not back:
        return [*path, left]
    last = len(path) - path[::-1].index(to) - 1 if to in path else len(path)
    return path[:last]
