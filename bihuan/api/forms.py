"""The form of a new token."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.api.models import Scope
from bihuan.api.rules import DAYS, LONGEST
from bihuan.core.clock import today


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("What is it for?"),
        max_length=60,
        help_text=_("You will tell your tokens apart by this."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What may the program do?"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Never more than you yourself may do at that moment."),
    )
    expires_on = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("expires_on", today() + timedelta(days=DAYS))
        self.fields["expires_on"].widget.attrs.update(
            min=today().isoformat(), max=(today() + LONGEST).isoformat()
        )

    def clean_expires_on(self) -> Any:
        day = self.cleaned_data["expires_on"]
        if not today() <= day <= today() + LONGEST:
            raise forms.ValidationError(
                _("Choose a day from today on, within %(days)s days.") % {"days": LONGEST.days}
            )
        return day
