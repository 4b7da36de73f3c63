"""The form with which a leader puts right what an item says: every field, and a reason."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.ledgers.forms.answers import AnswersForm
from bihuan.ledgers.models import Item
from bihuan.ledgers.queries.answers import correction_checked

REASON = 200


class CorrectionForm(AnswersForm):
    """Asks whatever the ledger has at any step; only what differs is corrected."""

    def __init__(self, item: Item, data: Any = None, files: Any = None):
        everything = frozenset(one.name for one in item.edition.definition.walk())
        super().__init__(item, data, files, asked=everything)
        self.reason = str(data.get("reason", "")).strip()[:REASON] if data is not None else ""

    def _check(self, *, complete: bool) -> None:
        self.checked = correction_checked(self.item, self.touched)
        for fault in self.checked.faults:
            self.errors.setdefault(fault.path, []).append(fault.sentence)
        if not self.reason:
            self.errors.setdefault("reason", []).append(_("Please say why."))
        elif not self.changed and not self.errors:
            self.errors.setdefault("", []).append(_("Nothing was changed."))

    @property
    def changed(self) -> dict[str, Any]:
        """The answers that are not as they were."""
        was, now = self.item.answers, self.checked.values
        return {name: value for name, value in self.touched.items() if now.get(name) != was.get(name)}

    @property
    def whole(self) -> list[Any]:
        """What is wrong with the form and with no field of it."""
        return self.errors.get("", [])
