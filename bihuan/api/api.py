"""Operations about tokens: who am I to this interface, and what may I do."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Router
from pydantic import Field

from bihuan.api.authentication import Bearer
from bihuan.api.models import Token
from bihuan.api.shapes import Shape

router = Router(tags=["you"])


class DutyHeld(Shape):
    """A duty that the token's person can use today."""

    kind: str = Field(examples=["clerk"])
    label: str = Field(examples=["受理员"])
    place: str = Field(description=_("The area or unit where it holds."), examples=["人和街街道"])
    on_behalf_of: str = Field(description=_("Whom the person stands in for; empty for their own duty."))


class Me(Shape):
    """The token in use, and the person behind it."""

    name: str
    token: str = Field(description=_("The token's name."))
    scopes: list[str] = Field(examples=[["cases:read"]])
    expires_on: date
    duties: list[DutyHeld]


@router.get(
    "/me",
    response=Me,
    auth=Bearer(),
    summary=_("Who am I?"),
    description=_("The token's person, its scopes and last day, and the duties that count today."),
)
def show_me(request: HttpRequest) -> Me:
    token: Token = request.auth  # type: ignore[attr-defined]
    return Me(
        name=token.person.label,
        token=token.name,
        scopes=token.scopes,
        expires_on=token.expires_on,
        duties=[_shown(held) for held in token.person.duties_now()],
    )


def _shown(held: Any) -> DutyHeld:
    return DutyHeld(
        kind=held.kind,
        label=held.kind_label,
        place=held.place.label,
        on_behalf_of=held.on_behalf_of.label if held.on_behalf_of else "",
    )
