"""Lists of items as workbooks: asking for one, keeping what a worker wrote, fetching it, putting it away."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from bihuan.accounts.models import User
from bihuan.audit import record
from bihuan.audit.queueing import queue_jobs
from bihuan.cases.models import ExportState
from bihuan.core.clock import now
from bihuan.files.actions import attach_file
from bihuan.files.models import Role, StoredFile
from bihuan.files.queries import attachments_of
from bihuan.ledgers import rules
from bihuan.ledgers.models import Campaign, ItemExport

EXPORT = "ledgers.write_items"  # the task that writes the workbook


@transaction.atomic
def ask_items(
    campaign: Campaign, *, by: Any, query: str, rows: int, filters: list[str], language: str
) -> ItemExport:
    """Have the items that somebody sees written in the background; asked for twice at once, it is one list.

    `filters` are the names of the filters in force: what somebody searched for stays out of the record.
    """
    rules.may_export_items(campaign, by).enforce()
    User.objects.locked(by.pk)  # two presses at once: the second sees what the first one asked for
    under_way = ItemExport.objects.filter(by=by, state__in=(ExportState.QUEUED, ExportState.RUNNING))
    known = under_way.filter(campaign=campaign, query=query, language=language).first()
    if known is not None:
        return known
    rules.may_write_items(rows, under_way.count()).enforce()
    at = now()
    export = ItemExport.objects.create(
        campaign=campaign, by=by, query=query, language=language, rows=rows, asked_at=at, changed_at=at
    )
    _record("item_export.asked", export, by=by, is_first=True, filters=filters, rows=rows)
    queue_jobs(EXPORT, [{"export_id": export.pk}], queue="exports")
    return export


@transaction.atomic
def finish_items_export(
    export: ItemExport, *, by: Any, file: StoredFile, rows: int, scope: list[str]
) -> ItemExport:
    """Keep a written workbook for a week, for the person who asked for it alone."""
    export = _held(export)
    if not export.under_way:
        return export  # another worker was faster
    at = now()
    attach_file(file, export, role=Role.EVIDENCE, by=by, name=f"items-{export.campaign.number}.xlsx")
    export.state = ExportState.FINISHED
    export.scope = scope
    export.rows = export.rows_done = rows
    export.finished_at = export.changed_at = at
    export.expires_at = at + timedelta(days=rules.KEPT_DAYS)
    export.save(
        update_fields=["state", "scope", "rows", "rows_done", "finished_at", "changed_at", "expires_at"]
    )
    _record("item_export.finished", export, by=by, rows=rows)
    return export


@transaction.atomic
def fetch_items(export: ItemExport, *, by: Any) -> ItemExport:
    """Take the workbook away; that is kept on record."""
    export = _held(export)
    rules.may_fetch_items(export, by).enforce()
    _record("item_export.fetched", export, by=by, rows=export.rows)
    return export


@transaction.atomic
def expire_items_export(export: ItemExport, *, by: Any = None) -> ItemExport:
    """Put a workbook away: after a week, when its owner no longer needs it, or may no longer have it."""
    export = _held(export)
    if by is not None and export.by_id != by.pk:
        rules.may_fetch_items(export, by).enforce()
    if export.state == ExportState.EXPIRED:
        return export
    at = now()
    attachments_of(export).delete()
    export.state = ExportState.EXPIRED
    export.finished_at = export.finished_at or at
    export.expires_at = export.changed_at = at
    export.save(update_fields=["state", "finished_at", "expires_at", "changed_at"])
    _record("item_export.expired", export, by=by)
    return export


def _held(export: ItemExport) -> ItemExport:
    ItemExport.objects.locked(export.pk)
    return ItemExport.objects.select_related("campaign", "by").get(pk=export.pk)


def _record(event: str, export: ItemExport, *, by: Any, **data: Any) -> None:
    record(event, export, by=by, area=export.campaign.area_id, campaign=export.campaign_id, **data)
