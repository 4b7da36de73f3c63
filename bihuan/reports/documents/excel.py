"""Excel templates: finds the placeholders of an .xlsx and says what is wrong with them."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.reports.documents.blocks import Block, Plain, plan
from bihuan.reports.documents.cells import Book, S
from bihuan.reports.documents.faults import MOST_FAULTS, FaultyTemplate, TemplateFault, say
from bihuan.reports.documents.package import Package, refuse
from bihuan.reports.documents.placeholders import MOST, parse
from bihuan.reports.documents.reading import Item, Reader, Ref, Section
from bihuan.reports.documents.shifting import cell_parts
from bihuan.reports.documents.workbook import Rows, Sheet, number_rows, outside_cells, sheets_of

# What a formula could fetch or start; none of it belongs into a report.
FETCHING = re.compile(
    r"(?<![\w.])(?:_xlfn\.)?(WEBSERVICE|FILTERXML|RTD|CALL|REGISTER(?:\.ID)?|EXEC|IMAGE|SQL\.REQUEST)\s*\(",
    re.I,
)
OTHER_FILES = re.compile(r"\[\d+\]|\|\s*'|\|[^|\"]*!|'[^']*\[[^\]]+\][^']*'!")
TEXTS = re.compile(r'"(?:[^"]|"")*"')


class Checker:
    """Walks through a workbook without changing it, and collects what is wrong."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.faults: list[TemplateFault] = []
        self.tables: set[Ref] = set()
        self.items: list[Item] = []

    def check(self, package: Package) -> None:
        self.book = Book(package)
        if self.book.styles_part:
            package.tree(self.book.styles_part)  # what cannot be read is said now
        self.rows = Rows(self.book, self.reader)
        _refuse_names(package)
        for sheet in sheets_of(package):
            self.sheet(package, sheet)

    def tell(self, sheet: Sheet, cell: Any, written: str, problem: Any, remedy: Any) -> None:
        column, row = cell_parts(cell.get("r", "")) if cell is not None else ("", 0)
        self.faults.append(TemplateFault(sheet.name, problem, remedy, written, row=row, column=column))
        if len(self.faults) == MOST_FAULTS:
            raise FaultyTemplate(self.faults)

    def sheet(self, package: Package, sheet: Sheet) -> None:
        if parse(sheet.name)[0]:
            self.tell(sheet, None, sheet.name, _("The name of a sheet cannot hold a placeholder."),
                      _("Give the sheet a plain name."))  # fmt: skip
        number_rows(sheet)
        self.formulas(sheet)

        def told(row: Any, written: str, problem: Any, remedy: Any) -> None:
            cell = next((cell for cell, _text in self.rows.texts(row)), None)
            self.tell(sheet, cell, written, problem, remedy)

        marked = [(row, self.rows.marker_of(row)) for row in sheet.rows]
        for row, marker in marked:
            if marker:
                self.row(sheet, row, None)
        for step in plan(marked, None, told):
            if isinstance(step, Plain):
                self.row(sheet, step.one, None)
            elif isinstance(step, Block):
                self.tables.update([step.table] if step.table else [])
                for row in step.body:
                    self.row(sheet, row, step.repeats)
        for where, pieces, _header in outside_cells(package, sheet):
            self.text(sheet, None, pieces.text, None, where)

    def row(self, sheet: Sheet, row: Any, inside: Ref | None) -> None:
        table = inside
        if inside is None:
            table = self.rows.table_of(row)
            self.tables.update([table] if table else [])
        for cell, text in self.rows.texts(row):
            # In a row that repeats by itself other names are those of the whole report.
            self.text(sheet, cell, text, inside, "", table)

    def text(
        self, sheet: Sheet, cell: Any, text: str, inside: Ref | None, where: str, repeating: Ref | None = None
    ) -> None:
        def report(written: str, problem: Any, remedy: Any) -> None:
            self.tell(sheet, cell, written, problem, remedy)

        reading = self.reader.read(text, inside, report)
        if reading.marker and where:
            report(
                reading.marker.written,
                _("Nothing can repeat in a shape, a header or a footer."),
                _("Put it into cells."),
            )
        for one in reading.items:
            if isinstance(one, Section):
                self.items += one.items
                self.tables.update([one.table] if one.table else [])
                continue
            self.items.append(one)
            if one.repeats and inside is None and one.repeats != repeating:
                report(one.written, *self.reader.misplaced(one, repeating))
        if len(self.items) > MOST:
            raise refuse(
                _("The template holds too many placeholders."), _("Let rows repeat instead of writing each.")
            )

    def formulas(self, sheet: Sheet) -> None:
        for cell in sheet.tree.iter(f"{S}c"):
            formula = cell.find(f"{S}f")
            if formula is None or not formula.text:
                continue
            refuse_formula(formula.text, f"{sheet.name} {cell.get('r')}")
            if formula.get("t") == "dataTable":
                self.tell(sheet, cell, "", _("Data tables (what-if) cannot be filled."), _("Delete it."))
            for one in parse(formula.text)[0]:
                self.tell(
                    sheet, cell, one.written, _("A placeholder stands inside a formula."),
                    _("Put the placeholder alone into a cell, and let the formula refer to that cell."),
                )  # fmt: skip


def refuse_formula(formula: str, where: str) -> None:
    plain = TEXTS.sub('""', formula)
    fetching = FETCHING.search(plain)
    if fetching or OTHER_FILES.search(plain):
        raise refuse(
            say(
                _("It holds a formula that fetches something from outside: %(formula)s."),
                formula=formula[:60],
            ),
            _("Delete the formula, or write its value."),
            part=where,
        )


def _refuse_names(package: Package) -> None:
    for name in package.tree(package.main).iter(f"{S}definedName"):
        if any(name.get(flag) in ("1", "true") for flag in ("function", "vbProcedure", "xlm", "macro")) or (
            "auto_" in name.get("name", "").lower()
        ):
            raise refuse(_("It holds macros."), _("Save it without macros, as .docx or .xlsx."))
        refuse_formula(name.text or "", name.get("name", ""))
