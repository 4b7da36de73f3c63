"""Names, codes and boundaries of areas from files: all of a file, or its good rows, or only a look at it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import shapely
from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import record
from bihuan.core.sheets import RowError, Table
from bihuan.core.verdicts import Refusal
from bihuan.territory import queries, rules
from bihuan.territory.actions.areas import create_areas, draw, search_vector
from bihuan.territory.divisions import division_rows
from bihuan.territory.geodata import Drawing, Drawn
from bihuan.territory.models import Area
from bihuan.territory.rows import AreaRow
from bihuan.territory.search import search_columns
from bihuan.territory.shapes import Fault, faults_between


@dataclass
class DivisionReport:
    """What an import of names and codes did, or would do."""

    kept: bool = False
    created: list[str] = field(default_factory=list)  # codes
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    errors: list[RowError] = field(default_factory=list)


@dataclass
class BoundaryReport:
    """What an import of boundaries did, or would do, and how its areas fit together afterwards."""

    kept: bool = False
    system: str = ""
    fields: list[str] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)  # codes
    errors: list[RowError] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    areas: dict[int, Area] = field(default_factory=dict)  # those named in `faults`

    def faults_with_areas(self) -> list[dict[str, Any]]:
        """Each fault with its areas, for a page."""
        return [{"fault": fault, "areas": [self.areas[pk] for pk in fault.areas]} for fault in self.faults]


@transaction.atomic
def import_divisions(
    table: Table, *, by: Any, keep_good: bool = False, only_check: bool = False
) -> DivisionReport:
    """Take in subdistricts, communities and villages with their official names and codes.

    One bad row refuses the whole table, unless `keep_good`; `only_check` writes nothing. The same table again
    changes nothing. `table` comes from `divisions.read_divisions`.
    """
    district = _locked_district()
    rules.may_set_up(by, district).enforce()
    report = DivisionReport()
    rows = division_rows(table, district, report.errors)
    known = {area.code: area for area in Area.objects.light().filter(code__in=[row.code for row in rows])}
    new = [row for row in rows if row.code not in known]
    for row in rows:
        area = known.get(row.code)
        if area is None:
            report.created.append(row.code)
        elif area.retired_at or area.kind != row.kind:
            report.errors.append(
                RowError(
                    0,
                    "code",
                    _("The code %(code)s belongs to another area.") % {"code": row.code},
                    _("Correct the code, or change that area first."),
                )
            )
        elif area.name != row.name or not set(row.aliases) <= set(area.aliases):
            report.changed.append(row.code)
        else:
            report.unchanged += 1
    if only_check or (report.errors and not keep_good):
        return report
    report.kept = True
    create_areas(new, by=by)
    by_code = {row.code: row for row in rows}
    for code in report.changed:
        _rename(known[code], by_code[code], by=by)
    queries.ground.changed()
    return report


@transaction.atomic
def import_boundaries(
    drawing: Drawing, *, by: Any, kind: str = "", keep_good: bool = False, only_check: bool = False
) -> BoundaryReport:
    """Draw areas from a file that `geodata.read_drawing` has read, matched by code, else by name.

    One bad shape refuses the whole file, unless `keep_good`; `only_check` writes nothing. Overlaps and gaps
    between neighbours are reported, not refused: real boundaries have them, and people decide whose it is.
    """
    district = _locked_district()
    rules.may_set_up(by, district).enforce()
    report = BoundaryReport(system=drawing.system, fields=drawing.fields)
    shapes = _matched(drawing.drawn, kind, report.errors)
    areas = {area.pk: area for area in Area.objects.light().filter(pk__in=shapes).order_by("code")}
    report.drawn = [area.code for area in areas.values()]
    _find_faults(areas, shapes, report)
    if only_check or not shapes or (report.errors and not keep_good):
        return report
    report.kept = True
    for pk, area in areas.items():
        draw(area, shapes[pk])
    Area.objects.bulk_update(areas.values(), ["boundary", "lon", "lat"], batch_size=200)
    record(
        "area.boundaries_imported",
        district,
        by=by,
        area=district,
        codes=report.drawn,
        system=report.system,
        faults=len(report.faults),
    )
    queries.ground.changed()
    return report


def _locked_district() -> Area:
    district = Area.objects.light().select_for_update(of=("self",)).filter(parent=None).first()
    if district is None:
        raise Refusal("territory.no_district", _("Create the district first."))
    return district


def _rename(area: Area, row: AreaRow, *, by: Any) -> None:
    area = Area.objects.locked(area.pk)
    before = area.name
    area.name = row.name
    area.aliases = list(dict.fromkeys([*area.aliases, *row.aliases]))
    columns = search_columns(area.name, area.name_en, area.aliases)
    area.pinyin, area.initials, area.keys = columns.pinyin, columns.initials, search_vector(columns.words)
    area.save(update_fields=["name", "aliases", "pinyin", "initials", "keys"])
    record("area.changed", area, by=by, area=area, before={"name": before}, after={"name": area.name})


def _matched(drawn: list[Drawn], kind: str, errors: list[RowError]) -> dict[int, Any]:
    """The shape of each area by id; several shapes of one area become one."""
    areas = list(Area.objects.current().light())
    if kind:
        areas = [area for area in areas if area.kind == kind]
    by_code = {area.code: area.pk for area in areas}
    by_name: dict[str, set[int]] = defaultdict(set)
    for area in areas:
        for name in {area.name, *area.aliases}:
            by_name[name].add(area.pk)
    parts: dict[int, list[Any]] = defaultdict(list)
    for item in drawn:
        found = {by_code[item.code]} if item.code in by_code else by_name.get(item.name, set())
        if item.shape.is_empty:
            errors.append(
                RowError(
                    item.number,
                    item.name or item.code,
                    _("The shape is empty."),
                    _("Draw it again or remove it."),
                )
            )
        elif len(found) == 1:
            parts[next(iter(found))].append(item.shape)
        elif found:
            errors.append(
                RowError(
                    item.number,
                    item.name,
                    _("%(count)s areas are called “%(name)s”.") % {"count": len(found), "name": item.name},
                    _("Add a column with their codes."),
                )
            )
        else:
            errors.append(
                RowError(
                    item.number,
                    item.name or item.code,
                    _("No area has the code “%(code)s” or the name “%(name)s”.")
                    % {"code": item.code, "name": item.name},
                    _("Create the area first, or choose the columns that hold code and name."),
                )
            )
    return {pk: shapely.union_all(shapes) if len(shapes) > 1 else shapes[0] for pk, shapes in parts.items()}


def _find_faults(areas: Mapping[int, Area], shapes: Mapping[int, Any], report: BoundaryReport) -> None:
    """How the areas of this file and their neighbours that were drawn before fit together."""
    parents = {area.parent_id for area in areas.values() if area.parent_id} | set(shapes)
    family = Area.objects.current().light().filter(parent_id__in=parents)
    drawn = queries.boundaries_of(
        Area.objects.current().filter(pk__in=parents | {area.pk for area in family})
    )
    drawn.update(shapes)
    for parent_id in sorted(parents):
        children = {
            area.pk: drawn[area.pk] for area in family if area.parent_id == parent_id and area.pk in drawn
        }
        report.faults += faults_between(children, parent_id, drawn.get(parent_id))
    report.faults.sort(key=lambda fault: -fault.square_metres)
    named = {pk for fault in report.faults for pk in fault.areas}
    report.areas = Area.objects.light().in_bulk(named)
