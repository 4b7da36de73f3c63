"""The reckoning 核算: lines of quantity × rate, in decimals, checked by somebody else, locked when signed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bihuan.ledgers.models.campaign import Campaign
from bihuan.ledgers.models.item import Item


class RateTable(models.Model):
    """One version of a campaign's rates 补偿标准. It never changes; a reckoning keeps its own."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="rate_tables")
    number = models.PositiveIntegerField()
    basis = models.CharField(_("legal basis"), max_length=200)
    rates = models.JSONField()  # [{code, name, name_en, unit, amount: "1234.50", valid_from, quantity}]
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="ledgers_ratetable_number"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} v{self.number}"


class Reckoning(models.Model):
    """What one item comes to. Whoever checks it wrote none of its lines; signed, it is locked for good."""

    item = models.OneToOneField(Item, models.CASCADE, related_name="reckoning")
    table = models.ForeignKey(RateTable, models.PROTECT, related_name="+")
    total = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    locked_at = models.DateTimeField(null=True)
    locked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=F("made_by")),
                name="ledgers_reckoning_two_people",
            ),
            models.CheckConstraint(
                condition=Q(locked_at=None) | Q(checked_at__isnull=False),
                name="ledgers_reckoning_checked_first",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.total}"

    @property
    def is_checked(self) -> bool:
        return self.checked_at is not None

    @property
    def is_locked(self) -> bool:
        return self.locked_at is not None


class MoneyLine(models.Model):
    """Quantity × rate, or a subsidy. After locking only corrections are added, each with its reason.

    `by_for` is the absent person for whom a stand-in wrote it: to four eyes both are its author.
    """

    reckoning = models.ForeignKey(Reckoning, models.CASCADE, related_name="lines")
    rate = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=120)
    unit = models.CharField(max_length=20, blank=True)
    quantity = models.DecimalField(max_digits=14, decimal_places=4)
    price = models.DecimalField(max_digits=14, decimal_places=4)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by_for = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(corrects=None) | ~Q(reason=""), name="ledgers_moneyline_correction_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.amount}"

    @property
    def is_correction(self) -> bool:
        return bool(self.reason)

    @property
    def is_subsidy(self) -> bool:
        return not self.rate
