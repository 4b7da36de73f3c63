"""Takes in the rows of a confirmed workbook, a handful at a time; once killed, it goes on from there."""

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import override

from bihuan.audit import record
from bihuan.audit.running import Interrupted
from bihuan.core.book import Line
from bihuan.core.clock import now
from bihuan.core.verdicts import Refusal
from bihuan.intake.models import ImportState
from bihuan.ledgers import actions
from bihuan.ledgers.models import Item, ItemSheet, RefusedItemRow
from bihuan.ledgers.queries.sheets import keys_known, open_items
from bihuan.ledgers.sheets.rows import RowReader


def take_in(pk: int, *, stopping: Callable[[], bool] = lambda: False) -> ItemSheet:
    """Take in every row that has not been dealt with yet."""
    sheet = ItemSheet.objects.with_names().get(pk=pk)
    if not sheet.under_way:
        return sheet
    with override(sheet.language or None):
        book = open_items(sheet)
        reader = RowReader(sheet.campaign, sheet.header, sheet.columns)
        for chunk in reader.chunks(book.lines(sheet.sheet)):
            if chunk[-1][0] <= sheet.done_row:
                reader.pass_over(chunk)
                continue
            if stopping():
                raise Interrupted
            sheet = _take_chunk(pk, reader, chunk)
            if not sheet.under_way:
                return sheet
    return _finish(pk)


@transaction.atomic
def _take_chunk(pk: int, reader: RowReader, chunk: list[Line]) -> ItemSheet:
    """These rows and the note of how far we are commit together, so that each is dealt with once."""
    ItemSheet.objects.locked(pk)
    sheet = ItemSheet.objects.with_names().get(pk=pk)
    if not sheet.under_way or chunk[-1][0] <= sheet.done_row:
        return sheet
    outcomes = [one for one in reader.outcomes(chunk) if one.row > sheet.done_row]
    good = [one for one in outcomes if one.draft is not None]
    known = keys_known(sheet.campaign, [one.key for one in good])
    drafts = [one.draft for one in good if one.draft is not None]
    for outcome, found in zip(
        good, actions.add_good_items(sheet.campaign, by=sheet.by, drafts=drafts), strict=True
    ):
        if isinstance(found, Refusal):
            reader.refuse(outcome, found)
        elif outcome.key in known:
            sheet.known += 1
        else:
            assert isinstance(found, Item)
            sheet.created += 1
    refused = [one for one in outcomes if one.faults]
    RefusedItemRow.objects.bulk_create(
        RefusedItemRow(item_sheet=sheet, row=one.row, faults=one.faults) for one in refused
    )
    sheet.refused += len(refused)
    sheet.state, sheet.done_row, sheet.changed_at = ImportState.RUNNING, chunk[-1][0], now()
    sheet.save(update_fields=["state", "done_row", "created", "known", "refused", "changed_at"])
    return sheet


@transaction.atomic
def _finish(pk: int) -> ItemSheet:
    ItemSheet.objects.locked(pk)
    sheet = ItemSheet.objects.with_names().get(pk=pk)
    if sheet.under_way:
        sheet.state = ImportState.FINISHED
        sheet.done_row = sheet.last_row
        sheet.finished_at = sheet.changed_at = now()
        sheet.save(update_fields=["state", "done_row", "finished_at", "changed_at"])
        record(
            "item_sheet.finished",
            sheet,
            by=sheet.by,
            area=sheet.campaign.area_id,
            campaign=sheet.campaign_id,
            created=sheet.created,
            known=sheet.known,
            refused=sheet.refused,
        )
    return sheet
