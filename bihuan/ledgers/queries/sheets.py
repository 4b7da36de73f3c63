"""Reads about workbooks of items: who sees which, how far they are, what was refused, what is written."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef, Q, QuerySet

from bihuan.cases.models import ExportState
from bihuan.core.clock import now
from bihuan.core.xlsx import letter_of
from bihuan.files.models import Attachment
from bihuan.files.queries import attachments_of
from bihuan.intake.models import ImportState
from bihuan.ledgers import rules
from bihuan.ledgers.models import Campaign, Item, ItemExport, ItemSheet, ItemSheetQuerySet
from bihuan.ledgers.queries.items import sees_all
from bihuan.ledgers.sheets.columns import ItemBook

STILL = timedelta(minutes=3)  # without progress, after which the page says so
SHOWN, SHOWN_DAYS = 50, 30


def sheets_of(user: Any, campaign: Campaign) -> ItemSheetQuerySet:
    """The workbooks brought into a campaign: one's own; all of them for who runs it and sees all items."""
    rows = ItemSheet.objects.filter(campaign=campaign).with_names()
    if sees_all(user, campaign) and rules.runs(campaign, user):
        return rows
    return rows.filter(by=user) if rules.may_import(campaign, user) else rows.none()


def sees_sheet_file(user: Any, file: Attachment) -> bool:
    sheet = ItemSheet.objects.with_names().filter(pk=file.subject_id).first()
    return sheet is not None and sheets_of(user, sheet.campaign).filter(pk=sheet.pk).exists()


def workbook_of_items(sheet: ItemSheet) -> Attachment | None:
    """The kept file; None once it has been erased."""
    return attachments_of(sheet).first()


def open_items(sheet: ItemSheet) -> ItemBook:
    attachment = workbook_of_items(sheet)
    assert attachment is not None, "an import that waits or runs has its file"
    with default_storage.open(attachment.file.storage_name) as file:
        return ItemBook(file.read(), sheet.name, sheet.campaign.edition.definition)


def sheet_before(campaign: Campaign, signature: str) -> ItemSheet | None:
    """The last import into this campaign with the same headings, whose answers are proposed again."""
    before = ItemSheet.objects.filter(campaign=campaign, signature=signature, confirmed_at__isnull=False)
    return before.order_by("-id").first()


def keys_known(campaign: Campaign, keys: Collection[str]) -> set[str]:
    """Which of these source keys are items already."""
    rows = Item.objects.filter(campaign=campaign, source_key__in=keys)
    return set(rows.values_list("source_key", flat=True))


def stamp_of_sheet(sheet: ItemSheet) -> str:
    return f"{sheet.pk}-{sheet.state}-{sheet.done_row}-{sheet_stands_still(sheet)}"


def sheet_stands_still(sheet: ItemSheet) -> bool:
    """Whether an import under way has not moved for minutes: no worker runs, or something is broken."""
    return sheet.under_way and sheet.changed_at < now() - STILL


@dataclass(frozen=True)
class Refused:
    """One thing that is wrong with a refused row, as its author counts and calls it."""

    row: int
    column: str
    problem: str
    remedy: str


def refusals_of_sheet(sheet: ItemSheet, *, limit: int = SHOWN) -> list[Refused]:
    """The first refused rows in words."""
    return [
        Refused(one.row, column_named(sheet.titles, fault["column"]), fault["problem"], fault["remedy"])
        for one in sheet.refused_rows.all()[:limit]
        for fault in one.faults
    ]


def column_named(titles: list[str], column: int | None) -> str:
    """The column's letter and heading: “C Team”."""
    if column is None:
        return ""
    title = titles[column] if column < len(titles) else ""
    return f"{letter_of(column)} {title}".strip()


def columns_at_fault(titles: list[str], faults: list[dict[str, Any]]) -> list[str]:
    """The columns in which one row is wrong, each once, in their order."""
    return list(dict.fromkeys(column_named(titles, one["column"]) for one in faults))


def faults_of_sheet(sheet: ItemSheet) -> list[tuple[str, int]]:
    """In which columns refused rows are wrong, and how often; the commonest first."""
    counts: Counter[str] = Counter()
    for faults in sheet.refused_rows.values_list("faults", flat=True).iterator(chunk_size=2_000):
        counts.update(columns_at_fault(sheet.titles, faults))
    return [(column, times) for column, times in counts.most_common(12) if column]


def outworn_sheets() -> QuerySet[ItemSheet]:
    """Imports whose workbook need not be kept any longer."""
    with_file = Attachment.objects.filter(subject_type="ledgers.itemsheet", subject_id=OuterRef("pk"))
    return ItemSheet.objects.filter(
        Q(state=ImportState.FINISHED, finished_at__lt=now() - timedelta(days=rules.KEPT_AFTER))
        | Q(state=ImportState.UPLOADED, uploaded_at__lt=now() - timedelta(days=rules.KEPT_WAITING)),
        Exists(with_file),
    )


# -- out of a campaign -----------------------------------------------------------------------------------


def item_exports_of(user: Any, campaign: Campaign) -> QuerySet[ItemExport]:
    """The lists that this person has asked for lately, the latest first; nobody sees another's."""
    lately = now() - timedelta(days=SHOWN_DAYS)
    rows = ItemExport.objects.filter(campaign=campaign, by=user, asked_at__gt=lately)
    return rows.select_related("campaign").order_by("-id")


def workbook_of_item_export(export: ItemExport) -> Attachment | None:
    """The kept workbook; None once it was put away."""
    return attachments_of(export).first()


def outworn_item_exports() -> QuerySet[ItemExport]:
    """Workbooks whose week is over."""
    return ItemExport.objects.filter(state=ExportState.FINISHED, expires_at__lte=now())


def export_stands_still(export: ItemExport) -> bool:
    return export.under_way and export.changed_at < now() - STILL
