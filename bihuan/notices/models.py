"""What people are told, and how each telling reached them."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.core.clock import now
from bihuan.notices import kinds


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, person: Any) -> Self:
        return self.filter(recipient=person)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """One message to one person. Its words are chosen when it is read, in the reader's language."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices", db_index=False
    )
    kind = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    entry_id = models.BigIntegerField(null=True)
    url = models.CharField(max_length=300)
    params = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=now)
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            # The same event told twice reaches a person once, however often its reaction runs.
            models.UniqueConstraint(fields=["recipient", "kind", "entry_id"], name="notices_told_once"),
        ]
        indexes = [
            models.Index(fields=["recipient", "-created_at", "-id"], name="notices_by_recipient"),
            models.Index(
                fields=["recipient", "-created_at", "-id"],
                name="notices_unread",
                condition=models.Q(read_at__isnull=True),
            ),
            models.Index(fields=["subject_type", "subject_id"], name="notices_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient_id}"

    @property
    def is_read(self) -> bool:
        return self.read_at is not None

    @property
    def title(self) -> str:
        return kinds.get(self.kind).title_for(self.params)

    @property
    def body(self) -> str:
        return kinds.get(self.kind).body_for(self.params)


class DeliveryState(models.TextChoices):
    CREATED = "created", _("Waiting to be sent")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    FAILED_FOR_NOW = "failed_for_now", _("Failed, will be tried again")
    FAILED_FOR_GOOD = "failed_for_good", _("Failed for good")


WAITING = [DeliveryState.CREATED, DeliveryState.FAILED_FOR_NOW]


class Delivery(models.Model):
    """The way of one notice through one channel."""

    State = DeliveryState

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    channel = models.CharField(max_length=30)
    state = models.CharField(max_length=20, choices=DeliveryState.choices, default=DeliveryState.CREATED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="notices_one_delivery_a_channel"),
            models.CheckConstraint(
                name="notices_waiting_has_a_time",
                condition=models.Q(state__in=WAITING, next_try_at__isnull=False)
                | (~models.Q(state__in=WAITING) & models.Q(next_try_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="notices_state_has_its_time",
                condition=(~models.Q(state=DeliveryState.SENT) | models.Q(sent_at__isnull=False))
                & (~models.Q(state=DeliveryState.DELIVERED) | models.Q(delivered_at__isnull=False))
                & (~models.Q(state=DeliveryState.FAILED_FOR_GOOD) | models.Q(failed_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel", "next_try_at"],
                name="notices_waiting",
                condition=models.Q(state__in=WAITING),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.state}"
