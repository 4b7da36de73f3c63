"""Small Word and Excel templates for the tests, and reading back what came of them."""

import io
import zipfile
from collections.abc import Callable, Iterable
from typing import Any

import openpyxl
import python_calamine
import xlsxwriter
from docx import Document

from bihuan.reports.documents import Names, Summary, check_template, fill, names_in
from bihuan.reports.tests import samples

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def word(*paragraphs: str, tables: Iterable[list[list[str]]] = (), then: Iterable[str] = ()) -> bytes:
    document: Any = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    for rows in tables:
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    for text in then:
        document.add_paragraph(text)
    return saved(document)


def saved(document: Any) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def excel(rows: list[list[Any]], more: Callable[[Any, Any], None] | None = None, name: str = "表") -> bytes:
    """A workbook of one sheet; `more` gets book and sheet and adds what it likes."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_urls": False})
    sheet = book.add_worksheet(name)
    for number, row in enumerate(rows):
        for index, value in enumerate(row):
            if isinstance(value, str) and value.startswith("="):
                sheet.write_formula(number, index, value)
            elif value is not None:
                sheet.write(number, index, value)
    if more:
        more(book, sheet)
    book.close()
    return target.getvalue()


def names() -> Names:
    return names_in(samples.summary())


def filled(template: bytes, summary: Summary | None = None, language: str = "zh-hans") -> bytes:
    summary = summary or samples.summary()
    return fill(check_template(template, names_in(summary)), summary, language)


def texts(document: bytes) -> list[str]:
    """Every paragraph of the body in order, those of tables too; breaks and tabs as they are typed."""
    found = []
    for paragraph in Document(io.BytesIO(document)).element.body.iter(f"{W}p"):
        signs = {f"{W}br": "\n", f"{W}tab": "\t"}
        found.append(
            "".join(
                one.text or "" if one.tag == f"{W}t" else signs[one.tag]
                for one in paragraph.iter(f"{W}t", *signs)
                if not (one.tag == f"{W}tab" and one.getparent().tag == f"{W}tabs")
            )
        )
    return found


def rows_of(document: bytes, sheet: int = 0) -> list[list[Any]]:
    """The rows as one reader sees them, and that another sees the same."""
    theirs = openpyxl.load_workbook(io.BytesIO(document)).worksheets[sheet]
    found = [[cell.value for cell in row] for row in theirs.iter_rows()]
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(document))
    other = book.get_sheet_by_index(sheet).to_python(skip_empty_area=False)
    for line, twin in zip(found, other, strict=False):
        for value, again in zip(line, twin, strict=False):
            if isinstance(value, str) and not value.startswith("="):
                assert again == value
    return found


def formulas(document: bytes, sheet: int = 0) -> dict[str, str]:
    theirs = openpyxl.load_workbook(io.BytesIO(document)).worksheets[sheet]
    return {
        cell.coordinate: cell.value for row in theirs.iter_rows() for cell in row if cell.data_type == "f"
    }


def altered(document: bytes, parts: dict[str, bytes | None]) -> bytes:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in source.namelist():
            content = parts.get(name, source.read(name))
            if content is not None:
                archive.writestr(name, content)
        for name in parts.keys() - set(source.namelist()):
            archive.writestr(name, parts[name] or b"")
    return target.getvalue()


def part(document: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return archive.read(name)
