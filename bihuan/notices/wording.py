"""Values inside a notice: frozen as JSON when told, put into words in the reader's language when read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, override

from bihuan.core.clock import local

MISSING = "…"


def freeze(value: Any) -> Any:
    """A value as JSON that still knows both languages.

    Plain text and numbers stay; `{"zh": …, "en": …}` stays; a lazily translated text is kept as its message;
    dates and times in ISO form; anything with a `name` and a `name_en` (areas, units) as both of them.
    """
    if isinstance(value, Promise):
        with override(None):
            return {"text": str(value)}
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"on": value.isoformat()}
    if hasattr(value, "name_en"):
        return {"zh": value.name, "en": value.name_en or value.name}
    if isinstance(value, Mapping):
        return {str(key): str(text) for key, text in value.items()}
    return value if isinstance(value, int | float | bool) else str(value)


def thaw(value: Any) -> Any:
    """The frozen value in words, in the language of this moment."""
    if not isinstance(value, dict):
        return value
    if "text" in value:
        return gettext(value["text"])
    if "at" in value:
        moment = parse_datetime(value["at"])
        return date_format(local(moment), "SHORT_DATETIME_FORMAT") if moment else value["at"]
    if "on" in value:
        day = parse_date(value["on"])
        return date_format(day, "SHORT_DATE_FORMAT") if day else value["on"]
    chinese = (get_language() or "").startswith("zh")
    return value.get("zh" if chinese else "en") or value.get("en" if chinese else "zh") or MISSING


class Words(dict[str, Any]):
    """Parameters for a sentence; one that an older notice lacks reads "…" instead of breaking the inbox."""

    def __missing__(self, key: str) -> str:
        return MISSING


def words(params: Mapping[str, Any]) -> Words:
    return Words({key: thaw(value) for key, value in params.items()})
