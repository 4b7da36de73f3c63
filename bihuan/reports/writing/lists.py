"""The lists of a report: what was done, what is blocked, due and overdue. Each is cut, and says by how much.

Nothing here costs more because a campaign has more items: only what the period touched is read.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, QuerySet

from bihuan.core.clock import local
from bihuan.ledgers import figures
from bihuan.ledgers.definition import Definition, Document, Field, Words
from bihuan.ledgers.definition.model import (
    DAILY,
    FINAL,
    GROUP,
    NOTE,
    NUMBERS,
    REPEAT,
    SELECT_MULTIPLE,
    SELECT_ONE,
    WEEKLY,
)
from bihuan.ledgers.models import Campaign, Item, ItemState, Passage, Revision
from bihuan.reports.documents import Column, Table, Value, table_of
from bihuan.reports.writing.numbers import area_words
from bihuan.reports.writing.periods import DAY, ends_of_day
from bihuan.territory.queries import working_calendar

MOST_ROWS = 500  # of each table; more is an export, not a report
ITEMS = "items"
LISTS = ("blocked", "due", "overdue")
REGISTERED, SENT_BACK, DROPPED = (
    Words("登记", "Entered"),
    Words("退回", "Sent back"),
    Words("剔除", "Dropped"),
)
FINISHED, SPLIT_OFF = Words("办结", "Finished"), Words("分户", "Split off")
LATE = Words("超期办理", "done late")
ATTACHED = Words("有", "attached")
NAME_IN = re.compile(r"\$\{\s*([\w.-]+)\s*\}")
HELD = ("image", "file")


def step_words(definition: Definition, code: str) -> Words:
    step = definition.step(code)
    return step.name if step is not None else Words(code)


def changes(campaign: Campaign, since: datetime | None, until: datetime, numbers: range) -> Table:
    """What was done in the period and by whom: items that came in, steps taken, sent back, dropped.

    `numbers` are those that were given to new items meanwhile.
    """
    passed = Passage.objects.filter(item__campaign=campaign, left_at__lte=until, inherited=False)
    if since is not None:
        passed = passed.filter(left_at__gt=since)
    came = Item.objects.filter(campaign=campaign, number__range=(numbers.start, numbers.stop - 1))
    named = passed.select_related("item__team", "item__edition", "left_by", "left_for")
    named = named.defer("item__search", "item__answers", "item__counts", "item__edition__content")
    rows = [_done(one, campaign) for one in named.order_by("left_at", "pk")[:MOST_ROWS]]
    rows += _entered(campaign, came)
    total = passed.count() + len(numbers)
    rows.sort(key=lambda row: (row["at"], row.get("before") is not None))
    return _cut("changes", rows, total)


def last_number(campaign: Campaign, until: datetime, last_item: int) -> int:
    """The last number that an item had at a moment; `last_item` was the last one earlier."""
    came = Item.objects.filter(campaign=campaign, number__gt=last_item, made_at__lte=until)
    found: int | None = came.aggregate(last=Max("number"))["last"]
    return found or last_item


def _entered(campaign: Campaign, came: QuerySet[Item]) -> list[dict[str, Value]]:
    items = list(_named(came.order_by("number")[:MOST_ROWS]))
    first = Revision.objects.filter(item__in=[one.pk for one in items]).order_by("item_id", "pk")
    makers = {one.item_id: one for one in first.distinct("item_id").select_related("by")}
    rows = []
    for item in items:
        row = _subject(item, campaign)
        maker = makers.get(item.pk)
        rows.append(
            row
            | {
                "step": REGISTERED,
                "at": item.made_at,
                "by": maker.by.label if maker is not None and maker.by is not None else None,
                "note": SPLIT_OFF if item.parent_id is not None else None,
            }
        )
    return rows


def _done(passage: Passage, campaign: Campaign) -> dict[str, Value]:
    definition = passage.item.edition.definition
    dropped = passage.back and not passage.to_step
    notes: list[Words] = []
    if passage.back:
        notes.append(DROPPED if dropped else SENT_BACK)
        if passage.reason and not campaign.confidential:
            notes.append(Words(passage.reason[:200]))
    elif passage.late:
        notes.append(LATE)
    after = FINISHED if not passage.to_step else step_words(definition, passage.to_step)
    return _subject(passage.item, campaign) | {
        "before": step_words(definition, passage.step),
        "step": DROPPED if dropped else after,
        "by": _who(passage),
        "at": passage.left_at,
        "note": _together(notes),
    }


def _who(passage: Passage) -> Value:
    if passage.left_by is None:
        return Words("系统", "the system")
    if passage.left_for is None:
        return passage.left_by.label
    name, absent = passage.left_by.label, passage.left_for.label
    return Words(f"{name}（代{absent}）", f"{name} (for {absent})")


def _together(notes: Sequence[Words]) -> Value:
    if not notes:
        return None
    return Words("：".join(one.zh or one.en for one in notes), ": ".join(one.en or one.zh for one in notes))


def _subject(item: Item, campaign: Campaign) -> dict[str, Value]:
    """What an item is called. Of a confidential campaign no report holds a heading, only the number."""
    row: dict[str, Value] = {
        "number": str(item.number),
        "team": Words(item.team.name, item.team.name_en) if item.team is not None else None,
    }
    if not campaign.confidential:
        row |= {"title": item.title, "area": area_words(item.area)}
    return row


def _named(items: QuerySet[Item]) -> QuerySet[Item]:
    found = items.select_related("team", "responsible", "edition")
    return found.defer("search", "counts", "edition__content")


def _cut(code: str, rows: list[dict[str, Value]], total: int, extra: Iterable[Column] = ()) -> Table:
    shown = rows[:MOST_ROWS]
    return replace(table_of(code, shown, extra), beyond=max(0, total - len(shown)))


# -- what stands in the way, and what is near ---------------------------------------------------------


def standing_lists(
    campaign: Campaign, document: Document, codes: Iterable[str], ends: date, until: datetime
) -> list[Table]:
    """What is blocked, due or overdue. Of a confidential campaign as counts for each step: nobody is listed
    for what they have not done.
    """
    found = []
    for code in codes:
        items = _chosen(campaign, document, code, ends, until)
        if campaign.confidential:
            found.append(_counted(campaign, code, items))
        else:
            found.append(_listed(campaign, code, items, until))
    return found


def _chosen(campaign: Campaign, document: Document, code: str, ends: date, until: datetime) -> QuerySet[Item]:
    items = Item.objects.filter(campaign=campaign, state=ItemState.OPEN, made_at__lte=until)
    if code == "blocked":
        return items.filter(blocked_at__lte=until).order_by("blocked_at", "pk")
    if code == "overdue":
        return items.filter(due_at__lte=until).order_by("due_at", "pk")
    if document.period == FINAL:
        return items.order_by(F("due_at").asc(nulls_last=True), "pk")
    return items.filter(due_at__gt=until, due_at__lt=_horizon(document.period, ends)).order_by("due_at", "pk")


def _horizon(kind: str, ends: date) -> datetime:
    """How far ahead a report looks: over the next working day, the next week, the next month."""
    if kind != DAILY:
        return ends_of_day(ends + timedelta(days=7 if kind == WEEKLY else 31))
    day, calendar = ends + DAY, working_calendar()
    while not calendar.is_working_day(day):
        day += DAY
    return ends_of_day(day)


def _listed(campaign: Campaign, code: str, items: QuerySet[Item], until: datetime) -> Table:
    rows = []
    for item in _named(items[: MOST_ROWS + 1]):
        row: dict[str, Value] = _subject(item, campaign) | _standing(item)
        if code == "blocked":
            row |= {"since": item.blocked_at, "why": _why(item)}
        else:
            row["due"] = item.due_at
        if code == "overdue" and item.due_at is not None:
            row["late"] = Decimal((local(until).date() - local(item.due_at).date()).days)
        rows.append(row)
    if len(rows) <= MOST_ROWS:
        return _cut(code, rows, len(rows))
    if code == "blocked":
        return _cut(code, rows, int(figures.value_at(campaign, "state:blocked", _day_of(until))))
    return _cut(code, rows, items.count())


def _day_of(until: datetime) -> date:
    """The day that a moment ends or lies in: midnight is the end of the day before."""
    return local(until - timedelta(microseconds=1)).date()


def _standing(item: Item) -> dict[str, Value]:
    return {
        "step": step_words(item.edition.definition, item.step_code),
        "responsible": item.responsible.label if item.responsible is not None else None,
    }


def _counted(campaign: Campaign, code: str, items: QuerySet[Item]) -> Table:
    definition = campaign.edition.definition
    counts = items.order_by().values_list("step_code").annotate(number=Count("pk"))
    order = [step.code for step in definition.steps]
    found = sorted(counts, key=lambda one: order.index(one[0]) if one[0] in order else len(order))
    rows: list[Mapping[str, Value]] = [
        {"title": _so_many(number), "step": step_words(definition, step)} for step, number in found
    ]
    return table_of(code, rows)


def _so_many(number: int) -> Words:
    return Words(f"{number}件", "1 item" if number == 1 else f"{number} items")


def _why(item: Item) -> Value:
    """The reason that somebody gave, or the answers by which the ledger calls it blocked."""
    if not item.blocked_by_rule:
        return item.blocked_why
    definition = item.edition.definition
    said = []
    for name in dict.fromkeys(NAME_IN.findall(item.blocked_why)):
        field = definition.find(name)
        value = answer_value(definition, field, item.answers.get(name)) if field is not None else None
        if field is not None and value is not None:
            said.append((field.label or Words(name), value))
    zh = "；".join(f"{label.zh or label.en}：{_in(value, 'zh')}" for label, value in said)
    en = "; ".join(f"{label.en or label.zh}: {_in(value, 'en')}" for label, value in said)
    return Words(zh, en) if said else Words("符合台账的受阻条件", "as the ledger says")


def _in(value: Value, language: str) -> str:
    if isinstance(value, Words):
        return (value.en or value.zh) if language == "en" else (value.zh or value.en)
    return str(value)


# -- every item with its answers ----------------------------------------------------------------------


def all_items(campaign: Campaign, until: datetime) -> Table:
    """Every item with its answers, for documents that ask for them; never of a confidential campaign."""
    definition = campaign.edition.definition
    asked = [one for one in definition.walk() if one.type not in (NOTE, GROUP, REPEAT)]
    items = Item.objects.filter(campaign=campaign, made_at__lte=until).exclude(state=ItemState.DROPPED)
    rows = []
    for item in _named(items.order_by("number")[: MOST_ROWS + 1]):
        row = _subject(item, campaign) | {"responsible": _standing(item)["responsible"], "due": item.due_at}
        finished = item.state == ItemState.FINISHED
        row["step"] = FINISHED if finished else _standing(item)["step"]
        row |= {one.name: answer_value(definition, one, _found(item.answers, one.name)) for one in asked}
        rows.append(row)
    total = len(rows) if len(rows) <= MOST_ROWS else items.count()
    return _cut(ITEMS, rows, total, [Column(one.name, one.label) for one in asked])


def _found(answers: Mapping[str, Any], name: str) -> Any:
    """An answer, or those of every entry of the repeat that it stands in."""
    if name in answers:
        return answers[name]
    entries = [one for value in answers.values() if isinstance(value, list) for one in value]
    values = [_found(one, name) for one in entries if isinstance(one, Mapping)]
    return [one for one in values if one not in (None, "", [])] or None


def answer_value(definition: Definition, field: Field, value: Any) -> Value:
    """An answer as a report says it."""
    if value in (None, "", []):
        return None
    if field.type in HELD:
        return ATTACHED
    if field.type in (SELECT_ONE, SELECT_MULTIPLE):
        labels = {one.name: one.label or Words(one.name) for one in definition.list_of(field.list)}
        chosen = [
            labels.get(str(one), Words(str(one))) for one in (value if isinstance(value, list) else [value])
        ]
        return Words(
            "、".join(one.zh or one.en for one in chosen), ", ".join(one.en or one.zh for one in chosen)
        )
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    if field.type in NUMBERS and re.fullmatch(r"-?\d{1,15}(\.\d{1,9})?", str(value)):
        return Decimal(str(value))
    if field.type == "date" and re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
        return date.fromisoformat(str(value))
    return str(value)
