"""Forms for the task force, the milestones, and for moving items to another edition."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.ledgers import rules
from bihuan.ledgers.actions import Goal
from bihuan.ledgers.definition.model import Definition
from bihuan.ledgers.forms.campaigns import DateField, PersonField
from bihuan.ledgers.forms.keeping import AreaChoice
from bihuan.ledgers.models import MEMBER, Campaign, Item, Milestone, Team
from bihuan.ledgers.queries import preparing
from bihuan.ledgers.templatetags.ledger_words import role_name
from bihuan.territory.models import Area

SPARE_MILESTONES = 3


class TeamForm(forms.Form):
    name = forms.CharField(label=_("Name of the team"), max_length=120)
    area = AreaChoice(
        label=_("Its area"),
        queryset=Area.objects.none(),
        required=False,
        empty_label=_("no area of its own"),
        help_text=_("New items there become this team's."),
    )
    answers_for = forms.CharField(label=_("Answers for"), max_length=200, required=False)
    name_en = forms.CharField(label=_("English name"), max_length=160, required=False)

    def __init__(self, *args: Any, campaign: Campaign, team: Team | None = None, **kwargs: Any):
        if team is not None:
            names = [*self.base_fields]
            kwargs["initial"] = {name: getattr(team, name) for name in names}
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = preparing.areas_for_teams(campaign)  # type: ignore[attr-defined]


class JoinForm(forms.Form):
    """Somebody's place in the task force."""

    person = PersonField(label=_("Person"), help_text=_("Type a part of the name and choose."))
    role = forms.ChoiceField(label=_("As"))
    team = forms.ModelChoiceField(
        label=_("In"), queryset=Team.objects.none(), required=False, empty_label=_("over all teams")
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any):
        super().__init__(*args, **kwargs)
        roles = rules.roles_of(campaign)
        self.fields["role"].choices = [(role, role_name(role)) for role in roles]  # type: ignore[attr-defined]
        self.initial.setdefault("role", MEMBER)
        teams = campaign.teams.filter(retired_at=None).order_by("pk")
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("role") == MEMBER and data.get("team") is None and "team" in data:
            self.add_error(
                "team", _("Choose a team. Over all teams stand leaders and roles such as adviser.")
            )
        return data


class MilestoneForm(forms.Form):
    figure = forms.ChoiceField(label=_("Figure"), required=False)
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    on = DateField(label=_("By the day"), required=False)
    amount = forms.DecimalField(
        label=_("To be reached"), max_digits=18, decimal_places=4, min_value=0, required=False
    )

    def __init__(self, *args: Any, definition: Definition, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [(one.code, str(one.name or one.code)) for one in definition.figures]
        self.fields["figure"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        given = [name for name in ("figure", "on", "amount") if data.get(name) not in (None, "")]
        if given and len(given) < 3:
            for name in {"figure", "on", "amount"} - set(given) - set(self.errors):
                self.add_error(name, _("Fill this in, or empty the whole row to leave the milestone out."))
        return data

    @property
    def goal(self) -> Goal | None:
        """What was said, or nothing where the row is empty."""
        data = self.cleaned_data
        if not data.get("figure"):
            return None
        return Goal(figure=data["figure"], name=data["name"], on=data["on"], amount=data["amount"])


class Milestones(forms.BaseFormSet):
    """All milestones of a campaign; an empty row is none."""

    @property
    def goals(self) -> list[Goal]:
        found = [form.goal for form in self.forms]
        return sorted((goal for goal in found if goal is not None), key=lambda goal: goal.on)


MilestoneFormSet = forms.formset_factory(
    MilestoneForm, formset=Milestones, extra=SPARE_MILESTONES, max_num=60
)


def milestone_forms(campaign: Campaign, data: Any = None) -> Milestones:
    """The rows that are there, and some empty ones."""
    rows = list(campaign.milestones.all()) if data is None else []
    first = [_written(one) for one in rows]
    given = {"definition": campaign.edition.definition}
    formset: Any = MilestoneFormSet(data, initial=first, form_kwargs=given, prefix="m")
    return cast(Milestones, formset)


def _written(one: Milestone) -> dict[str, Any]:
    return {"figure": one.figure, "name": one.name, "on": one.on, "amount": f"{one.amount.normalize():f}"}


class UseEditionForm(forms.Form):
    edition = forms.IntegerField(min_value=1)


class MoveForm(forms.Form):
    """Which items go over, and where those go on whose step is gone."""

    items: Any = forms.ModelMultipleChoiceField(
        queryset=Item.objects.none(), error_messages={"required": _("Tick at least one item.")}
    )
    losing = forms.BooleanField(
        label=_("Leave out the answers that do not fit any more; they stay in the history"), required=False
    )
    step = forms.ChoiceField(label=_("Items whose step is gone go on at"), required=False)

    def __init__(self, *args: Any, campaign: Campaign, items: Any, gone: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["items"].queryset = items  # type: ignore[attr-defined]
        if gone:
            steps = campaign.edition.definition.steps
            choices = [(step.code, str(step.name or step.code)) for step in steps]
            self.fields["step"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["step"]
