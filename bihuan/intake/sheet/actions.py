"""Receiving a workbook, confirming what it means, discarding it, fetching what was refused, forgetting it."""

from typing import Any

from django.db import transaction

from bihuan.audit import record
from bihuan.audit.queueing import queue_jobs
from bihuan.core.clock import now
from bihuan.core.text import clean
from bihuan.files.actions import attach_file
from bihuan.files.models import StoredFile
from bihuan.files.queries import attachments_of
from bihuan.intake.models import ImportState, SheetImport
from bihuan.intake.sheet import rules
from bihuan.territory.models import Area

IMPORT = "intake.import_sheet"  # the task that takes in the rows


@transaction.atomic
def receive_sheet(file: StoredFile, *, by: Any, area: Area, name: str = "") -> SheetImport:
    """Keep a workbook of reports. Nothing is taken in before somebody has confirmed what its columns mean."""
    verdict = rules.may_import(by, area).enforce()
    at = now()
    name = clean(name or file.offered_name)[:200]
    sheet_import = SheetImport.objects.create(name=name, area=area, by=by, uploaded_at=at, changed_at=at)
    attach_file(file, sheet_import, role="report", by=by, name=name)
    record("sheet.received", sheet_import, by=by, on_behalf_of=verdict.on_behalf_of, name=name)
    return sheet_import


@transaction.atomic
def confirm_sheet(
    sheet_import: SheetImport,
    *,
    by: Any,
    area: Area,
    sheet: str,
    header: int,
    columns: dict[str, int],
    titles: list[str],
    signature: str,
    source: str,
    last_row: int,
    datum: str = "wgs84",
    may_call: bool = False,
    at_once: bool = False,
) -> SheetImport:
    """Say what the columns mean, and let the rows be taken in: by a worker, or `at_once` by the caller."""
    sheet_import = SheetImport.objects.locked(sheet_import.pk)
    rules.may("confirm", sheet_import, by).enforce()
    verdict = rules.may_import(by, area).enforce()

    sheet_import.state = ImportState.RUNNING if at_once else ImportState.QUEUED
    sheet_import.area, sheet_import.sheet, sheet_import.header = area, sheet, header
    sheet_import.columns, sheet_import.titles = columns, titles
    sheet_import.signature = signature
    sheet_import.source, sheet_import.datum, sheet_import.may_call = clean(source)[:60], datum, may_call
    sheet_import.last_row, sheet_import.done_row = last_row, header
    sheet_import.confirmed_at = sheet_import.changed_at = now()
    sheet_import.save(
        update_fields=[
            "state", "area", "sheet", "header", "columns", "titles", "signature", "source", "datum",
            "may_call", "last_row", "done_row", "confirmed_at", "changed_at",
        ]
    )  # fmt: skip
    record(
        "sheet.confirmed",
        sheet_import,
        by=by,
        on_behalf_of=verdict.on_behalf_of,
        source=sheet_import.source,
        columns=columns,
        rows=sheet_import.rows,
    )
    if not at_once:
        queue_jobs(IMPORT, [{"import_id": sheet_import.pk}], queue="imports")
    return sheet_import


@transaction.atomic
def discard_sheet(sheet_import: SheetImport, *, by: Any) -> SheetImport:
    """Throw away a workbook that was not taken in."""
    sheet_import = SheetImport.objects.locked(sheet_import.pk)
    verdict = rules.may("discard", sheet_import, by).enforce()

    sheet_import.state = ImportState.DISCARDED
    sheet_import.changed_at = now()
    sheet_import.save(update_fields=["state", "changed_at"])
    attachments_of(sheet_import).delete()

    record("sheet.discarded", sheet_import, by=by, on_behalf_of=verdict.on_behalf_of)
    return sheet_import


@transaction.atomic
def note_fetching(sheet_import: SheetImport, *, by: Any) -> SheetImport:
    """Somebody takes away the refused rows, with words and phones: that is kept on record."""
    sheet_import = SheetImport.objects.locked(sheet_import.pk)
    verdict = rules.may("fetch", sheet_import, by).enforce()
    record("sheet.fetched", sheet_import, by=by, on_behalf_of=verdict.on_behalf_of, rows=sheet_import.refused)
    return sheet_import


@transaction.atomic
def forget_workbook(sheet_import: SheetImport, *, by: Any = None) -> None:
    """Erase the file once it has served; the counts and the reasons stay."""
    sheet_import = SheetImport.objects.locked(sheet_import.pk)
    attachments_of(sheet_import).delete()
    if sheet_import.state == ImportState.UPLOADED:
        sheet_import.state = ImportState.DISCARDED
        sheet_import.changed_at = now()
        sheet_import.save(update_fields=["state", "changed_at"])
    record("sheet.forgotten", sheet_import, by=by)
