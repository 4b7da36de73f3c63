"""Lists on their way in and out of a campaign as workbooks: how far they are, which rows were refused."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from bihuan.cases.models import ExportState
from bihuan.intake.models import UNDER_WAY, ImportState
from bihuan.ledgers.models.campaign import Campaign


class ItemSheetQuerySet(models.QuerySet["ItemSheet"]):
    def locked(self, pk: int) -> "ItemSheet":
        return self.select_for_update(of=("self",)).get(pk=pk)

    def with_names(self) -> "ItemSheetQuerySet":
        return self.select_related("campaign__edition", "by").defer("campaign__edition__content")


class ItemSheet(models.Model):
    """One workbook of items. `columns` says which column (from 0) holds what: `title`, `key`, `field:size`.

    Rows up to `done_row` have been dealt with, each exactly once: the items that came of them and this number
    are written together. Sentences about refused rows are in `language`, that of whoever confirmed it.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="sheets")
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    sheet = models.CharField(max_length=200, blank=True)
    header = models.PositiveIntegerField(default=1)
    columns = models.JSONField(default=dict)
    titles = models.JSONField(default=list)
    signature = models.CharField(max_length=12, blank=True)
    language = models.CharField(max_length=10, blank=True)

    last_row = models.PositiveIntegerField(default=0)
    done_row = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    objects = ItemSheetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("uploaded", "discarded")) | Q(confirmed_at__isnull=False),
                name="ledgers_itemsheet_confirmed_at",
            ),
            models.CheckConstraint(
                condition=~Q(state="finished") | Q(finished_at__isnull=False),
                name="ledgers_itemsheet_finished_at",
            ),
        ]
        indexes = [models.Index(fields=["campaign", "-id"], name="ledgers_itemsheet_newest")]

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.name} ({self.state})"

    @property
    def rows(self) -> int:
        return max(0, self.last_row - self.header)

    @property
    def rows_done(self) -> int:
        return min(self.rows, max(0, self.done_row - self.header))

    @property
    def share(self) -> int:
        """How much is done, in percent."""
        return 100 * self.rows_done // self.rows if self.rows else 100

    @property
    def waits(self) -> bool:
        return self.state == ImportState.UPLOADED

    @property
    def under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def is_finished(self) -> bool:
        return self.state == ImportState.FINISHED


class RefusedItemRow(models.Model):
    """A row that is no item, and why: [{column, problem, remedy}], the column from 0 or None."""

    item_sheet = models.ForeignKey(ItemSheet, models.CASCADE, related_name="refused_rows")
    row = models.PositiveIntegerField()
    faults = models.JSONField()

    class Meta:
        ordering = ["row"]
        constraints = [
            models.UniqueConstraint(fields=["item_sheet", "row"], name="ledgers_refuseditemrow_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item_sheet_id} row {self.row}"


class ItemExportQuerySet(models.QuerySet["ItemExport"]):
    def locked(self, pk: int) -> "ItemExport":
        return self.select_for_update(of=("self",)).get(pk=pk)


class ItemExport(models.Model):
    """A campaign's items as a workbook for one person; `query` is the table's own query string.

    `scope` says by what its owner saw items when it was written: the task force as a whole, teams of it,
    areas. Whoever has lost one of these cannot fetch it any more.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="exports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    query = models.CharField(max_length=2_000, blank=True)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=ExportState, default=ExportState.QUEUED)
    scope = models.JSONField(default=list)
    rows = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    objects = ItemExportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("queued", "running"), finished_at=None)
                | Q(state__in=("finished", "expired"), finished_at__isnull=False, expires_at__isnull=False),
                name="ledgers_itemexport_finished_at",
            ),
            models.UniqueConstraint(
                fields=["campaign", "by", "query", "language"],
                condition=Q(state__in=("queued", "running")),
                name="ledgers_itemexport_one_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["by", "-id"], name="ledgers_itemexport_by"),
            models.Index(
                fields=["expires_at"], name="ledgers_itemexport_expires", condition=Q(state="finished")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.by_id}: {self.query} ({self.state})"

    @property
    def under_way(self) -> bool:
        return self.state in (ExportState.QUEUED, ExportState.RUNNING)

    @property
    def is_finished(self) -> bool:
        return self.state == ExportState.FINISHED

    @property
    def share(self) -> int:
        """How much is done, in percent."""
        return 100 * self.rows_done // self.rows if self.rows else 0
