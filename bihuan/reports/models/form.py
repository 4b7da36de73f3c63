"""The form of a superior 上级报表: one report that draws on several campaigns, each by its alias."""

from datetime import time

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.core.models import Named
from bihuan.ledgers.definition.model import DAILY, FINAL, MONTHLY, WEEKLY
from bihuan.ledgers.models import Campaign
from bihuan.territory.models import Area


class ReportKind(models.TextChoices):
    DAILY = DAILY, _("daily summary")  # 每日小结
    WEEKLY = WEEKLY, _("weekly report")  # 周报
    MONTHLY = MONTHLY, _("monthly report")  # 月报
    FINAL = FINAL, _("final report")  # 总结


class ReportForm(Named):
    """It is its area's: whoever keeps ledgers there sets it up and reads what comes of it."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    kind = models.CharField(_("how often"), max_length=10, choices=ReportKind, default=ReportKind.DAILY)
    hour = models.TimeField(_("at"), default=time(18))
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(kind=ReportKind.FINAL), name="reports_reportform_kind")
        ]


class FormPart(models.Model):
    """One campaign of a form. Placeholders name it by its alias: {{小菜园.处数}}.

    `whole` was settled when it was added: lists of items only where the form's area sees them anyway.
    """

    form = models.ForeignKey(ReportForm, models.CASCADE, related_name="parts")
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    alias = models.CharField(_("alias"), max_length=40)
    whole = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["form", "alias"], name="reports_formpart_alias"),
            models.UniqueConstraint(fields=["form", "campaign"], name="reports_formpart_campaign"),
        ]

    def __str__(self) -> str:
        return self.alias
