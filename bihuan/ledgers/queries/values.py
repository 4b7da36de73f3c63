"""What is known of an item, in words: for its page, and for columns of tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format

from bihuan.core.clock import local
from bihuan.core.text import listed
from bihuan.ledgers.definition import Definition, Field
from bihuan.ledgers.definition.model import CALCULATE, GROUP, NOTE, REPEAT
from bihuan.ledgers.models import Item

FILES = ("image", "file")


@dataclass(frozen=True)
class Known:
    """One field with its answer: words, the attachment that it names, or the entries of a repeat."""

    label: str
    words: str = ""
    file: int | None = None
    is_picture: bool = False
    rows: list[list["Known"]] = field(default_factory=list)


def known_of(item: Item) -> list[Known]:
    """Every answer of an item, in the order of its ledger."""
    definition = item.edition.definition
    return list(_known(definition, definition.fields, item.answers))


def _known(definition: Definition, fields: tuple[Field, ...], values: Mapping[str, Any]) -> Iterator[Known]:
    for one in fields:
        if one.type == GROUP:
            yield from _known(definition, one.children, values)
            continue
        value = values.get(one.name)
        if one.type == NOTE or value in (None, "", []) or (one.type == CALCULATE and not one.label):
            continue
        label = str(one.label or one.name)
        if one.type == REPEAT:
            rows = [list(_known(definition, one.children, entry)) for entry in value]
            yield Known(label, rows=rows)
        elif one.type in FILES:
            yield Known(label, file=int(value) if str(value).isdecimal() else None,
                        is_picture=one.type == "image")  # fmt: skip
        else:
            yield Known(label, in_words(definition, one, value))


def in_words(definition: Definition, one: Field, value: Any) -> str:
    """An answer as people read it."""
    if value in (None, "", []):
        return ""
    if one.list:
        labels = {choice.name: str(choice.label) or choice.name for choice in definition.list_of(one.list)}
        chosen = value if isinstance(value, list) else [value]
        return listed(labels.get(part, str(part)) for part in chosen)
    if one.type == "date" and (day := parse_date(str(value))) is not None:
        return date_format(day, "SHORT_DATE_FORMAT")
    if one.type == "dateTime" and (moment := parse_datetime(str(value))) is not None:
        return date_format(local(moment) if moment.tzinfo else moment, "SHORT_DATETIME_FORMAT")
    if one.type == "time":
        return str(value)[:5]
    if one.type in FILES:
        return "✓"
    return str(value)


def columns_of(definition: Definition) -> list[Field]:
    """The fields that a table can show: what is answered once for each item."""
    return list(_columns(definition.fields))


def _columns(fields: tuple[Field, ...]) -> Iterator[Field]:
    for one in fields:
        if one.type == GROUP:
            yield from _columns(one.children)
        elif one.type not in (NOTE, REPEAT) and (one.asks or one.label):
            yield one
