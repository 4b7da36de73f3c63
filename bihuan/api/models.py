"""What programs act with: tokens of people, and the answers kept for programs that ask twice."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.core.clock import now, today

MARK = "bihuan_"  # every secret begins so: a scanner that finds one in a public place knows what it is
SHOWN = 13  # signs of a secret that are kept readable, to tell one's tokens apart


class Scope(models.TextChoices):
    """What a token is for. It narrows what its person may do and never widens it."""

    CASES_READ = "cases:read", _("read cases and the desk")
    CASES_ACT = "cases:act", _("act on cases")
    REPORTS_WRITE = "reports:write", _("report in your name")
    FILES_READ = "files:read", _("open photos and documents")
    FILES_WRITE = "files:write", _("hand in photos and documents")
    MATTERS_READ = "matters:read", _("read the matter catalogue and the units")
    FIGURES_READ = "figures:read", _("read the figures")


def digest_of(secret: str) -> bytes:
    """What is kept of a secret of 256 random bits: no salt or slow hash would make it harder to guess."""
    return sha256(secret.encode(errors="replace")).digest()


class TokenQuerySet(models.QuerySet["Token"]):
    def in_force(self, day: date) -> Self:
        """Tokens that open the door on this day, if their person may come in at all."""
        return self.filter(revoked_at=None, expires_on__gte=day)

    def locked(self, pk: int) -> Token:
        return self.select_for_update(of=("self",)).select_related("person").get(pk=pk)


class Token(models.Model):
    """With its secret a program acts as its person: as they may now, within the scopes, until it expires."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="tokens", verbose_name=_("person")
    )
    name = models.CharField(_("What is it for?"), max_length=60)
    beginning = models.CharField(max_length=20)
    digest = models.BinaryField(max_length=32, unique=True)
    scopes: Any = ArrayField(models.CharField(max_length=20, choices=Scope))
    created_at = models.DateTimeField(default=now, editable=False)
    expires_on = models.DateField(_("last day"))
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = TokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="api_token_revoked_at_with_by",
            ),
        ]
        indexes = [models.Index(fields=["person", "-id"], name="api_token_by_person")]

    def __str__(self) -> str:
        return f"{self.beginning}… {self.name}"

    @property
    def state(self) -> str:
        if self.revoked_at is not None:
            return "revoked"
        return "in_force" if self.expires_on >= today() else "expired"

    @property
    def scope_labels(self) -> list[str]:
        return [str(Scope(scope).label) for scope in self.scopes]


class KeptAnswer(models.Model):
    """What was answered to a write with an Idempotency-Key: whoever asks again is told the same.

    It commits with the change it tells of. `who` is a token, or where a visitor without one came from.
    """

    who = models.CharField(max_length=80)
    key = models.CharField(max_length=255)
    fingerprint = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    body = models.BinaryField()
    headers = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["who", "key"], name="api_kept_answer_once")]
        indexes = [models.Index(fields=["at"], name="api_kept_answer_by_age")]

    def __str__(self) -> str:
        return f"{self.who} {self.key}: {self.status}"
