"""Reading tables of official divisions: subdistricts, their communities and villages, with codes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from bihuan.core.sheets import RowError, Table, read_table
from bihuan.territory.models import Area, AreaKind
from bihuan.territory.rows import AreaRow

_HEADERS = {
    "subdistrict_code": ("subdistrict_code", "街道代码", "乡镇代码", "街道编码", "上级代码"),
    "subdistrict": ("subdistrict", "街道", "街道名称", "乡镇", "乡镇街道"),
    "code": ("code", "代码", "区划代码", "统计用区划代码", "社区代码", "编码"),
    "name": ("name", "名称", "社区", "社区名称", "村居名称", "居委会"),
}


def read_divisions(file: BinaryIO, name: str) -> Table:
    """The table in a spreadsheet. ValidationError with a sentence when its columns are missing."""
    table = read_table(file, name)
    if missing := [_HEADERS[key][0] for key, title in _columns(table).items() if not title]:
        raise ValidationError(
            _("The sheet lacks the columns %(columns)s. Its first row must name them.")
            % {"columns": ", ".join(missing)}
        )
    return table


def _columns(table: Table) -> dict[str, str]:
    return {
        key: next((title for title in table.header if title.strip().lower() in usual), "")
        for key, usual in _HEADERS.items()
    }


def division_rows(table: Table, district: Area, errors: list[RowError]) -> list[AreaRow]:
    """The areas of the table, subdistricts first; what is wrong with the other rows goes into `errors`."""
    columns = _columns(table)
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
