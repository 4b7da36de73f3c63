"""What one person told us: their words, how to reach them, and what they think of the answer."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.cases.models.case import Case, Channel, Satisfaction
from bihuan.core.numbers import tracking_code
from bihuan.core.personal import EncryptedText


class ErasedWhy(models.TextChoices):
    """Why something a person gave us is no longer there."""

    AGE = "age", _("kept as long as it was needed")
    WISH = "wish", _("at the wish of the person who reported")


class Report(models.Model):
    """One person's report of a case. A case that took others in has several; each reporter follows their own.

    `first_case` is the case it came with, when that was merged into the present one. `heard_at` is when the
    reporter was last heard, by phone or by themselves, since the case was last reported as done: only such a
    word counts.

    `source_key` is the sender's own number for it (a row of a sheet, a form sent twice): the same key from
    the same source is the same report. A report that was made elsewhere keeps when (`said_at`) and under
    what its sender filed it (`category`). Of what was erased stays when, why, and what kinds of data it was.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="reports")
    first_case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="first_reports")
    at = models.DateTimeField()
    channel = models.CharField(max_length=10, choices=Channel)
    source = models.CharField(max_length=60, blank=True)
    source_key = models.CharField(max_length=120, blank=True)
    said_at = models.DateTimeField(null=True)
    category = models.CharField(max_length=60, blank=True)
    words = models.TextField(_("in their words"))
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="reports", db_index=False
    )
    name = models.CharField(_("name"), max_length=60, blank=True)
    phone = EncryptedText(_("phone"), null=True)
    phone_index = models.BinaryField(max_length=32, null=True)
    may_call = models.BooleanField(_("agrees to be called back"), default=False)
    tracking_code = models.CharField(max_length=14, unique=True, default=tracking_code)
    solved = models.BooleanField(null=True)
    satisfaction = models.CharField(max_length=12, choices=Satisfaction, blank=True)
    comment = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    erased_why = models.CharField(max_length=8, choices=ErasedWhy, blank=True)
    erased = ArrayField(models.CharField(max_length=12), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_key"], condition=~Q(source_key=""), name="cases_report_once"
            ),
            models.CheckConstraint(
                condition=Q(phone=None, phone_index=None) | Q(phone__isnull=False, phone_index__isnull=False),
                name="cases_report_phone_with_index",
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None, erased_why="", erased=[])
                | (Q(erased_at__isnull=False) & ~Q(erased_why="") & ~Q(erased=[])),
                name="cases_report_erased_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["reporter", "-id"], name="cases_report_by_reporter"),
            models.Index(
                fields=["phone_index"], name="cases_report_by_phone", condition=~Q(phone_index=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.tracking_code}"

    @property
    def own_case(self) -> Case:
        """The case as this person reported it: their heading, number and place, wherever it is handled."""
        return self.first_case or self.case
