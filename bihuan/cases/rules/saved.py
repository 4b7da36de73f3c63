"""Saved views: whom one may share them with, and who may change them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import DutyKind, Unit
from bihuan.cases.models import SavedView
from bihuan.cases.rules.standing import works_on_cases
from bihuan.core.verdicts import YES, Verdict, no, yes
from bihuan.territory.models import Area

MOST_VIEWS = 30  # of one person


def may_save(by: Any, *, area: Area | None = None, unit: Unit | None = None) -> Verdict:
    """Whether somebody may keep filters: for themselves, or for all who work in an area or a unit."""
    if not works_on_cases(by):
        return no("view.not_your_work", _("Only those who work on cases can save views of them."))
    if area is None and unit is None:
        return YES
    for held in by.duties_now():
        if held.kind == DutyKind.DISPATCHER and held.area is not None and _reaches(held.area, area, unit):
            return yes(held)
    return no("view.not_your_desk", _("Only a dispatcher shares views, with their area or its units."))


def _reaches(own: Area, area: Area | None, unit: Unit | None) -> bool:
    if area is not None:
        return area.path.startswith(own.path)
    if unit is None:
        return False
    return own.parent_id is None or (unit.area is not None and unit.area.path.startswith(own.path))


def may_change_view(view: SavedView, by: Any) -> Verdict:
    """Its owner may; so may a dispatcher of those it is shared with, when the owner has moved on."""
    if view.owner_id == by.pk:
        return may_save(by)
    if view.is_shared and may_save(by, area=view.area, unit=view.unit):
        return YES
    return no("view.not_yours", _("Only the person who saved a view, or their dispatcher, can change it."))
