"""The tree of units."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bihuan.accounts import rules
from bihuan.accounts.models import Unit, User
from bihuan.audit import record
from bihuan.core.text import normalise
from bihuan.core.verdicts import no
from bihuan.territory.models import Area


@transaction.atomic
def create_unit(
    *,
    name: str,
    kind: str,
    code: str,
    by: User,
    parent: Unit | None = None,
    area: Area | None = None,
    name_en: str = "",
) -> Unit:
    """Add an office, company or institution to the tree, so that work can be given to it."""
    parent = Unit.objects.locked(parent.pk) if parent else None
    unit = Unit(
        name=normalise(name),
        name_en=normalise(name_en),
        kind=kind,
        code=normalise(code),
        parent=parent,
        area=area,
    )
    verdict = rules.may("create_unit", unit, by).enforce()

    unit.clean_fields()
    if Unit.objects.exclude(pk=unit.pk).filter(code=unit.code).exists():
        no("unit.code_taken", _("Another unit has this code.")).enforce()
    unit.save()
    unit.path = f"{parent.path if parent else ''}{unit.pk}/"
    unit.save(update_fields=["path"])

    record("unit.created", unit, by=by, on_behalf_of=verdict.on_behalf_of, area=area, code=unit.code)
    return unit


@transaction.atomic
def change_unit(
    unit: Unit,
    *,
    by: User,
    name: str,
    kind: str,
    code: str,
    parent: Unit | None,
    area: Area | None,
    name_en: str = "",
) -> Unit:
    """Rename a unit or hang it, with everything below it, under another one."""
    # Two moves at once could tie the tree into a ring, so a change holds every row of it.
    units = {row.pk: row for row in Unit.objects.select_for_update(of=("self",)).with_places().order_by("pk")}
    unit = units[unit.pk]
    verdict = rules.may("change_unit", unit, by).enforce()
    parent = units[parent.pk] if parent else None

    old_path = unit.path
    before = (unit.name, unit.name_en, unit.kind, unit.code, unit.parent_id, unit.area_id)
    unit.name, unit.name_en = normalise(name), normalise(name_en)
    unit.kind, unit.code, unit.parent, unit.area = kind, normalise(code), parent, area
    if before == (unit.name, unit.name_en, unit.kind, unit.code, unit.parent_id, unit.area_id):
        return unit
    rules.may("change_unit", unit, by).enforce()
    if parent and parent.path.startswith(old_path):
        no("unit.ring", _("A unit cannot stand under itself or under a unit below it.")).enforce()
    unit.clean_fields()
    if Unit.objects.exclude(pk=unit.pk).filter(code=unit.code).exists():
        no("unit.code_taken", _("Another unit has this code.")).enforce()
    unit.path = f"{parent.path if parent else ''}{unit.pk}/"
    unit.save(update_fields=["name", "name_en", "kind", "code", "parent", "area", "path"])
    if unit.path != old_path:
        below = [row for row in units.values() if row.pk != unit.pk and row.path.startswith(old_path)]
        for row in below:
            row.path = unit.path + row.path.removeprefix(old_path)
        Unit.objects.bulk_update(below, ["path"])

    record("unit.changed", unit, by=by, on_behalf_of=verdict.on_behalf_of, area=unit.area, code=unit.code)
    return unit
