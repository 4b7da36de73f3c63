"""What is asked for once when several cases are done at once."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import Unit
from bihuan.cases.forms.acts import UnitField, note_field
from bihuan.cases.queries.joint import units_with_handlers


class BatchForm(forms.Form):
    """A verb's form for many. `token` makes a second press the same press."""

    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("token", uuid4())

    @property
    def arguments(self) -> dict[str, Any]:
        """What was filled in, as it is kept with the batch."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "token" and value}
        return {name: getattr(value, "pk", value) for name, value in told.items()}


class BatchVerifyForm(BatchForm):
    question = note_field(_("What should the grid workers look for?"))


class BatchAssignForm(BatchForm):
    unit = UnitField(label=_("Handling unit"), queryset=Unit.objects.none())
    note = note_field(_("Note for the unit"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_with_handlers()  # type: ignore[attr-defined]


FORMS = {
    "send_to_verify": BatchVerifyForm,
    "assign": BatchAssignForm,
    "acknowledge": BatchForm,
    "close": BatchForm,
}
