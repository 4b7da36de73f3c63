"""Spreadsheets in and out: rows with their numbers, errors that name row, field and remedy."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, BinaryIO

import python_calamine
import xlsxwriter
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from bihuan.core.text import CONTROL
from bihuan.core.xlsx import Failures, look_inside, unreadable

SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how .xlsx, .ods and .xls begin
ENDINGS = (".xlsx", ".xls", ".ods", ".csv")
LONGEST_CELL = 1_000_000  # characters


@dataclass(frozen=True)
class RowError:
    """What is wrong in one cell, and what its author can do about it. Sentences in the reader's language."""

    row: int  # as the spreadsheet program counts: the header is row 1
    field: str
    problem: str
    remedy: str


@dataclass(frozen=True)
class Row:
    number: int
    cells: dict[str, Any]  # str, int, float, bool, date, datetime or None by header

    def text(self, name: str) -> str:
        """The cell as a person reads it: whole numbers without ".0", nothing as ""."""
        return as_text(self.cells.get(name))


@dataclass(frozen=True)
class Table:
    name: str
    header: list[str]
    rows: list[Row] = field(repr=False)


def as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return CONTROL.sub("", str(value)).strip()


def read_table(file: BinaryIO, name: str) -> Table:
    """The first sheet that has content. `name` is the file's name; content decides, not the ending.

    Raises ValidationError with a sentence for the user when the file is no spreadsheet or is empty.
    """
    tables = [table for table in read_workbook(file, name) if table.header]
    if not tables:
        raise ValidationError(
            _("“%(name)s” has no rows. Put the column names into the first row.") % {"name": name}
        )
    return tables[0]


@dataclass(frozen=True)
class Grid:
    """A sheet as it lies there: every line from row 1 and column A, and what its cells do not say."""

    name: str
    lines: list[list[Any]] = field(repr=False)
    merged: list[tuple[tuple[int, int], tuple[int, int]]]  # first and last (row, column), counted from 0
    failed: Failures  # formulas whose result is an error, which read as empty cells


def read_grids(file: BinaryIO, name: str) -> list[Grid]:
    """Every sheet with its cells in their places, for workbooks of a form that we prescribe.

    Raises ValidationError with a sentence for the user when the file is no workbook.
    """
    content = file.read()
    if content[:4] not in SPREADSHEETS:
        raise ValidationError(
            _("“%(name)s” is no workbook with sheets. Save it as .xlsx and try again.") % {"name": name}
        )
    return list(_grids(content, name))


def _grids(content: bytes, name: str) -> Iterator[Grid]:
    failed = look_inside(content, name)
    try:
        workbook = python_calamine.load_workbook(io.BytesIO(content))
        for title in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(title)
            lines = sheet.to_python(skip_empty_area=False)
            yield Grid(title, lines, sheet.merged_cell_ranges or [], failed.get(title, {}))
    except (python_calamine.CalamineError, python_calamine.PasswordError) as error:
        raise unreadable(name, error) from error


def read_workbook(file: BinaryIO, name: str) -> list[Table]:
    """Every sheet. A CSV file is a workbook of one sheet."""
    content = file.read()
    if not content:
        raise ValidationError(
            _("“%(name)s” is empty (0 bytes). Save it again and upload that file.") % {"name": name}
        )
    if content[:4] in SPREADSHEETS:
        return [_table(grid.name, grid.lines) for grid in _grids(content, name)]
    csv.field_size_limit(LONGEST_CELL)
    try:
        return [_table(name, list(csv.reader(io.StringIO(_decode(content, name), newline=""))))]
    except csv.Error as error:
        raise ValidationError(
            _("“%(name)s” cannot be read as a table (%(error)s). Save it as .xlsx and try again.")
            % {"name": name, "error": error}
        ) from error


def _decode(content: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):  # what spreadsheet programs write in China
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise ValidationError(
        _("“%(name)s” is neither a spreadsheet nor text. Upload .xlsx, .xls, .ods or .csv.") % {"name": name}
    )


def _table(name: str, grid: Sequence[Sequence[Any]]) -> Table:
    start = next((i for i, line in enumerate(grid) if any(as_text(cell) for cell in line)), None)
    if start is None:
        return Table(name, [], [])
    header: list[str] = []
    for position, cell in enumerate(grid[start]):
        title = unique = as_text(cell) or _("Column %(number)s") % {"number": position + 1}
        twin = 1
        while unique in header:
            twin += 1
            unique = f"{title} ({twin})"
        header.append(unique)
    rows = [
        Row(number, {title: _cell(line[i]) if i < len(line) else None for i, title in enumerate(header)})
        for number, line in enumerate(grid[start + 1 :], start=start + 2)
        if any(as_text(cell) for cell in line)
    ]
    return Table(name, header, rows)


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return CONTROL.sub("", value).strip() or None
    return value


OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how texts begin that a spreadsheet program would reckon
WIDEST, WIDTH_ROWS = 60, 200


def write_workbook(
    target: str | BinaryIO, sheets: Mapping[str, tuple[Sequence[str], Iterable[Sequence[Any]]]]
) -> None:
    """Write sheets of header and rows. Text stays text: a cell that begins like a formula is not one."""
    workbook = xlsxwriter.Workbook(target, OPTIONS)
    for title, (header, rows) in sheets.items():
        _write_sheet(workbook, title, header, rows)
    workbook.close()


def write_long_sheet(
    target: BinaryIO, title: str, header: Sequence[str], rows: Iterable[Sequence[Any]], *, folder: str
) -> None:
    """Write one sheet of any length: its rows go to a file in `folder` one by one, not into memory."""
    workbook = xlsxwriter.Workbook(target, OPTIONS | {"constant_memory": True, "tmpdir": folder})
    _write_sheet(workbook, title, header, rows)
    workbook.close()


def _write_sheet(workbook: Any, title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    plain = workbook.add_format({"quote_prefix": True})  # stays text even when somebody edits the cell
    sheet = workbook.add_worksheet(title[:31])
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, header, bold)
    widths = [len(str(name)) * 2 for name in header]
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if value is None or value == "":
                continue
            if isinstance(value, datetime):
                sheet.write_datetime(number, column, value, moment)
            elif isinstance(value, date):
                sheet.write_datetime(number, column, datetime(value.year, value.month, value.day), day)
            elif isinstance(value, bool | int | float):
                sheet.write(number, column, value)
            else:
                text = str(value)[:32_767]
                sheet.write_string(number, column, text, plain if text.startswith(LIKE_A_FORMULA) else None)
            if column < len(widths) and number < WIDTH_ROWS:
                widths[column] = max(widths[column], len(as_text(value)) * 2)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(max(width, 10), WIDEST))
