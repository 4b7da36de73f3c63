"""Forms for campaigns: making one, changing it, ending it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import User
from bihuan.core.clock import today
from bihuan.core.text import listed
from bihuan.ledgers.definition import Definition
from bihuan.ledgers.forms.keeping import AreaChoice
from bihuan.ledgers.models import Campaign, Visibility
from bihuan.ledgers.queries.staff import people_written, written
from bihuan.territory.models import Area, AreaQuerySet


class DateField(forms.DateField):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class TimeField(forms.TimeField):
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class PersonField(forms.CharField):
    """Somebody, typed by name or sign-in name; gives the User, or None where nothing was typed."""

    widget = forms.TextInput(attrs={"type": "search", "autocomplete": "off"})

    def __init__(self, **kwargs: Any):
        super().__init__(max_length=160, **kwargs)

    def clean(self, value: Any) -> User | None:
        text = super().clean(value)
        if not text:
            return None
        found = people_written(text)
        if not found:
            raise forms.ValidationError(_("There is nobody of this name. Type a part of it and choose."))
        if len(found) > 1:
            raise forms.ValidationError(
                _("There are several people of this name: %(people)s. Type one of these."),
                params={"people": listed(written(person) for person in found)},
            )
        return found[0]


class CampaignFields(forms.Form):
    """What holds for a campaign that is to be made and for one that is there."""

    name = forms.CharField(label=_("Name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=160, required=False)
    starts_on = DateField(label=_("Begins on"))
    ends_on = DateField(label=_("Ends on"))
    goal = forms.CharField(
        label=_("Goal"), required=False, max_length=4_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    visibility = forms.ChoiceField(
        label=_("Who sees the items, besides the task force"),
        choices=Visibility.choices,
        widget=forms.RadioSelect,
    )
    summary_at = TimeField(
        label=_("Daily summary at"), required=False, help_text=_("Empty: there is no daily summary.")
    )

    def close_to_others(self) -> None:
        """Of a confidential campaign nobody but its task force sees items: there is nothing to choose."""
        field = self.fields["visibility"]
        field.choices = [Visibility.choices[0]]  # type: ignore[attr-defined]
        field.help_text = _("The ledger is confidential: only the task force sees its items.")
        self.initial["visibility"] = Visibility.TASK_FORCE

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("A campaign cannot end before it begins."))
        return data


class NewCampaignForm(CampaignFields):
    area = AreaChoice(label=_("Area"), queryset=Area.objects.none(), empty_label=None)
    leader = PersonField(
        label=_("Leader of the task force"),
        required=False,
        help_text=_("Type a part of the name and choose. Empty: you lead it yourself."),
    )

    field_order = [
        "name", "name_en", "area", "starts_on", "ends_on", "goal", "leader", "visibility", "summary_at",
    ]  # fmt: skip

    def __init__(self, *args: Any, definition: Definition, areas: AreaQuerySet, **kwargs: Any):
        daily = next((one for one in definition.documents if one.period == "daily"), None)
        first = {
            "name": definition.name,
            "name_en": definition.name_en,
            "starts_on": today(),
            "visibility": Visibility.STAFF,
            "summary_at": daily.hour if daily else "",
        }
        kwargs["initial"] = first | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas  # type: ignore[attr-defined]
        if definition.settings.confidential:
            self.close_to_others()


class CampaignForm(CampaignFields):
    """What whoever runs a campaign may correct."""

    lessons = forms.CharField(
        label=_("Lessons"),
        required=False,
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What another area should know that does the same."),
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any):
        kwargs["initial"] = {name: getattr(campaign, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        if campaign.confidential:
            self.close_to_others()


class FinishForm(forms.Form):
    lessons = forms.CharField(
        label=_("Lessons"),
        required=False,
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What another area should know that does the same."),
    )
