"""The matter catalogue 事项目录: what a district handles, who answers for it, what it promises."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import Unit
from bihuan.core.models import Named
from bihuan.territory.models import Area

LEAST_SPOT_CHECKS, USUAL_SPOT_CHECKS = 5, 10  # percent


class Urgency(models.TextChoices):
    CRITICAL = "critical", _("critical")  # 特急: life and property
    URGENT = "urgent", _("urgent")  # 紧急: water, power, gas, heat, fire lane
    ORDINARY = "ordinary", _("ordinary")  # 一般
    DIFFICULT = "difficult", _("difficult")  # 疑难


class MatterQuerySet(models.QuerySet["Matter"]):
    def choosable(self) -> "MatterQuerySet":
        """Matters a case can be filed under: in use, and with no finer matter below."""
        parts = Matter.objects.filter(parent=models.OuterRef("pk"), retired_at=None)
        return self.filter(~models.Exists(parts), retired_at=None)


class Matter(Named):
    """One entry of the catalogue. Limits are written as 15m, 4h or 7d; empty: the urgency's own.

    Hours and days count in the clock of the urgency: natural hours, or working time in which a day is one
    office day.
    """

    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    code = models.CharField(_("code"), max_length=40, unique=True)
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency, default=Urgency.ORDINARY)
    assign_limit = models.CharField(_("limit to assign"), max_length=8, blank=True)
    acknowledge_limit = models.CharField(_("limit to acknowledge"), max_length=8, blank=True)
    resolve_limit = models.CharField(_("limit to resolve"), max_length=8, blank=True)
    self_handled = models.BooleanField(_("may be handled on the spot"), default=False)
    spot_check_share = models.PositiveSmallIntegerField(
        _("share that is spot-checked (%)"),
        default=USUAL_SPOT_CHECKS,
        validators=[MinValueValidator(LEAST_SPOT_CHECKS), MaxValueValidator(100)],
    )
    needs_before_photo = models.BooleanField(_("needs a photo before"), default=False)
    needs_after_photo = models.BooleanField(_("needs a photo after"), default=False)
    filing_standard = models.TextField(_("filing standard"), blank=True)
    closing_standard = models.TextField(_("closing standard"), blank=True)
    keywords = models.TextField(_("words people use"), blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = MatterQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(spot_check_share__gte=LEAST_SPOT_CHECKS, spot_check_share__lte=100),
                name="cases_matter_spot_check_share",
            )
        ]


class Responsibility(models.Model):
    """The unit that answers for a matter (and everything below it) in an area (and everything in it)."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="responsibilities")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="responsibilities")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter", "area"], name="cases_responsibility_one_unit")
        ]

    def __str__(self) -> str:
        return f"{self.matter} @ {self.area}: {self.unit}"
