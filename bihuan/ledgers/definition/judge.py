"""Asks pyxform, the reference of XLSForm, whether survey, choices and settings hold: a second judge.

It is given the cells that we read, under the names XLSForm knows, never the file itself. It stops at its
first fault.
"""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.core.xlsx import letter_of
from bihuan.ledgers.definition.faults import CellFault, say
from bihuan.ledgers.definition.lines import Line
from bihuan.ledgers.definition.sheets import Sheet

LANGUAGES = {"zh": "中文 (zh)", "en": "English (en)"}
ROW = re.compile(r"\[row : (\d+)\]\s*")
SHEET = re.compile(r"On the '(\w+)' sheet")
COLUMN = re.compile(r"the '([\w:]+)' value")
NAME = re.compile(r"[^\W\d][\w.-]*")  # of an element of XML; what is none, no choice filter can name
KNOWN_SETTINGS = ("form_title", "form_id", "version")


def ask(sheets: dict[str, Sheet], title: str) -> CellFault | None:
    """What pyxform finds wrong, in which cell; nothing when it can make a form of the workbook."""
    # Importing it takes a third of a second, which only somebody who reads a workbook is to pay.
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    book: dict[str, Any] = {}
    for key in ("survey", "choices"):
        if key in sheets:
            rows = [_row(line) for line in _with_gaps(sheets[key])]
            book[key] = rows
            book[f"{key}_header"] = [dict.fromkeys(name for row in rows for name in row)]
    settings = sheets["settings"].lines[:1] if "settings" in sheets else []
    given = {key: line.cells[key] for line in settings for key in KNOWN_SETTINGS if line.text(key)}
    book["settings"] = [{"form_title": title, "form_id": "ledger", **given}]
    book["settings_header"] = [dict.fromkeys(book["settings"][0])]
    try:
        convert(xlsform=book, warnings=[], form_name="data")
    except PyXFormError as error:
        return _fault(str(error), error.context, sheets)
    return None


def _with_gaps(sheet: Sheet) -> list[Line | None]:
    """The lines, with nothing where rows are empty: rows count as in a file whose heading is row 1."""
    by_number = {line.number - sheet.top: line for line in sheet.lines}
    return [by_number.get(number) for number in range(2, max(by_number, default=1) + 1)]


def _row(line: Line | None) -> dict[str, str]:
    if line is None:
        return {}
    cells = {}
    for key, text in (line.cells | line.meant).items():
        base, _colons, language = key.partition("::")
        cells[f"{base}::{LANGUAGES[language]}" if language else base] = text
    if line.sheet.kind.key == "choices":
        cells |= {heading: text for heading, text in line.extras if NAME.fullmatch(heading)}
    return cells


def _fault(sentence: str, facts: dict[str, Any], sheets: dict[str, Sheet]) -> CellFault:
    """Where the fault is: from the error's own facts, or from the sentence that it was made into."""
    row = facts.get("row") or next(iter(ROW.findall(sentence)), 0)
    name = facts.get("sheet") or facts.get("sheet_name") or next(iter(SHEET.findall(sentence)), "survey")
    column = facts.get("column") or next(iter(COLUMN.findall(sentence)), "")
    sheet = sheets.get(str(name))
    index = sheet.place(str(column).split("::")[0]) if sheet and column else None
    return CellFault(
        sheet.grid.name if sheet else str(name),
        int(row) + (sheet.top if sheet and row else 0),
        letter_of(index) if index is not None else "",
        str(column),
        say(_("pyxform, which checks XLSForms, says: %(sentence)s"), sentence=ROW.sub("", sentence).strip()),
        _("Correct it as the sentence says; xlsform.org explains the form."),
    )
