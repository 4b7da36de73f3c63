"""The supervision notice 督办单: a unit or desk is told that a case is watched, and may say its word once."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import Unit
from bihuan.cases.models.case import Case, Supervision
from bihuan.territory.models import Area


class Why(models.TextChoices):
    """What a notice was issued for."""

    LIMIT = "limit", _("its limit")  # a share of the limit was used up
    REWORK = "rework", _("reworked twice")
    ON_SITE = "on_site", _("not on site in time")
    RECHECK = "recheck", _("a re-check did not hold")
    HAND = "hand", _("by decision")  # of a supervisor or leader


# What is said of a notice that the clock issued, by its level.
SHARES = {
    Supervision.ORDINARY: _("the limit is used up"),
    Supervision.YELLOW: _("one and a half times the limit is used"),
    Supervision.RED: _("twice the limit is used"),
}


class SupervisionNotice(models.Model):
    """One notice about a case, to the unit that has it, or to the desk where it waits.

    `stage_started_at` names the stage of the case in which it was issued, `step` the rung of the ladder: one
    rung of one stage gives one notice, however many workers look and however often an extension lifts the
    overdue flag. A red notice stands on the weekly agenda of `agenda_on`. `words` are the supervisor's own,
    `answer` are those of the unit or desk.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="supervision_notices")
    number = models.CharField(_("number"), max_length=32, unique=True)
    level = models.CharField(
        _("level"), max_length=8, choices=[choice for choice in Supervision.choices if choice[0]]
    )
    why = models.CharField(max_length=8, choices=Why)
    stage_started_at = models.DateTimeField()
    step = models.PositiveSmallIntegerField(null=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    desk = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    agenda_on = models.DateField(null=True)
    words = models.TextField(_("what the notice says"), blank=True)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "stage_started_at", "step"],
                condition=Q(step__isnull=False),
                name="cases_notice_once_a_step",
            ),
            models.UniqueConstraint(
                fields=["case", "stage_started_at", "why"],
                condition=Q(why__in=[Why.REWORK, Why.ON_SITE]),
                name="cases_notice_once_a_stage",
            ),
            models.CheckConstraint(
                condition=Q(why=Why.LIMIT, step__isnull=False) | (~Q(why=Why.LIMIT) & Q(step=None)),
                name="cases_notice_of_a_step",
            ),
            models.CheckConstraint(
                condition=Q(unit=None, desk__isnull=False) | Q(unit__isnull=False, desk=None),
                name="cases_notice_to_one",
            ),
            models.CheckConstraint(
                condition=Q(why=Why.HAND, issued_by__isnull=False) | (~Q(why=Why.HAND) & Q(issued_by=None)),
                name="cases_notice_issued_by",
            ),
            models.CheckConstraint(
                condition=Q(level=Supervision.RED, agenda_on__isnull=False)
                | (~Q(level=Supervision.RED) & Q(agenda_on=None)),
                name="cases_notice_red_on_agenda",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="cases_notice_answered",
            ),
        ]
        indexes = [
            models.Index(fields=["-id"], name="cases_notice_unanswered", condition=Q(answered_at=None)),
            models.Index(
                fields=["agenda_on"], name="cases_notice_on_agenda", condition=Q(agenda_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def addressee(self) -> Unit | Area:
        """The unit or the desk that it is for."""
        found = self.unit or self.desk
        assert found is not None
        return found

    @property
    def because(self) -> Any:
        """What it was issued for, in words."""
        return SHARES[Supervision(self.level)] if self.why == Why.LIMIT else Why(self.why).label
