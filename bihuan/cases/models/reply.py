"""Standard replies 常用语: texts with placeholders for what an office writes every day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.cases.models.matter import Matter
from bihuan.territory.models import Area


class Reply(models.Model):
    """One text. It is offered for its verb (any, when empty), its matter and all below it, and its area.

    Without an area it is the whole district's.
    """

    name = models.CharField(_("name"), max_length=40)
    text = models.TextField(_("text"))
    verb = models.CharField(_("for"), max_length=30, blank=True)
    matter = models.ForeignKey(
        Matter, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("matter")
    )
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area")
    )
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "verb", "name"], nulls_distinct=False, name="cases_reply_name_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
