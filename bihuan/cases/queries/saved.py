"""Reads about saved views."""

from typing import Any

from django.db.models import Q, QuerySet

from bihuan.accounts.models import DutyKind, Unit
from bihuan.cases.models import SavedView
from bihuan.territory.models import Area


def views_of(user: Any) -> list[SavedView]:
    """One's own views in their order, then those that others share with one's area or unit. One query."""
    areas: set[int] = set()
    units: set[int] = set()
    for held in user.duties_now():
        if held.area is not None and held.kind != DutyKind.ADMINISTRATOR:
            areas.update(held.area.ids)
        elif held.unit is not None:
            units.update(int(part) for part in held.unit.path.split("/") if part)
    reached = Q(owner=user) | Q(area__in=areas) | Q(unit__in=units)
    found = (
        SavedView.objects.filter(reached)
        .select_related("owner", "area", "unit")
        .defer("area__boundary", "area__keys")
    )
    return sorted(found, key=lambda view: (view.owner_id != user.pk, view.position, view.pk))


def view_to_change(user: Any, pk: int) -> QuerySet[SavedView]:
    """The view with this id, if it is among those that this person sees."""
    seen = [view.pk for view in views_of(user)]
    return SavedView.objects.filter(pk=pk, pk__in=seen).select_related("owner", "area", "unit__area")


def audiences_for(user: Any) -> tuple[list[Area], list[Unit]]:
    """The areas and units that this person may share a view with."""
    areas = [
        held.area for held in user.duties_now() if held.kind == DutyKind.DISPATCHER and held.area is not None
    ]
    if not areas:
        return [], []
    units = Unit.objects.with_places().order_by("path")
    if all(area.parent_id is not None for area in areas):
        within = Q()
        for area in areas:
            within |= Q(area__path__startswith=area.path)
        units = units.filter(within)
    return list({area.pk: area for area in areas}.values()), list(units)
