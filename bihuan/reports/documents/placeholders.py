"""The language of templates: names in double braces, blocks that repeat, and nothing that is reckoned."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.reports.documents.faults import say

LONGEST = 200  # characters of a placeholder
MOST = 20_000  # placeholders of a file

PLACEHOLDER = re.compile(r"[{｛]{2}(?P<inner>[^{}｛｝\n]*)[}｝]{2}")
BRACES = re.compile(r"[{｛]{2}|[}｝]{2}|[{｛][%％]|[%％][}｝]")
FOREIGN = re.compile(r"[{｛][%％][^{}｛｝]{0,200}?[%％][}｝]")
EACH = re.compile(r"(each|每行|每条|循环)\s+", re.I)
SIGNS = str.maketrans(
    {"。": ".", "．": ".", "·": ".", "｜": "|", "＃": "#", "／": "/", "＾": "^", "？": "?", "\u00a0": " "}
)

# Repeat for each row; show once if there are no rows; show once if there are; end; a value.
OPEN, NONE, SOME, CLOSE, NAME = "#", "^", "?", "/", ""


@dataclass(frozen=True)
class Placeholder:
    """What stands in one pair of braces, and where in its text."""

    start: int
    end: int
    written: str  # with its braces, as people will look for it
    sign: str  # OPEN, NONE and CLOSE are those of blocks
    name: str
    filters: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wrong:
    """A piece of text that looks like a placeholder and is none."""

    written: str
    problem: Any
    remedy: Any


def fold(text: str) -> str:
    """How names are compared: without case, spaces, underscores and wide characters."""
    return re.sub(r"[\s_]+", "", unicodedata.normalize("NFKC", text)).casefold()


def parse(text: str) -> tuple[list[Placeholder], list[Wrong]]:
    """The placeholders of a text in their order, and what looks like one and is none."""
    if "{" not in text and "｛" not in text and "}" not in text and "｝" not in text:
        return [], []
    found: list[Placeholder] = []
    wrong: list[Wrong] = []
    rest: list[str] = []
    at = 0
    for match in PLACEHOLDER.finditer(text):
        rest.append(text[at : match.start()])
        at = match.end()
        one = _read(match)
        if isinstance(one, Placeholder):
            found.append(one)
        else:
            wrong.append(one)
    rest.append(text[at:])
    wrong += _strays(rest)
    return found, wrong


def _read(match: re.Match[str]) -> Placeholder | Wrong:
    written = match[0] if len(match[0]) <= LONGEST else f"{match[0][:40]}…"
    inner = match["inner"].translate(SIGNS).strip()
    if len(match[0]) > LONGEST:
        return Wrong(
            written,
            say(_("The placeholder is longer than %(most)s characters."), most=LONGEST),
            _("Write a name from the list alone."),
        )
    sign = inner[0] if inner[:1] in (OPEN, NONE, SOME, CLOSE) else NAME
    name, *filters = (part.strip() for part in inner.removeprefix(sign).split("|"))
    if sign:
        name = EACH.sub("", name) if name not in ("each", "每行", "每条", "循环") or sign == OPEN else ""
    if (not name and sign != CLOSE) or not all(filters) or (sign and filters):
        return Wrong(
            written,
            _("There is no name in the braces."),
            _("Write a name from the list between {{ and }}, or delete the braces."),
        )
    return Placeholder(match.start(), match.end(), written, sign, name, tuple(filters))


def _strays(pieces: list[str]) -> Iterator[Wrong]:
    """At most one of each kind: who mends it will see the others."""
    foreign = next((found for found in map(FOREIGN.search, pieces) if found), None)
    if foreign:
        yield Wrong(
            foreign[0][:40],
            _("Instructions such as {% … %} are not understood here."),
            _("Write {{name}} for a value, and {{#table}} … {{/table}} for what repeats."),
        )
        return
    for piece in pieces:
        if brace := BRACES.search(piece):
            yield Wrong(
                piece[max(0, brace.start() - 10) : brace.end() + 20].strip(),
                _("Braces are opened and not closed, or closed and not opened."),
                _("Write {{ and }} in one paragraph or cell, without a line break between them."),
            )
            return
