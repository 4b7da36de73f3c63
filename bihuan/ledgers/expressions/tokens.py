"""Cuts the text of an expression into its words. `frontend/src/expressions/tokens.ts` is the twin."""

import re
from dataclasses import dataclass

from bihuan.ledgers.expressions.faults import Fault

LONGEST = 8_000  # characters

_LETTER = "A-Za-z_\u00c0-\u02ff\u0370-\u1fff\u3400-\u9fff\uf900-\ufaff"
_NAME = f"[{_LETTER}][-.0-9{_LETTER}]*"
NAME = re.compile(_NAME)
REFERENCE = re.compile(rf"\$\{{[ ]*({_NAME})[ ]*\}}")
TOKEN = re.compile(
    rf"""(?P<space>[ \t\r\n]+)
       | (?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
       | (?P<text>"[^"]*"|'[^']*')
       | (?P<field>\$\{{[^{{}}]*\}})
       | (?P<name>{_NAME}(?::{_NAME})?)
       | (?P<sign><=|>=|!=|\.\.|[()\[\],=<>+*/.-])""",
    re.VERBOSE,
)

# What Chinese keyboards, Excel and other languages make people type.
INSTEAD = {
    "“": '"', "”": '"', "‘": "'", "’": "'", "（": "(", "）": ")", "，": ",", "、": ",", "。": ".", "＝": "=",
    "＞": ">", "＜": "<", "≥": ">=", "≤": "<=", "≠": "!=", "＋": "+", "－": "-", "−": "-", "–": "-", "—": "-",
    "＊": "*", "×": "*", "÷": "div", "／": "div", "％": "mod", "%": "mod", "&": "and", "|": "or",
    "!": "not()", "^": "pow()", "\u00a0": "' '", "\u3000": "' '", "＄": "$", "｛": "{", "｝": "}",
}  # fmt: skip


@dataclass(frozen=True)
class Token:
    """A word: its kind (number, text, field, name, sign or end), its text, and where it begins."""

    kind: str
    text: str
    at: int


def tokens(text: str) -> list[Token]:
    if len(text) > LONGEST:
        raise Fault("expression.too_long", LONGEST, most=LONGEST)
    found, at = [], 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise _wrong(text, at)
        kind = str(match.lastgroup)
        if kind != "space":
            found.append(Token(kind, match[0], at))
        at = match.end()
    found.append(Token("end", "", len(text)))
    return found


def _wrong(text: str, at: int) -> Fault:
    sign = text[at]
    if sign in "'\"":
        return Fault("expression.open_text", at)
    if sign == "$":
        return Fault("expression.open_field", at)
    if sign in INSTEAD:
        return Fault("expression.looks_alike", at, sign=sign, instead=INSTEAD[sign])
    return Fault("expression.odd_sign", at, sign=sign)


def field_name(token: Token) -> str:
    """The name within ${…}."""
    if match := REFERENCE.fullmatch(token.text):
        return match[1]
    name = token.text[2:-1].strip(" ")
    if name.startswith("last-saved#"):
        raise Fault("expression.last_saved", token.at)
    raise Fault("expression.field_name", token.at, name=name)
