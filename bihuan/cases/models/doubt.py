"""Doubts about photos 疑似虚假办结: what a machine noticed, and what an inspector said to it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.cases.models.case import Case
from bihuan.files.models import Attachment


class DoubtKind(models.TextChoices):
    UNCHANGED = "unchanged", _("like a photo from before")  # 与处置前相同
    REUSED = "reused", _("used before, in another case")  # 已用于他案


class PhotoDoubt(models.Model):
    """A photo of a result looks like another photo. It accuses nobody: an inspector looks and says.

    `distance` counts the bits in which the two fingerprints differ; None: the very same file. It is open
    until the case was passed or sent back.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="doubts")
    photo = models.ForeignKey(Attachment, models.CASCADE, related_name="+")
    other = models.ForeignKey(Attachment, models.CASCADE, related_name="+")
    other_case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=DoubtKind)
    distance = models.PositiveSmallIntegerField(null=True)
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    passed = models.BooleanField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["photo", "other"], name="cases_photodoubt_once"),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None, passed=None)
                | Q(settled_at__isnull=False, settled_by__isnull=False, passed__isnull=False),
                name="cases_photodoubt_settled_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.kind} {self.photo_id}/{self.other_id}"

    @property
    def is_same_file(self) -> bool:
        return self.distance is None
