"""The clock of whatever has a limit: a case in its present stage, a part of it, an appeal."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Clocked(models.Model):
    """It may run `stage_limit` seconds of `clock` time ("natural" or "working").

    Of these `stage_used` had passed when it last began to run, at `running_since` (None while it stands
    still). `due_at` and `step_at`, the moment of the next reminder or flag, follow from these. The functions
    of `cases.clocks` keep all of them.
    """

    clock = models.CharField(max_length=8, default="working")
    stage_started_at = models.DateTimeField()
    stage_limit = models.PositiveIntegerField(default=0)
    stage_used = models.PositiveIntegerField(default=0)
    running_since = models.DateTimeField(null=True)
    due_at = models.DateTimeField(_("due"), null=True)
    step = models.PositiveSmallIntegerField(default=0)
    step_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def remind_share(self) -> float:
        """The share of the limit at which its people are reminded."""
        return 0.8
