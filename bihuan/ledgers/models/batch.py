"""Several items, one verb: what was asked for, and what became of each item."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from bihuan.ledgers.models.campaign import Campaign
from bihuan.ledgers.models.item import Item


class ItemBatch(models.Model):
    """One press for many items, carried out by a worker. Pressed twice with one `token`, it is one batch."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="batches")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    token = models.UUIDField(default=uuid.uuid4)
    verb = models.CharField(max_length=30)
    arguments = models.JSONField(default=dict)
    language = models.CharField(max_length=10)  # in which refusals are explained
    total = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "token"], name="ledgers_itembatch_once")]

    def __str__(self) -> str:
        return f"{self.verb} {self.pk}"


class BatchRow(models.Model):
    """One item of a batch: done, or refused with the code and the sentence that its person reads."""

    batch = models.ForeignKey(ItemBatch, models.CASCADE, related_name="rows")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    ok = models.BooleanField(null=True)
    code = models.CharField(max_length=60, blank=True)
    sentence = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "item"], name="ledgers_batchrow_once"),
            models.CheckConstraint(
                condition=Q(done_at=None, ok=None) | Q(done_at__isnull=False, ok__isnull=False),
                name="ledgers_batchrow_done_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.item_id} {self.ok}"
