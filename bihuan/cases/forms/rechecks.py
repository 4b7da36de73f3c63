"""The form of a re-check, and what an inspector says to a doubt about photos."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.cases.forms.acts import ActForm, note_field
from bihuan.files.fields import PhotosField


class RecheckForm(ActForm):
    held = forms.TypedChoiceField(
        label=_("Does the result hold on the spot?"),
        choices=[("yes", _("yes, it stays closed")), ("no", _("no, the unit takes it up again"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = note_field(_("What did you find?"))
    photos = PhotosField(label=_("Photos"), required=False)

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if data.get("held") is False and not data.get("note"):
            self.add_error("note", _("Say what does not hold: the unit must know what to do."))
        return data
