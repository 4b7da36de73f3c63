"""A workbook of items: receiving it, saying what it means, discarding it, fetching what was refused."""

from typing import Any

from django.db import transaction
from django.utils.translation import get_language

from bihuan.audit import record
from bihuan.audit.queueing import queue_jobs
from bihuan.core.clock import now
from bihuan.core.text import clean
from bihuan.files.actions import attach_file
from bihuan.files.models import Role, StoredFile
from bihuan.files.queries import attachments_of
from bihuan.intake.models import ImportState
from bihuan.ledgers import rules
from bihuan.ledgers.models import Campaign, ItemSheet

IMPORT = "ledgers.import_items"  # the task that takes in the rows


@transaction.atomic
def receive_items(campaign: Campaign, *, by: Any, file: StoredFile, name: str = "") -> ItemSheet:
    """Keep a workbook of items. Nothing is taken in before somebody has confirmed what its columns mean."""
    verdict = rules.may_import(campaign, by).enforce()
    at = now()
    name = clean(name or file.offered_name)[:200]
    sheet = ItemSheet.objects.create(campaign=campaign, name=name, by=by, uploaded_at=at, changed_at=at)
    attach_file(file, sheet, role=Role.EVIDENCE, by=by, name=name)
    record(
        "item_sheet.received",
        sheet,
        by=by,
        area=campaign.area_id,
        on_behalf_of=verdict.on_behalf_of,
        campaign=campaign.pk,
    )
    return sheet


@transaction.atomic
def confirm_items(
    sheet: ItemSheet,
    *,
    by: Any,
    name: str,
    header: int,
    columns: dict[str, int],
    titles: list[str],
    signature: str,
    last_row: int,
) -> ItemSheet:
    """Say in which sheet (`name`) the rows lie and what their columns mean; a worker takes them in."""
    sheet = _held(sheet)
    verdict = rules.may_sheet("confirm", sheet, by).enforce()
    rules.may_length(last_row - header).enforce()
    sheet.state = ImportState.QUEUED
    sheet.sheet, sheet.header, sheet.columns, sheet.titles = name, header, columns, titles
    sheet.signature, sheet.language = signature, get_language() or ""
    sheet.last_row, sheet.done_row = last_row, header
    sheet.confirmed_at = sheet.changed_at = now()
    sheet.save(
        update_fields=[
            "state", "sheet", "header", "columns", "titles", "signature", "language", "last_row", "done_row",
            "confirmed_at", "changed_at",
        ]
    )  # fmt: skip
    _record("item_sheet.confirmed", sheet, by=by, verdict=verdict, rows=sheet.rows, columns=columns)
    queue_jobs(IMPORT, [{"sheet_id": sheet.pk}], queue="imports")
    return sheet


@transaction.atomic
def discard_items(sheet: ItemSheet, *, by: Any) -> ItemSheet:
    """Throw away a workbook that was not taken in."""
    sheet = _held(sheet)
    verdict = rules.may_sheet("discard", sheet, by).enforce()
    _put_away(sheet)
    _record("item_sheet.discarded", sheet, by=by, verdict=verdict)
    return sheet


@transaction.atomic
def fetch_refused(sheet: ItemSheet, *, by: Any) -> ItemSheet:
    """Take away the refused rows, with what they say; that is kept on record."""
    sheet = _held(sheet)
    verdict = rules.may_sheet("fetch", sheet, by).enforce()
    _record("item_sheet.fetched", sheet, by=by, verdict=verdict, rows=sheet.refused)
    return sheet


@transaction.atomic
def forget_items_workbook(sheet: ItemSheet, *, by: Any = None) -> None:
    """Erase the file once it has served; the counts and the reasons stay."""
    sheet = _held(sheet)
    if sheet.waits:
        _put_away(sheet)
    attachments_of(sheet).delete()
    _record("item_sheet.forgotten", sheet, by=by)


def _put_away(sheet: ItemSheet) -> None:
    sheet.state, sheet.changed_at = ImportState.DISCARDED, now()
    sheet.save(update_fields=["state", "changed_at"])
    attachments_of(sheet).delete()


def _held(sheet: ItemSheet) -> ItemSheet:
    """The workbook, held until the transaction ends, with its campaign."""
    ItemSheet.objects.locked(sheet.pk)
    return ItemSheet.objects.with_names().get(pk=sheet.pk)


def _record(event: str, sheet: ItemSheet, *, by: Any, verdict: Any = None, **data: Any) -> None:
    record(
        event,
        sheet,
        by=by,
        area=sheet.campaign.area_id,
        on_behalf_of=getattr(verdict, "on_behalf_of", None),
        campaign=sheet.campaign_id,
        **data,
    )
