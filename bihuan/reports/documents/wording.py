"""How a value of a report is written in each language."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.utils import formats, translation

from bihuan.core import clock
from bihuan.core.text import CONTROL
from bihuan.ledgers.definition.model import Words
from bihuan.reports.documents.summary import Fewer, Value

NOTHING = "—"
NO_ROWS = Words("无", "None")
FEWER = Words("少于{than}", "fewer than {than}")
MORE = Words("另有 {count} 条未列出", "{count} more are not listed")
# What XML cannot hold at all; half a pair of surrogates comes from broken programs.
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def english(language: str) -> bool:
    return language.startswith("en")


def in_language(words: Words, language: str) -> str:
    """In this language, or in the other one where this one is missing."""
    return (words.en or words.zh) if english(language) else (words.zh or words.en)


def clean(text: str) -> str:
    """The text without characters that no office file can hold."""
    return UNFIT.sub("", CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def speak(value: Value, language: str, filters: Iterable[str] = ()) -> str:
    """The value as it stands in a sentence or a cell."""
    wanted = set(filters)
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Words):
        return clean(in_language(value, language))
    if isinstance(value, Fewer):
        return in_language(FEWER, language).format(than=value.than)
    if isinstance(value, Decimal):
        return _number(value, wanted)
    return _moment(value, language, wanted)


def _number(value: Decimal, wanted: set[str]) -> str:
    text = format(value, f"{'+' if 'signed' in wanted else ''}{',' if 'thousands' in wanted else ''}f")
    return text if value else "0"  # whatever it was the difference of


def _moment(value: date, language: str, wanted: set[str]) -> str:
    moment = clock.local(value) if isinstance(value, datetime) else value
    name = "DATETIME_FORMAT" if isinstance(moment, datetime) else "DATE_FORMAT"
    if "date" in wanted:
        name = "DATE_FORMAT"
    elif "day" in wanted:
        name = "MONTH_DAY_FORMAT"
    elif "time" in wanted and isinstance(moment, datetime):
        name = "TIME_FORMAT"
    with translation.override("en" if english(language) else "zh-hans"):
        return formats.date_format(moment, name)
