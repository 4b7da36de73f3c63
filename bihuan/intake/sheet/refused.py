"""Writes the workbook of refused rows: the file's own columns, then row, reason and remedy."""

import io
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from bihuan.core.sheets import write_workbook
from bihuan.intake.models import SheetImport
from bihuan.intake.sheet import queries
from bihuan.intake.sheet.book import Book
from bihuan.intake.sheet.fields import ADDED
from bihuan.intake.sheet.wording import explain


def refused_workbook(sheet_import: SheetImport) -> bytes:
    target = io.BytesIO()
    write_refused(sheet_import, queries.open_book(sheet_import), target)
    return target.getvalue()


def write_refused(sheet_import: SheetImport, book: Book, target: str | BinaryIO) -> None:
    """A mended copy can be imported like the file itself: the added columns are passed over."""
    titles = sheet_import.titles
    header = [*titles, *map(str, ADDED)]
    write_workbook(target, {_("Refused rows"): (header, _rows(sheet_import, book, titles))})


def _rows(sheet_import: SheetImport, book: Book, titles: Sequence[str]) -> Iterator[list[Any]]:
    refused = queries.refused_rows(sheet_import).values_list("row", "faults").iterator(chunk_size=2_000)
    wanted = next(refused, None)
    for number, cells in book.lines(sheet_import.sheet):
        if wanted is None:
            return
        if number == wanted[0]:
            errors = [explain(number, fault, titles, sheet_import.columns) for fault in wanted[1]]
            own = [*cells[: len(titles)], *[None] * (len(titles) - len(cells))]
            problems = "\n".join(f"{error.field}: {error.problem}" for error in errors)
            remedies = "\n".join(dict.fromkeys(error.remedy for error in errors))
            yield [*own, number, problems, remedies]
            wanted = next(refused, None)
