"""Names, codes and boundaries of areas from files: all of a file, or its good rows, or only a look at it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import shapely
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import record
from bihuan.core.sheets import RowError, Table, read_table
from bihuan.core.verdicts import Refusal
from bihuan.territory import queries, rules
from bihuan.territory.actions.areas import AreaRow, create_areas, draw, search_vector
from bihuan.territory.geodata import Drawn, read_drawing
from bihuan.territory.models import Area, AreaKind
from bihuan.territory.projection import Datum
from bihuan.territory.search import search_columns
from bihuan.territory.shapes import Fault, faults_between

_HEADERS = {
    "subdistrict_code": ("subdistrict_code", "街道代码", "乡镇代码", "街道编码", "上级代码"),
    "subdistrict": ("subdistrict", "街道", "街道名称", "乡镇", "乡镇街道"),
    "code": ("code", "代码", "区划代码", "统计用区划代码", "社区代码", "编码"),
    "name": ("name", "名称", "社区", "社区名称", "村居名称", "居委会"),
}


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
    names: dict[int, str] = field(default_factory=dict)  # of the areas in `faults`

    def faults_in_words(self) -> list[dict[str, Any]]:
        """Each fault with the names of its areas, for a page."""
        return [
            {"fault": fault, "names": [self.names.get(pk, str(pk)) for pk in fault.areas]}
            for fault in self.faults
        ]


@transaction.atomic
def import_divisions(
    file: BinaryIO, name: str, *, by: Any, keep_good: bool = False, only_check: bool = False
) -> DivisionReport:
    """Take in subdistricts, communities and villages with their official names and codes.

    One bad row refuses the file, unless `keep_good`; `only_check` writes nothing. The same file again changes
    nothing. ValidationError when it is no spreadsheet of divisions at all.
    """
    district = _locked_district()
    rules.may_set_up(by, district).enforce()
    report = DivisionReport()
    rows = _division_rows(read_table(file, name), district, report.errors)
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
    file: BinaryIO,
    *,
    by: Any,
    datum: Datum | None = None,
    code_field: str = "",
    name_field: str = "",
    kind: str = "",
    keep_good: bool = False,
    only_check: bool = False,
) -> BoundaryReport:
    """Draw areas from a GeoJSON, Shapefile, GeoPackage or KML file, matched by code, else by name.

    One bad shape refuses the file, unless `keep_good`; `only_check` writes nothing. Overlaps and gaps between
    neighbours are reported, not refused: real boundaries have them, and people decide whose land it is.
    """
    district = _locked_district()
    rules.may_set_up(by, district).enforce()
    drawing = read_drawing(file, datum=datum, code_field=code_field, name_field=name_field)
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


def _division_rows(table: Table, district: Area, errors: list[RowError]) -> list[AreaRow]:
    columns = {
        key: next((title for title in table.header if title.strip().lower() in usual), "")
        for key, usual in _HEADERS.items()
    }
    if missing := [usual[0] for key, usual in _HEADERS.items() if not columns[key]]:
        raise ValidationError(
            _("The sheet lacks the columns %(columns)s. Its first row must name them.")
            % {"columns": ", ".join(missing)}
        )
    subdistricts: dict[str, AreaRow] = {}
    rows: dict[str, AreaRow] = {}
    for row in table.rows:
        cells = {key: row.text(title) for key, title in columns.items()}
        fault = _fault_of(cells, subdistricts, rows)
        if fault:
            errors.append(RowError(row.number, columns[fault[0]], fault[1], fault[2]))
            continue
        over = cells["subdistrict_code"]
        if over not in subdistricts:
            subdistricts[over] = AreaRow(
                AreaKind.SUBDISTRICT,
                over,
                cells["subdistrict"],
                district,
                aliases=_short_subdistrict(cells["subdistrict"]),
                has_desk=True,
            )
        kind, short = _community_or_village(cells["code"], cells["name"])
        aliases = [cells["name"]] if short != cells["name"] else []
        rows[cells["code"]] = AreaRow(kind, cells["code"], short, over, aliases=aliases)
    return [*subdistricts.values(), *rows.values()]


def _fault_of(
    cells: Mapping[str, str], subdistricts: Mapping[str, AreaRow], rows: Mapping[str, AreaRow]
) -> tuple[str, str, str] | None:
    """Column, problem and remedy of a row that cannot be taken in."""
    for key, value in cells.items():
        if not value:
            return key, _("The cell is empty."), _("Fill it in.")
        if len(value) > (40 if key.endswith("code") else 120):
            return key, _("The text is too long."), _("Shorten it.")
    code, over = cells["code"], cells["subdistrict_code"]
    if code in rows:
        return (
            "code",
            _("The code %(code)s stands in an earlier row.") % {"code": code},
            _("Give each its own code."),
        )
    if code.isdigit() and over.isdigit() and len(over) >= 9 and not code.startswith(over[:9]):
        return (
            "code",
            _("The code %(code)s does not begin with its subdistrict's.") % {"code": code},
            _("Correct one of the two codes."),
        )
    if over in subdistricts and subdistricts[over].name != cells["subdistrict"]:
        return (
            "subdistrict",
            _("The subdistrict %(code)s has another name in an earlier row.") % {"code": over},
            _("Write the same name in every row."),
        )
    if not _community_or_village(code, cells["name"])[0]:
        return (
            "name",
            _("“%(name)s” names neither a community nor a village.") % {"name": cells["name"]},
            _("Write the full official name, ending in 居民委员会 or 村民委员会."),
        )
    return None


def _community_or_village(code: str, name: str) -> tuple[str, str]:
    """Kind and everyday name: 陈州社区居民委员会 is 陈州社区, a community; 孙咀村民委员会 is 孙咀村."""
    if match := re.fullmatch(r"(.+?)(村民委员会|村委会)", name):
        stem = match[1]
        return AreaKind.VILLAGE, stem if stem.endswith("村") else f"{stem}村"
    if match := re.fullmatch(r"(.+?)(居民委员会|居委会)", name):
        stem = match[1]
        return AreaKind.COMMUNITY, stem if stem.endswith("社区") else f"{stem}社区"
    if name.endswith("社区"):
        return AreaKind.COMMUNITY, name
    if name.endswith("村"):
        return AreaKind.VILLAGE, name
    if re.fullmatch(r"\d{12}", code):  # the statistical code tells: 001–199 community, 200–399 village
        if code[9] in "01":
            return AreaKind.COMMUNITY, name
        if code[9] in "23":
            return AreaKind.VILLAGE, name
    return "", name


def _short_subdistrict(name: str) -> list[str]:
    """小桥街街道 is called 小桥街 too."""
    short = name.removesuffix("街道").removesuffix("回族")
    return [short] if name.endswith("街道") and short else []


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
    report.names = {area.pk: area.label for area in Area.objects.light().filter(pk__in=named)}
