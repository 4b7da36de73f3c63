"""Writes the template and the export."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from bihuan.accounts.models import DutyKind, UnitKind, User
from bihuan.accounts.queries import workbook_rows
from bihuan.accounts.workbook.columns import COLUMNS, DUTY_WORDS, SHEETS, UNIT_WORDS
from bihuan.core.clock import today
from bihuan.core.sheets import write_workbook


def write_template() -> bytes:
    """An empty workbook with one example row a sheet."""
    return _write(
        {
            "units": [["CG-01", "城市管理局", "Urban Management Bureau", "部门", "", ""]],
            "people": [["zhang.san", "张三", "13800000000", ""]],
            "duties": [["zhang.san", "承办人", "", "CG-01", today(), ""]],
        }
    )


def write_export(user: User) -> bytes:
    """What is in force now, ready to be imported again. Phones and passwords stay here."""
    rows = workbook_rows(user)
    duty_names = {kind: word for word, kind in DUTY_WORDS.items()}
    unit_names = {kind: word for word, kind in UNIT_WORDS.items()}
    return _write(
        {
            "units": [
                [
                    unit.code,
                    unit.name,
                    unit.name_en,
                    unit_names[UnitKind(unit.kind)],
                    unit.parent.code if unit.parent else "",
                    unit.area.code if unit.area else "",
                ]
                for unit in rows["units"]
            ],
            "people": [[person.username, person.name, "", ""] for person in rows["people"]],
            "duties": [
                [
                    duty.person.username,
                    duty_names[DutyKind(duty.kind)],
                    duty.area.code if duty.area else "",
                    duty.unit.code if duty.unit else "",
                    duty.starts_on,
                    duty.ends_on or "",
                ]
                for duty in rows["duties"]
            ],
        }
    )


def _write(sheets: dict[str, list[list[Any]]]) -> bytes:
    target = BytesIO()
    write_workbook(target, {SHEETS[sheet][0]: (list(_titles(sheet)), rows) for sheet, rows in sheets.items()})
    return target.getvalue()


def _titles(sheet: str) -> Iterator[str]:
    for chinese, _others in COLUMNS[sheet].values():
        yield chinese
