"""What the list of cases can be narrowed by."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import Unit
from bihuan.cases.models import Matter, State, Supervision, Urgency
from bihuan.cases.queries.lists import Filters, day_span
from bihuan.core.rendering import LongSelect
from bihuan.territory.models import Area, AreaKind
from bihuan.territory.queries import areas_by_id

BELOW_COMMUNITIES = (AreaKind.GRID, AreaKind.MICROGRID)


@dataclass(frozen=True)
class Chip:
    """A filter that is in force, in words, and the query that takes it off."""

    label: Any
    value: Any
    without: str


class AtOnce(ModelChoiceIterator):
    """All choices by one query; Django would open a cursor, fetch and close it."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        for found in self.found():
            yield self.choice(found)

    def found(self) -> Iterable[Any]:
        return self.queryset.all()


class IndentedField(forms.ModelChoiceField):
    """A choice in a tree: what lies below is set in."""

    widget = LongSelect
    iterator: type[ModelChoiceIterator] = AtOnce

    def label_from_instance(self, obj: Any) -> str:
        return "\u3000" * self.depth(obj) + obj.label

    @staticmethod
    def depth(obj: Any) -> int:
        return max(0, obj.path.count("/") - 1)


class AreasInMemory(AtOnce):
    """Areas down to communities, without asking the database for what it has told before."""

    def found(self) -> Iterable[Any]:
        return (area for area in areas_by_id().values() if area.kind not in BELOW_COMMUNITIES)


class AreaFilter(IndentedField):
    iterator = AreasInMemory


class MatterFilter(IndentedField):
    @staticmethod
    def depth(obj: Any) -> int:
        return 1 if obj.parent_id else 0


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
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("all")),
            ("open", _("open")),
            ("near", _("nearly due")),
            ("overdue", _("overdue")),
        ],
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("any")), *State.choices])
    supervision = forms.ChoiceField(
        label=_("Supervision"),
        required=False,
        choices=[
            ("", _("any")),
            ("any", _("under supervision, whatever level")),
            *[choice for choice in Supervision.choices if choice[0]],
        ],
    )
    held = forms.ChoiceField(
        label=_("Held by"),
        required=False,
        choices=[("", _("any")), ("unit", _("a handling unit")), ("desk", _("a desk"))],
    )
    urgency = forms.ChoiceField(
        label=_("Urgency"), required=False, choices=[("", _("any")), *Urgency.choices]
    )
    matter = MatterFilter(
        label=_("Matter"),
        required=False,
        empty_label=_("any"),
        queryset=Matter.objects.filter(retired_at=None).only("parent", "name", "name_en").order_by("code"),
    )
    area = AreaFilter(
        label=_("Area"),
        required=False,
        empty_label=_("any"),
        queryset=Area.objects.current().light().exclude(kind__in=BELOW_COMMUNITIES),
    )
    unit = IndentedField(
        label=_("Handling unit"),
        required=False,
        empty_label=_("any"),
        queryset=Unit.objects.only("path", "name", "name_en").order_by("path"),
    )
    since = forms.DateField(
        label=_("Reported from"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(label=_("to"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

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
            near=data.get("show") == "near",
            held_by=data.get("held", ""),
            supervision=data.get("supervision", ""),
            urgency=data.get("urgency", ""),
            matter=data.get("matter"),
            area=data.get("area"),
            unit=data.get("unit"),
            since=since,
            until=until,
        )

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
            if value in (None, ""):
                continue
            if isinstance(field, forms.ModelChoiceField):
                words: Any = value.label
            elif isinstance(field, forms.ChoiceField):
                words = dict(field.choices)[value]  # type: ignore[arg-type]
            elif isinstance(field, forms.DateField):
                words = date_format(value, "SHORT_DATE_FORMAT")
            else:
                words = value
            yield Chip(field.label, words, self.query(without=name))

    def kept(self) -> str:
        """The filters in force and nothing else, as a saved view or an export keeps them."""
        self.is_valid()
        query = QueryDict(mutable=True)
        for name in self.fields:
            if name in self.data and self.cleaned_data.get(name) not in (None, ""):
                query[name] = self.data[name]
        return str(query.urlencode())

    def query(self, **changes: Any) -> str:
        """The filters in force as a query string, from its first page; `without` leaves one out."""
        left_out = changes.pop("without", None)
        query = QueryDict(mutable=True)
        for name in self.data:
            query[name] = self.data[name]
        for name in ("cursor", left_out):
            query.pop(name, None)
        for name, value in changes.items():
            query.pop(name, None)
            if value:
                query[name] = value
        for name in [name for name in query if not query[name]]:
            query.pop(name)
        return str(query.urlencode())


def filters_of(query: str) -> Filters:
    """What a kept query string asks for."""
    return FilterForm(QueryDict(query)).filters()
