"""Text: cleaning what people type, cutting it into words for search, stringing words together."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.utils.translation import pgettext

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\ufeff]")
WORD = re.compile(r"\w", re.UNICODE)


def normalise(text: str) -> str:
    """Text without control characters, half-width where a full-width twin exists, trimmed."""
    text = CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFKC", text).strip()


def clean(text: str) -> str:
    """Text as written, but without NUL and other characters that no page can show."""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def segment(text: str) -> str:
    """Words of a Chinese text, space-separated, long words also in their parts: what `tsvector` indexes."""
    import rjieba  # reads its dictionary on import, which every process that starts would pay for

    words = rjieba.cut_for_search(normalise(text).lower())
    return " ".join(word for word in words if WORD.search(word))


def listed(words: Iterable[Any]) -> str:
    """Words in a row, as the reader's language strings them: a, b and 甲、乙."""
    return pgettext("between names", ", ").join(str(word) for word in words)


def in_turn(sentences: Iterable[Any]) -> str:
    """Sentences or longer answers in a row."""
    return pgettext("between sentences", "; ").join(str(one) for one in sentences)
