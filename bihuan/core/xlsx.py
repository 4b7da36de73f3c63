"""A look into an .xlsx before it is read: how far it reaches, and which formulas failed."""

import html
import io
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Sequence
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

Failures = dict[int, dict[int, str]]  # row → column → what a failed formula shows, "#DIV/0!"

MAX_CELLS = 6_000_000
NAMED = re.compile(rb"\br=\"([A-Z]{0,3})([0-9]{1,7})\"")
FAILED = re.compile(rb"<c\b([^>]*\bt=\"e\"[^>]*)>.{0,400}?<v>([^<]*)</v>", re.S)
RELATION = re.compile(r"<Relationship\b[^>]*>")
SHEET = re.compile(r"<sheet\b[^>]*>")
ATTRIBUTE = re.compile(r"([\w:]+)=\"([^\"]*)\"")


def look_inside(content: bytes, name: str) -> dict[str, Failures]:
    """Where formulas of an .xlsx failed, by sheet: the reader gives those cells as empty ones.

    Refuses a sheet whose cells lie so far apart that the reader, which keeps a full rectangle, would burst:
    two cells in opposite corners make a file of 5 kB and a rectangle of 17 thousand million cells.
    """
    found: dict[str, Failures] = {}
    if not content.startswith(b"PK\x03\x04"):
        return found
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = _sheet_names(archive)
            for part in archive.namelist():
                if part.startswith("xl/worksheets/") and part.endswith(".xml"):
                    with archive.open(part) as stream:
                        rows, columns, failures = _scan(stream)
                    _check_extent(rows, columns, name)
                    if failures and part in names:
                        found[names[part]] = failures
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise unreadable(name, error) from error
    return found


def _check_extent(rows: int, columns: int, name: str) -> None:
    if rows * columns <= MAX_CELLS:
        return
    raise ValidationError(
        _(
            "“%(name)s” reaches down to row %(rows)s and right to column %(columns)s: too much to read."
            " Delete the empty rows and columns beyond your list and save it again."
        )
        % {"name": name, "rows": rows, "columns": letter_of(columns - 1)}
    )


def _sheet_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Which part of the archive is which sheet."""
    parts = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= parts:
        return {}
    targets = {}
    for element in RELATION.findall(archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")):
        given = dict(ATTRIBUTE.findall(element))
        targets[given.get("Id")] = given.get("Target", "").removeprefix("/xl/").removeprefix("xl/")
    found = {}
    for element in SHEET.findall(archive.read("xl/workbook.xml").decode("utf-8", "replace")):
        given = dict(ATTRIBUTE.findall(element))
        found[f"xl/{targets.get(given.get('r:id'))}"] = html.unescape(given.get("name", ""))
    return found


def _scan(stream: IO[bytes]) -> tuple[int, int, Failures]:
    """The last row and column that a sheet names, and its failed formulas."""
    rows, letters, tail = 1, {b"A"}, b""
    failures: Failures = defaultdict(dict)
    while chunk := stream.read(1 << 20):
        text = tail + chunk
        named: Sequence[tuple[bytes, bytes]] = NAMED.findall(text)
        if named:
            letters.update({column for column, _row in named if column})
            rows = max(rows, max(int(row) for row in {row for _column, row in named}))
        if b't="e"' in text:
            for cell, value in FAILED.findall(text):
                where = NAMED.search(cell)
                if where:
                    failures[int(where[2])][index_of(where[1])] = value.decode("utf-8", "replace")
        tail = chunk[-512:]
    return rows, max(index_of(column) for column in letters) + 1, dict(failures)


def index_of(letters: bytes) -> int:
    """A column's place by its letters: A is 0."""
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1


def letter_of(index: int) -> str:
    """A column's letter: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def unreadable(name: str, error: Exception) -> ValidationError:
    return ValidationError(
        _("“%(name)s” cannot be read as a spreadsheet (%(error)s). Save it as .xlsx and try again.")
        % {"name": name, "error": error}
    )
