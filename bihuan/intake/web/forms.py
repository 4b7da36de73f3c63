"""The form with which anybody reports: words, photos, place, and how to reach them if they like."""

from hashlib import sha256
from typing import Any, cast
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bihuan.cases.models import Report
from bihuan.core.personal import normal_phone
from bihuan.core.text import clean, normalise
from bihuan.files.fields import Offered, PhotosField
from bihuan.intake.limits import ADDRESS, NAME, WORDS
from bihuan.intake.web.rules import channel_of, is_grid_worker
from bihuan.territory.models import Place
from bihuan.territory.queries import places, places_like

SOURCE = "web"
PHOTOS = 9


class PlainText(forms.CharField):
    """Text without characters that no page can show. A browser that knew its limit would cut silently."""

    def to_python(self, value: Any) -> str:
        return clean(super().to_python(value) or "")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class ReportForm(forms.Form):
    """Every mistake comes back with what was typed; photos once taken in are kept."""

    words = PlainText(
        label=_("What is wrong?"),
        max_length=WORDS,
        error_messages={
            "required": _("Please write a few words: what is wrong?"),
            "max_length": ngettext_lazy(
                "At most %(limit_value)d character fits; this text has %(show_value)d. Please shorten it.",
                "At most %(limit_value)d characters fit; this text has %(show_value)d. Please shorten it.",
                "limit_value",
            ),
        },
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    photos = PhotosField(label=_("Photos"), required=False, max_files=PHOTOS)
    address = PlainText(
        label=_("Where is it?"),
        required=False,
        max_length=ADDRESS,
        help_text=_("Type a street, a compound or a building."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    place = PlainText(required=False, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    name = PlainText(
        label=_("Your name"),
        required=False,
        max_length=NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = PlainText(
        label=_("Your phone number"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    may_call = forms.BooleanField(
        label=_("You may call me back about this"),
        required=False,
        help_text=_("Without this tick we do not keep the number."),
    )
    key = PlainText(required=False, widget=forms.HiddenInput(attrs={"data-no-draft": True}))

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user = user
        self.initial.setdefault("key", uuid4())
        if is_grid_worker(user):
            for name in ("name", "phone", "may_call"):
                del self.fields[name]
        elif user.is_authenticated:
            self.initial.setdefault("name", user.name)
            self.initial.setdefault("phone", user.phone or "")

    @classmethod
    def unread(cls, data: Any, *, user: Any) -> "ReportForm":
        """A form that shows what somebody typed without looking at it: they are asked to send it later."""
        typed = {name: data[name] for name in cls.base_fields if name in data}
        return cls(user=user, initial={**typed, "photos": Offered([], data.getlist("photos-kept"))})

    def clean_place(self) -> Place | None:
        """The place chosen by name; one that has gone in the meantime leaves its typed name."""
        text = self.cleaned_data["place"]
        if not (text.isascii() and text.isdecimal() and len(text) < 19):
            return None
        return places().filter(pk=int(text)).first()

    def clean_phone(self) -> str:
        phone = normalise(self.cleaned_data["phone"])
        try:
            return normal_phone(phone) if phone else ""
        except ValueError:
            raise forms.ValidationError(_("This does not look like a phone number.")) from None

    def clean_key(self) -> UUID:
        try:
            return UUID(self.cleaned_data["key"])
        except ValueError:
            return uuid4()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._clean_point(data)
        if data.get("may_call") and not data.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("Which number may we call?"))
        return data

    def _clean_point(self, data: dict[str, Any]) -> None:
        lon, lat = data.get("lon"), data.get("lat")
        broken = "lon" in self.errors or "lat" in self.errors or not _on_earth(lon, lat)
        if broken:
            self._forget_point()
            self.add_error(
                "address", _("The position could not be read. Please choose it again, or type the address.")
            )
            return
        address = data.get("address", "")
        if lon is None and data.get("place") is None and address:
            data["place"], data["lon"], data["lat"] = _named(address)
        elif lon is None and data.get("place") is None and "address" not in self.errors:
            self.add_error("address", _("Where is it? Type an address, or choose the place on the map."))

    def _forget_point(self) -> None:
        """Take unreadable numbers out of the hidden fields, where nobody could mend them."""
        data = cast(QueryDict, self.data).copy()
        for name in ("lon", "lat"):
            self.errors.pop(name, None)
            data[self.add_prefix(name)] = ""
        self.data = data

    def arguments(self) -> dict[str, Any]:
        """What `report_case` needs. A number is kept only to be called."""
        data = self.cleaned_data
        may_call = bool(data.get("may_call"))
        return {
            "words": data["words"],
            "photos": data["photos"],
            "place": data["place"],
            "address": data["address"] or (data["place"].label if data["place"] else ""),
            "lon": data["lon"],
            "lat": data["lat"],
            "name": data.get("name", ""),
            "phone": data.get("phone", "") if may_call else "",
            "may_call": may_call,
            "channel": channel_of(self.user),
            "source": SOURCE,
            "source_key": self._source_key(),
        }

    def _source_key(self) -> str:
        """One for a form however often it is sent; another once its words are different.

        Somebody who goes back and writes about a second problem sends the same form with other words.
        """
        words = sha256(self.cleaned_data["words"].encode()).hexdigest()[:16]
        longest = Report._meta.get_field("source_key").max_length or 0
        return f"{self.cleaned_data['key']}:{words}"[:longest]


def _on_earth(lon: float | None, lat: float | None) -> bool:
    """Whether both are missing or make a point, the two perhaps exchanged."""
    if lon is None or lat is None:
        return lon is lat
    return (abs(lon) <= 180 and abs(lat) <= 90) or (abs(lat) <= 180 and abs(lon) <= 90)


def _named(address: str) -> tuple[Place | None, float | None, float | None]:
    """The one place or area that bears exactly the typed name, with its point; else nothing is guessed."""
    exact = [found for found in places_like(address, limit=3) if found.rank == 0]
    if len(exact) != 1:
        return None, None, None
    return exact[0].place, exact[0].lon, exact[0].lat
