"""What is asked for once when several items are done at once."""

from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import User
from bihuan.ledgers.forms.verbs import PersonField, TeamField
from bihuan.ledgers.models import Campaign, Team


class BatchForm(forms.Form):
    """A verb's form for many items. `token` makes a second press the same press."""

    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, data: Any, *, campaign: Campaign, teams: QuerySet[Team], people: QuerySet[User], **kwargs: Any
    ):
        super().__init__(data, **kwargs)
        self.campaign = campaign
        self.initial.setdefault("token", uuid4())
        self.prepare(teams, people)

    def prepare(self, teams: QuerySet[Team], people: QuerySet[User]) -> None:
        """Fill choices."""

    @property
    def arguments(self) -> dict[str, Any]:
        """What was filled in, as it is kept with the batch."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "token" and value}
        return {name: getattr(value, "pk", value) for name, value in told.items()}


class BatchAssignForm(BatchForm):
    team = TeamField(label=_("Team"), required=False, queryset=Team.objects.none(), empty_label=_("as it is"))
    responsible = PersonField(
        label=_("Answers for it"), required=False, queryset=User.objects.none(), empty_label=_("as it is")
    )

    def prepare(self, teams: QuerySet[Team], people: QuerySet[User]) -> None:
        shown: Any = self.fields
        shown["team"].queryset, shown["responsible"].queryset = teams, people

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("team") and not data.get("responsible"):
            raise forms.ValidationError(_("Choose a team or a person."))
        return data


class BatchStepForm(BatchForm):
    """Takes the step at which the items stand; what it asks for must be there already."""

    step = forms.ChoiceField(label=_("Which step is done?"))

    def prepare(self, teams: QuerySet[Team], people: QuerySet[User]) -> None:
        shown: Any = self.fields
        steps = self.campaign.edition.definition.steps
        shown["step"].choices = [(one.code, str(one.name)) for one in steps]


FORMS: dict[str, type[BatchForm]] = {"assign": BatchAssignForm, "take_step": BatchStepForm}
