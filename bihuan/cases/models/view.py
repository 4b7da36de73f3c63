"""Saved views 常用视图: the filters of a list under a name."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import Unit
from bihuan.territory.models import Area


class SavedView(models.Model):
    """One person's filters, perhaps shared with everybody who works in an area or a unit.

    It holds a question, never its answer: whoever opens it sees of the cases what they may see themselves.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=2_000, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+", verbose_name=_("area"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("unit"))
    position = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="cases_savedview_name_once"),
            models.CheckConstraint(
                condition=Q(area=None) | Q(unit=None), name="cases_savedview_one_audience"
            ),
        ]
        indexes = [models.Index(fields=["owner", "position"], name="cases_savedview_order")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_shared(self) -> bool:
        return self.area_id is not None or self.unit_id is not None
