"""The table of functions: how each is written, what it takes and gives, and what it means in one line.

Parser, checker, both evaluators and docs/expressions.md follow it. In a signature `?` marks what may be
left out, `= .` what then is the field's own value, `...` what may come more than once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SIGNATURE = re.compile(r"([a-z0-9:-]+)\((.*)\) -> ([a-z]+)")
PARAMETER = re.compile(r"([a-z_]+): ([a-z]+)(\?| = \.)?")

# What is written out in quotes, and references to a field or a repeat, whose value is not asked for.
WRITTEN_OUT = {"pattern", "format"}
REFERENCES = {"field", "repeat"}


@dataclass(frozen=True)
class Function:
    signature: str
    meaning: Any
    name: str
    kinds: tuple[str, ...]
    least: int
    most: int | None
    gives: str
    own_value: bool

    @staticmethod
    def of(signature: str, meaning: Any) -> Function:
        match = SIGNATURE.fullmatch(signature)
        assert match, signature
        name, inner, gives = match.groups()
        written = [part for part in inner.split(", ") if part]
        endless = bool(written) and written[-1] == "..."
        parameters = [PARAMETER.fullmatch(part) for part in written if part != "..."]
        kinds = tuple(found[2] for found in parameters if found)
        assert len(kinds) == len(parameters), signature
        least = sum(1 for found in parameters if found and not found[3])
        own_value = any(found and found[3] == " = ." for found in parameters)
        return Function(
            signature, meaning, name, kinds, least, None if endless else len(kinds), gives, own_value
        )

    @property
    def paired(self) -> bool:
        """Whether its last two values come again together."""
        return self.name == "weighted-checklist"

    def kind(self, index: int) -> str:
        """The kind of the value at a place; the last ones come again where there may be more."""
        if index < len(self.kinds):
            return self.kinds[index]
        period = 2 if self.paired or self.name == "indexed-repeat" else 1
        return self.kinds[len(self.kinds) - period + (index - len(self.kinds)) % period]

    @property
    def call(self) -> str:
        return self.signature.partition(" -> ")[0]


GROUPS: dict[str, Any] = {
    "choosing": pgettext_lazy("functions", "Choosing and counting on answers"),
    "selects": pgettext_lazy("functions", "Select questions"),
    "repeats": pgettext_lazy("functions", "Repeats"),
    "texts": pgettext_lazy("functions", "Texts"),
    "truth": pgettext_lazy("functions", "True and false"),
    "numbers": pgettext_lazy("functions", "Numbers"),
    "dates": pgettext_lazy("functions", "Dates and times"),
    "places": pgettext_lazy("functions", "Places"),
}

_TABLE: dict[str, list[tuple[str, Any]]] = {
    "choosing": [
        (
            "if(condition: boolean, then: any, else: any) -> any",
            _("One of two values, as the condition is true or not."),
        ),
        (
            "coalesce(first: any, second: any) -> any",
            _("The first value, or the second when the first is empty."),
        ),
        ("once(value: any) -> any", _("The field's own value if it has one, else the value given.")),
        (
            "checklist(least: number, most: number, answer: nodes, ...) -> boolean",
            _("Whether so many answers are yes; −1 for least or most sets no limit."),
        ),
        (
            "weighted-checklist(least: number, most: number, answer: nodes, weight: nodes, ...) -> boolean",
            _("Whether the weights of the answers that are yes sum up so; −1 sets no limit."),
        ),
    ],
    "selects": [
        ("selected(list: text, choice: text) -> boolean", _("Whether the choice is among those selected.")),
        ("selected-at(list: text, index: number) -> text", _("The choice at a place, counted from 0.")),
        ("count-selected(list: text) -> number", _("How many choices are selected.")),
        (
            "jr:choice-name(choice: text, question: question) -> text",
            _("The label of a choice in the present language; the question as '${name}'."),
        ),
    ],
    "repeats": [
        ("count(entries: nodes) -> number", _("How many entries a repeat has.")),
        ("count-non-empty(answers: nodes) -> number", _("How many of the answers are given.")),
        (
            "sum(answers: nodes) -> number",
            _("The sum of the answers; those that are no numbers are left out."),
        ),
        ("min(answers: nodes, ...) -> number", _("The smallest number; what is no number is left out.")),
        ("max(answers: nodes, ...) -> number", _("The largest number; what is no number is left out.")),
        (
            "position(entry: entry?) -> number",
            _("The number of the entry: position(..), position(${repeat}); in square brackets position()."),
        ),
        (
            "indexed-repeat(answer: field, repeat: repeat, index: number, ...) -> text",
            _("The answer in the entry of that number, from 1; for nested repeats up to three pairs."),
        ),
    ],
    "texts": [
        (
            "regex(text: text, pattern: pattern) -> boolean",
            _("Whether the whole text has the form of the pattern."),
        ),
        ("contains(text: text, part: text) -> boolean", _("Whether the part occurs in the text.")),
        ("starts-with(text: text, part: text) -> boolean", _("Whether the text begins with the part.")),
        ("ends-with(text: text, part: text) -> boolean", _("Whether the text ends with the part.")),
        (
            "substr(text: text, start: number, end: number?) -> text",
            _("From start to before end, counted from 0; a negative number counts from the end."),
        ),
        (
            "substring(text: text, start: number, length: number?) -> text",
            _("As XPath has it: counted from 1."),
        ),
        ("substring-before(text: text, part: text) -> text", _("What stands before the part.")),
        ("substring-after(text: text, part: text) -> text", _("What stands after the part.")),
        (
            "translate(text: text, from: text, to: text) -> text",
            _("Each sign of from replaced by the one in its place of to, or taken out."),
        ),
        ("string-length(text: text = .) -> number", _("How many signs the text has.")),
        ("normalize-space(text: text = .) -> text", _("Without spaces at the ends and double ones between.")),
        ("concat(part: nodes, ...) -> text", _("The parts one after another.")),
        ("join(separator: text, part: nodes, ...) -> text", _("The parts with the separator between them.")),
        ("string(value: any) -> text", _("The value as text.")),
    ],
    "truth": [
        ("true() -> boolean", _("True.")),
        ("false() -> boolean", _("False.")),
        ("not(value: boolean) -> boolean", _("The opposite.")),
        ("boolean(value: boolean) -> boolean", _("False for an empty answer, 0 and false; else true.")),
        ("boolean-from-string(text: text) -> boolean", _("True for the texts “true” and “1” only.")),
    ],
    "numbers": [
        ("number(value: number) -> number", _("The value as number; a date as its days since 1970.")),
        ("int(value: number) -> number", _("Without the part behind the point.")),
        ("round(value: number, places: number?) -> number", _("Rounded to so many places, halves upwards.")),
        ("floor(value: number) -> number", _("The next whole number below.")),
        ("ceiling(value: number) -> number", _("The next whole number above.")),
        ("abs(value: number) -> number", _("The number without its sign.")),
        ("pow(base: number, exponent: number) -> number", _("The base to the power of the exponent.")),
        ("sqrt(value: number) -> number", _("The square root.")),
        ("exp(value: number) -> number", _("e to the power of the value.")),
        ("exp10(value: number) -> number", _("Ten to the power of the value.")),
        ("log(value: number) -> number", _("The natural logarithm.")),
        ("log10(value: number) -> number", _("The logarithm to base ten.")),
        ("pi() -> number", _("The number π.")),
        ("sin(angle: number) -> number", _("The sine of an angle in radians.")),
        ("cos(angle: number) -> number", _("The cosine of an angle in radians.")),
        ("tan(angle: number) -> number", _("The tangent of an angle in radians.")),
        ("asin(value: number) -> number", _("The angle with this sine.")),
        ("acos(value: number) -> number", _("The angle with this cosine.")),
        ("atan(value: number) -> number", _("The angle with this tangent.")),
        ("atan2(y: number, x: number) -> number", _("The angle of the direction to x, y.")),
    ],
    "dates": [
        ("today() -> text", _("Today's date in the district.")),
        ("now() -> text", _("The present moment in the district.")),
        ("date(value: number) -> text", _("A date, from a date-time or a number of days.")),
        (
            "date-time(value: number) -> text",
            _("A date-time in the district's time, from a date or a number of days."),
        ),
        ("decimal-date-time(value: number) -> number", _("Days since 1970-01-01 in the district's time.")),
        ("decimal-time(time: text) -> number", _("A time as part of a day: noon is 0.5.")),
        ("format-date(date: any, format: format) -> text", _("A date in a form such as '%Y-%m-%d'.")),
        (
            "format-date-time(date: any, format: format) -> text",
            _("A date-time in a form such as '%Y-%m-%d %H:%M'."),
        ),
    ],
    "places": [
        (
            "area(shape: nodes) -> number",
            _("Square metres of a geoshape, or within the geopoints of a repeat."),
        ),
        ("distance(path: nodes, ...) -> number", _("Metres along a geotrace, a geoshape or geopoints.")),
    ],
}

FUNCTIONS: dict[str, Function] = {}
GROUP_OF: dict[str, str] = {}
for _group, _rows in _TABLE.items():
    for _signature, _meaning in _rows:
        _function = Function.of(_signature, _meaning)
        FUNCTIONS[_function.name], GROUP_OF[_function.name] = _function, _group

_CHANCE = _("Chance cannot be repeated: server and phone would not agree.")
_ELSEWHERE = _(
    "Other lists are not looked up from an expression; facts of a place come from the place itself."
)
_PLUMBING = _("It is about the form's file, not about answers.")
_TREE = _("Answers are referred to by name, not by their place in a document.")
_GUESSED = _("What is hidden by a digest can be found by trying; personal data is protected by other means.")

# Named by ODK, XPath or Enketo, and refused with the reason.
REFUSED: dict[str, Any] = {
    "random": _CHANCE,
    "randomize": _CHANCE,
    "uuid": _CHANCE,
    "digest": _GUESSED,
    "base64-decode": _GUESSED,
    "extract-signed": _GUESSED,
    "instance": _ELSEWHERE,
    "pulldata": _ELSEWHERE,
    "property": _PLUMBING,
    "version": _PLUMBING,
    "jr:itext": _PLUMBING,
    "depend": _PLUMBING,
    "current": _TREE,
    "id": _TREE,
    "lang": _TREE,
    "last": _TREE,
    "local-name": _TREE,
    "name": _TREE,
    "namespace-uri": _TREE,
    "decimal-date": _("Use decimal-date-time()."),
    "is-selected": _("Use selected()."),
    "enclosed-area": _("Use area()."),
    "geofence": _("Whether a point lies in an area is asked of the district's map, not of an answer."),
    "intersects": _("Whether a line crosses itself is looked at on the map."),
}
