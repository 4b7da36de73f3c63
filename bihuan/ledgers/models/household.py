"""What a household says about its own file, and what it was answered."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.ledgers.models.item import Item


class Remark(models.Model):
    """A correction that somebody asked for with their own code, in their words; answered once, in words."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="remarks")
    text = models.TextField(_("what should be corrected"))
    at = models.DateTimeField()
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="ledgers_remark_answered_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.at}"
