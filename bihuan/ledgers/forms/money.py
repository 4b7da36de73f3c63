"""The forms of a reckoning and of rates. They check shape, not rights."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.core.clock import today
from bihuan.ledgers.definition import Rate, Words
from bihuan.ledgers.definition.glossary import unit_words
from bihuan.ledgers.models import MoneyLine
from bihuan.ledgers.queries.money import Money, Rated, rate_name


def _quantity(label: Any, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=13, decimal_places=4, **more)


class MoneyForm(forms.Form):
    """A verb's form; `money` is there for choices."""

    def __init__(self, *args: Any, money: Money, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.money = money
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and first values."""

    @property
    def arguments(self) -> dict[str, Any]:
        return self.cleaned_data


class NothingForm(MoneyForm):
    """A verb that asks for nothing."""


class AddForm(MoneyForm):
    rate = forms.ChoiceField(label=_("Rate"))
    quantity = _quantity(_("Quantity"), min_value=Decimal("0.0001"))

    def prepare(self) -> None:
        shown: Any = self.fields["rate"]
        shown.choices = [
            (one["code"], f"{rate_name(one)} · {one['amount']} / {unit_words(one['unit'])}")
            for one in self.money.rates
        ]


class SubsidyForm(MoneyForm):
    name = forms.CharField(label=_("What it is for"), max_length=120)
    amount = _quantity(_("Amount for one, yuan"))
    quantity = _quantity(_("Quantity"), min_value=Decimal("0.0001"), initial=1)
    unit = forms.CharField(label=_("Unit"), max_length=20, required=False)


class LineForm(MoneyForm):
    """A verb of one line."""

    line = forms.ChoiceField(label=_("Line"))

    def prepare(self) -> None:
        shown: Any = self.fields["line"]
        shown.choices = [
            (str(one.pk), f"{one.name} · {one.quantity.normalize():f} {unit_words(one.unit)}")
            for one in self.money.lines
        ]

    def clean_line(self) -> MoneyLine:
        return next(one for one in self.money.lines if str(one.pk) == self.cleaned_data["line"])


class CorrectForm(LineForm):
    quantity = _quantity(_("Right quantity"), min_value=Decimal(0))
    reason = forms.CharField(label=_("Reason"), max_length=200)


class LateForm(MoneyForm):
    name = forms.CharField(label=_("What it is for"), max_length=120)
    amount = _quantity(_("Amount, yuan"), help_text=_("What is taken off has a minus."))
    reason = forms.CharField(label=_("Reason"), max_length=200)


class RatesForm(forms.Form):
    """A new version of rates: only amounts that changed get a new line, from a day on."""

    basis = forms.CharField(
        label=_("Legal basis"), max_length=200, help_text=_("The document that these rates rest on.")
    )
    valid_from = forms.DateField(
        label=_("In force from"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, *args: Any, known: Sequence[Rated], **kwargs: Any):
        kwargs.setdefault("initial", {}).setdefault("valid_from", today())
        super().__init__(*args, **kwargs)
        self.known = list(known)
        self.last: dict[str, Rated] = {}
        for one in sorted(self.known, key=lambda rate: str(rate["valid_from"])):
            self.last[one["code"]] = one
        for position, one in enumerate(self.last.values()):
            self.fields[f"amount_{position}"] = forms.DecimalField(
                label=gettext("%(name)s, yuan for one %(unit)s")
                % {"name": rate_name(one), "unit": unit_words(one["unit"]) or "—"},
                max_digits=14,
                decimal_places=4,
                min_value=Decimal(0),
                initial=format(Decimal(one["amount"]), "f"),
            )

    def rates(self) -> list[Rate]:
        """Those of before, and a line for each amount that changed; of the same day the new one counts."""
        day = self.cleaned_data["valid_from"]
        changed = {
            code: self.cleaned_data[f"amount_{position}"]
            for position, (code, one) in enumerate(self.last.items())
            if self.cleaned_data[f"amount_{position}"] != Decimal(one["amount"])
        }
        same_day = {(code, day.isoformat()) for code in changed}
        kept = [_rate(one) for one in self.known if (one["code"], str(one["valid_from"])) not in same_day]
        new = [
            _rate(self.last[code] | {"amount": str(a), "valid_from": day.isoformat()})
            for code, a in changed.items()
        ]
        return [*kept, *new]


def _rate(one: Rated) -> Rate:
    return Rate(
        code=one["code"],
        name=Words(one["name"], one["name_en"]),
        unit=one["unit"],
        amount=Decimal(one["amount"]),
        valid_from=date.fromisoformat(str(one["valid_from"])),
        quantity=one.get("quantity") or "",
    )
