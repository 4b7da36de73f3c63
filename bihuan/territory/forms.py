"""Forms of the territory: they check shape, not rights."""

from __future__ import annotations

import json
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.core import clock
from bihuan.core.calendar import DEFAULT_HOURS, checked_spans
from bihuan.core.text import clean
from bihuan.territory import queries
from bihuan.territory.divisions import read_divisions
from bihuan.territory.geodata import LARGEST_FILE, read_drawing
from bihuan.territory.models import FACT_BOUNDS, FACTS, Area, AreaKind, CalendarDay, Place, PlaceKind
from bihuan.territory.shapes import from_boundary


class AreaChoice(forms.ModelChoiceField):
    """Areas in the order of their tree, indented by depth."""

    def label_from_instance(self, obj: Area) -> str:
        return "　" * obj.depth + obj.label


class NamesField(forms.CharField):
    """Several names, one on each line."""

    widget = forms.Textarea(attrs={"rows": 2})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        names = [clean(line) for line in super().clean(value).splitlines()]
        if any(len(name) > 120 for name in names):
            raise forms.ValidationError(_("A name may have at most 120 characters."))
        return [name for name in dict.fromkeys(names) if name]


class NameField(forms.CharField):
    """One name, without the characters that no page can show."""

    def to_python(self, value: Any) -> str:
        return clean(super().to_python(value) or "")


class AreaForm(forms.Form):
    """What may be changed of an area. `kind` decides where it may lie."""

    name = NameField(label=_("name"), max_length=120)
    name_en = NameField(label=_("English name"), max_length=160, required=False)
    aliases = NamesField(label=_("also called"), required=False, help_text=_("One name on each line."))
    parent = AreaChoice(label=_("lies in"), queryset=Area.objects.none())
    has_desk = forms.BooleanField(label=_("An intake desk sits here"), required=False)

    def __init__(self, *args: Any, kind: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if kind == AreaKind.DISTRICT:
            self.fields["parent"].required = False
            self.fields["parent"].widget = forms.HiddenInput()
        else:
            self.fields["parent"].queryset = queries.possible_parents(kind)  # type: ignore[attr-defined]


class NewAreaForm(AreaForm):
    kind = forms.ChoiceField(label=_("kind"), choices=[])
    code = NameField(label=_("code"), max_length=40, help_text=_("The official code, or one of your own."))

    field_order = ("kind", "code", "name", "name_en", "aliases", "parent", "has_desk")

    def __init__(self, *args: Any, kinds: list[str], **kwargs: Any):
        super().__init__(*args, kind=kinds[-1], **kwargs)
        self.fields["kind"].choices = [(kind, AreaKind(kind).label) for kind in kinds]  # type: ignore[attr-defined]


class BoundaryForm(forms.Form):
    boundary = forms.CharField(
        label=_("Boundary as GeoJSON"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("Draw on the map, or paste a polygon here. Empty takes the boundary away."),
    )

    def clean_boundary(self) -> Any:
        text = self.cleaned_data["boundary"].strip()
        if not text:
            return None
        from_boundary(text)
        return json.loads(text)


class FactField(forms.IntegerField):
    """What may be known of a place, within its bounds."""

    def __init__(self, name: str, *, label: Any):
        low, high = FACT_BOUNDS[name]
        super().__init__(label=label, min_value=low, max_value=high, required=False)


class PlaceForm(forms.Form):
    kind = forms.ChoiceField(label=_("kind"), choices=PlaceKind)
    name = NameField(label=_("name"), max_length=120)
    name_en = NameField(label=_("English name"), max_length=160, required=False)
    aliases = NamesField(label=_("also called"), required=False, help_text=_("One name on each line."))
    address = NameField(label=_("address"), max_length=200, required=False)
    lon = forms.FloatField(label=_("longitude"), min_value=-180, max_value=180, required=False)
    lat = forms.FloatField(label=_("latitude"), min_value=-90, max_value=90, required=False)
    area = AreaChoice(
        label=_("area"),
        queryset=Area.objects.none(),
        required=False,
        help_text=_("Left empty, the area in which the point lies."),
    )
    parent = forms.ModelChoiceField(label=_("part of"), queryset=Place.objects.none(), required=False)
    households = FactField("households", label=_("number of households"))
    buildings = FactField("buildings", label=_("number of buildings"))
    built_in = FactField("built_in", label=_("built in the year"))

    def __init__(self, *args: Any, place: Place | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = queries.areas_in_tree()  # type: ignore[attr-defined]
        self.fields["parent"].queryset = queries.possible_wholes(place)  # type: ignore[attr-defined]
        for name in ("lon", "lat"):
            self.fields[name].widget.attrs.update({"step": "any", "inputmode": "decimal"})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        lon, lat = data.get("lon"), data.get("lat")
        if (lon is None) != (lat is None) and not self.errors:
            self.add_error("lat" if lat is None else "lon", _("A point needs both numbers."))
        elif lon is not None and lat is not None and queries.looks_swapped(lon, lat):
            self.add_error("lon", _("Longitude and latitude seem to be exchanged."))
        elif data.get("area") is None and not self.errors:
            found = queries.locate(lon, lat) if lon is not None and lat is not None else None
            if found is None:
                self.add_error("area", _("Choose the area, or a point inside the district."))
            data["area"] = found
        data["facts"] = {name: data.pop(name, None) for name in FACTS}
        return data


class HowToImport(forms.Form):
    """All of a file, its good rows, or only a look at it."""

    how = forms.ChoiceField(
        label=_("How"),
        choices=[
            ("check", _("Only check, change nothing")),
            ("all", _("Take in everything, or nothing if a row is wrong")),
            ("good", _("Take in the good rows and list the others")),
        ],
        initial="check",
        widget=forms.RadioSelect,
    )

    def how_to_import(self) -> dict[str, bool]:
        how = self.cleaned_data["how"]
        return {"only_check": how == "check", "keep_good": how == "good"}


class DivisionsForm(HowToImport):
    file = forms.FileField(label=_("Spreadsheet"), help_text=_(".csv, .xlsx, .xls or .ods"))

    field_order = ("file", "how")

    def clean_file(self) -> Any:
        """The table in the file."""
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 100 MB."))
        return read_divisions(upload, upload.name)


class BoundariesForm(HowToImport):
    file = forms.FileField(
        label=_("Boundary file"), help_text=_("GeoJSON, Shapefile in a zip, GeoPackage or KML")
    )
    datum = forms.ChoiceField(
        label=_("Coordinate system"),
        choices=[
            ("", _("As the file says (CGCS2000, WGS-84 or any other)")),
            ("wgs84", _("Degrees in WGS-84 or CGCS2000")),
            ("gcj02", _("GCJ-02 (Amap, Tencent and most Chinese maps)")),
            ("bd09", _("BD-09 (Baidu)")),
        ],
        required=False,
    )
    kind = forms.ChoiceField(
        label=_("The shapes are"), choices=[("", _("areas of any kind")), *AreaKind.choices], required=False
    )
    code_field = NameField(label=_("Column with the code"), required=False)
    name_field = NameField(
        label=_("Column with the name"),
        required=False,
        help_text=_("Left empty, the usual columns are looked for."),
    )

    field_order = ("file", "datum", "kind", "code_field", "name_field", "how")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if upload := data.get("file"):
            try:
                data["drawing"] = read_drawing(
                    upload,
                    datum=data.get("datum") or None,
                    code_field=data.get("code_field", ""),
                    name_field=data.get("name_field", ""),
                )
            except forms.ValidationError as error:
                self.add_error("file", error)
        return data


class CalendarDayForm(forms.Form):
    day = forms.DateField(label=_("day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    works = forms.TypedChoiceField(
        label=_("This day is"),
        choices=[("1", _("a working day")), ("0", _("a free day"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    name = NameField(label=_("reason"), max_length=CalendarDay._meta.get_field("name").max_length)
    note = NameField(label=_("note"), max_length=200, required=False)


def _clock_field(label: Any, at: time, *, required: bool = True) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        initial=at,
        required=required,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )


class OfficeHoursForm(forms.Form):
    starts_on = forms.DateField(
        label=_("in force from"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        initial=clock.today,
    )
    opens = _clock_field(_("opens"), DEFAULT_HOURS[0][0])
    noon = _clock_field(_("noon break from"), DEFAULT_HOURS[0][1], required=False)
    afternoon = _clock_field(_("noon break until"), DEFAULT_HOURS[1][0], required=False)
    closes = _clock_field(_("closes"), DEFAULT_HOURS[1][1])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        if (data["noon"] is None) != (data["afternoon"] is None):
            self.add_error("noon", _("A break needs a beginning and an end."))
            return data
        spans: list[tuple[time, time]] = [(data["opens"], data["closes"])]
        if data["noon"] is not None:
            spans = [(data["opens"], data["noon"]), (data["afternoon"], data["closes"])]
        try:
            data["spans"] = checked_spans(spans)
        except ValueError:
            self.add_error(None, _("These hours overlap or end before they start."))
        return data
