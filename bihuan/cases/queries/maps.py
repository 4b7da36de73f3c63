"""The cases of a list as points on the map."""

from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.cases.models import State
from bihuan.cases.models.case import OPEN, STANDING
from bihuan.cases.queries.lists import Filters, cases_listed_for, is_late

MAP_POINTS = 3_000


def cases_on_map(user: Any, filters: Filters) -> QuerySet[Any, Any]:
    """Points of the newest cases with a position: number, title, state, lon, lat, step, overdue."""
    cases = cases_listed_for(user, filters).filter(lon__isnull=False)
    return (
        cases.select_related(None)
        .order_by("-id")
        .annotate(late=is_late())
        .values("number", "title", "state", "address", "lon", "lat", "step", "late")[:MAP_POINTS]
    )


def popup(point: dict[str, Any]) -> dict[str, Any]:
    """What the map says about one point."""
    state = _label(point["state"], get_language())
    late = _("overdue") if point["late"] else ""
    return {
        "title": point["title"],
        "number": point["number"],
        "state": state,
        "detail": " · ".join(part for part in (point["number"], state, late, point["address"]) if part),
        "level": _level(point),
        "url": _address().replace(ANY, point["number"]),
    }


ANY = "000000-0000000-0"


@cache
def _label(state: str, _language: str | None) -> str:
    return str(State(state).label)


@cache
def _address() -> str:
    """The address of one case: a map asks for thousands, and resolving each takes longer than all else."""
    return reverse("cases:show", args=[ANY])


def _level(point: dict[str, Any]) -> str:
    """The signal of a point: overdue, nearly, in time, standing still, done."""
    if point["late"]:
        return "over"
    if point["state"] not in OPEN:
        return "done"
    if point["state"] in STANDING:
        return "neutral"
    return "attention" if point["step"] else "active"
