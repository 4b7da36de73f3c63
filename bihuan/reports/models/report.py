"""The report 小结: frozen when it was made, numbered, one for each document and period whoever makes it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from bihuan.ledgers.models import Campaign
from bihuan.reports.models.form import ReportForm, ReportKind


class Report(models.Model):
    """What was said about a period. The database refuses to change it.

    It tells of what happened after `since`, where the report before it ended, up to `until`. `last_item` is
    the last number that an item had by then. Of a confidential campaign `outside` is what others than its
    task force read: figures alone, none of a few. An interim report has no number, and no report follows it.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, related_name="reports")
    form = models.ForeignKey(ReportForm, models.PROTECT, null=True, related_name="reports")
    document = models.CharField(max_length=60, blank=True)  # code of the ledger's document, or of our own
    kind = models.CharField(max_length=10, choices=ReportKind)
    number = models.CharField(max_length=40, blank=True)
    begins = models.DateField()
    ends = models.DateField()
    since = models.DateTimeField(null=True)
    until = models.DateTimeField()
    last_item = models.PositiveIntegerField(default=0)
    interim = models.BooleanField(default=False)
    content = models.JSONField()  # as `documents.to_json` gives it
    digest = models.BinaryField(max_length=32)
    outside = models.JSONField(null=True)
    outside_digest = models.BinaryField(max_length=32, null=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(campaign=None, form__isnull=False) | Q(campaign__isnull=False, form=None),
                name="reports_report_of_one",
            ),
            models.UniqueConstraint(
                fields=["campaign", "document", "ends"],
                condition=Q(interim=False, campaign__isnull=False),
                name="reports_report_once",
            ),
            models.UniqueConstraint(
                fields=["form", "ends"],
                condition=Q(interim=False, form__isnull=False),
                name="reports_report_of_form_once",
            ),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="reports_report_number"),
            models.CheckConstraint(
                condition=Q(interim=True, number="") | (Q(interim=False) & ~Q(number="")),
                name="reports_report_numbered",
            ),
            models.CheckConstraint(condition=Q(ends__gte=F("begins")), name="reports_report_period"),
            models.CheckConstraint(
                condition=Q(outside=None, outside_digest=None)
                | Q(outside__isnull=False, outside_digest__isnull=False),
                name="reports_report_outside",
            ),
        ]
        indexes = [
            models.Index(
                fields=["campaign", "-id"], name="reports_of_campaign", condition=Q(campaign__isnull=False)
            ),
            models.Index(fields=["form", "-id"], name="reports_of_form", condition=Q(form__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.campaign_id} {self.ends}"


class Remark(models.Model):
    """What somebody wrote for the next report: 下一步. It goes into the first that is made, once."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    document = models.CharField(max_length=60)
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    report = models.OneToOneField(Report, models.PROTECT, null=True, related_name="remark")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "document"], condition=Q(report=None), name="reports_remark_waits_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.document}"


class Told(models.Model):
    """What others than the task force were told last of a figure of a confidential campaign.

    The next number they read is at least `least_count` away from it, so that no two reports, of whatever
    form, differ by a few households.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    figure = models.CharField(max_length=80)
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "figure"], name="reports_told_once"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.figure} {self.amount}"
