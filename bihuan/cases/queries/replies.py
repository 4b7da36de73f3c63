"""Reads about standard replies."""

from typing import Any

from django.db.models import F, Q, QuerySet

from bihuan.accounts.models import DutyKind
from bihuan.accounts.rules import administers
from bihuan.cases.models import Case, Matter, Reply
from bihuan.cases.replying import FIELDS
from bihuan.territory.models import Area

MOST_OFFERED = 30


def replies_for(case: Case, verb: str) -> list[Reply]:
    """The texts for a verb's form on this case: the most particular first."""
    if verb not in FIELDS:
        return []
    found = Reply.objects.filter(
        Q(verb=verb) | Q(verb=""),
        Q(matter=None) | Q(matter__in=_matters_above(case.matter)),
        Q(area=None) | Q(area__in={*case.area.ids, *case.desk.ids}),
    )
    order = (F("matter").asc(nulls_last=True), F("area").asc(nulls_last=True), "name", "pk")
    return list(found.order_by(*order)[:MOST_OFFERED])


def _matters_above(matter: Matter | None) -> list[int]:
    """A matter and all above it."""
    found = []
    while matter is not None:
        found.append(matter.pk)
        matter = matter.parent
    return found


def replies_managed_by(user: Any) -> QuerySet[Reply]:
    """The texts that this person may change: all of the district, or those of their areas."""
    replies = Reply.objects.select_related("area", "matter").defer("area__boundary", "area__keys")
    order = (F("area__path").asc(nulls_first=True), "verb", "name")
    if administers(user):
        return replies.order_by(*order)
    reached = Q(pk__in=())
    for held in user.duties_now():
        if held.kind == DutyKind.DISPATCHER and held.area is not None:
            reached |= Q(area__path__startswith=held.area.path)
    return replies.filter(reached).order_by(*order)


def areas_for_replies(user: Any) -> QuerySet[Area]:
    """The areas that this person may write texts for."""
    areas = Area.objects.current().light().exclude(kind__in=("grid", "microgrid")).order_by("path")
    if administers(user):
        return areas
    reached = Q(pk__in=())
    for held in user.duties_now():
        if held.kind == DutyKind.DISPATCHER and held.area is not None:
            reached |= Q(path__startswith=held.area.path)
    return areas.filter(reached)
