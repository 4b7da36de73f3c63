"""Who may bring items in from a workbook or take them out into one, and what may still be done with it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.rules import covers_scope
from bihuan.cases.models import ExportState
from bihuan.core.clock import now
from bihuan.core.verdicts import YES, Verdict, no, yes
from bihuan.intake.models import ImportState
from bihuan.ledgers.models import LEADER, MEMBER, Campaign, CampaignState, ItemExport, ItemSheet
from bihuan.ledgers.rules.campaigns import wrong_state
from bihuan.ledgers.rules.standing import WHOLE_FORCE, parts_of, runs, scope_of_items, sees_items_of

MOST_ROWS = 100_000
AT_ONCE = 3  # exports of one person that may be under way
KEPT_DAYS = 7  # a written export
KEPT_AFTER = 30  # days a workbook is kept after its import, so that refused rows can be fetched
KEPT_WAITING = 7  # days it waits for its confirmation


def may_import(campaign: Campaign, by: Any) -> Verdict:
    """Whether somebody may bring in items; of each row the rules of adding one are asked as well.

    An import says which numbers are there already: of a confidential campaign its task force alone is told.
    """
    parts = parts_of(campaign, by)
    right: Any = next((one for one in parts if one.post.role in (LEADER, MEMBER)), None)
    if right is None and not campaign.confidential:
        right = runs(campaign, by)
    if right is None:
        return no("campaign.not_on_task_force", _("Only the task force of this campaign can add items."))
    if campaign.state != CampaignState.RUNNING:
        return wrong_state(campaign)
    return yes(right)


def may_sheet(verb: str, sheet: ItemSheet, by: Any) -> Verdict:
    """Whether this person may confirm or discard a workbook, or fetch its refused rows."""
    if sheet.by_id != by.pk and verb != "fetch":
        return no("sheet.somebody_elses", _("Only the person who brought this workbook can do that."))
    if verb == "fetch":
        if not sheet.is_finished:
            return no("sheet.not_finished", _("The import is not finished yet."))
        return YES
    if sheet.state != ImportState.UPLOADED:
        return no("sheet.wrong_state", _("This import is %(state)s.") % {"state": sheet.get_state_display()})
    return may_import(sheet.campaign, by) if verb == "confirm" else YES


def may_length(rows: int) -> Verdict:
    if rows > MOST_ROWS:
        return no(
            "sheet.too_long",
            _("The list has more than %(most)s rows. Bring it in as several workbooks.")
            % {"most": f"{MOST_ROWS:,}"},
        )
    if rows < 1:
        return no("sheet.no_rows", _("Below the headings there are no rows."))
    return YES


def may_export_items(campaign: Campaign, by: Any) -> Verdict:
    """Whoever sees items may take out what they see."""
    if sees_items_of(campaign, by):
        return YES
    return no("item.not_yours", _("Only the task force of this campaign can do that."))


def may_write_items(rows: int, under_way: int) -> Verdict:
    """Whether a list of that length is written, beside those that this person waits for already."""
    if rows == 0:
        return no("export.no_items", _("No item fits these filters: there is nothing to export."))
    if rows > MOST_ROWS:
        return no(
            "export.too_many_items",
            _("The list has more than %(most)s items. Narrow it, by team or by area, and export the parts.")
            % {"most": f"{MOST_ROWS:,}"},
        )
    if under_way >= AT_ONCE:
        return no(
            "export.still_writing",
            _("%(count)s of your lists are still being written. Wait until one is finished.")
            % {"count": under_way},
        )
    return YES


def may_fetch_items(export: ItemExport, by: Any) -> Verdict:
    """Whether this person may take the workbook away now: still theirs, still there, still seeing items."""
    if export.by_id != by.pk:
        return no("export.not_yours", _("Only the person who asked for a list can fetch it."))
    verdict = may_export_items(export.campaign, by)
    if not verdict:
        return verdict
    if export.state == ExportState.EXPIRED or (export.expires_at and export.expires_at <= now()):
        return no("export.expired", _("This list was put away. Export it again."))
    if export.state != ExportState.FINISHED:
        return no("export.not_finished", _("This list is not written yet."))
    present = scope_of_items(export.campaign, by)
    known = bool(export.scope)  # lists written before scopes were kept have none
    if WHOLE_FORCE not in present and not (known and covers_scope(present, export.scope)):
        return no(
            "export.rights_changed",
            _("Since this list was written, what you see of this campaign has changed. Export it again."),
        )
    return YES
