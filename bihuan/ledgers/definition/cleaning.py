"""Turns one answer, as a form or a program sends it, into what is stored: plain JSON, checked by its type."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.core.text import clean
from bihuan.ledgers.definition.faults import say
from bihuan.ledgers.definition.model import SELECT_MULTIPLE, SELECT_ONE, Field

LONGEST_TEXT, LONGEST_CODE, LONGEST_TOKEN = 10_000, 500, 200
INTEGER = re.compile(r"[+-]?[0-9]{1,15}")  # full-width digits are made these before
DECIMAL = re.compile(r"[+-]?([0-9]{1,15}(\.[0-9]{0,12})?|\.[0-9]{1,12})")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?", re.ASCII)
TIME = re.compile(r"\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?", re.ASCII)
TOKEN = re.compile(r"[\w.\-]+")


class Unfit(Exception):
    """The answer does not fit the field; the sentence says why, to the person who gave it."""

    def __init__(self, sentence: Any):
        self.sentence = sentence
        super().__init__(str(sentence))


def cleaned(field: Field, given: Any, zone: tzinfo | None) -> Any:
    """The answer as it is stored; None when nothing was answered. Raises Unfit.

    Numbers with decimals are texts, so that no digit is lost; dates and times are ISO 8601; several choices
    are a list; places are texts as ODK has them: “latitude longitude altitude accuracy”, points of a line
    with “;” between them.
    """
    if given is None or given == "" or given == []:
        return None
    if isinstance(given, str):
        given = clean(given)
        if not given:
            return None
    return CLEANERS[field.type](given, zone)


def _text(longest: int) -> Callable[[Any, Any], str]:
    def take(given: Any, _zone: Any) -> str:
        if not isinstance(given, str):
            raise Unfit(_("This is no text."))
        if len(given) > longest:
            raise Unfit(say(_("Longer than %(limit)s characters."), limit=longest))
        return given

    return take


def _digits(given: Any) -> str:
    if isinstance(given, bool) or not isinstance(given, str | int | float | Decimal):
        raise Unfit(_("This is no number."))
    return unicodedata.normalize("NFKC", str(given)).strip()


def _integer(given: Any, _zone: Any) -> int:
    text = _digits(given)
    if isinstance(given, float) and given.is_integer():
        text = str(int(given))
    if not INTEGER.fullmatch(text):
        raise Unfit(_("This is no whole number."))
    return int(text)


def _decimal(given: Any, _zone: Any) -> str:
    text = _digits(given)
    if not DECIMAL.fullmatch(text):
        raise Unfit(_("This is no number."))
    plain = format(Decimal(text), "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in ("-0", "") else plain


def _date(given: Any, _zone: Any) -> str:
    try:
        return date.fromisoformat(given if isinstance(given, str) and len(given) == 10 else "").isoformat()
    except ValueError:
        raise Unfit(_("This is no date; write it as 2026-01-31.")) from None


def _time(given: Any, _zone: Any) -> str:
    try:
        if isinstance(given, str) and TIME.fullmatch(given):
            return time.fromisoformat(given).isoformat()
    except ValueError:
        pass
    raise Unfit(_("This is no time of day; write it as 18:00."))


def _moment(given: Any, zone: tzinfo | None) -> str:
    """A date and time; where no offset is given, the district's."""
    try:
        if isinstance(given, str) and MOMENT.fullmatch(given):
            moment = datetime.fromisoformat(given.replace(" ", "T"))
            return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).isoformat(
                timespec="milliseconds"
            )
    except ValueError:
        pass
    raise Unfit(_("This is no date with a time; write it as 2026-01-31T18:00."))


def _one(given: Any, _zone: Any) -> str:
    if not isinstance(given, str):
        raise Unfit(_("Choose one of the list."))
    return given


def _several(given: Any, _zone: Any) -> list[str]:
    parts = given.split() if isinstance(given, str) else given
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
        raise Unfit(_("Choose from the list."))
    return list(dict.fromkeys(parts))


def _place(text: str) -> str:
    parts = text.split()
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        numbers = []
    fits = 2 <= len(numbers) <= 4 and abs(numbers[0]) <= 90 and abs(numbers[1]) <= 180
    if not fits or not all(DECIMAL.fullmatch(part) for part in parts):
        raise Unfit(_("This is no place; a place is “latitude longitude”."))
    return " ".join(parts)


def _point(given: Any, _zone: Any) -> str:
    if not isinstance(given, str):
        raise Unfit(_("This is no place; a place is “latitude longitude”."))
    return _place(given)


def _points(given: Any, least: int) -> list[str]:
    points = [_place(part) for part in given.split(";") if part.strip()] if isinstance(given, str) else []
    if len(points) < least:
        raise Unfit(say(_("At least %(least)s points are needed."), least=least))
    return points


def _line(given: Any, _zone: Any) -> str:
    return ";".join(_points(given, 2))


def _shape(given: Any, _zone: Any) -> str:
    points = _points(given, 3)
    closed = points[0].split()[:2] == points[-1].split()[:2]
    if closed and len(points) < 4:
        raise Unfit(say(_("At least %(least)s points are needed."), least=3))
    return ";".join(points if closed else [*points, points[0]])


def _token(given: Any, _zone: Any) -> str:
    """What names an uploaded file; whether it is there and whose it is, the action that takes it asks."""
    text = str(given) if isinstance(given, str | int) and not isinstance(given, bool) else ""
    if not TOKEN.fullmatch(text) or len(text) > LONGEST_TOKEN:
        raise Unfit(_("This is no uploaded file."))
    return text


CLEANERS: dict[str, Callable[[Any, tzinfo | None], Any]] = {
    "text": _text(LONGEST_TEXT),
    "integer": _integer,
    "decimal": _decimal,
    "date": _date,
    "time": _time,
    "dateTime": _moment,
    SELECT_ONE: _one,
    SELECT_MULTIPLE: _several,
    "geopoint": _point,
    "geotrace": _line,
    "geoshape": _shape,
    "image": _token,
    "file": _token,
    "barcode": _text(LONGEST_CODE),
    "calculate": _text(LONGEST_TEXT),
}
