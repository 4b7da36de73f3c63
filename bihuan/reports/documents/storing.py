"""A summary as JSON, and its digest: what was frozen can be proved to be unchanged."""

import hashlib
import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from bihuan.ledgers.definition.model import Words
from bihuan.reports.documents.summary import Fewer, Summary

FORMAT = 1


class UnknownFormat(ValueError):
    """The stored summary is of a format that this version of the system does not read."""


def to_json(summary: Summary) -> dict[str, Any]:
    """Plain values for a JSON column; every one says by itself what it is."""
    return {"format": FORMAT, "summary": _plain(summary)}


def from_json(stored: Mapping[str, Any]) -> Summary:
    if stored.get("format") != FORMAT:
        raise UnknownFormat(f"format {stored.get('format')!r}, not {FORMAT}")
    summary = _built(Summary, stored["summary"])
    assert isinstance(summary, Summary)  # what _built was asked for
    return summary


def canonical(summary: Summary) -> bytes:
    """The one text for this summary."""
    plain = json.dumps(to_json(summary), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return plain.encode("utf-8", "surrogatepass")


def digest(summary: Summary) -> str:
    return hashlib.sha256(canonical(summary)).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{value} is no number that a report could say")
        return {"number": format(value, "f")}
    if isinstance(value, datetime):
        return {"at": value.astimezone(UTC).isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Fewer):
        return {"fewer": value.than}
    if isinstance(value, Words):
        return {"zh": value.zh, "en": value.en}
    if is_dataclass(value) and not isinstance(value, type):
        # Usual values are left out, so that a digest outlives what a later version adds.
        return {
            one.name: _plain(getattr(value, one.name))
            for one in fields(value)
            if getattr(value, one.name) != one.default
        }
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value


SPOKEN = {
    ("number",): lambda stored: Decimal(stored["number"]),
    ("at",): lambda stored: datetime.fromisoformat(stored["at"]),
    ("day",): lambda stored: date.fromisoformat(stored["day"]),
    ("fewer",): lambda stored: Fewer(stored["fewer"]),
    ("en", "zh"): lambda stored: Words(stored["zh"], stored["en"]),
}


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _built(kind: Any, stored: Any) -> Any:
    if isinstance(stored, dict) and (read := SPOKEN.get(tuple(sorted(stored)))):
        return read(stored)
    if is_dataclass(kind) and isinstance(kind, type) and isinstance(stored, dict):
        hints = _hints(kind)
        if unknown := stored.keys() - hints.keys():
            raise UnknownFormat(f"{kind.__name__} with {sorted(unknown)}")
        return kind(**{name: _built(hints[name], one) for name, one in stored.items()})
    if isinstance(stored, list) and get_origin(kind) is tuple:
        return tuple(_built(get_args(kind)[0], one) for one in stored)
    if kind is int and type(stored) is int:
        return stored
    if isinstance(stored, str | None) and (kind is str or get_origin(kind) in (Union, types.UnionType)):
        return stored
    raise UnknownFormat(f"{stored!r} is no {kind}")
