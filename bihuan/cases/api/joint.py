"""Joint handling for programs: the rows of assisting units in a form are one list in JSON."""

from typing import Annotated, Any

from django.http import QueryDict
from django.utils.translation import gettext_noop as _
from pydantic import BaseModel, Field, create_model

from bihuan.api.shapes import Given, Id, Text, shape_of
from bihuan.cases.forms.acts import ActForm
from bihuan.cases.forms.joint import MOST_AT_ONCE, JointForm


class Assisting(Given):
    """A unit that assists the lead."""

    unit: Id
    task: Annotated[Text, Field(min_length=1, max_length=2_000)] = Field(description=_("What it is to do."))
    limit: Annotated[Text, Field(max_length=20)] | None = Field(
        default=None, description=_("For example 4h or 3d; without one, as long as the lead has.")
    )


def shape_of_act(verb: str, form: type[ActForm]) -> type[BaseModel]:
    """What a verb takes."""
    name = "".join(part.title() for part in verb.split("_"))
    shape = shape_of(name, form)
    if not issubclass(form, JointForm):
        return shape
    rows = Annotated[list[Assisting], Field(max_length=MOST_AT_ONCE)]
    told: Any = Field(default_factory=list, description=_("Units that assist, each with its task."))
    return create_model(name, __base__=shape, assisting=(rows, told))


def put_rows(data: QueryDict, given: BaseModel) -> None:
    """The list as the rows of the form."""
    for number, row in enumerate(getattr(given, "assisting", []), start=1):
        data[f"assist_{number}_unit"] = str(row.unit)
        data[f"assist_{number}_task"] = row.task
        data[f"assist_{number}_limit"] = row.limit or ""
