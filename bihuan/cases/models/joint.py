"""Joint handling 联办: what each assisting unit 协办 does of a case that another one leads."""

from typing import Any, NamedTuple

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import Unit, User
from bihuan.cases.models.case import Case
from bihuan.cases.models.clocked import Clocked


class PartState(models.TextChoices):
    ASKED = "asked", _("awaiting acknowledgement")  # 待签收
    IN_HAND = "in_hand", _("in hand")  # 处置中
    DONE = "done", _("done")  # 已完成
    WITHDRAWN = "withdrawn", _("withdrawn")  # 已撤回


OPEN_PARTS = (PartState.ASKED, PartState.IN_HAND)


class Task(NamedTuple):
    """What one unit is to be asked for: its part in words, and seconds of the case's clock to do it in."""

    unit: Unit
    words: str
    limit: int | None = None  # None: as long as the catalogue gives the lead


class AssistanceQuerySet(models.QuerySet["Assistance"]):
    def open(self) -> "AssistanceQuerySet":
        return self.filter(state__in=OPEN_PARTS)

    def locked(self, pk: int) -> "Assistance":
        """The part, held until the transaction ends. Its case is held first, always."""
        return self.select_related("unit", "case").select_for_update(of=("self",)).get(pk=pk)


def person(**changes: Any) -> Any:
    """A person on record beside a moment."""
    return models.ForeignKey(User, models.PROTECT, related_name="+", **changes)


def both(moment: str, who: str) -> Q:
    """A moment and its person are both there, or neither."""
    return Q(**{moment: None, who: None}) | Q(**{f"{moment}__isnull": False, f"{who}__isnull": False})


class Assistance(Clocked):
    """One unit's part in a case that another unit leads, with its own task and its own clock.

    The clock runs from the asking until it is done, stands while the case stands, and ends with the case.
    Ended with the case, nobody withdrew it: `withdrawn_by` is empty then.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="assistances")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("assisting unit"))
    state = models.CharField(max_length=10, choices=PartState, default=PartState.ASKED)
    task = models.TextField(_("task"))
    result = models.TextField(_("what was done"), blank=True)
    withdrawn_because = models.TextField(blank=True)

    asked_at = models.DateTimeField()
    asked_by = person()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = person(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = person(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = person(null=True)

    objects = AssistanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "unit"], condition=Q(state__in=OPEN_PARTS), name="cases_assistance_one_open"
            ),
            models.CheckConstraint(
                condition=both("acknowledged_at", "acknowledged_by"), name="cases_assistance_acknowledged_by"
            ),
            models.CheckConstraint(condition=both("done_at", "done_by"), name="cases_assistance_done_by"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=False) | Q(withdrawn_by=None),
                name="cases_assistance_withdrawn_by",
            ),
            models.CheckConstraint(
                condition=Q(state=PartState.ASKED, acknowledged_at=None, done_at=None, withdrawn_at=None)
                | Q(state=PartState.IN_HAND, acknowledged_at__isnull=False, done_at=None, withdrawn_at=None)
                | Q(state=PartState.DONE, done_at__isnull=False, withdrawn_at=None)
                | Q(state=PartState.WITHDRAWN, done_at=None, withdrawn_at__isnull=False),
                name="cases_assistance_state_with_moments",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_PARTS) | Q(step_at=None, running_since=None),
                name="cases_assistance_ended_clock_stands",
            ),
        ]
        indexes = [
            models.Index(
                fields=["step_at"], name="cases_assistance_next_step", condition=Q(step_at__isnull=False)
            ),
            models.Index(
                fields=["unit", "due_at"], name="cases_assistance_at_unit", condition=Q(state__in=OPEN_PARTS)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.unit_id} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_PARTS
