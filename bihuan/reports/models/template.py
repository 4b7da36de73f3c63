"""Templates 报告模板: ordinary Word and Excel files with placeholders, in versions that never change."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.files.models import StoredFile
from bihuan.ledgers.models import Ledger
from bihuan.reports.models.form import ReportForm, ReportKind
from bihuan.territory.models import Area


class TemplateType(models.TextChoices):
    DOCX = "docx", "Word"
    XLSX = "xlsx", "Excel"


class ReportTemplate(models.Model):
    """For the reports of one ledger, or of one form across campaigns: its names are theirs."""

    name = models.CharField(_("name"), max_length=120)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    ledger = models.ForeignKey(Ledger, models.PROTECT, null=True, related_name="report_templates")
    form = models.ForeignKey(ReportForm, models.PROTECT, null=True, related_name="templates")
    kind = models.CharField(_("for"), max_length=10, choices=ReportKind, blank=True)  # none: for all kinds
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ledger=None, form__isnull=False) | Q(ledger__isnull=False, form=None),
                name="reports_reporttemplate_of_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TemplateVersion(models.Model):
    """A file that was checked against the names it may use. `names` are the placeholders in it."""

    template = models.ForeignKey(ReportTemplate, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    type = models.CharField(max_length=4, choices=TemplateType)
    names = ArrayField(models.CharField(max_length=200), default=list)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="reports_templateversion_number"),
        ]

    def __str__(self) -> str:
        return f"{self.template_id} v{self.number}"
