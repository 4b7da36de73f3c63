"""The form of a new item: what it is called, where it is, who answers for it."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.accounts.models import User
from bihuan.ledgers.drafts import Draft
from bihuan.ledgers.forms.verbs import PersonField, TeamField
from bihuan.ledgers.models import Campaign, Team
from bihuan.territory.models import Place
from bihuan.territory.queries import places, places_like


class NewItemForm(forms.Form):
    """Sent twice, it is one item: its key goes with it."""

    title = forms.CharField(label=_("Heading"), max_length=120)
    address = forms.CharField(
        label=pgettext_lazy("of an item", "Place"),
        required=False,
        max_length=200,
        help_text=_("Type a street, a compound or a building."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    place = forms.IntegerField(required=False, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-180, max_value=180)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-90, max_value=90)
    team = TeamField(
        label=_("Team"),
        required=False,
        queryset=Team.objects.none(),
        empty_label=_("as the place says"),
    )
    responsible = PersonField(
        label=_("Answers for it"), required=False, queryset=User.objects.none(), empty_label=_("nobody yet")
    )
    key = forms.UUIDField(required=False, widget=forms.HiddenInput(attrs={"data-no-draft": True}))

    def __init__(
        self, data: Any, *, campaign: Campaign, teams: QuerySet[Team], people: QuerySet[User], **kwargs: Any
    ):
        super().__init__(data, **kwargs)
        self.campaign = campaign
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
        self.fields["responsible"].queryset = people  # type: ignore[attr-defined]
        self.initial.setdefault("key", uuid4())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (data.get("lon") is None) != (data.get("lat") is None):
            self.add_error("address", _("The position could not be read. Please choose it again."))
        address, chosen = data.get("address", ""), data.get("place")
        data["place"] = _place(chosen, address)
        if address and data["place"] is None and data.get("lon") is None and "address" not in self.errors:
            self.add_error(
                "address", _("No place of this name is known. Choose one from the list, or leave it.")
            )
        return data

    def faults(self) -> list[dict[str, str]]:
        """What is wrong, for a script: by field, in words."""
        return [
            {"path": name, "label": str(self.fields[name].label or ""), "sentence": str(sentence)}
            for name, sentences in self.errors.items()
            for sentence in sentences
        ]

    def draft(self) -> Draft:
        data = self.cleaned_data
        key: UUID | None = data["key"]
        return Draft(
            title=data["title"],
            place=data["place"],
            lon=data["lon"],
            lat=data["lat"],
            team=data["team"],
            responsible=data["responsible"],
            source_key=f"form:{key}" if key is not None else "",
        )


def _place(chosen: int | None, address: str) -> Place | None:
    """The place chosen from the list, or the one that bears exactly the typed name."""
    if chosen is not None and (found := places().filter(pk=chosen).first()) is not None:
        return found
    exact = [one for one in places_like(address, limit=3) if one.rank == 0] if address.strip() else []
    return exact[0].place if len(exact) == 1 else None
