"""Opens a workbook and gives its lines one by one, so that a hundred thousand need no more room than ten."""

import codecs
import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

import python_calamine
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from bihuan.core.sheets import LONGEST_CELL, as_text
from bihuan.core.text import normalise
from bihuan.core.xlsx import Failures, letter_of, look_inside, unreadable

Line = tuple[int, list[Any]]  # row number as the spreadsheet program counts, and its cells

HEADER_WITHIN = 20  # a title, a date and a note may stand above the headings, not a whole page
DELIMITERS = (",", "\t", ";", "|")
MARKS = re.compile(r"[\s_\-:：*＊()（）\[\]【】/\\.、，,]+")
TOLD = re.compile(r"[:：]\s*\S")  # 编号：2023-12
TAIL = re.compile(r"[(（\[【].*?[)）\]】]")


def plain(title: str) -> str:
    """A heading without spaces, marks and case; what stands in brackets is left out."""
    title = normalise(title).lower()
    return MARKS.sub("", TAIL.sub("", title)) or MARKS.sub("", title)


@dataclass(frozen=True)
class SheetChoice:
    """One sheet that may hold the rows."""

    name: str
    hidden: bool


class Book:
    """A workbook of any kind. Raises ValidationError with a sentence for the user when it is none.

    Whoever knows what headings mean says so in `recognised`: by that the list and its headings are found.
    """

    def __init__(self, content: bytes, name: str):
        self.name = name
        self._sheets: dict[str, _Calamine] = {}
        self._book: Any = None
        self._text = ""
        self._failures: dict[str, Failures] = {}
        if not content:
            raise ValidationError(
                _("“%(name)s” is empty (0 bytes). Save it again and upload that file.") % {"name": name}
            )
        if content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
            self._failures = look_inside(content, name)
            try:
                self._book = python_calamine.load_workbook(io.BytesIO(content))
            except python_calamine.CalamineError as error:
                raise unreadable(name, error) from error
        else:
            self._text = _decode(content, name)

    def recognised(self, titles: Sequence[str]) -> set[str]:
        """The meanings that these headings name."""
        return set()

    @cached_property
    def sheets(self) -> list[SheetChoice]:
        if self._book is None:
            return [SheetChoice(self.name, False)]
        visible = python_calamine.SheetVisibleEnum.Visible
        work = python_calamine.SheetTypeEnum.WorkSheet
        return [
            SheetChoice(sheet.name, sheet.visible != visible)
            for sheet in self._book.sheets_metadata
            if sheet.typ == work
        ]

    def lines(self, sheet: str) -> Iterator[Line]:
        """Every line, empty ones too. A cell merged downwards says the same in each of its rows."""
        if self._book is None:
            return _csv_lines(self._text, self.name)
        return self._calamine(sheet).lines()

    def last_row(self, sheet: str) -> int:
        if self._book is not None:
            return self._calamine(sheet).height
        return max((number for number, _cells in self.lines(sheet)), default=0)

    def top(self, sheet: str, count: int = HEADER_WITHIN) -> list[Line]:
        return list(islice(self.lines(sheet), count))

    @cached_property
    def likely_sheet(self) -> str:
        """The first sheet that looks like the list: visible ones first, empty ones last."""
        best, best_score = "", -1
        for choice in sorted(self.sheets, key=lambda choice: choice.hidden):
            top = self.top(choice.name)
            filled = any(as_text(cell) for _number, cells in top for cell in cells)
            score = (
                min(2, max((len(self.recognised(_texts(cells))) for _number, cells in top), default=0))
                if filled
                else -1
            )
            if score == 2:
                return choice.name
            if score > best_score:
                best, best_score = choice.name, score
        if best_score < 0:
            raise ValidationError(
                _("“%(name)s” has no rows. Put the column names into the first row.") % {"name": self.name}
            )
        return best

    def likely_header(self, sheet: str) -> int:
        """The row of the headings; 0 when the very first row is one of the list already.

        Of two rows of headings the later one counts when it says at least as much: the rows begin below it.
        """
        top = [(number, _texts(cells)) for number, cells in self.top(sheet)]
        filled = [(number, texts) for number, texts in top if any(texts)]
        if not filled:
            return 1
        best = max(filled, key=lambda line: (len(self.recognised(line[1])), line[0]))
        if self.recognised(best[1]):
            return best[0]
        first, texts = filled[0]
        return 0 if any(map(_is_value, texts)) else first

    def titles(self, sheet: str, header: int) -> list[str]:
        """The headings; an empty one takes what stands above it, and else is called by its letter."""
        top = self.top(sheet, max(header, 1) + HEADER_WITHIN)
        width = max((len(cells) for _number, cells in top), default=0)
        lines = {number: _texts(cells) for number, cells in top if number <= header}
        own, above = lines.get(header, []), lines.get(header - 1, [])
        if sum(map(bool, above)) < 2 or any(_is_value(text) or TOLD.search(text) for text in above):
            above = []  # what stands above the whole list, not a second row of headings
        return [
            (own[i] if i < len(own) else "")
            or (above[i] if i < len(above) else "")
            or _("Column %(letter)s") % {"letter": letter_of(i)}
            for i in range(width)
        ]

    def _calamine(self, name: str) -> "_Calamine":
        if name not in self._sheets:
            try:
                sheet = self._book.get_sheet_by_name(name)
            except python_calamine.WorksheetNotFound as error:
                raise ValidationError(_("There is no sheet “%(sheet)s”.") % {"sheet": name}) from error
            except python_calamine.CalamineError as error:
                raise unreadable(self.name, error) from error
            self._sheets[name] = _Calamine(sheet, self._failures.get(name, {}))
        return self._sheets[name]


class _Calamine:
    """One sheet of an .xlsx, .xls or .ods file."""

    def __init__(self, sheet: Any, failures: "Failures"):
        self.sheet, self.failures = sheet, failures
        self.left = sheet.start[1] if sheet.start else 0
        self.height = sheet.end[0] + 1 if sheet.end else 0
        self.merged: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for (top, column), (bottom, _right) in sheet.merged_cell_ranges or ():
            if bottom > top:
                self.merged[top].append((column, bottom))

    def lines(self) -> Iterator[Line]:
        carried: dict[int, tuple[Any, int]] = {}
        for index, row in enumerate(self.sheet.iter_rows()):
            cells = [*[""] * self.left, *row] if self.left else row
            if carried:
                carried = {column: kept for column, kept in carried.items() if kept[1] >= index}
                for column, (value, _bottom) in carried.items():
                    if column < len(cells):
                        cells[column] = value
            for column, text in self.failures.get(index + 1, {}).items():
                if column < len(cells):
                    cells[column] = text
            for column, bottom in self.merged.get(index, ()):
                if column < len(cells):
                    carried[column] = (cells[column], bottom)
            yield index + 1, cells


def without_nul(content: bytes) -> bytes:
    """A text file without the NUL characters that some programs leave in it; other files as they are."""
    office = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    if content.startswith(office) or content.count(b"\0") > max(16, len(content) // 10):
        return content
    return content.replace(b"\0", b"")


def _texts(cells: Iterable[Any]) -> list[str]:
    return [as_text(cell) for cell in cells]


def _is_value(text: str) -> bool:
    """Whether this is no heading, but what stands below one: a date, a number, a sentence."""
    return len(text) > 25 or re.fullmatch(r"[\d.:/ -]{4,}", text) is not None


def _decode(content: bytes, name: str) -> str:
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    # What spreadsheet programs write in China.
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ValidationError(
        _("“%(name)s” is neither a spreadsheet nor text. Upload .xlsx, .xls, .ods or .csv.") % {"name": name}
    )


def _csv_lines(text: str, name: str) -> Iterator[Line]:
    csv.field_size_limit(LONGEST_CELL)
    first = text[:10_000].lstrip().split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        yield from enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1)
    except csv.Error as error:
        raise ValidationError(
            _("“%(name)s” cannot be read as a table (%(error)s). Save it as .xlsx and try again.")
            % {"name": name, "error": error}
        ) from error
