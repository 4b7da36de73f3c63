"""Writes the catalogue, and the template for one, as a workbook."""

import re
from io import BytesIO
from typing import Any

from bihuan.accounts.models import Unit
from bihuan.cases.catalogue_book.columns import COLUMNS, FIELDS, FLAGS, SHEET, URGENCY_TITLES
from bihuan.cases.models import Matter, Responsibility, Urgency
from bihuan.core.sheets import write_workbook
from bihuan.core.text import normalise
from bihuan.territory.models import Area

WRITTEN_COLUMNS = list(COLUMNS)


def write_catalogue() -> bytes:
    """Every matter in use, in the form that an import reads back to no change."""
    matters = {matter.pk: matter for matter in Matter.objects.filter(retired_at=None)}
    areas = {area.pk: area for area in Area.objects.current().light()}
    units = {unit.pk: unit for unit in Unit.objects.all()}
    area_names, unit_names = _own_names(areas.values()), _own_names(units.values())
    answers: dict[int, list[str]] = {}
    rows = Responsibility.objects.filter(matter__in=matters, area__in=areas).order_by("area__path")
    for matter_id, area_id, unit_id in rows.values_list("matter_id", "area_id", "unit_id"):
        text = unit_names[unit_id]
        if areas[area_id].parent_id is not None:
            text = f"{area_names[area_id]}={text}"
        answers.setdefault(matter_id, []).append(text)

    def trail(matter: Matter) -> list[str]:
        above = matters.get(matter.parent_id or 0)
        return [*(trail(above) if above else []), matter.code]

    def row(matter: Matter) -> list[Any]:
        cells: dict[str, Any] = {name: getattr(matter, name) for name in FIELDS}
        above = matters.get(matter.parent_id or 0)
        cells["parent"] = above.code if above else ""
        cells["urgency"] = URGENCY_TITLES[Urgency(matter.urgency)]
        cells.update({name: "是" if getattr(matter, name) else "否" for name in FLAGS})
        cells["units"] = "; ".join(answers.get(matter.pk, []))
        return [cells[name] for name in WRITTEN_COLUMNS]

    return _workbook([row(matter) for matter in sorted(matters.values(), key=trail)])


def _own_names(rows: Any) -> dict[int, str]:
    """The name of each where it is its own and can be read back, else the code."""
    rows = list(rows)
    names = [normalise(row.name).casefold() for row in rows]
    codes = {row.code.casefold() for row in rows}
    return {
        row.pk: row.name
        if names.count(name) == 1 and name not in codes and not re.search(r"[=;\n]", name)
        else row.code
        for row, name in zip(rows, names, strict=True)
    }


def write_template() -> bytes:
    """An empty workbook with two rows that show how it is filled in."""
    examples: dict[str, dict[str, Any]] = {
        "parent": {"code": "01", "name": "市容环境", "name_en": "Street appearance", "urgency": "一般"},
        "child": {
            "code": "01.01",
            "parent": "01",
            "name": "暴露垃圾",
            "name_en": "Litter left lying",
            "urgency": "一般",
            "assign_limit": "4小时",
            "acknowledge_limit": "4小时",
            "resolve_limit": "2个工作日",
            "self_handled": "是",
            "spot_check_share": 10,
            "needs_before_photo": "是",
            "needs_after_photo": "是",
            "filing_standard": "公共区域垃圾未及时清运。",
            "closing_standard": "垃圾清运干净，周边无散落。",
            "keywords": "垃圾 堆积 清运",
        },
    }
    return _workbook([[example.get(name, "") for name in WRITTEN_COLUMNS] for example in examples.values()])


def _workbook(rows: list[list[Any]]) -> bytes:
    target = BytesIO()
    write_workbook(target, {SHEET: ([COLUMNS[name][0] for name in WRITTEN_COLUMNS], rows)})
    return target.getvalue()
