"""The forms of merging, of the backlog and of appeals."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.cases.forms.acts import ActForm, note_field
from bihuan.cases.models import Case
from bihuan.cases.queries import case_by_number
from bihuan.core.text import normalise


class MergeForm(ActForm):
    into = forms.CharField(
        label=_("Number of the case that it is merged into"),
        max_length=40,
        help_text=_("Its reporters then follow that case, with the tracking code they have."),
    )
    note = note_field(_("Note for colleagues"))

    def clean_into(self) -> Case:
        found = case_by_number(self.user, normalise(self.cleaned_data["into"])).first()
        if found is None:
            raise forms.ValidationError(_("You see no case with this number."))
        return found


class UnmergeForm(ActForm):
    reason = note_field(_("Why is it another problem?"), required=True)


class BacklogForm(ActForm):
    reason = note_field(
        _("Why it cannot be settled for now"),
        required=True,
        help_text=_("The reporter reads this. In a quarter of a year the district looks at it again."),
    )


class ReviewBacklogForm(ActForm):
    kept = forms.TypedChoiceField(
        label=_("What follows?"),
        choices=[("no", _("The unit takes it up now")), ("yes", _("It stays for another quarter"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = note_field(_("Reason, told to the reporter"), required=True)
