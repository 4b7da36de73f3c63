"""Looks at one expression of a form while it is written: what is wrong with it, or which fields it names."""

from dataclasses import dataclass
from typing import Any

from django import forms

from bihuan.core.text import clean
from bihuan.ledgers.definition import Definition
from bihuan.ledgers.definition.lines import STRAIGHT
from bihuan.ledgers.definition.model import FIELD as FIELD_OF
from bihuan.ledgers.definition.parts import FIELD, FIGURE, named_in, repeats_above
from bihuan.ledgers.definition.tracing import check_text

OWN = ("constraint", "calculation")


@dataclass(frozen=True)
class Found:
    """What is said of an expression: its faults, or the fields that it names as people call them."""

    text: str
    faults: list[Any]
    names: list[str]


class CheckForm(forms.Form):
    """The form of a part with the box that is looked at; all other boxes are taken as they are."""

    box = forms.CharField(max_length=40)
    kind = forms.CharField(max_length=20)

    def __init__(self, data: Any, *, definition: Definition):
        super().__init__(data)
        self.definition = definition

    def found(self) -> Found:
        if not self.is_valid():
            return Found("", [], [])
        box, kind = self.cleaned_data["box"], self.cleaned_data["kind"]
        text = clean(self.data.get(box, "")).translate(STRAIGHT)
        if not text:
            return Found("", [], [])
        faults = check_text(
            self.definition,
            text,
            inside=self._around(kind),
            own=kind == FIELD and box in OWN,
            filters=self.data.get("choice_list", "") if box == "choice_filter" else "",
        )
        fields = (self.definition.find(name) for name in named_in(text))
        return Found(text, faults, [str(one.label or one.name) for one in fields if one is not None])

    def _around(self, kind: str) -> tuple[str, ...]:
        """The repeats in whose entries the expression is reckoned."""
        if kind == FIGURE:
            name = str(self.data.get("of", "")).removeprefix(FIELD_OF)
        elif kind == FIELD:
            name = str(self.data.get("where", ""))
        else:
            return ()
        return repeats_above(self.definition, name)
