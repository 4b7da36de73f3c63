"""Pages of lists for programs: a cursor that we made for this very list, or none."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

from django.core import signing
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext_noop as _
from pydantic import BaseModel, Field

from bihuan.api.problems import Invalid
from bihuan.api.shapes import Page
from bihuan.core.paging import page_of

S = TypeVar("S", bound=Page[Any])


class Paging(BaseModel):
    """Which page of a list."""

    cursor: Annotated[str, Field(max_length=400)] = Field(
        default="", description=_("Where to go on: what the page before called next.")
    )
    limit: int = Field(default=50, ge=1, le=200, description=_("Rows on one page, at most 200."))


def page(
    rows: QuerySet[Any],
    asked: Paging,
    shown: Callable[[Any], Any],
    *,
    key: str | tuple[str, ...] = "-id",
    shape: type[S],
) -> S:
    """One page of rows as an operation answers it."""
    signer = signing.Signer(salt=f"bihuan.api.cursor {rows.model._meta.label} {key}", sep="~")
    found = page_of(rows, _cursor(asked, signer), key=key, size=asked.limit)
    after = signer.sign(found.next_cursor) if found.next_cursor else None
    return shape(items=[shown(row) for row in found], next=after)


def _cursor(asked: Paging, signer: signing.Signer) -> Mapping[str, str]:
    if not asked.cursor:
        return {}
    try:
        return {"cursor": signer.unsign(asked.cursor)}
    except signing.BadSignature:
        raise Invalid(
            {"cursor": [translation.gettext("This cursor is none of ours. Begin again without it.")]}
        ) from None
