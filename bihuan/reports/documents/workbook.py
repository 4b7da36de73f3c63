"""A workbook's sheets as a template sees them: rows with their texts, and the places outside of cells."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from bihuan.core.xlsx import letter_of
from bihuan.reports.documents.cells import Book, R, S
from bihuan.reports.documents.package import Package, rels_of, target_of
from bihuan.reports.documents.reading import Marker, Reader, Ref
from bihuan.reports.documents.runs import Pieces
from bihuan.reports.documents.shifting import cell_parts, offset_formula

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@dataclass
class Sheet:
    name: str
    part: str
    tree: Any

    @property
    def data(self) -> Any:
        return self.tree.find(f"{S}sheetData")

    @property
    def rows(self) -> list[Any]:
        return [] if self.data is None else [row for row in self.data if row.tag == f"{S}row"]


def sheets_of(package: Package) -> list[Sheet]:
    """Every sheet of cells, in the order of the workbook."""
    rels = rels_of(package.main)
    targets = {one.get("Id"): target_of(rels, one) for one in package.tree(rels)}
    found = []
    for one in package.tree(package.main).iter(f"{S}sheet"):
        part = targets.get(one.get(f"{R}id"), "")
        if part in package.parts and package.tree(part).tag == f"{S}worksheet":
            found.append(Sheet(one.get("name", ""), part, package.tree(part)))
    return found


def number_rows(sheet: Sheet) -> None:
    """Programs may leave out the names of rows and cells in a sequence; here everyone has its own."""
    row_number = 0
    for row in sheet.rows:
        row_number = int(row.get("r", row_number + 1))
        row.set("r", str(row_number))
        column = -1
        for cell in row.iter(f"{S}c"):
            letters, _row = cell_parts(cell.get("r", ""))
            column = column + 1 if not letters else _index(letters)
            cell.set("r", f"{letter_of(column)}{row_number}")


def _index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def unshare_formulas(sheet: Sheet) -> None:
    """Give every cell its own formula: shared ones cannot be told apart once rows repeat."""
    masters: dict[str, tuple[str, str]] = {}
    for cell in sheet.tree.iter(f"{S}c"):
        formula = cell.find(f"{S}f")
        if formula is None or formula.get("t") != "shared":
            continue
        number, here = formula.get("si", ""), cell.get("r")
        if formula.text:
            masters[number] = (here, formula.text)
        elif number in masters:
            (column, row), (own_column, own_row) = cell_parts(masters[number][0]), cell_parts(here)
            formula.text = offset_formula(
                masters[number][1], own_row - row, _index(own_column) - _index(column)
            )
        for name in ("t", "si", "ref"):
            formula.attrib.pop(name, None)


class Rows:
    """Reads the rows of a sheet: which are marks, and for which table a row repeats."""

    def __init__(self, book: Book, reader: Reader) -> None:
        self.book, self.reader = book, reader

    def marker_of(self, row: Any) -> Marker | None:
        texts = [text for _cell, text in self.texts(row)]
        if len(texts) != 1 or any(cell.find(f"{S}f") is not None for cell in row.iter(f"{S}c")):
            return None
        return self.reader.read(texts[0]).marker

    def texts(self, row: Any) -> Iterator[tuple[Any, str]]:
        """The cells that hold text."""
        for cell in row.iter(f"{S}c"):
            text = self.book.text_of(cell)
            if text.strip():
                yield cell, text

    def table_of(self, row: Any) -> Ref | None:
        """The table for which the row repeats by itself."""
        return next(
            (
                item.repeats
                for _cell, text in self.texts(row)
                for item in self.reader.read(text).values()
                if item.repeats
            ),
            None,
        )


def outside_cells(package: Package, sheet: Sheet) -> Iterator[tuple[str, Pieces, bool]]:
    """Texts of a sheet that are no cells: its printed header and footer, and shapes. The flag says which."""
    for element in sheet.tree.iter(*(f"{S}{where}{what}" for where in ("odd", "even", "first")
                                     for what in ("Header", "Footer"))):  # fmt: skip
        yield etree.QName(element).localname, Pieces([element]), True
    for drawing in package.related(sheet.part, "drawing"):
        if drawing in package.parts:
            for paragraph in package.tree(drawing).iter(f"{A}p"):
                yield "shape", Pieces(list(paragraph.iter(f"{A}t"))), False
