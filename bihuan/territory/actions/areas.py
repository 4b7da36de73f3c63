"""Creating, changing, drawing and closing areas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext_lazy as _

from bihuan.audit import record
from bihuan.core import clock
from bihuan.core.verdicts import Refusal
from bihuan.territory import queries, rules
from bihuan.territory.models import Area, AreaKind
from bihuan.territory.rows import AreaRow
from bihuan.territory.search import search_columns
from bihuan.territory.shapes import as_boundary, from_boundary, label_point, square_metres


@transaction.atomic
def create_area(
    *,
    kind: str,
    code: str,
    name: str,
    parent: Area | None,
    by: Any,
    name_en: str = "",
    aliases: Sequence[str] = (),
    boundary: Any = None,
    has_desk: bool = False,
) -> Area:
    """Add one area to the district, or the district itself."""
    row = AreaRow(kind, code, name, parent, name_en, aliases, boundary, has_desk)
    area = _insert([row], by=by)[0]
    record("area.created", area, by=by, area=area, code=code, name=name, kind=kind)
    queries.ground.changed()
    return area


@transaction.atomic
def create_areas(rows: Sequence[AreaRow], *, by: Any = None) -> list[Area]:
    """Add many areas at once, in the order given, with one entry in the audit of the area they lie in."""
    areas = _insert(rows, by=by)
    if areas:
        top = min(areas, key=lambda area: area.depth)
        subject = top.parent or top
        counts = {kind: sum(area.kind == kind for area in areas) for kind in {area.kind for area in areas}}
        record(
            "area.imported", subject, by=by, area=subject, created=counts, codes=[area.code for area in areas]
        )
        queries.ground.changed()
    return areas


@transaction.atomic
def change_area(
    area: Area,
    *,
    name: str,
    name_en: str,
    aliases: Sequence[str],
    parent: Area | None,
    has_desk: bool,
    by: Any,
) -> Area:
    """Rename an area, let it lie elsewhere, or give it an intake desk. Everything below moves with it."""
    _lock_tree()
    area = Area.objects.locked(area.pk)
    parent = Area.objects.get(pk=parent.pk) if parent is not None else None
    rules.may_change_area(area, by, parent=parent).enforce()

    before = {"name": area.name, "parent": area.parent_id, "has_desk": area.has_desk}
    area.name, area.name_en, area.has_desk = name, name_en, has_desk
    area.aliases = list(aliases)
    _set_search(area)
    fields = ["name", "name_en", "aliases", "has_desk", "pinyin", "initials", "keys"]
    if parent is not None and parent.pk != area.parent_id:
        old, new = area.path, f"{parent.path}{area.pk}/"
        area.parent, area.path = parent, new
        fields += ["parent", "path"]
        below = Area.objects.filter(path__startswith=old).exclude(pk=area.pk)
        below.update(path=Concat(Value(new), Substr(F("path"), len(old) + 1)))
    area.save(update_fields=fields)

    after = {"name": area.name, "parent": area.parent_id, "has_desk": area.has_desk}
    record("area.changed", area, by=by, area=area, before=before, after=after)
    queries.ground.changed()
    area.refresh_from_db(fields=["keys"])
    return area


@transaction.atomic
def change_boundary(area: Area, *, boundary: Any, by: Any) -> Area:
    """Draw an area anew (None takes its boundary away). New reports are located by it; filed cases stay."""
    area = Area.objects.locked(area.pk)
    rules.may_change_boundary(area, by).enforce()

    before = square_metres(from_boundary(area.boundary)) if area.boundary else None
    shape = from_boundary(boundary) if boundary is not None else None
    draw(area, shape)
    area.save(update_fields=["boundary", "lon", "lat"])

    after = square_metres(shape) if shape is not None else None
    record("area.boundary_changed", area, by=by, area=area, square_metres_before=before, square_metres=after)
    queries.ground.changed()
    return area


@transaction.atomic
def retire_area(area: Area, *, by: Any) -> Area:
    """Close an area for good: nothing new is located in it. What happened in it keeps its name."""
    _lock_tree()
    area = Area.objects.locked(area.pk)
    has_children = Area.objects.current().filter(parent=area).exists()
    rules.may_retire_area(area, by, has_children=has_children).enforce()

    area.retired_at = clock.now()
    area.save(update_fields=["retired_at"])

    record("area.retired", area, by=by, area=area, code=area.code, name=area.name)
    queries.ground.changed()
    return area


def draw(area: Area, shape: Any) -> None:
    """Give an unsaved area its boundary and the point of its label."""
    area.boundary = as_boundary(shape) if shape is not None else None
    area.lon, area.lat = label_point(shape) if shape is not None else (None, None)


def search_vector(words: list[str]) -> Func:
    """Search words as the database keeps them."""
    array = Value(words, output_field=ArrayField(TextField()))
    return Func(array, function="array_to_tsvector", template="%(function)s(%(expressions)s::text[])")


def next_ids(model: type[models.Model], count: int) -> list[int]:
    """Ids for rows that must know theirs before they are written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def _insert(rows: Sequence[AreaRow], *, by: Any) -> list[Area]:
    _lock_tree()
    codes = Counter(row.code for row in rows)
    named = {row.parent for row in rows if isinstance(row.parent, str)}
    known = {area.code: area for area in Area.objects.light().filter(code__in={*named, *codes})}
    fresh = Area.objects.light().in_bulk({row.parent.pk for row in rows if isinstance(row.parent, Area)})
    if taken := sorted(code for code, times in codes.items() if times > 1 or code in known):
        sentence = _("Another area already has the code %(code)s.") % {"code": ", ".join(taken)}
        raise Refusal("area.code_taken", sentence)
    if any(row.kind == AreaKind.DISTRICT for row in rows) and Area.objects.filter(parent=None).exists():
        raise Refusal("area.second_district", _("There is a district already; there can be only one."))
    areas: list[Area] = []
    allowed: set[tuple[str, int | None]] = set()
    for pk, row in zip(next_ids(Area, len(rows)), rows, strict=True):
        if isinstance(row.parent, str) and row.parent not in known:
            sentence = _("There is no area with the code %(code)s.") % {"code": row.parent}
            raise Refusal("area.unknown_parent", sentence)
        parent = known[row.parent] if isinstance(row.parent, str) else row.parent and fresh[row.parent.pk]
        question = (row.kind, parent.pk if parent else None)
        if question not in allowed:
            rules.may_create_area(row.kind, parent, by).enforce()
            allowed.add(question)
        area = Area(
            pk=pk,
            kind=row.kind,
            code=row.code,
            name=row.name,
            name_en=row.name_en,
            parent=parent,
            path=f"{parent.path if parent else ''}{pk}/",
            aliases=list(row.aliases),
            has_desk=row.has_desk,
        )
        _set_search(area)
        draw(area, from_boundary(row.boundary) if isinstance(row.boundary, dict | str) else row.boundary)
        areas.append(area)
        known[row.code] = area
    return Area.objects.bulk_create(areas, batch_size=500)


def _set_search(area: Area) -> None:
    columns = search_columns(area.name, area.name_en, area.aliases)
    area.pinyin, area.initials = columns.pinyin, columns.initials
    area.keys = search_vector(columns.words)


def _lock_tree() -> None:
    """Changes of the tree's shape go one at a time: a path is read here and written there."""
    list(Area.objects.select_for_update(of=("self",)).filter(parent=None).values_list("pk"))
