"""What the list of cases can be narrowed by."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import Unit
from bihuan.cases.models import Matter, State, Urgency
from bihuan.cases.queries.lists import Filters, day_span
from bihuan.territory.models import Area


class FilterForm(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("any")), *State.choices])
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("all")), ("open", _("open")), ("overdue", _("overdue"))],
    )
    urgency = forms.ChoiceField(label=_("Urgency"), required=False, choices=[("", _("any")), *Urgency.choices])
    matter = forms.ModelChoiceField(
        label=_("Matter"), required=False, queryset=Matter.objects.filter(retired_at=None).order_by("code")
    )
    area = forms.ModelChoiceField(
        label=_("Area"),
        required=False,
        queryset=Area.objects.current().light().exclude(kind__in=("grid", "microgrid")).order_by("path"),
    )
    unit = forms.ModelChoiceField(label=_("Handling unit"), required=False, queryset=Unit.objects.order_by("path"))
    since = forms.DateField(label=_("Reported from"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("to"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("matter", "area", "unit"):
            self.fields[name].label_from_instance = lambda thing: thing.label  # type: ignore[attr-defined]

    def filters(self) -> Filters:
        """What was asked for; a filter that makes no sense is left out."""
        self.is_valid()
        data = self.cleaned_data
        since, until = day_span(data.get("since"), data.get("until"))
        return Filters(
            text=data.get("q", ""),
            state=data.get("state", ""),
            open=data.get("show") == "open",
            overdue=data.get("show") == "overdue",
            urgency=data.get("urgency", ""),
            matter=data.get("matter"),
            area=data.get("area"),
            unit=data.get("unit"),
            since=since,
            until=until,
        )
