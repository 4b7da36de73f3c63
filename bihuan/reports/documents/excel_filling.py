"""Fills an Excel template: rows repeat, and everything that refers to rows follows them."""

import re
from copy import deepcopy
from typing import Any

from lxml import etree

from bihuan.reports.documents.blocks import Plain, plan
from bihuan.reports.documents.cells import Book, S, escape, pieces_of
from bihuan.reports.documents.package import Package
from bihuan.reports.documents.placeholders import OPEN
from bihuan.reports.documents.reading import Item, Reading, Ref
from bihuan.reports.documents.runs import Pieces
from bihuan.reports.documents.scope import Row, Scope
from bihuan.reports.documents.shifting import BLOCK, Place, cell_parts, move_formula, move_range
from bihuan.reports.documents.shifting import Rows as Moved
from bihuan.reports.documents.workbook import (
    Rows,
    Sheet,
    number_rows,
    outside_cells,
    sheets_of,
    unshare_formulas,
)

MOST_ROWS = 20_000  # of a table: more are exported as a list, not reported
LONGEST_HEADER = 255
REFERRING = ("ref", "sqref")
POINTING = ("topLeftCell", "activeCell")  # at one cell, however often its row repeats
FORMULAS = ("formula", "formula1", "formula2", "f")
COMMENT_ROW = re.compile(rb"(<x:Row>)\s*(\d+)\s*(</x:Row>)")

Filled = tuple[Any, int, int, bool]  # a new row, its old number, which copy it is, whether it repeats


class Filler:
    """Puts a summary into a workbook."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.moved: dict[str, Moved] = {}

    def fill(self, package: Package) -> None:
        self.package = package
        self.book = Book(package)
        self.rows = Rows(self.book, self.scope.reader)
        sheets = sheets_of(package)
        for sheet in sheets:
            number_rows(sheet)
            unshare_formulas(sheet)
        places: dict[str, list[tuple[Any, Place]]] = {}
        for sheet in sheets:
            places[sheet.name] = self.sheet(sheet)
            for _where, pieces, header in outside_cells(package, sheet):
                self.outside(pieces, header)
        for sheet in sheets:
            self.follow(sheet, places[sheet.name])
        self.follow_elsewhere()
        self.reckon_anew()

    # -- rows

    def sheet(self, sheet: Sheet) -> list[tuple[Any, Place]]:
        """Repeat and fill the rows of a sheet; gives its new rows, each with the place of its formulas."""
        steps = plan([(row, self.rows.marker_of(row)) for row in sheet.rows], None, lambda *_told: None)
        blocks: list[BLOCK] = []
        filled: list[Filled] = []
        for step in steps:
            if isinstance(step, Plain):
                self.plain(step.one, blocks, filled)
                continue
            opening, closing = int(step.opening.get("r")), int(step.closing.get("r"))
            blocks += [(opening, opening, 0), (closing, closing, 0)]
            if closing == opening + 1:
                continue
            if step.sign == OPEN:
                times = self.repeat(list(step.body), step.table, step.table, filled)
                blocks.append((opening + 1, closing - 1, times))
            elif self.scope.shows(step.sign, step.table):
                for row in step.body:
                    self.plain(row, blocks, filled)
            else:
                blocks.append((opening + 1, closing - 1, 0))
        moved = self.moved[sheet.name] = Moved(blocks)
        return self._placed(sheet, moved, filled)

    def plain(self, row: Any, blocks: list[BLOCK], filled: list[Filled]) -> None:
        """A row that stands once, or repeats for the table whose columns it names."""
        table, number = self.rows.table_of(row), int(row.get("r"))
        if table is None:
            self.row(row, None, None)
            filled.append((row, number, 0, False))
        else:
            blocks.append((number, number, self.repeat([row], table, None, filled)))

    def _placed(self, sheet: Sheet, moved: Moved, filled: list[Filled]) -> list[tuple[Any, Place]]:
        found = []
        for row in sheet.rows:
            sheet.data.remove(row)
        for row, number, copy, repeats in filled:
            new = str(moved.copy(number, copy))
            row.set("r", new)
            row.attrib.pop("spans", None)
            for cell in row.iter(f"{S}c"):
                cell.set("r", f"{cell_parts(cell.get('r'))[0]}{new}")
            sheet.data.append(row)
            found.append((row, Place(sheet.name, moved.block_of(number) if repeats else None, copy)))
        return found

    def repeat(self, body: list[Any], table: Ref | None, inside: Ref | None, filled: list[Filled]) -> int:
        """A table without rows keeps one, which says so: formulas that refer to it stay whole."""
        rows, more = self.scope.shown(table, MOST_ROWS, sum(map(len, body))) if table else ([], "")
        note = more or ("" if rows else self.scope.no_rows)
        times = len(rows) + bool(note)
        for copy in range(times):
            for original in body:
                row = deepcopy(original)
                if copy < len(rows):
                    self.row(row, inside, rows[copy])
                else:
                    note = self.empty(row, inside, note)
                filled.append((row, int(original.get("r")), copy, True))
        return times

    def empty(self, row: Any, inside: Ref | None, note: str) -> str:
        for cell, text in list(self.rows.texts(row)):
            if self.scope.reader.read(text, inside).items:
                own = self.book.own_content(cell)
                pieces_of(own).replace([(0, len(text), note)])
                self.book.finish_text(cell, own)
                note = ""
        return note

    def row(self, row: Any, inside: Ref | None, values: Row | None) -> None:
        for cell, text in list(self.rows.texts(row)):
            reading = self.scope.reader.read(text, inside)
            if reading.items and not self._value(cell, text, reading, values):
                own = self.book.own_content(cell)
                changes = self.scope.changes(text, reading, values)
                pieces_of(own).replace([(start, end, escape(new)) for start, end, new in changes])
                self.book.finish_text(cell, own)

    def _value(self, cell: Any, text: str, reading: Reading, values: Row | None) -> bool:
        """A cell with one placeholder alone holds the number or the date itself."""
        one = reading.items[0]
        if len(reading.items) > 1 or not isinstance(one, Item) or one.filters or one.meaning is None:
            return False
        if text.strip() != text[one.start : one.end]:
            return False
        return self.book.write_value(cell, self.scope.value(one.meaning, values))

    def outside(self, pieces: Pieces, header: bool) -> None:
        reading = self.scope.reader.read(pieces.text)
        if not reading.items:
            return
        changes = self.scope.changes(pieces.text, reading, None)
        # In printed headers & begins an instruction.
        pieces.replace([(a, b, new.replace("&", "&&") if header else new) for a, b, new in changes])
        if header:
            pieces.elements[0].text = pieces.text[:LONGEST_HEADER]

    # -- what refers to rows

    def follow(self, sheet: Sheet, placed: list[tuple[Any, Place]]) -> None:
        for row, place in placed:
            for cell in row.iter(f"{S}c"):
                formula = cell.find(f"{S}f")
                if formula is None:
                    continue
                if formula.text:
                    formula.text = move_formula(formula.text, self.moved, place)
                if formula.get("ref"):
                    formula.set("ref", move_range(formula.get("ref"), self.moved[sheet.name]))
                for value in cell.findall(f"{S}v"):
                    cell.remove(value)
                cell.attrib.pop("t", None)
        moved = self.moved[sheet.name]
        if not moved.blocks:
            return
        self._merged(sheet, moved)
        place = Place(sheet.name)
        for child in sheet.tree:
            if child.tag not in (f"{S}sheetData", f"{S}mergeCells"):
                for element in child.iter():
                    self._move(element, moved, place)
        for brk in sheet.tree.iter(f"{S}brk"):
            if brk.getparent().tag == f"{S}rowBreaks":
                brk.set("id", str(moved.end(int(brk.get("id", "1")))))
        for kind in ("table", "comments", "drawing", "vmlDrawing"):
            for part in self.package.related(sheet.part, kind):
                if part in self.package.parts:
                    self._follow_part(part, kind, moved)

    def _move(self, element: Any, moved: Moved, place: Place) -> None:
        if not isinstance(element.tag, str):
            return
        for name in REFERRING:
            if name in element.attrib:
                element.set(name, move_range(element.get(name), moved))
        for name in POINTING:
            if name in element.attrib:
                element.set(name, move_range(element.get(name), moved).partition(":")[0])
        local = etree.QName(element).localname
        if local == "sqref" and element.text:
            element.text = move_range(element.text, moved)
        elif local in FORMULAS and element.text:
            element.text = move_formula(element.text, self.moved, place)

    def _merged(self, sheet: Sheet, moved: Moved) -> None:
        """Cells merged within a row that repeats are merged in each copy; others grow with their rows."""
        holder = sheet.tree.find(f"{S}mergeCells")
        if holder is None:
            return
        for merged in list(holder):
            first, _colon, last = merged.get("ref", "").partition(":")
            (left, top), (right, bottom) = cell_parts(first), cell_parts(last or first)
            block = moved.block_of(top)
            if block is None or block != moved.block_of(bottom):
                merged.set("ref", move_range(merged.get("ref"), moved))
                continue
            holder.remove(merged)
            for copy in range(moved.blocks[block][2]):
                ref = f"{left}{moved.copy(top, copy)}:{right}{moved.copy(bottom, copy)}"
                etree.SubElement(holder, f"{S}mergeCell").set("ref", ref)
        if len(holder):
            holder.set("count", str(len(holder)))
        else:
            sheet.tree.remove(holder)

    def _follow_part(self, part: str, kind: str, moved: Moved) -> None:
        if kind == "vmlDrawing":  # where notes hang; often no XML that could be parsed
            self.package.parts[part] = COMMENT_ROW.sub(
                lambda match: match[1] + str(moved.start(int(match[2]) + 1) - 1).encode() + match[3],
                self.package.parts[part],
            )
            return
        for element in self.package.tree(part).iter():
            if not isinstance(element.tag, str):
                continue
            if kind == "drawing" and etree.QName(element).localname == "row" and element.text:
                element.text = str(moved.start(int(element.text) + 1) - 1)
            elif kind != "drawing" and element.get("ref"):
                element.set("ref", move_range(element.get("ref"), moved))

    def follow_elsewhere(self) -> None:
        """Names, print areas and charts refer to rows of any sheet."""
        if not any(moved.blocks for moved in self.moved.values()):
            return
        nowhere = Place("")
        for name in self.package.tree(self.package.main).iter(f"{S}definedName"):
            name.text = move_formula(name.text or "", self.moved, nowhere)
        for part in list(self.package.named(r"xl/charts/chart[^/]*\.xml")):
            for element in self.package.tree(part).iter():
                if isinstance(element.tag, str) and etree.QName(element).localname == "f" and element.text:
                    element.text = move_formula(element.text, self.moved, nowhere)

    def reckon_anew(self) -> None:
        """Formulas are reckoned when the file is opened; what was kept of them is of the template."""
        for chain in list(self.package.named(r"xl/calcChain\.xml")):
            self.package.drop(chain)
        workbook = self.package.tree(self.package.main)
        properties = workbook.find(f"{S}calcPr")
        if properties is None:
            properties = etree.Element(f"{S}calcPr")
            before = [
                workbook.find(f"{S}{name}") for name in ("definedNames", "externalReferences", "sheets")
            ]
            next(one for one in before if one is not None).addnext(properties)
        properties.set("fullCalcOnLoad", "1")
