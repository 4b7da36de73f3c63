"""The forms of a household's own file."""

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST = 2_000


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code of your file"),
        max_length=60,
        help_text=_("It is on the paper that you were given, as ABCD-2345-EFGH."),
        widget=forms.TextInput(
            attrs={
                "class": "form-control-lg font-monospace text-uppercase",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
    )


class RemarkForm(forms.Form):
    text = forms.CharField(
        label=_("What should be corrected?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Who answers for your file reads it and answers here."),
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Answer to the household"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )
