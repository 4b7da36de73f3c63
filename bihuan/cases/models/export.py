"""Lists on their way into a workbook: asked for by one person, written by a worker, kept for a week."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ExportState(models.TextChoices):
    QUEUED = "queued", _("about to begin")
    RUNNING = "running", pgettext_lazy("export", "under way")
    FINISHED = "finished", pgettext_lazy("export", "finished")
    EXPIRED = "expired", pgettext_lazy("export", "put away")


UNDER_WAY = (ExportState.QUEUED, ExportState.RUNNING)


class ExportQuerySet(models.QuerySet["Export"]):
    def locked(self, pk: int) -> "Export":
        return self.select_for_update(of=("self",)).get(pk=pk)


class Export(models.Model):
    """One list as a workbook.

    `query` is the list's own query string; `scope` are the areas and units whose cases its owner saw when it
    was written, so that whoever has lost one of them cannot fetch it any more.
    """

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

    objects = ExportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("queued", "running"), finished_at=None)
                | Q(state__in=("finished", "expired"), finished_at__isnull=False, expires_at__isnull=False),
                name="cases_export_finished_at",
            ),
            models.UniqueConstraint(
                fields=["by", "query", "language"],
                condition=Q(state__in=("queued", "running")),
                name="cases_export_one_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["by", "-id"], name="cases_export_by"),
            models.Index(fields=["expires_at"], name="cases_export_expires", condition=Q(state="finished")),
        ]

    def __str__(self) -> str:
        return f"{self.by_id}: {self.query} ({self.state})"

    @property
    def under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def is_finished(self) -> bool:
        return self.state == ExportState.FINISHED

    @property
    def share(self) -> int:
        """How much is done, in percent."""
        return 100 * self.rows_done // self.rows if self.rows else 0
