"""Turns a cell into the answer to a field, whatever the spreadsheet program made of it."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from bihuan.accounts.queries import nearest
from bihuan.core.book import plain
from bihuan.core.sheets import as_text
from bihuan.core.text import listed, normalise
from bihuan.intake.sheet import cells
from bihuan.ledgers.definition import Choice, Field
from bihuan.ledgers.definition.model import NUMBERS, SELECT_ONE

SEPARATORS = re.compile(r"[;；,，、|\n]+")
THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
SHOWN_CHOICES = 12


class Wrong(Exception):
    """What is wrong with a cell, and what its author can do."""

    def __init__(self, problem: str, remedy: str):
        super().__init__(problem)
        self.problem, self.remedy = problem, remedy


def text_of(value: Any) -> str:
    """The cell as one line; a formula that failed is no text."""
    return _read(cells.line_of, value)


def number_text_of(value: Any) -> str:
    """A number of the author's own; the digits that a number cell lost cannot be found again."""
    return _read(cells.number_of, value)


def degrees_of(value: Any) -> float | None:
    return _read(cells.degrees_of, value)


def _read(read: Callable[[Any], Any], value: Any) -> Any:
    try:
        return read(value)
    except cells.CellFault as fault:
        text = str(fault.params.get("text", as_text(value)))[:60]
        if fault.code == "formula":
            raise Wrong(
                _("A formula failed here (%(text)s).") % {"text": text},
                _("Replace the formula by its value."),
            ) from fault
        if fault.code == "rounded":
            raise Wrong(
                _("The number %(text)s is too long for a number cell: its last digits were lost.")
                % {"text": text},
                _("Format the column as text and enter the number anew."),
            ) from fault
        if fault.code == "degrees":
            raise Wrong(
                _("“%(text)s” is no coordinate in degrees.") % {"text": text},
                _("Write it like 114.6512, or empty both cells."),
            ) from fault
        raise Wrong(
            _("“%(text)s” is no date that we can read.") % {"text": text},
            _("Write it as 2026-03-09, year first, or empty the cell."),
        ) from fault


def answer_of(field: Field, offered: "Offered | None", value: Any) -> Any:
    """What is answered; whether it may be answered, the definition judges. Raises Wrong."""
    if offered is not None:
        text = text_of(value)
        if not text:
            return None
        return offered.one(text) if field.type == SELECT_ONE else offered.several(text)
    if field.type in NUMBERS:
        return _number(value)
    if field.type in ("date", "dateTime"):
        return _day(value, field.type == "dateTime")
    if field.type == "time":
        return _time(value)
    return _read(cells.text_of, value) or None


def _number(value: Any) -> Any:
    if isinstance(value, bool):
        raise Wrong(_("This is no number."), _("Write the number alone, without a unit."))
    text = text_of(value).replace(" ", "")
    if THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    if not text:
        return None
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)", text):
        if isinstance(value, int | float):
            return format(value, "f") if isinstance(value, float) else value
        raise Wrong(
            _("“%(text)s” is no number.") % {"text": text[:60]}, _("Write the number alone, without a unit.")
        )
    return text


def _day(value: Any, with_time: bool) -> str | None:
    if isinstance(value, time | timedelta):
        raise Wrong(_("This is a time without a day."), _("Write the day, as 2026-03-09."))
    if isinstance(value, date) and not isinstance(value, datetime):
        moment = datetime(value.year, value.month, value.day)
    elif isinstance(value, datetime):
        moment = value.replace(tzinfo=None)
    else:
        read = _read(cells.moment_of, value)
        if read is None:
            return None
        moment = read.replace(tzinfo=None)
    return moment.isoformat(timespec="minutes") if with_time else moment.date().isoformat()


def _time(value: Any) -> str | None:
    if isinstance(value, datetime):
        return value.time().isoformat(timespec="minutes")
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, timedelta) or (isinstance(value, float) and 0 <= value < 1):
        seconds = value.total_seconds() if isinstance(value, timedelta) else value * 86_400
        minutes = round(seconds / 60)
        return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"
    text = text_of(value)
    found = re.fullmatch(r"(\d{1,2})[:点时](\d{2})?分?", text)
    return f"{int(found[1]):02d}:{found[2] or '00'}" if found else (text or None)


class Offered:
    """The choices of one field by what people write for them: code or label, in either language."""

    def __init__(self, choices: tuple[Choice, ...]):
        self.labels = [str(choice.label) or choice.name for choice in choices]
        self.by_word: dict[str, str] = {}
        for choice in choices:
            for word in (choice.name, choice.label.zh, choice.label.en):
                if word:
                    self.by_word.setdefault(_same(word), choice.name)

    def several(self, text: str) -> list[str]:
        whole = self.by_word.get(_same(text))
        if whole is not None:
            return [whole]
        parts = [part.strip() for part in SEPARATORS.split(text) if part.strip()]
        return list(dict.fromkeys(self.one(part) for part in parts))

    def one(self, text: str) -> str:
        found = self.by_word.get(_same(text))
        if found is not None:
            return found
        near = close_to(text, tuple(self.labels))
        offered = listed(self.labels[:SHOWN_CHOICES]) + ("…" if len(self.labels) > SHOWN_CHOICES else "")
        raise Wrong(
            _("“%(text)s” is none of the choices.") % {"text": text[:60]},
            _("Perhaps “%(near)s”?") % {"near": near}
            if near
            else _("Choose one of: %(words)s.") % {"words": offered},
        )


@lru_cache(maxsize=1_000)
def close_to(text: str, known: tuple[str, ...]) -> str:
    """The same mistake stands in many rows, and looking for what is near takes its time."""
    return nearest(text, list(known))


def _same(word: str) -> str:
    return plain(word) or normalise(word).lower()
