"""Writes simple conditions for people who do not write expressions: a field, how it compares, a value."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.core.text import clean
from bihuan.ledgers.definition import Definition, model

IS, IS_NOT, FILLED, EMPTY, LEAST, MOST, AFTER, BEFORE, PAST, FUTURE, SHORT = (
    "is", "is_not", "filled", "empty", "least", "most", "after", "before", "past", "future", "short",
)  # fmt: skip
HOW = {
    IS: _("is"),
    IS_NOT: _("is not"),
    FILLED: _("is filled in"),
    EMPTY: _("is empty"),
    LEAST: _("is at least"),
    MOST: _("is at most"),
    AFTER: _("is on or after the day"),
    BEFORE: _("is on or before the day"),
}
OF_ITSELF = {
    LEAST: _("is at least"),
    MOST: _("is at most"),
    SHORT: _("has at most so many characters"),
    PAST: _("is not after today"),
    FUTURE: _("is not before today"),
    AFTER: _("is on or after the day"),
    BEFORE: _("is on or before the day"),
    IS_NOT: _("is not"),
}
WITHOUT_VALUE = (FILLED, EMPTY, PAST, FUTURE)
OF_NUMBERS, OF_DAYS = (LEAST, MOST, SHORT), (AFTER, BEFORE)
NUMBER = re.compile(r"-?\d+(\.\d+)?")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class BuilderForm(forms.Form):
    """One comparison. Of a condition for an answer itself there is no field to choose."""

    use_required_attribute = False

    field = forms.ChoiceField(label=_("Field"))
    how = forms.ChoiceField(label=_("How it compares"))
    value = forms.CharField(label=_("Value"), required=False, max_length=200)

    def __init__(self, definition: Definition, data: Any = None, *, prefix: str, own: bool):
        super().__init__(data, prefix=prefix)
        self.definition = definition
        for box in self.fields.values():
            select = isinstance(box, forms.ChoiceField)
            box.widget.attrs["class"] = "form-select" if select else "form-control"
        if own:
            del self.fields["field"]
        else:
            rows = [one for one in definition.walk() if one.asks or one.type == model.CALCULATE]
            self._choose("field", [(one.name, str(one.label or one.name)) for one in rows])
        self._choose("how", list((OF_ITSELF if own else HOW).items()))

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        box = self.fields[name]
        assert isinstance(box, forms.ChoiceField)
        box.choices = choices

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        how, value = data.get("how", ""), clean(data.get("value", ""))
        data["value"] = value
        if how in OF_NUMBERS and not NUMBER.fullmatch(value):
            self.add_error("value", _("Write a number to compare with."))
        elif how in OF_DAYS and not DAY.fullmatch(value):
            self.add_error("value", _("Write the day as 2026-01-31."))
        elif how and how not in WITHOUT_VALUE and not value:
            self.add_error("value", _("Write what to compare with."))
        elif "'" in value and '"' in value:
            self.add_error("value", _("A value cannot have both kinds of quotes."))
        return data


def built(definition: Definition, *, how: str, value: str, own: bool, field: str = "") -> str:
    """The expression of a comparison."""
    one = None if own else definition.find(field)
    left = "." if own else f"${{{field}}}"
    if how == FILLED:
        return f"{left} != ''"
    if how == EMPTY:
        return f"{left} = ''"
    if how == PAST:
        return f"{left} <= today()"
    if how == FUTURE:
        return f"{left} >= today()"
    if how == SHORT:
        return f"string-length({left}) <= {value}"
    if how in OF_NUMBERS:
        return f"{left} {'>=' if how == LEAST else '<='} {value}"
    if how in OF_DAYS:
        return f"{left} {'>=' if how == AFTER else '<='} date('{value}')"
    chosen = _choice(definition, one, value) if one is not None else value
    if one is not None and one.type == model.SELECT_MULTIPLE:
        found = f"selected({left}, {_quoted(chosen)})"
        return found if how == IS else f"not({found})"
    numeric = one is not None and one.type in ("integer", "decimal") and NUMBER.fullmatch(chosen)
    return f"{left} {'=' if how == IS else '!='} {chosen if numeric else _quoted(chosen)}"


def _choice(definition: Definition, one: model.Field, value: str) -> str:
    """The name of a choice, where somebody wrote what people read."""
    for choice in definition.list_of(one.list):
        if value in (choice.name, choice.label.zh, choice.label.en):
            return choice.name
    return value


def _quoted(text: str) -> str:
    return f'"{text}"' if "'" in text else f"'{text}'"
