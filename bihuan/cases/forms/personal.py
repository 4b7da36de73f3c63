"""What people send in about their own data. They check shape, and whether somebody knows the number."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.cases.models import Report
from bihuan.cases.rules.personal import DIGITS, digits_fit, needs_digits
from bihuan.core.personal import normal_phone


class OwnForm(forms.Form):
    """Asks for the last digits of the number, where one was left and somebody comes with the code alone.

    `locked`: too many wrong ones were typed; then they are not even compared.
    """

    digits = forms.CharField(
        label=_("The last four digits of the phone number you left"),
        max_length=DIGITS,
        min_length=DIGITS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-no-draft": ""}),
    )
    ids = ""

    def __init__(self, *args: Any, report: Report, by: Any, locked: bool = False, **kwargs: Any):
        kwargs["auto_id"] = f"{self.ids}_%s"  # two of them share a page
        super().__init__(*args, **kwargs)
        self.report, self.locked = report, locked
        if not needs_digits(report, by):
            del self.fields["digits"]
        else:
            self.order_fields([*(name for name in self.fields if name != "digits"), "digits"])

    def clean_digits(self) -> str:
        digits: str = self.cleaned_data["digits"]
        if self.locked:
            raise forms.ValidationError(
                _("Too many wrong digits. Please try again in a quarter of an hour."), code="locked"
            )
        if not digits_fit(self.report, digits):
            raise forms.ValidationError(
                _("These are not the last four digits of the number you left."), code="wrong"
            )
        return digits


class CorrectForm(OwnForm):
    """Name and number anew. An empty number leaves the one that is there."""

    ids = "correct"

    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=60, required=False)
    phone = forms.CharField(
        label=_("New phone number"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "data-no-draft": ""}),
    )
    remove_phone = forms.BooleanField(label=_("Forget my phone number"), required=False)

    def __init__(self, *args: Any, report: Report, **kwargs: Any):
        kwargs.setdefault("initial", {"name": report.name})
        super().__init__(*args, report=report, **kwargs)
        if report.phone_index:
            self.fields["phone"].help_text = _("Leave it empty to keep the number that is there.")
        else:
            del self.fields["remove_phone"]

    def clean_phone(self) -> str:
        text: str = self.cleaned_data["phone"]
        if not text:
            return ""
        try:
            return normal_phone(text)
        except ValueError as error:
            raise forms.ValidationError(_("This is not a phone number.")) from error

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        remove = data.pop("remove_phone", False)
        data["phone"] = "" if remove else (data.get("phone") or None)
        return data


class EraseForm(OwnForm):
    """Asks once more."""

    ids = "erase"
    sure = forms.BooleanField(label=_("Yes, erase it. It cannot be brought back."))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data.pop("sure", None)
        return data


class EraseAccountForm(forms.Form):
    sure = forms.BooleanField(label=_("Yes, close my account and erase my data. It cannot be brought back."))
