"""Moves references of a workbook when rows repeat: cells, ranges, formulas."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

from bihuan.core.xlsx import index_of, letter_of

REFERENCE = re.compile(
    r"""
      (?P<skip> "(?:[^"]|"")*" | \[[^\]]*\] )
    | (?P<sheet> (?: '(?:[^']|'')*' | [^\s'"!(),;:+\-*/^&=<>{}\[\]]+ )! )?
      (?: (?<![\w.$]) | (?<=!) )
      (?: (?P<first>\$?[A-Z]{1,3}\$?[0-9]{1,7}) (?: :(?P<last>\$?[A-Z]{1,3}\$?[0-9]{1,7}) )? (?![\w(.!])
        | (?P<top>\$?[0-9]{1,7}) : (?P<bottom>\$?[0-9]{1,7}) (?![\w(.!]) )
    """,
    re.X,
)
CELL = re.compile(r"(\$?)([A-Z]{1,3})(\$?)([0-9]{1,7})")
BLOCK = tuple[int, int, int]  # first and last row, and how many times they stand there afterwards


@dataclass
class Rows:
    """Where each row of a sheet goes: blocks of rows repeat, or go away."""

    blocks: list[BLOCK] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.blocks = sorted(self.blocks)
        self._firsts = [first for first, _last, _times in self.blocks]
        self._bases = []
        grown = 0
        for first, last, times in self.blocks:
            self._bases.append(first + grown)
            grown += (last - first + 1) * (times - 1)
        self.grown = grown

    def block_of(self, row: int) -> int | None:
        at = bisect_right(self._firsts, row) - 1
        return at if at >= 0 and row <= self.blocks[at][1] else None

    def copy(self, row: int, number: int) -> int:
        """Where the row stands in this copy of its block."""
        at = bisect_right(self._firsts, row) - 1
        if at < 0:
            return row
        first, last, times = self.blocks[at]
        height = last - first + 1
        if row <= last:
            return self._bases[at] + number * height + row - first
        return self._bases[at] + times * height + row - last - 1

    def start(self, row: int) -> int:
        return self.copy(row, 0)

    def end(self, row: int) -> int:
        at = self.block_of(row)
        times = self.blocks[at][2] if at is not None else 1
        return max(self.copy(row, times - 1), 1)

    def reach(self, first: int, last: int) -> tuple[int, int]:
        start = self.start(first)
        return start, max(start, self.end(last))


UNMOVED = Rows()


def cell_parts(cell: str) -> tuple[str, int]:
    """C5 is C and 5."""
    match = CELL.fullmatch(cell)
    return (match[2], int(match[4])) if match else ("", 0)


def move_range(reference: str, rows: Rows) -> str:
    """A list of ranges, as sqref has it, after the rows have moved."""
    return " ".join(_moved_range(one, rows) for one in reference.split())


def _moved_range(reference: str, rows: Rows) -> str:
    first, _colon, last = reference.partition(":")
    top, bottom = CELL.fullmatch(first), CELL.fullmatch(last or first)
    if not top or not bottom:
        return reference
    start, end = rows.reach(int(top[4]), int(bottom[4]))
    if not last:
        return f"{top[1]}{top[2]}{top[3]}{start}" if start == end else f"{top[2]}{start}:{top[2]}{end}"
    return f"{top[1]}{top[2]}{top[3]}{start}:{bottom[1]}{bottom[2]}{bottom[3]}{end}"


@dataclass(frozen=True)
class Place:
    """Where a formula stands: its sheet, and in which copy of which block."""

    sheet: str
    block: int | None = None
    number: int = 0


def move_formula(formula: str, sheets: Mapping[str, Rows], place: Place) -> str:
    """The formula after rows have moved: a cell of its own row stays so, a range over a block covers all."""

    def moved(match: re.Match[str]) -> str:
        if match["skip"]:
            return match[0]
        prefix = match["sheet"] or ""
        sheet = prefix[:-1].strip("'").replace("''", "'") if prefix else place.sheet
        rows = sheets.get(sheet, UNMOVED)
        if not rows.blocks:
            return match[0]
        if match["top"]:
            start, end = rows.reach(int(match["top"].strip("$")), int(match["bottom"].strip("$")))
            return f"{prefix}{_like(match['top'], start)}:{_like(match['bottom'], end)}"
        own = place.block if sheet == place.sheet else None
        return prefix + _moved_cells(match["first"], match["last"] or "", rows, own, place.number)

    return REFERENCE.sub(moved, formula)


def _moved_cells(first: str, last: str, rows: Rows, own: int | None, number: int) -> str:
    top, bottom = cell_parts(first)[1], cell_parts(last or first)[1]
    if own is not None and rows.block_of(top) == own and rows.block_of(bottom) == own:
        start, end = rows.copy(top, number), rows.copy(bottom, number)
    elif last:
        start, end = rows.reach(top, bottom)
    else:
        start = end = rows.start(top)
    moved = _with_row(first, start)
    return f"{moved}:{_with_row(last, end)}" if last else moved


def _like(written: str, row: int) -> str:
    return f"${row}" if written.startswith("$") else str(row)


def _with_row(cell: str, row: int) -> str:
    return CELL.sub(lambda match: f"{match[1]}{match[2]}{match[3]}{row}", cell)


def offset_formula(formula: str, down: int, right: int) -> str:
    """The formula as it reads when it is copied to another cell: so spreadsheet programs share it."""

    def shifted(match: re.Match[str]) -> str:
        if match["skip"]:
            return match[0]
        prefix = match["sheet"] or ""
        if match["top"]:
            return prefix + ":".join(_offset_row(match[name], down) for name in ("top", "bottom"))
        cells = [_offset_cell(match[name], down, right) for name in ("first", "last") if match[name]]
        return prefix + ":".join(cells)

    return REFERENCE.sub(shifted, formula)


def _offset_row(row: str, down: int) -> str:
    return row if row.startswith("$") else str(int(row) + down)


def _offset_cell(cell: str, down: int, right: int) -> str:
    def moved(match: re.Match[str]) -> str:
        column = match[2] if match[1] else letter_of(index_of(match[2].encode()) + right)
        row = match[4] if match[3] else str(int(match[4]) + down)
        return f"{match[1]}{column}{match[3]}{row}"

    return CELL.sub(moved, cell)
