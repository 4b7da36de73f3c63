"""What people are told, and how each telling reached them."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.core.clock import now
from bihuan.core.personal import EncryptedText
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


class Digest(models.Model):
    """Notices that go to one person through one channel as one message. What is in it stays in it: tried
    again, it is the same message."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=30)
    created_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.channel}: digest {self.pk}"


class Delivery(models.Model):
    """The way of one notice through one channel.

    One that waits `together` with others goes out with them in one `digest`. `begun_at` is the first attempt.
    """

    State = DeliveryState

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    channel = models.CharField(max_length=30)
    state = models.CharField(max_length=20, choices=DeliveryState.choices, default=DeliveryState.CREATED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    urgent = models.BooleanField(default=False)
    together = models.BooleanField(default=False)
    digest = models.ForeignKey(Digest, on_delete=models.CASCADE, null=True, related_name="deliveries")
    created_at = models.DateTimeField(default=now)
    begun_at = models.DateTimeField(null=True)
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
            models.Index(
                fields=["-failed_at", "-id"],
                name="notices_failed",
                condition=models.Q(state=DeliveryState.FAILED_FOR_GOOD),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.state}"


class Address(models.Model):
    """Where one person is reached through one channel. An e-mail address counts once its code was typed in.

    `error` is what the last trial message came to; `tried_at` when.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="addresses", db_index=False
    )
    channel = models.CharField(max_length=30)
    value: Any = EncryptedText(_("address"))
    value_index = models.BinaryField(max_length=32)
    secret: Any = EncryptedText(null=True)
    code: Any = EncryptedText(null=True)
    code_made_at = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name_plural = "addresses"
        constraints = [
            models.UniqueConstraint(fields=["person", "channel"], name="notices_one_address_a_channel"),
            models.CheckConstraint(
                condition=Q(code=None, code_made_at=None) | Q(code__isnull=False, code_made_at__isnull=False),
                name="notices_code_with_its_time",
            ),
        ]
        indexes = [models.Index(fields=["value_index"], name="notices_by_address")]

    def __str__(self) -> str:
        return f"{self.channel} of {self.person_id}"


class Wishes(models.Model):
    """How one person wants to be told outside the inbox: what, and when.

    `off` lists what they do not want, as "email case.reminded" or, for a group, "email @deadlines". Between
    `quiet_from` and `quiet_until`, on the district's clocks, messages wait; with a `digest_hour` everything
    comes once a day. Urgent ones pass both only when the person said so.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    off = ArrayField(models.CharField(max_length=100), default=list)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    digest_hour = models.PositiveSmallIntegerField(null=True)
    urgent_anyway = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "wishes"
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="notices_quiet_from_until",
            ),
            models.CheckConstraint(
                condition=Q(digest_hour=None) | Q(digest_hour__lte=23), name="notices_digest_hour"
            ),
        ]

    def __str__(self) -> str:
        return f"wishes of {self.person_id}"

    def takes(self, channel: str, kind: kinds.NoticeKind) -> bool:
        """Whether this person wants this kind of notice through this channel, and its group at all."""
        return not {f"{channel} {kind.code}", f"{channel} @{kind.group}"} & set(self.off)
