"""What phones and forms send of items: written down by its key, so that a repeat of it does nothing."""

from django.conf import settings
from django.db import models

from bihuan.ledgers.models.item import Item


class Sending(models.Model):
    """Answers that arrived, perhaps long after they were given; their `key` was made by the form."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    key = models.UUIDField()
    verb = models.CharField(max_length=30)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "by", "key"], name="ledgers_sending_once")]

    def __str__(self) -> str:
        return f"{self.verb} {self.item_id} {self.key}"
