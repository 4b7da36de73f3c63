"""Shapes of what goes in and out; Django forms as shapes: an operation takes what its page's form takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Generic, Literal, LiteralString, TypeVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_noop as _
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, create_model
from pydantic_core import PydanticCustomError

T = TypeVar("T")
BIGGEST = 2**63 - 1
YES_NO = {"yes", "no"}

Number = Annotated[str, Field(pattern=r"^\d{6}-\d{7,10}-\d$", examples=["260315-0004217-3"])]
Id = Annotated[int, Field(ge=1, le=BIGGEST)]


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise PydanticCustomError("nul", "NUL")
    return text


def _written(kind: LiteralString) -> Callable[[Any], Any]:
    """Days and moments are written as ISO 8601 has them; a number is neither."""

    def read(value: Any) -> Any:
        if not isinstance(value, str) or not value[:5].endswith("-"):
            raise PydanticCustomError(kind, "ISO 8601")
        return value

    return read


Text = Annotated[str, AfterValidator(_without_nul)]
Day = Annotated[date, Field(strict=False), BeforeValidator(_written("date"))]
Moment = Annotated[datetime, Field(strict=False), BeforeValidator(_written("datetime"))]


class Shape(BaseModel):
    """What an operation answers."""

    model_config = ConfigDict(from_attributes=True)


class Given(BaseModel):
    """What an operation takes: nothing that it does not know, and a number only where one is asked for."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Asked(BaseModel):
    """What an address asks for: there, numbers are written as texts."""


class Problem(Shape):
    """What went wrong (RFC 9457): `code` is for programs and never changes, `title` is for people."""

    status: int = Field(description=_("The HTTP status."), examples=[409])
    code: str = Field(description=_("What went wrong, for programs."), examples=["case.wrong_state"])
    title: str = Field(description=_("The same, for people."), examples=["This case is closed."])
    errors: dict[str, list[str]] | None = Field(
        default=None, description=_("Sentences by field, where fields are wrong."), examples=[None]
    )


class Page(Shape, Generic[T]):
    """Some rows of a list, and where the next ones are."""

    items: list[T]
    next: str | None = Field(
        description=_("Send it back as cursor to go on; null on the last page."), examples=[None]
    )


def words(text: Any) -> str:
    """A lazily translated text, now."""
    return str(text) if text else ""


# -- forms as shapes ----------------------------------------------------------------------------------


def shape_of(
    name: str, form: type[forms.Form], *, without: Iterable[str] = (), base: type[BaseModel] = Given
) -> type[Any]:
    """A form's fields as a shape. Yes and no become true and false, files the tickets of earlier uploads."""
    fields: dict[str, Any] = {}
    for field_name, field in form.base_fields.items():
        if field_name not in without:
            kind = _kind_of(field)
            default = ... if field.required else None
            told = Field(default=default, description=_description(field), **_limits_of(field))
            fields[field_name] = (kind if field.required else kind | None, told)
    return create_model(name, __base__=base, **fields)


def data_of(given: BaseModel, form: type[forms.Form]) -> QueryDict:
    """What was given, as the form reads it from a page."""
    data = QueryDict(mutable=True)
    for name, value in given:
        field = form.base_fields.get(name)
        if value is None or field is None:
            continue
        if _takes_files(field):
            data.setlist(f"{name}-kept", value)
        elif _is_yes_no(field):
            data[name] = "yes" if value else "no"
        elif isinstance(value, list):
            data.setlist(name, [_typed(one) for one in value])
        elif value is not False:  # a box that is not ticked is not sent
            data[name] = _typed(value)
    return data


def tickets_of(name: str, uploads: Mapping[str, Any]) -> MultiValueDict[str, UploadedFile]:
    """Files sent along with the request, as the form reads them."""
    found: MultiValueDict[str, UploadedFile] = MultiValueDict()
    if isinstance(uploads, MultiValueDict):
        found.setlist(name, uploads.getlist(name))
    return found


def _typed(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _kind_of(field: forms.Field) -> Any:
    if _takes_files(field):
        return Annotated[list[Annotated[Text, Field(max_length=600)]], Field(max_length=field.max_files)]  # type: ignore[attr-defined]
    if _is_yes_no(field) or isinstance(field, forms.BooleanField):
        return bool
    if isinstance(field, forms.ModelMultipleChoiceField):
        return Annotated[list[Id], Field(max_length=200)]
    if isinstance(field, forms.ModelChoiceField):
        return Id
    if isinstance(field, forms.MultipleChoiceField):
        return Annotated[list[_one_of(field)], Field(max_length=200)]  # type: ignore[misc]
    if isinstance(field, forms.ChoiceField):
        return _one_of(field)
    for known, kind in KINDS.items():
        if isinstance(field, known):
            return kind
    raise TypeError(f"{type(field).__name__} has no shape yet: teach it to bihuan.api.shapes")


# Finer kinds first: each is judged by its first match.
KINDS: dict[type[forms.Field], Any] = {
    forms.FloatField: float,
    forms.IntegerField: int,
    forms.DateTimeField: Moment,
    forms.DateField: Day,
    forms.CharField: Text,
}


def _limits_of(field: forms.Field) -> dict[str, Any]:
    """Lengths and bounds, so that the documentation tells them."""
    limits: dict[str, Any] = {}
    if isinstance(field, forms.FloatField):  # for Django a kind of IntegerField
        limits |= {"allow_inf_nan": False}
    elif isinstance(field, forms.IntegerField):
        low, high = field.min_value, field.max_value
        limits |= {"ge": -BIGGEST if low is None else low, "le": BIGGEST if high is None else high}
    elif isinstance(field, forms.CharField) and not isinstance(field, forms.ChoiceField):
        if field.max_length is not None:
            limits["max_length"] = field.max_length
        if field.required:
            limits["min_length"] = 1
    return limits


def _description(field: forms.Field) -> str:
    """The label of the page, in English: the document is translated when it is read."""
    with translation.override(None):
        return str(field.label or "")


def _choices_of(field: Any) -> list[Any]:
    found: list[Any] = []
    for value, label in field.choices:
        inner = label if isinstance(label, list | tuple) else [(value, label)]
        found += [one if isinstance(one, int) else str(one) for one, _label in inner if one != ""]
    return found


def _one_of(field: Any) -> Any:
    """One of the choices; any text where they are known only once the form is at hand."""
    choices = tuple(_choices_of(field))
    return Literal[choices] if choices else Annotated[Text, Field(max_length=200)]


def _is_yes_no(field: forms.Field) -> bool:
    return isinstance(field, forms.TypedChoiceField) and set(_choices_of(field)) == YES_NO


def _takes_files(field: forms.Field) -> bool:
    return hasattr(field, "max_files")
