"""What people hand in: a stored content, and its place beside a case or another subject."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.core.clock import now


class Kind(models.TextChoices):
    IMAGE = "image", _("Photo")
    DOCUMENT = "document", _("Document")


class Role(models.TextChoices):
    """What an attachment shows of its subject."""

    REPORT = "report", _("Handed in with the report")
    BEFORE = "before", _("Before")
    AFTER = "after", _("After")
    EVIDENCE = "evidence", _("Evidence")


def band(number: int) -> models.expressions.Combinable:
    """One of the four 16-bit parts of a fingerprint, the lowest first: pictures alike share most of them."""
    part = models.F("phash").bitrightshift(16 * number) if number else models.F("phash")
    return part.bitand(0xFFFF)


class StoredFile(models.Model):
    """One content, kept once however often it is handed in.

    Photos are kept only as we re-encoded them, upright and without EXIF; the original is never stored.
    `sha256` is the digest of what is stored, and the storage name is made of it.
    """

    sha256 = models.BinaryField(max_length=32, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    phash = models.BigIntegerField(null=True)
    storage_name = models.CharField(max_length=80)
    thumbnail_name = models.CharField(max_length=80, blank=True)
    accepted_at = models.DateTimeField(default=now)

    # The name it was offered under: it travels from the upload to the attachment and is not saved here,
    # because one content may be handed in by many people under many names.
    offered_name: str = ""

    class Meta:
        indexes = [
            models.Index(fields=["phash"], name="files_by_phash", condition=models.Q(phash__isnull=False)),
            models.Index(fields=["accepted_at"], name="files_by_acceptance"),
            *(
                models.Index(
                    band(number), name=f"files_by_band_{number}", condition=models.Q(phash__isnull=False)
                )
                for number in range(4)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="files_image_has_a_picture",
                condition=~models.Q(kind=Kind.IMAGE)
                | (
                    models.Q(width__isnull=False, height__isnull=False, phash__isnull=False)
                    & ~models.Q(thumbnail_name="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.storage_name

    @property
    def is_image(self) -> bool:
        return self.kind == Kind.IMAGE

    @property
    def digest(self) -> str:
        return bytes(self.sha256).hex()

    @classmethod
    def address(cls, content: bytes, suffix: str) -> tuple[bytes, str]:
        """The digest of a content and the storage name that follows from it."""
        digest = hashlib.sha256(content).digest()
        return digest, cls.storage_name_of(digest, suffix)

    @staticmethod
    def storage_name_of(digest: bytes, suffix: str) -> str:
        text = digest.hex()
        return f"{text[:2]}/{text[2:]}{suffix}"


class Attachment(models.Model):
    """A stored file beside its subject; who may see the subject may see the file."""

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="attachments", db_index=False)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    role = models.CharField(max_length=20, choices=Role.choices)
    name = models.CharField(max_length=200, blank=True)
    caption = models.CharField(max_length=200, blank=True)
    added_at = models.DateTimeField(default=now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="files_by_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["file", "subject_type", "subject_id", "role"], name="files_attached_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}: {self.role}"

    @property
    def url(self) -> str:
        return reverse("files:show", args=[self.pk])

    @property
    def thumbnail_url(self) -> str:
        return reverse("files:thumbnail", args=[self.pk]) if self.file.is_image else ""

    @property
    def download_name(self) -> str:
        """A name to save it under: the document's own, a plain one for photos."""
        if self.name:
            return self.name
        suffix = self.file.storage_name.rpartition(".")[2]
        return f"{self.role}-{self.pk}.{suffix}"
