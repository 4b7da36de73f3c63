"""Keyset paging: a page costs the same at the start and at the end of a million rows."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of rows, with cursors (or None) for its neighbours."""

    items: Sequence[T]
    next_cursor: str | None
    previous_cursor: str | None

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def page_of(
    queryset: QuerySet[Any], query: Mapping[str, str], *, key: str | tuple[str, ...] = "-id", size: int = 30
) -> Page[Any]:
    """The page that `query["cursor"]` asks for, ordered by `key`: fields, "-" for descending.

    Key fields are never null and unique together. An unreadable cursor shows the first page.
    """
    keys = (key,) if isinstance(key, str) else key
    cursor = _read(queryset.model, keys, query.get("cursor", ""))
    backwards = cursor is not None and cursor[0] == "before"
    if cursor is not None:
        queryset = queryset.filter(_beyond(keys, cursor[1], backwards))
    order = [_turned(name) for name in keys] if backwards else list(keys)
    rows = list(queryset.order_by(*order)[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    return Page(
        rows,
        _write("after", keys, rows[-1]) if rows and (more or backwards) else None,
        _write("before", keys, rows[0]) if rows and cursor and (more or not backwards) else None,
    )


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(keys: Sequence[str], values: Sequence[Any], backwards: bool) -> Q:
    """Rows strictly behind the cursor: k1 beyond, or k1 equal and k2 beyond, and so on."""
    condition, equal = Q(), Q()
    for name, value in zip(keys, values, strict=True):
        field = name.lstrip("-")
        comparison = "lt" if name.startswith("-") != backwards else "gt"
        condition |= equal & Q(**{f"{field}__{comparison}": value})
        equal &= Q(**{field: value})
    # PostgreSQL starts an index scan at a bound on its first column, but not at an OR.
    first, descending = keys[0].lstrip("-"), keys[0].startswith("-") != backwards
    return Q(**{f"{first}__{'lte' if descending else 'gte'}": values[0]}) & condition


def _write(direction: str, keys: Sequence[str], row: Model) -> str:
    values = [getattr(row, name.lstrip("-")) for name in keys]
    text = json.dumps([direction, *values], default=str)  # microseconds and all: Django's encoder cuts them
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(model: type[Model], keys: Sequence[str], cursor: str) -> tuple[str, list[Any]] | None:
    if not cursor:
        return None
    try:
        direction, *values = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        fields = [model._meta.get_field(name.lstrip("-")) for name in keys]
        parsed = [field.to_python(value) for field, value in zip(fields, values, strict=True)]  # type: ignore[union-attr]
    except (ValueError, TypeError, OverflowError, ValidationError):
        return None
    if direction not in ("after", "before") or any(value is None or "\0" in str(value) for value in parsed):
        return None
    return direction, parsed
