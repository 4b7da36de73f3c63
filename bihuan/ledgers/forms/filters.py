"""What the items of a campaign can be narrowed by: what every ledger has, and the choices of this one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import User
from bihuan.core.rendering import LongSelect
from bihuan.ledgers.definition import Field
from bihuan.ledgers.definition.model import SELECT_ONE
from bihuan.ledgers.forms.verbs import PersonField, TeamField
from bihuan.ledgers.models import Campaign, ItemState, Team
from bihuan.ledgers.queries.items import ORDERS, ItemFilters
from bihuan.ledgers.queries.values import columns_of
from bihuan.territory.models import Area
from bihuan.territory.queries import areas_by_id

ANY = ("", _("any"))
ANSWER = "f."
COLUMNS = 12  # that a table shows besides its own


@dataclass(frozen=True)
class Chip:
    """A filter that is in force, in words, and the query that takes it off."""

    label: Any
    value: Any
    without: str


class FilterForm(forms.Form):
    """Every field may stay empty; what cannot be understood narrows nothing."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("words, number or place"), "autocomplete": "off"}
        ),
    )
    step = forms.ChoiceField(label=_("Step"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ANY, *ItemState.choices])
    team = TeamField(label=_("Team"), required=False, empty_label=_("any"), queryset=Team.objects.none())
    responsible = PersonField(
        label=_("Answers for it"), required=False, empty_label=_("any"), queryset=User.objects.none()
    )
    area = forms.ChoiceField(label=_("Area"), required=False, widget=LongSelect)
    late = forms.BooleanField(label=_("overdue"), required=False)
    blocked = forms.BooleanField(label=_("blocked"), required=False)
    parts = forms.ChoiceField(
        label=_("Parts of split items"),
        required=False,
        choices=[ANY, ("without", _("without them")), ("only", _("only them"))],
    )
    figure = forms.CharField(label=_("Figure"), required=False, max_length=80, widget=forms.HiddenInput)
    key = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    order = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("", _("newest first")),
            ("number", _("by number")),
            ("due", _("most urgent first")),
            ("changed", _("changed last")),
        ],
    )

    def __init__(
        self, data: Any, *, campaign: Campaign, teams: QuerySet[Team], people: QuerySet[User], **kwargs: Any
    ):
        super().__init__(data, **kwargs)
        self.campaign, self.definition = campaign, campaign.edition.definition
        shown: Any = self.fields
        shown["step"].choices = [ANY, *((one.code, str(one.name)) for one in self.definition.steps)]
        shown["team"].queryset = teams
        shown["responsible"].queryset = people
        inside = [one for one in areas_by_id().values() if campaign.area.covers(one)]
        shown["area"].choices = [ANY, *((str(one.pk), self._set_in(one)) for one in inside)]
        for one in columns_of(self.definition):
            if one.type == SELECT_ONE:
                choices = [(c.name, str(c.label) or c.name) for c in self.definition.list_of(one.list)]
                shown[f"{ANSWER}{one.name}"] = forms.ChoiceField(
                    label=str(one.label or one.name), required=False, choices=[ANY, *choices]
                )

    def _set_in(self, area: Area) -> str:
        return "\u3000" * max(0, area.depth - self.campaign.area.depth) + str(area.label)

    # -- what was asked for ------------------------------------------------------------------------------

    def filters(self) -> ItemFilters:
        """What was asked for; a filter that makes no sense is left out."""
        self.is_valid()
        told = self.cleaned_data
        area = areas_by_id().get(int(told["area"])) if told.get("area") else None
        answers = {
            name.removeprefix(ANSWER): value
            for name, value in told.items()
            if name.startswith(ANSWER) and value
        }
        return ItemFilters(
            text=told.get("q", ""),
            step=told.get("step", ""),
            state=told.get("state", ""),
            team=told["team"].pk if told.get("team") else None,
            area=area,
            responsible=told["responsible"].pk if told.get("responsible") else None,
            late=told.get("late", False),
            blocked=told.get("blocked", False),
            parts={"without": False, "only": True}.get(told.get("parts", "")),
            answers=answers or None,
            figure=told.get("figure", ""),
            key=told.get("key") if "key" in self.data and told.get("figure") else None,
        )

    @property
    def sorting(self) -> str:
        """In which order the table is to be."""
        self.is_valid()
        asked = self.cleaned_data.get("order", "")
        return asked if asked in ORDERS else "newest"

    def columns(self) -> list[Field]:
        """The fields that the table is to show: those that were chosen, else the first few."""
        known = columns_of(self.definition)
        chosen = self.data.getlist("column") if hasattr(self.data, "getlist") else []
        if chosen:
            return [one for one in known if one.name in chosen][:COLUMNS]
        return [one for one in known if one.type not in ("image", "file", "geotrace", "geoshape")][:3]

    def column_choices(self) -> list[tuple[str, str, bool]]:
        shown = {one.name for one in self.columns()}
        return [
            (one.name, str(one.label or one.name), one.name in shown) for one in columns_of(self.definition)
        ]

    # -- for the page ------------------------------------------------------------------------------------

    def finer(self) -> Iterable[forms.BoundField]:
        """The fields behind "more filters"."""
        return [field for field in self.visible_fields() if field.name != "q"]

    def chips(self) -> list[Chip]:
        """The filters in force, each with the way to take it off."""
        return list(self._chips())

    def _chips(self) -> Iterator[Chip]:
        self.is_valid()
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if value in (None, "", False) or name in ("order", "key"):
                continue
            if name == "figure":
                yield Chip(field.label, self._figure_name(value), self.query(without=("figure", "key")))
                continue
            words = value
            if isinstance(field, forms.ModelChoiceField):
                words = field.label_from_instance(value)
            elif isinstance(field, forms.ChoiceField):
                known: Any = field.choices
                words = str(dict(known)[value]).strip("\u3000")
            elif isinstance(field, forms.BooleanField):
                words = _("yes")
            yield Chip(field.label, words, self.query(without=(name,)))

    def _figure_name(self, code: str) -> str:
        found = next((one for one in self.definition.figures if one.code == code), None)
        name = str(found.name) if found is not None else code
        if code.startswith("step:") and (step := self.definition.step(code.removeprefix("step:"))):
            name = str(step.name)
        key = self.cleaned_data.get("key")
        return f"{name} · {key}" if key else name

    def query(self, *, without: tuple[str, ...] = (), **changes: Any) -> str:
        """The filters in force as a query string, from its first page."""
        query = QueryDict(mutable=True)
        for name, values in self.data.lists() if hasattr(self.data, "lists") else ():
            if name not in ("cursor", *without, *changes) and (any(values) or name == "key"):
                query.setlist(name, [value for value in values if value or name == "key"])
        for name, value in changes.items():
            if value:
                query[name] = value
        return str(query.urlencode())
