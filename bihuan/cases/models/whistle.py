"""The whistle 吹哨报到: a subdistrict calls departments together over a case; they come and are rated."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import Unit
from bihuan.cases.models.case import Case
from bihuan.cases.models.clocked import Clocked
from bihuan.cases.models.joint import both, person
from bihuan.territory.models import Area


class WhistleState(models.TextChoices):
    """How a whistle stands; follows from its moments."""

    OPEN = "open", _("awaiting the ruling")  # 待会商
    RULED = "ruled", _("ruled")  # 已会商
    CALLED_OFF = "called_off", _("called off")  # 已取消


class Answer(models.TextChoices):
    NONE = "", _("no answer yet")
    COMES = "comes", _("comes")  # 到场
    CANNOT = "cannot", _("cannot come")  # 不能到场


STILL_OPEN = Q(ruled_at=None, called_off_at=None)


class Whistle(models.Model):
    """A question that one unit cannot settle alone. `area` is the subdistrict or district that calls."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="whistles")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("who whistles"))
    question = models.TextField(_("question"))
    emergency = models.BooleanField(default=False)
    meet_at = models.DateTimeField(_("when to meet"), null=True)
    meet_where = models.CharField(_("where to meet"), max_length=200, blank=True)
    called_at = models.DateTimeField()
    called_by = person()

    ruling = models.TextField(_("joint ruling"), blank=True)
    ruled_at = models.DateTimeField(null=True)
    ruled_by = person(null=True)
    called_off_because = models.TextField(blank=True)
    called_off_at = models.DateTimeField(null=True)
    called_off_by = person(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=STILL_OPEN, name="cases_whistle_one_open"),
            models.CheckConstraint(condition=both("ruled_at", "ruled_by"), name="cases_whistle_ruled_by"),
            models.CheckConstraint(
                condition=Q(called_off_at__isnull=False) | Q(called_off_by=None),
                name="cases_whistle_called_off_by",
            ),
            models.CheckConstraint(
                condition=Q(ruled_at=None) | Q(called_off_at=None), name="cases_whistle_ends_once"
            ),
        ]
        indexes = [
            models.Index(fields=["area"], name="cases_whistle_open", condition=STILL_OPEN),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"

    @property
    def state(self) -> WhistleState:
        if self.ruled_at is not None:
            return WhistleState.RULED
        return WhistleState.OPEN if self.called_off_at is None else WhistleState.CALLED_OFF


class CallQuerySet(models.QuerySet["Call"]):
    def locked(self, pk: int) -> "Call":
        """The call, held until the transaction ends. Its case is held first, always."""
        related = ("unit", "whistle__area", "whistle__case")
        return self.select_related(*related).select_for_update(of=("self",)).get(pk=pk)


class Call(Clocked):
    """One department that is whistled for. Its clock is the one within which it answers.

    Whether it attended is confirmed, not tracked. Rated is the unit, never a person, and it may answer once.
    """

    whistle = models.ForeignKey(Whistle, models.PROTECT, related_name="calls")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("department"))

    answer = models.CharField(max_length=8, choices=Answer, blank=True, default=Answer.NONE)
    answer_words = models.TextField(blank=True)
    sends = models.CharField(_("whom it sends"), max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = person(null=True)
    attended_at = models.DateTimeField(null=True)
    attended_by = person(null=True)

    rating = models.PositiveSmallIntegerField(
        null=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    rating_words = models.TextField(blank=True)
    rated_at = models.DateTimeField(null=True)
    rated_by = person(null=True)
    reply = models.TextField(blank=True)
    replied_at = models.DateTimeField(null=True)
    replied_by = person(null=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["whistle", "unit"], name="cases_call_once"),
            models.CheckConstraint(
                condition=(
                    Q(answer=Answer.NONE, answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False))
                )
                & both("answered_at", "answered_by"),
                name="cases_call_answered",
            ),
            models.CheckConstraint(condition=both("attended_at", "attended_by"), name="cases_call_attended"),
            models.CheckConstraint(
                condition=(
                    Q(rating=None, rated_at=None) | Q(rating__gte=1, rating__lte=5, rated_at__isnull=False)
                )
                & both("rated_at", "rated_by"),
                name="cases_call_rated",
            ),
            models.CheckConstraint(
                condition=both("replied_at", "replied_by") & (Q(replied_at=None) | Q(rated_at__isnull=False)),
                name="cases_call_replied",
            ),
        ]
        indexes = [
            models.Index(fields=["step_at"], name="cases_call_next_step", condition=Q(step_at__isnull=False)),
            models.Index(
                fields=["unit", "due_at"], name="cases_call_to_answer", condition=Q(answered_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.whistle_id} {self.unit_id} {self.answer}"
