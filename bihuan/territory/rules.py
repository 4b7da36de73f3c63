"""Who may change the territory and its calendar, and when a change makes sense. Decides, never writes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.core import clock
from bihuan.core.verdicts import YES, Verdict, no, yes
from bihuan.territory.models import Area, AreaKind, Place

# An area lies in an area of a smaller rank.
RANK: dict[str, int] = {
    AreaKind.DISTRICT: 0,
    AreaKind.SUBDISTRICT: 1,
    AreaKind.COMMUNITY: 2,
    AreaKind.VILLAGE: 2,
    AreaKind.GRID: 3,
    AreaKind.MICROGRID: 4,
}

RETIRED = no("area.retired", _("This area no longer exists."))


def may_set_up(by: Any, area: Area | None = None) -> Verdict:
    """Areas, places and calendar are the administrator's. `by` None is the installation itself."""
    if by is None:
        return YES
    held = by.is_authenticated and by.holds("administrator", area=area)
    if not held:
        return no("territory.not_your_duty", _("Only this area's administrator can do that."))
    return yes(held)


def sees_set_up(user: Any) -> bool:
    """Whether the pages of set-up exist for this visitor: an administrator of any area."""
    return bool(getattr(user, "is_authenticated", False) and user.holds("administrator"))


def kinds_in(parent: Area | None) -> list[str]:
    """The kinds of area that may lie in another, the most usual first; the district where there is none."""
    if parent is None:
        return [AreaKind.DISTRICT]
    return [kind for kind in AreaKind.values if RANK[kind] > RANK[parent.kind]]


def may_create_area(kind: str, parent: Area | None, by: Any) -> Verdict:
    verdict = may_set_up(by, parent)
    if not verdict:
        return verdict
    return _fits(kind, parent) and verdict


def may_change_area(area: Area, by: Any, *, parent: Area | None) -> Verdict:
    """Whether the area may be changed, and lie in `parent` afterwards."""
    verdict = may_set_up(by, area)
    if not verdict:
        return verdict
    if area.retired_at:
        return RETIRED
    if parent is not None and parent.pk != area.parent_id:
        verdict = may_set_up(by, parent)
        if not verdict:
            return verdict
    return _fits(area.kind, parent) and verdict


def may_change_boundary(area: Area, by: Any) -> Verdict:
    verdict = may_set_up(by, area)
    if verdict and area.retired_at:
        return RETIRED
    return verdict


def may_retire_area(area: Area, by: Any, *, has_children: bool) -> Verdict:
    verdict = may_set_up(by, area)
    if not verdict:
        return verdict
    if area.retired_at:
        return RETIRED
    if area.kind == AreaKind.DISTRICT:
        return no("area.is_the_district", _("The district itself cannot be closed down."))
    if has_children:
        return no("area.not_empty", _("Other areas still lie in this one. Move or close those first."))
    return verdict


def may_put_place(place: Place | None, by: Any, *, area: Area) -> Verdict:
    """Create a place in an area (`place` None), or change one so that it lies there."""
    verdict = may_set_up(by, area)
    if verdict and place is not None:
        verdict = may_set_up(by, place.area)
    if verdict and area.retired_at:
        return RETIRED
    return verdict


def may_set_day(day: date, by: Any, *, district: Area | None) -> Verdict:
    """The past stays as it was: limits were counted by it."""
    verdict = may_set_up(by, district)
    if verdict and day < clock.today():
        return no("calendar.day_passed", _("This day has passed; limits have already been counted by it."))
    return verdict


def _fits(kind: str, parent: Area | None) -> Verdict:
    if parent is None:
        if kind == AreaKind.DISTRICT:
            return YES
        return no("area.needs_parent", _("Every area but the district lies in another area."))
    if parent.retired_at:
        return RETIRED
    if RANK[kind] <= RANK[parent.kind]:
        return no("area.wrong_parent", _("An area of this kind cannot lie in an area of that kind."))
    return YES
