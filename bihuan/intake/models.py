"""Workbooks of reports on their way in: what a clerk said about them, how far they are, what was refused."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.accounts.models import DutyKind
from bihuan.territory.models import Area

if TYPE_CHECKING:
    from bihuan.accounts.models import User


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("waiting for your confirmation")
    QUEUED = "queued", _("about to begin")
    RUNNING = "running", _("under way")
    FINISHED = "finished", pgettext_lazy("import", "finished")
    DISCARDED = "discarded", _("discarded")


UNDER_WAY = (ImportState.QUEUED, ImportState.RUNNING)


class Datum(models.TextChoices):
    """What map the coordinates of a file were taken from."""

    WGS84 = "wgs84", _("GPS, Tianditu (WGS-84, CGCS2000)")
    GCJ02 = "gcj02", _("Amap, Tencent maps (GCJ-02)")
    BD09 = "bd09", _("Baidu maps (BD-09)")


class SheetImportQuerySet(models.QuerySet["SheetImport"]):
    def visible_to(self, user: "User | Any") -> "SheetImportQuerySet":
        """A clerk sees the imports of their area and their own; nobody else sees any: they hold texts."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        areas = [held.area for held in user.duties_now() if held.kind == DutyKind.CLERK and held.area]
        if not areas:
            return self.none()
        reached = Q(by=user)
        for area in areas:
            reached |= Q(area__path__startswith=area.path)
        return self.filter(reached)

    def locked(self, pk: int) -> "SheetImport":
        return self.select_for_update(of=("self",)).get(pk=pk)

    def with_names(self) -> "SheetImportQuerySet":
        return self.select_related("area", "by").defer("area__boundary", "area__keys")


class SheetImport(models.Model):
    """One workbook. Rows without a place of their own go to the desk of `area`.

    `titles` are the headings, `columns` says which column (from 0) means what. Rows up to `done_row` have
    been dealt with, each exactly once: what became of them and this number are written together.
    """

    name = models.CharField(_("file"), max_length=200)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("desk"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    sheet = models.CharField(max_length=200, blank=True)
    header = models.PositiveIntegerField(default=1)
    columns = models.JSONField(default=dict)
    titles = models.JSONField(default=list)
    signature = models.CharField(max_length=12, blank=True)
    source = models.CharField(max_length=60, blank=True)
    datum = models.CharField(max_length=6, choices=Datum, default=Datum.WGS84)
    may_call = models.BooleanField(default=False)

    last_row = models.PositiveIntegerField(default=0)
    done_row = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=dict)

    objects = SheetImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("uploaded", "discarded")) | Q(confirmed_at__isnull=False),
                name="intake_sheetimport_confirmed_at",
            ),
            models.CheckConstraint(
                condition=~Q(state="finished") | Q(finished_at__isnull=False),
                name="intake_sheetimport_finished_at",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("uploaded", "discarded")) | ~Q(source=""),
                name="intake_sheetimport_source",
            ),
        ]
        indexes = [
            models.Index(fields=["signature", "-id"], name="intake_sheet_signature"),
            models.Index(fields=["by", "-id"], name="intake_sheet_by"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"

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


class RefusedRow(models.Model):
    """A row that could not be taken in, and why, as codes: the words are the reader's language's affair."""

    sheet_import = models.ForeignKey(SheetImport, models.CASCADE, related_name="refused_rows")
    row = models.PositiveIntegerField()
    faults = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet_import", "row"], name="intake_refusedrow_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_import_id} #{self.row}"
