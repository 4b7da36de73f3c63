"""A ledger that is built or changed on a page: kept at every step, an edition only when it is whole."""

from django.conf import settings
from django.db import models

from bihuan.ledgers.definition import Definition, from_json
from bihuan.ledgers.models.ledger import Edition, Ledger
from bihuan.territory.models import Area

BLANK = "blank"  # stands in addresses where a new ledger has no code of its own yet


class LedgerDraft(models.Model):
    """One person's changes to one ledger, or their new one; nobody else sees them before they are kept."""

    ledger = models.ForeignKey(Ledger, models.CASCADE, null=True, related_name="drafts")
    base = models.ForeignKey(Edition, models.PROTECT, null=True, related_name="+")  # what it began from
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    content = models.JSONField()  # as `definition.to_json` gives it, perhaps with faults
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ledger", "by"], name="ledgers_draft_of_one_person", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"draft of {self.ledger_id or BLANK} by {self.by_id}"

    @property
    def code(self) -> str:
        """What stands for it in addresses."""
        return self.ledger.code if self.ledger else BLANK

    @property
    def definition(self) -> Definition:
        return from_json(self.content)
