"""What figures can be narrowed to, and the weights of the score."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.core.rendering import LongSelect
from bihuan.insight.catalogue import INDICATORS

SELECT = {"class": "form-select"}


def indented(things: Iterable[Any], depth: Any) -> list[tuple[Any, str]]:
    """Choices of a tree: what lies below is set in."""
    return [(thing.pk, "\u3000" * depth(thing) + thing.label) for thing in things]


class SliceForm(forms.Form):
    """The choices above the figures. What somebody may choose is handed in; views ask again."""

    area = forms.ChoiceField(label=_("Area"), required=False, widget=LongSelect(attrs=SELECT))
    unit = forms.ChoiceField(label=_("Unit"), required=False, widget=LongSelect(attrs=SELECT))
    matter = forms.ChoiceField(label=_("Matter"), required=False, widget=LongSelect(attrs=SELECT))

    def __init__(
        self,
        *args: Any,
        areas: list[Any],
        units: list[Any],
        matters: list[Any],
        any_unit: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        top = min((area.depth for area in areas), default=0)
        self._choose("area", indented(areas, lambda area: area.depth - top))
        least = min((unit.depth for unit in units), default=0)
        all_units = [("", _("all units"))] if any_unit else []
        self._choose("unit", [*all_units, *indented(units, lambda unit: unit.depth - least)])
        self._choose(
            "matter",
            [("", _("all matters")), *indented(matters, lambda matter: 1 if matter.parent_id else 0)],
        )

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class WeightsForm(forms.Form):
    """A weight for each indicator that can have one, and the day from which they hold."""

    starts_on = forms.DateField(
        label=_("Valid for periods that begin on or after"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("A day that is still to come. Scores of periods that began before stay as they are."),
    )

    def __init__(self, *args: Any, weights: dict[str, float] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, indicator in INDICATORS.items():
            if indicator.weighs:
                self.fields[code] = forms.IntegerField(
                    label=indicator.name,
                    min_value=0,
                    max_value=100,
                    required=False,
                    initial=(weights or {}).get(code, 0),
                    help_text=indicator.formula,
                )

    @property
    def starts(self) -> date:
        found: date = self.cleaned_data["starts_on"]
        return found

    @property
    def weights(self) -> dict[str, int]:
        return {code: self.cleaned_data.get(code) or 0 for code in self.fields if code != "starts_on"}
