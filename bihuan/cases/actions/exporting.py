"""Lists as workbooks: asking for one, keeping what a worker wrote, fetching it, putting it away."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from bihuan.accounts.models import User
from bihuan.audit import record
from bihuan.audit.queueing import queue_jobs
from bihuan.cases import rules
from bihuan.cases.models import Export, ExportState
from bihuan.core.clock import now
from bihuan.files.actions import attach_file
from bihuan.files.models import StoredFile
from bihuan.files.queries import attachments_of

EXPORT = "cases.write_export"  # the task that writes the workbook


@transaction.atomic
def ask_export(query: str, *, by: Any, rows: int, filters: list[str], language: str) -> Export:
    """Have a list written in the background; asked for twice at once, it is written once.

    `filters` are the names of the filters in force: what somebody searched for stays out of the record.
    """
    rules.may_export(by).enforce()
    User.objects.locked(by.pk)  # two presses at once: the second sees what the first one asked for
    under_way = Export.objects.filter(by=by, state__in=(ExportState.QUEUED, ExportState.RUNNING))
    known = under_way.filter(query=query, language=language).first()
    if known is not None:
        return known
    rules.may_write(rows, under_way.count()).enforce()
    at = now()
    export = Export.objects.create(
        by=by, query=query, language=language, rows=rows, asked_at=at, changed_at=at
    )
    record("export.asked", export, by=by, filters=filters, rows=rows)
    queue_jobs(EXPORT, [{"export_id": export.pk}], queue="exports")
    return export


@transaction.atomic
def finish_export(export: Export, *, by: Any, file: StoredFile, rows: int, scope: list[str]) -> Export:
    """Keep a written workbook for a week, for the person who asked for it alone."""
    export = Export.objects.locked(export.pk)
    if not export.under_way:
        return export  # another worker was faster
    at = now()
    attach_file(file, export, role="evidence", by=by, name=f"cases-{export.pk}.xlsx")
    export.state = ExportState.FINISHED
    export.rows = export.rows_done = rows
    export.scope = scope
    export.finished_at = export.changed_at = at
    export.expires_at = at + timedelta(days=rules.KEPT_DAYS)
    export.save(
        update_fields=["state", "rows", "rows_done", "scope", "finished_at", "changed_at", "expires_at"]
    )
    record("export.finished", export, by=by, rows=rows)
    return export


@transaction.atomic
def fetch_export(export: Export, *, by: Any) -> Export:
    """Take the workbook away; that is kept on record."""
    export = Export.objects.locked(export.pk)
    rules.may_fetch(export, by).enforce()
    record("export.fetched", export, by=by, rows=export.rows)
    return export


@transaction.atomic
def expire_export(export: Export, *, by: Any = None) -> Export:
    """Put a workbook away: after a week, when its owner no longer needs it, or may no longer have it."""
    export = Export.objects.locked(export.pk)
    if by is not None and export.by_id != by.pk:
        rules.may_fetch(export, by).enforce()
    if export.state == ExportState.EXPIRED:
        return export
    at = now()
    attachments_of(export).delete()
    export.state = ExportState.EXPIRED
    export.finished_at = export.finished_at or at
    export.expires_at = export.changed_at = at
    export.save(update_fields=["state", "finished_at", "expires_at", "changed_at"])
    record("export.expired", export, by=by)
    return export
