"""What can be wrong with an expression: where, what, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Sentences:
    """What is wrong, and what to do about it, lazily translated; `closer` when something similar is known."""

    what: Any
    remedy: Any
    closer: Any = None


FAULTS: dict[str, Sentences] = {
    "expression.empty": Sentences(
        _("The expression is empty."), _("Write an expression, or leave the cell empty.")
    ),
    "expression.too_long": Sentences(
        _("The expression is longer than %(most)s characters."),
        _("Put a part of it into a calculate row of its own, and refer to that row."),
    ),
    "expression.too_deep": Sentences(
        _("Brackets are nested more than %(most)s deep."),
        _("Put a part of it into a calculate row of its own, and refer to that row."),
    ),
    "expression.odd_sign": Sentences(
        _("“%(sign)s” has no meaning in an expression."), _("Take it out, or put text between quotes.")
    ),
    "expression.looks_alike": Sentences(_("“%(sign)s” is not the right sign."), _("Write %(instead)s.")),
    "expression.open_text": Sentences(
        _("A text is not closed."), _("Add the quote that closes it; both must be the same, ' or \".")
    ),
    "expression.open_field": Sentences(
        _("A reference to a field is not closed."), _("Write it as ${name}, with both braces.")
    ),
    "expression.field_name": Sentences(
        _("“%(name)s” is not a field's name."),
        _("Between the braces stands the name of a field, as in the column “name”."),
    ),
    "expression.last_saved": Sentences(
        _("Values of the last saved record (last-saved#) are not supported."),
        _("Use a default, or a fact of the place: the system already knows it."),
    ),
    "expression.value_expected": Sentences(
        _("A value is missing before “%(found)s”."),
        _("Here belongs a field ${name}, a number, a text in quotes, or a function."),
    ),
    "expression.unfinished": Sentences(
        _("The expression stops in the middle."),
        _("Complete it: a value or a bracket is missing at its end."),
    ),
    "expression.operator_expected": Sentences(
        _("“%(found)s” follows a value without an operator between them."),
        _("Join the two with an operator such as and, or, =, + or div; use concat() for texts."),
    ),
    "expression.path": Sentences(
        _("Paths such as /data/name or ../name are not supported."),
        _("Refer to a field as ${name}; write division as div."),
    ),
    "expression.unknown_function": Sentences(
        _("There is no function %(name)s()."),
        _("See the list of functions; names are written in small letters."),
    ),
    "expression.refused_function": Sentences(_("%(name)s() is not supported here."), "%(reason)s"),
    "expression.arguments": Sentences(
        _("%(name)s() is given %(given)s values."), _("Write it as %(signature)s.")
    ),
    "expression.paired": Sentences(
        _("%(name)s() needs a weight for each answer."), _("Write it as %(signature)s.")
    ),
    "expression.written_out": Sentences(
        _("%(name)s() needs its pattern written out in quotes."),
        _("Write the pattern itself: it cannot come from a field."),
    ),
    "expression.quoted_field": Sentences(
        _("%(name)s() needs the name of a select field in quotes."), _("Write it as '${name}'.")
    ),
    "expression.field_needed": Sentences(
        _("%(name)s() needs a reference to a field or repeat here."), _("Write it as ${name}.")
    ),
    "expression.position": Sentences(
        _("position() without a value counts only inside square brackets."),
        _("Write position(..) for the number of the repeat's entry."),
    ),
    "expression.dot_in_filter": Sentences(
        _("“.” and “..” have no meaning inside square brackets."),
        _("Name the repeat's field, as in ${people}[age < 18]; the entry outside is position(current()/..)."),
    ),
    "expression.date_sign": Sentences(_("%(sign)s is no sign of %(name)s()."), _("Known are %(known)s.")),
    "expression.pattern_unfinished": Sentences(
        _("The pattern stops in the middle."), _("Close each bracket; write \\( for a bracket itself.")
    ),
    "expression.pattern_unsupported": Sentences(
        _("“%(part)s” is not supported in a pattern."),
        _("Supported are characters, . ^ $ | ( ) [ ] * + ? {2,3}, \\d \\w \\s and \\p{L}; see the guide."),
    ),
    "expression.pattern_too_large": Sentences(
        _("The pattern is too large."), _("Make it shorter, with smaller numbers in braces.")
    ),
    "expression.unknown_field": Sentences(
        _("There is no field “%(name)s”."),
        _("Use a name from the column “name”."),
        _("Did you mean ${%(close)s}?"),
    ),
    "expression.unknown_column": Sentences(
        _("There is no column or field “%(name)s” here."), _("Known are: %(known)s.")
    ),
    "expression.bare_name": Sentences(
        _("“%(name)s” is neither a field nor a text."),
        _("Write ${%(name)s} for the field, '%(name)s' for the text."),
    ),
    "expression.repeat_has_no_value": Sentences(
        _("“%(name)s” is a repeat and has no value of its own."),
        _("Count it with count(${%(name)s}), or refer to a field in it."),
    ),
    "expression.not_a_repeat": Sentences(
        _("“%(name)s” is not a repeat."), _("Put here the name of a repeat.")
    ),
    "expression.not_in_repeat": Sentences(
        _("The field is not inside this repeat, so it has no position there."),
        _("Use it inside the repeat, or count(${repeat})."),
    ),
    "expression.not_in_that_repeat": Sentences(
        _("“%(name)s” is not inside these repeats."),
        _("Name the repeats around the field, the outermost first."),
    ),
    "expression.no_own_value": Sentences(
        _("“.” means the field's own value, and there is none here."), _("Refer to the field as ${name}.")
    ),
    "expression.cycle": Sentences(
        _("Calculations refer to each other in a circle: %(circle)s."),
        _("Take one of the references out."),
    ),
}


class Fault(Exception):
    """An expression is wrong: a code, the place in its text, and two sentences for its author."""

    def __init__(self, code: str, position: int = 0, **given: Any):
        self.code = code
        self.position = position
        self.given = given
        super().__init__(code, position)

    @property
    def what(self) -> str:
        return str(FAULTS[self.code].what) % self._said()

    @property
    def remedy(self) -> str:
        sentences = FAULTS[self.code]
        closer = sentences.closer if self.given.get("close") else None
        return str(closer or sentences.remedy) % self._said()

    def _said(self) -> dict[str, str]:
        return {name: str(value) for name, value in self.given.items()}

    def __str__(self) -> str:
        return f"{self.code} at {self.position}"
