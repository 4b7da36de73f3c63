"""Several cases, one verb: what was asked for, and what became of each case."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from bihuan.cases.models.case import Case


class Batch(models.Model):
    """One press for many cases. `token` comes from the form, so that a second press is the same batch."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    token = models.UUIDField(default=uuid.uuid4)
    verb = models.CharField(max_length=30)
    arguments = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "token"], name="cases_batch_once")]

    def __str__(self) -> str:
        return f"{self.verb} {self.pk}"


class BatchItem(models.Model):
    """One case of a batch: done, or refused with the code and the sentence that its person read."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="items")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    ok = models.BooleanField(null=True)
    code = models.CharField(max_length=60, blank=True)
    sentence = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "case"], name="cases_batchitem_once"),
            models.CheckConstraint(
                condition=Q(done_at=None, ok=None) | Q(done_at__isnull=False, ok__isnull=False),
                name="cases_batchitem_done_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.case_id} {self.ok}"
