"""The forms of merging, of the backlog and of appeals."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from bihuan.cases.forms.acts import ActForm, note_field
from bihuan.cases.models import Against, Appeal, AppealState, Case, Party
from bihuan.cases.models.appeal import UNIT_GROUNDS
from bihuan.cases.queries import case_by_number
from bihuan.cases.queries.alike import Alike, alike_cases
from bihuan.cases.queries.appeals import appeals_of
from bihuan.core.text import normalise


class MergeForm(ActForm):
    above = "cases/_merge_above.html"
    into = forms.CharField(
        label=_("Number of the case that it is merged into"),
        max_length=40,
        help_text=_("Its reporters then follow that case, with the tracking code they have."),
    )
    note = note_field(_("Note for colleagues"))

    @cached_property
    def alike(self) -> list[Alike]:
        return alike_cases(self.case, self.user)

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


class AppealForm(forms.Form):
    """A reporter's appeal, on their tracking page."""

    reason = note_field(_("Why do you not agree?"), required=True, rows=4)


class AppealAsUnitForm(ActForm):
    against = forms.ChoiceField(
        label=_("Against what?"),
        choices=[(ground.value, ground.label) for ground in UNIT_GROUNDS],
        widget=forms.RadioSelect,
    )
    reason = note_field(_("Why it should not count against your unit"), required=True, rows=4)


class AppealChoice(forms.ModelChoiceField):
    """A choice among the appeals about one case."""

    def label_from_instance(self, obj: Any) -> str:
        who = _("Reporter") if obj.party == Party.REPORTER else obj.unit.label
        return f"{who}: {Against(obj.against).label}"


class DecideAppealForm(ActForm):
    above = "cases/_decide_above.html"
    appeal = AppealChoice(
        label=_("Which appeal?"), queryset=Appeal.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    upheld = forms.TypedChoiceField(
        label=_("Ruling"),
        choices=[
            ("yes", _("Upheld: whoever appealed is right")),
            ("no", _("Rejected: the decision stands")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    ruling = note_field(_("Reason, which both sides read"), required=True, rows=4)

    @property
    def appeals(self) -> Iterable[Appeal]:
        return [one for one in appeals_of(self.case) if one.state == AppealState.ASKED]

    def prepare(self) -> None:
        open_ones = self.case.appeals.filter(state=AppealState.ASKED).select_related("unit").order_by("id")
        self.fields["appeal"].queryset = open_ones  # type: ignore[attr-defined]
        first = open_ones.first()
        self.initial.setdefault("appeal", first.pk if first else None)
