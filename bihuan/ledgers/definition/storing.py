"""A definition as JSON, for keeping its versions: one text for one definition, numbered by format."""

import hashlib
import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from bihuan.ledgers.definition.model import Definition

FORMAT = 1


class UnknownFormat(ValueError):
    """The stored definition is of a format that this version of the system does not read."""


def to_json(definition: Definition) -> dict[str, Any]:
    """Plain values for a JSON column. Usual values are left out, so that digests outlive new parts."""
    return {"format": FORMAT, "definition": _plain(definition)}


def from_json(stored: Mapping[str, Any]) -> Definition:
    if stored.get("format") != FORMAT:
        raise UnknownFormat(f"format {stored.get('format')!r}, not {FORMAT}")
    definition = _built(Definition, stored["definition"])
    assert isinstance(definition, Definition)  # what _built was asked for
    return definition


def digest(definition: Definition) -> str:
    """The same for the same definition, whatever workbook it came from."""
    text = json.dumps(to_json(definition), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        given = ((one.name, getattr(value, one.name), one.default) for one in fields(value))
        return {name: _plain(own) for name, own, usual in given if usual is MISSING or own != usual}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _built(kind: Any, stored: Any) -> Any:
    if is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        unknown = stored.keys() - hints.keys()
        if unknown:
            raise UnknownFormat(f"{kind.__name__} with {sorted(unknown)}")
        return kind(**{name: _built(hints[name], one) for name, one in stored.items()})
    origin, parts = get_origin(kind), get_args(kind)
    if origin is tuple:
        if len(parts) == 2 and parts[1] is Ellipsis:
            return tuple(_built(parts[0], one) for one in stored)
        return tuple(_built(part, one) for part, one in zip(parts, stored, strict=True))
    if origin in (Union, types.UnionType):
        wanted = next(part for part in parts if part is not type(None))
        return None if stored is None else _built(wanted, stored)
    if kind is Decimal:
        return Decimal(stored)
    if kind is date:
        return date.fromisoformat(stored)
    return stored
