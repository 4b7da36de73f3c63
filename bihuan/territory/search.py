"""How names are found: by any part, in characters, in pinyin or by initials, from one index.

A name's search words are its endings: 「良苑小区」 gives 良苑小区, 苑小区 …, liangyuanxiaoqu, yuanxiaoqu …
and lyxq, yxq … A prefix search among them finds every part of the name, and PostgreSQL's GIN index on a
`tsvector` answers prefix searches without any extension.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bihuan.core.text import normalise

_WORDS = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]", re.UNICODE)
_LONGEST = 60


@dataclass(frozen=True)
class SearchColumns:
    """What is kept beside a name to find it by."""

    pinyin: str
    initials: str
    words: list[str]


def search_columns(name: str, name_en: str = "", aliases: tuple[str, ...] | list[str] = ()) -> SearchColumns:
    """The search columns of something with this name."""
    words: set[str] = set(_units(name_en)) | _endings(_units(name_en))
    pinyin = initials = ""
    for number, text in enumerate((name, *aliases)):
        units = _units(text)
        syllables = _pinyin(units)
        first_letters = [unit if unit.isdigit() else unit[0] for unit in syllables]
        words |= _endings(units) | _endings(syllables) | _endings(first_letters)
        if number == 0:
            pinyin, initials = "".join(syllables), "".join(first_letters)
    return SearchColumns(pinyin, initials, sorted(words))


def search_terms(text: str) -> list[str]:
    """What somebody typed, as the beginnings to look for; all of them must be found."""
    return ["".join(_units(term))[:_LONGEST] for term in normalise(text).lower().split() if _units(term)][:6]


def ts_query(terms: list[str]) -> str:
    """The terms in PostgreSQL's notation: every one is the beginning of some search word."""
    return " & ".join("'" + term.replace("\\", "\\\\").replace("'", "''") + "':*" for term in terms)


def _units(text: str) -> list[str]:
    """Single characters, but Latin words and numbers whole."""
    return _WORDS.findall(normalise(text).lower())


def _endings(units: list[str]) -> set[str]:
    return {"".join(units[start:])[:_LONGEST] for start in range(len(units))}


def _pinyin(units: list[str]) -> list[str]:
    """Syllables. The whole name is read at once, since a character's reading depends on its neighbours."""
    if all(unit.isascii() for unit in units):
        return units
    letters = "".join(unit for unit in units if not unit.isascii())
    from pypinyin import Style, lazy_pinyin  # large dictionaries, which only a process that needs them reads

    read = iter(lazy_pinyin(letters, style=Style.NORMAL, errors=_one_by_one))
    return [unit if unit.isascii() else next(read).lower() for unit in units]


def _one_by_one(run: str) -> Any:
    """Letters that have no pinyin stand for themselves, each as its own syllable."""
    return list(run)
