"""The ledger 台账: a kind of work with its fields, steps and figures, in numbered editions."""

from functools import lru_cache

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.core.models import Named
from bihuan.files.models import StoredFile
from bihuan.ledgers.definition import Definition, from_json
from bihuan.territory.models import Area


class Ledger(Named):
    """What a clerk makes of a spreadsheet, and uses again for every campaign of its kind.

    It is its area's: whoever keeps ledgers there may use and change it.
    """

    code = models.CharField(_("code"), max_length=40, unique=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["code"]


class Edition(models.Model):
    """One version of a ledger. It never changes: items keep the edition they began under until moved."""

    ledger = models.ForeignKey(Ledger, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    content = models.JSONField()  # as `definition.to_json` gives it
    digest = models.BinaryField(max_length=32)
    workbook = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("what is new"), max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ledger", "number"], name="ledgers_edition_number"),
        ]

    def __str__(self) -> str:
        return f"{self.ledger_id} v{self.number}"

    @property
    def definition(self) -> Definition:
        """What it says, read once in each process."""
        return _read(self.pk)


@lru_cache(maxsize=256)
def _read(pk: int) -> Definition:
    return from_json(Edition.objects.values_list("content", flat=True).get(pk=pk))
