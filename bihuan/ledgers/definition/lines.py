"""One row of a sheet: its texts by column, the words it may use, and a way to say what is wrong in a cell."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.queries import nearest
from bihuan.core.text import listed
from bihuan.ledgers.definition.faults import say
from bihuan.ledgers.definition.model import Pairs, Words

if TYPE_CHECKING:
    from bihuan.ledgers.definition.sheets import Sheet

CODE_OF_LANGUAGE = re.compile(r".*\(\s*([a-z]{2,3})\b[^)]*\)")
LANGUAGES = {"zh": "zh", "中文": "zh", "chinese": "zh", "汉语": "zh", "简体中文": "zh", "cn": "zh",
             "en": "en", "english": "en", "英文": "en", "英语": "en"}  # fmt: skip
PART = re.compile(r"0\.\d{1,2}")
SEPARATORS = re.compile(r"[;；、,，\n]+")
STRAIGHT = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})  # as pyxform does


def fold(text: str) -> str:
    """How headings and words are compared: without case, underscores and wide characters."""
    return re.sub(r"[\s_]+", " ", unicodedata.normalize("NFKC", text)).strip().lower()


def language_of(text: str) -> str:
    """zh or en where a heading's language is one of them, else nothing."""
    plain = fold(text)
    code = CODE_OF_LANGUAGE.fullmatch(plain)
    return LANGUAGES.get(code[1] if code else plain, "")


@dataclass
class Line:
    """One row: its texts by column, and a way to say what is wrong in a cell of it."""

    sheet: Sheet
    number: int
    cells: dict[str, str]
    extras: Pairs = ()
    meant: dict[str, str] = field(default_factory=dict)  # cells as XLSForm writes what they say

    def text(self, key: str) -> str:
        return self.cells.get(key, "")

    def expression(self, key: str) -> str:
        return self.text(key).translate(STRAIGHT)

    def words(self, key: str) -> Words:
        """A text that has a column for each language."""
        return Words(
            self.text(f"{key}::zh") or self.text(key), self.text(f"{key}::en") or self.text(f"{key}_en")
        )

    def fault(self, key: str, problem: Any, remedy: Any) -> None:
        self.sheet.fault(self.number, key, problem, remedy)

    def word(self, key: str, default: str = "") -> str:
        """One of the words that the column knows, as we write it."""
        text = self.text(key)
        return self._known(key, text) if text else default

    def many(self, key: str) -> tuple[str, ...]:
        """The parts of a cell with several words, each once."""
        parts = (part.strip() for part in SEPARATORS.split(self.text(key)))
        return tuple(dict.fromkeys(part for part in parts if part))

    def known(self, key: str, text: str) -> str:
        return self._known(key, text)

    def _known(self, key: str, text: str) -> str:
        words = self.sheet.kind.column(key).words
        found = meaning(words, text)
        if not found:
            near = nearest(fold(text), [*words, *words.values()])
            self.fault(
                key,
                say(_("“%(text)s” is not known here."), text=text),
                say(_("Perhaps “%(near)s”?"), near=near)
                if near
                else say(_("Use one of: %(words)s."), words=listed((*words.values(), *words))),
            )
        return found

    def flag(self, key: str) -> bool:
        text = fold(self.text(key))
        if text in YES:
            return True
        if text and text not in NO:
            self.fault(
                key, say(_("“%(text)s” is neither yes nor no."), text=self.text(key)), _("Write 是 or 否.")
            )
        return False

    def whole(self, key: str, default: int, least: int, most: int) -> int:
        text = self.text(key)
        if PART.fullmatch(text):  # a cell that shows per cent holds 0.8
            text = str(int(Decimal(text) * 100))
        text = text.rstrip("%％").strip()
        if not text:
            return default
        if not re.fullmatch(r"\d{1,9}", text) or not least <= int(text) <= most:
            self.fault(
                key,
                say(
                    _("“%(text)s” is no whole number from %(least)s to %(most)s."),
                    text=text,
                    least=least,
                    most=most,
                ),
                _("Write such a number, or leave the cell empty."),
            )
            return default
        return int(text)


YES = {"yes", "y", "true", "true()", "1", "是", "要", "需", "√", "✓"}
NO = {"no", "n", "false", "false()", "0", "否", "不", "-", "—"}


def meaning(words: dict[str, str], text: str) -> str:
    """Our word for what somebody wrote in either language; nothing when it is unknown."""
    plain = fold(text)
    return next((ours for ours, zh in words.items() if plain in (fold(ours), fold(zh))), "")
