"""Who may have a list as a workbook, and fetch it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.rules import covers_scope
from bihuan.cases.models import Export, ExportState
from bihuan.cases.rules.standing import works_on_cases
from bihuan.core.clock import now
from bihuan.core.verdicts import YES, Verdict, no

MOST_ROWS = 100_000
AT_ONCE = 3  # exports of one person that may be under way
KEPT_DAYS = 7


def may_export(by: Any) -> Verdict:
    if works_on_cases(by):
        return YES
    return no("export.not_your_work", _("Only those who work on cases can export lists of them."))


def may_write(rows: int, under_way: int) -> Verdict:
    """Whether a list of that length is exported, beside those that this person waits for already."""
    if rows == 0:
        return no("export.nothing", _("No case fits these filters: there is nothing to export."))
    if rows > MOST_ROWS:
        return no(
            "export.too_many",
            _("The list has more than %(most)s cases. Narrow it, by area or by time, and export the parts.")
            % {"most": f"{MOST_ROWS:,}"},
        )
    if under_way >= AT_ONCE:
        return no(
            "export.still_writing",
            _("%(count)s of your lists are still being written. Wait until one is finished.")
            % {"count": under_way},
        )
    return YES


def scope_of(by: Any) -> list[str]:
    """The areas and units whose cases somebody's duties let them see today."""
    found = set()
    for held in by.duties_now():
        if held.unit is not None:
            found.add(f"unit {held.unit.path}")
        elif held.area is not None and held.kind != "administrator":
            found.add(f"area {held.area.path}")
    return sorted(found)


def may_fetch(export: Export, by: Any) -> Verdict:
    """Whether this person may take the workbook away now: still theirs, still there, and still all theirs."""
    if export.by_id != by.pk:
        return no("export.not_yours", _("Only the person who asked for a list can fetch it."))
    verdict = may_export(by)
    if not verdict:
        return verdict
    if export.state == ExportState.EXPIRED or (export.expires_at and export.expires_at <= now()):
        return no("export.expired", _("This list was put away. Export it again."))
    if export.state != ExportState.FINISHED:
        return no("export.not_finished", _("This list is not written yet."))
    if not covers_scope(scope_of(by), export.scope):
        return no(
            "export.rights_changed",
            _("Since this list was written, your duties have changed. Export it again."),
        )
    return YES
