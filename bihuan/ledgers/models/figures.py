"""What figures are read from: by how much each figure changed on each day, in each team and area."""

from django.db import models

from bihuan.ledgers.models.campaign import Campaign


class Change(models.Model):
    """By how much a figure changed on a day; its value at any evening is the sum of all changes until then.

    `key` is the choice that a figure is split by, or empty. Where items stand is a figure too: `step:code`,
    `state:open`. What parts of split items add is in its figure, and once more in `figure/parts`. What it
    costs to read follows days × teams × areas, never the number of items.
    """

    pk = models.CompositePrimaryKey("campaign_id", "figure", "day", "team", "area", "key")
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+", db_index=False)
    figure = models.CharField(max_length=80)
    day = models.DateField()
    team = models.BigIntegerField(default=0)
    area = models.BigIntegerField(default=0)
    key = models.CharField(max_length=200, default="")
    amount = models.DecimalField(max_digits=20, decimal_places=4)

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.figure} {self.day}: {self.amount}"
