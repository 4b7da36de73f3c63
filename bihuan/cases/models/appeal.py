"""The appeal 申诉: a reporter or a unit asks the district to look at a decision once more."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import Unit
from bihuan.cases.models.case import Case
from bihuan.cases.models.clocked import Clocked
from bihuan.cases.models.report import Report


class Party(models.TextChoices):
    """Who appeals."""

    REPORTER = "reporter", _("reporter")
    UNIT = "unit", _("handling unit")


class Against(models.TextChoices):
    """What an appeal is against: a reporter's the first two, a unit's the others."""

    DECLINE = "decline", _("not accepted")
    CLOSING = "closing", _("closed, but not solved")
    RATING = "rating", _("the reporter's rating")
    LATENESS = "lateness", _("counted as late")
    SUPERVISION = "supervision", _("put under supervision")


UNIT_GROUNDS = (Against.RATING, Against.LATENESS, Against.SUPERVISION)


class AppealState(models.TextChoices):
    ASKED = "asked", _("under review")
    UPHELD = "upheld", _("upheld")
    REJECTED = "rejected", _("rejected")
    LAPSED = "lapsed", _("lapsed")  # the case was taken up again: what it was about no longer stands


class Appeal(Clocked):
    """One appeal about a case. The district rules on it within its limit; both sides read the ruling.

    `reason` are the words of the person who appeals: they stay here and out of the record.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="appeals")
    party = models.CharField(max_length=8, choices=Party)
    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="appeals")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    against = models.CharField(max_length=12, choices=Against)
    reason = models.TextField(_("why"))
    state = models.CharField(max_length=8, choices=AppealState, default=AppealState.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ruling = models.TextField(_("ruling"), blank=True)
    ruled_at = models.DateTimeField(null=True)
    ruled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(party=Party.REPORTER, report__isnull=False, unit=None)
                | Q(party=Party.UNIT, unit__isnull=False, report=None),
                name="cases_appeal_of_one_party",
            ),
            models.CheckConstraint(
                condition=Q(state=AppealState.ASKED, ruled_at=None, ruled_by=None, ruling="")
                | Q(state=AppealState.LAPSED, ruled_at=None, ruled_by=None, ruling="", step_at=None)
                | (
                    Q(state__in=(AppealState.UPHELD, AppealState.REJECTED))
                    & Q(ruled_at__isnull=False, ruled_by__isnull=False, step_at=None)
                    & ~Q(ruling="")
                ),
                name="cases_appeal_ruled",
            ),
            models.UniqueConstraint(
                fields=["report", "against"],
                condition=Q(report__isnull=False) & ~Q(state=AppealState.LAPSED),
                name="cases_appeal_once",
            ),
            models.UniqueConstraint(
                fields=["case", "unit"],
                condition=Q(unit__isnull=False) & ~Q(state=AppealState.LAPSED),
                name="cases_appeal_once_a_unit",
            ),
        ]
        indexes = [
            models.Index(fields=["step_at"], name="cases_appeal_next", condition=Q(step_at__isnull=False)),
            models.Index(fields=["state", "due_at", "id"], name="cases_appeal_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.party} {self.against}"
