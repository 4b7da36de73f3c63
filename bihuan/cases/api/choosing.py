"""Operations on what is chosen from: matters and units."""

from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from bihuan.accounts.models import Unit
from bihuan.api.authentication import Bearer
from bihuan.api.models import Scope
from bihuan.api.paging import Paging, page
from bihuan.api.shapes import Text
from bihuan.cases.api import shapes
from bihuan.cases.models import Matter
from bihuan.cases.queries.catalogue import matters_like
from bihuan.cases.queries.choosing import matters_in_use, units_to_name

router = Router(tags=["catalogue"])
READ = Bearer(Scope.MATTERS_READ)


class Words(BaseModel):
    """What somebody typed."""

    q: Annotated[Text, Field(max_length=100)] = Field(
        default="", description=_("Name, code or the words people use; the best twelve, on one page.")
    )


@router.get(
    "/matters",
    response=shapes.MatterPage,
    auth=READ,
    summary=_("List the matters"),
    description=_("The catalogue in use, by code. Empty without a duty."),
)
def list_matters(request: HttpRequest, asked: Query[Words], paging: Query[Paging]) -> shapes.MatterPage:
    if asked.q:
        found = [_matter(one.matter, choosable=True) for one in matters_like(request.user, asked.q)]
        return shapes.MatterPage(items=found, next=None)
    rows = matters_in_use(request.user)
    return page(
        rows,
        paging,
        lambda matter: _matter(matter, choosable=matter.choosable),
        key="code",
        shape=shapes.MatterPage,
    )


@router.get(
    "/units",
    response=shapes.UnitPage,
    auth=READ,
    summary=_("List the units"),
    description=_("Whom cases can be given to. Empty without a duty."),
)
def list_units(request: HttpRequest, paging: Query[Paging]) -> shapes.UnitPage:
    return page(units_to_name(request.user), paging, _unit, key="id", shape=shapes.UnitPage)


def _matter(matter: Matter, *, choosable: bool) -> shapes.MatterShown:
    return shapes.MatterShown(
        id=matter.pk,
        code=matter.code,
        name=matter.name,
        name_en=matter.name_en,
        parent=matter.parent_id,
        urgency=matter.urgency,
        choosable=choosable,
        self_handled=matter.self_handled,
        needs_before_photo=matter.needs_before_photo,
        needs_after_photo=matter.needs_after_photo,
    )


def _unit(unit: Unit) -> shapes.UnitShown:
    return shapes.UnitShown(
        id=unit.pk,
        code=unit.code,
        kind=unit.kind,
        name=unit.name,
        name_en=unit.name_en,
        parent=unit.parent_id,
    )
