"""The form of a look-alike sweep: by which ledger, over which places of which areas, how long."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bihuan.core.clock import today
from bihuan.ledgers.forms.campaigns import DateField
from bihuan.ledgers.forms.keeping import AreaChoice
from bihuan.ledgers.models import Ledger, Visibility
from bihuan.territory.models import Area, AreaQuerySet, PlaceKind


class LedgerChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label)


class AreasChoice(AreaChoice, forms.ModelMultipleChoiceField):
    """Several areas, each set in below the one it lies in."""


class SweepForm(forms.Form):
    ledger = LedgerChoice(
        label=_("Ledger"),
        queryset=Ledger.objects.none(),
        help_text=_("What is looked at in each place, and in which steps."),
    )
    name = forms.CharField(label=_("Name of the sweep"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=160, required=False)
    kind = forms.ChoiceField(label=_("Which places"), choices=PlaceKind.choices)
    areas = AreasChoice(
        label=_("In these areas"),
        queryset=Area.objects.none(),
        widget=forms.SelectMultiple(attrs={"size": 10}),
        help_text=_("Several with Ctrl. An area holds those below it; each place becomes one item."),
    )
    starts_on = DateField(label=_("Begins on"))
    ends_on = DateField(label=_("Ends on"))
    visibility = forms.ChoiceField(
        label=_("Who sees the items, besides the task force"), choices=Visibility.choices
    )

    def __init__(self, *args: Any, ledgers: QuerySet[Ledger], areas: AreaQuerySet, **kwargs: Any):
        first = {
            "starts_on": today(),
            "ends_on": today() + timedelta(days=14),
            "visibility": Visibility.STAFF,
            "kind": PlaceKind.COMPOUND,
        }
        kwargs["initial"] = first | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["ledger"].queryset = ledgers  # type: ignore[attr-defined]
        self.fields["areas"].queryset = areas  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("A campaign cannot end before it begins."))
        return data
