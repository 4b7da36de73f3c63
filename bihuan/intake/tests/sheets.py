"""Workbooks for tests, made in memory, and an import brought to any stage by real actions."""

import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import python_calamine
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.files.actions import accept_upload
from bihuan.intake.models import SheetImport
from bihuan.intake.sheet import actions, queries
from bihuan.intake.sheet.book import Book
from bihuan.intake.sheet.running import take_in

HEADER = ["留言编号", "留言主题", "留言详情", "留言时间"]


def workbook(
    *sheets: Iterable[Sequence[Any]],
    hide: Iterable[int] = (),
    touch: Callable[[Any, Any], None] | None = None,
) -> bytes:
    """An .xlsx of these sheets; `touch(workbook, first sheet)` adds what rows cannot say."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"strings_to_urls": False})
    for number, rows in enumerate(sheets):
        sheet = book.add_worksheet()
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                sheet.write(row, column, cell)
        if number in hide:
            sheet.hide()
        if touch and number == 0:
            touch(book, sheet)
    book.close()
    return target.getvalue()


def reports(count: int, *, start: int = 1) -> list[list[Any]]:
    """The headings and that many good rows."""
    rows = [
        [n, f"路灯不亮 {n}", f"第{n}盏路灯坏了，晚上很黑。", "2026/3/9 9:05:00"]
        for n in range(start, start + count)
    ]
    return [HEADER, *rows]


def rows_of(content: bytes) -> list[list[Any]]:
    return python_calamine.load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def upload(content: bytes, name: str = "留言.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def received(content: bytes, *, by: Any, area: Any, name: str = "留言.xlsx") -> SheetImport:
    stored = accept_upload(upload(content, name))
    return actions.receive_sheet(stored, by=by, area=area)


def confirmed(content: bytes, *, by: Any, area: Any, name: str = "留言.xlsx", **changes: Any) -> SheetImport:
    """An import as its clerk confirms it without changing a guess."""
    sheet_import = received(content, by=by, area=area, name=name)
    book = Book(content, name)
    proposal = queries.proposal_for(book, by)
    answers: dict[str, Any] = {
        "area": area,
        "sheet": proposal.sheet,
        "header": proposal.header,
        "columns": proposal.columns,
        "titles": proposal.titles,
        "signature": proposal.signature,
        "source": proposal.source,
        "last_row": book.last_row(proposal.sheet),
    }
    return actions.confirm_sheet(sheet_import, by=by, **answers | changes)


def imported(content: bytes, *, by: Any, area: Any, **changes: Any) -> SheetImport:
    return take_in(confirmed(content, by=by, area=area, **changes).pk)


def outcome(sheet_import: SheetImport) -> tuple[int, int, int, int]:
    """Created, already there, repeated, refused."""
    return sheet_import.created, sheet_import.known, sheet_import.repeated, sheet_import.refused


def work() -> None:
    """Run the queued imports as a worker does."""
    for job in ProcrastinateJob.objects.filter(task_name=actions.IMPORT, status="todo"):
        take_in(job.args["import_id"])
