"""Keeping filters under a name, sharing them, putting them in order, letting them go."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import Unit, User
from bihuan.audit import record
from bihuan.cases import rules
from bihuan.cases.models import SavedView
from bihuan.core.clock import now
from bihuan.core.text import clean
from bihuan.core.verdicts import no
from bihuan.territory.models import Area


@transaction.atomic
def save_view(
    name: str, *, by: Any, query: str, area: Area | None = None, unit: Unit | None = None
) -> SavedView:
    """Keep filters under a name, at the end of one's own views."""
    rules.may_save(by, area=area, unit=unit).enforce()
    User.objects.locked(by.pk)
    own = SavedView.objects.filter(owner=by)
    if own.count() >= rules.MOST_VIEWS:
        no(
            "view.too_many",
            _("You have %(most)s views. Let one go before you save another.") % {"most": rules.MOST_VIEWS},
        ).enforce()
    name = _free_name(name, own)
    last = own.order_by("-position").first()
    view = SavedView.objects.create(
        owner=by,
        name=name,
        query=query,
        area=area,
        unit=unit,
        position=last.position + 1 if last else 0,
        changed_at=now(),
    )
    record("view.saved", view, by=by, area=area, unit=unit.pk if unit else None, shared=view.is_shared)
    return view


def _free_name(name: str, others: Any) -> str:
    name = clean(name)[:40]
    if others.filter(name=name).exists():
        no("view.name_taken", _("There is a view “%(name)s” already.") % {"name": name}).enforce()
    return name


@transaction.atomic
def change_view(
    view: SavedView, *, by: Any, name: str, area: Area | None = None, unit: Unit | None = None
) -> SavedView:
    """Give a view another name, or share it with others or no longer."""
    view = _held(view)
    rules.may_change_view(view, by).enforce()
    if (area, unit) != (view.area, view.unit):
        rules.may_save(by, area=area, unit=unit).enforce()
    view.name = _free_name(name, SavedView.objects.filter(owner=view.owner_id).exclude(pk=view.pk))
    view.area, view.unit, view.changed_at = area, unit, now()
    view.save(update_fields=["name", "area", "unit", "changed_at"])
    record("view.changed", view, by=by, area=area, unit=unit.pk if unit else None, shared=view.is_shared)
    return view


@transaction.atomic
def delete_view(view: SavedView, *, by: Any) -> None:
    """Let a view go, for all it was shared with as well. The cases it showed are untouched."""
    view = _held(view)
    rules.may_change_view(view, by).enforce()
    record("view.deleted", view, by=by, area=view.area, shared=view.is_shared)
    view.delete()


@transaction.atomic
def move_view(view: SavedView, *, by: Any, up: bool) -> SavedView:
    """Put one of one's own views before or behind its neighbour."""
    User.objects.locked(by.pk)
    view = _held(view)
    if view.owner_id != by.pk:
        no("view.not_yours", _("Everybody puts their own views in order.")).enforce()
    own = SavedView.objects.filter(owner=by)
    beyond = own.filter(position__lt=view.position) if up else own.filter(position__gt=view.position)
    other = beyond.order_by("-position" if up else "position").select_for_update().first()
    if other is None:
        return view
    view.position, other.position = other.position, view.position
    for one in (view, other):
        one.save(update_fields=["position"])
    record("view.moved", view, by=by, up=up)
    return view


def _held(view: SavedView) -> SavedView:
    return (
        SavedView.objects.select_for_update(of=("self",)).select_related("area", "unit__area").get(pk=view.pk)
    )
