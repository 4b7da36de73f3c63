"""Re-checks 抽查复核: closed cases that somebody else looks at once more."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.cases.models.case import Case
from bihuan.cases.models.clocked import Clocked
from bihuan.territory.models import Area


class RecheckReason(models.TextChoices):
    LOT = "lot", _("drawn by lot")  # 随机抽取
    DOUBT = "doubt", _("photos in doubt")  # 照片存疑


class Recheck(Clocked):
    """A closed case that was drawn. An inspector of `desk`, or above it, goes and looks.

    `held` says whether the result holds on the spot. What does not hold is taken up again.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="rechecks")
    why = models.CharField(max_length=6, choices=RecheckReason)
    desk = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("desk"))
    drawn_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    held = models.BooleanField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(done_at=None), name="cases_recheck_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None, held=None)
                | Q(done_at__isnull=False, done_by__isnull=False, held__isnull=False),
                name="cases_recheck_done_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["step_at"], name="cases_recheck_next", condition=Q(step_at__isnull=False)),
            models.Index(fields=["desk", "due_at"], name="cases_recheck_waiting", condition=Q(done_at=None)),
            models.Index(fields=["done_at"], name="cases_recheck_done", condition=Q(done_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.why}"

    @property
    def is_open(self) -> bool:
        return self.done_at is None
