"""Doubts and re-checks in words. That photos were doubted, or a case drawn, no timeline tells."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.cases.wording.phrase import Phrase

PHRASES = {
    "case.rechecked": Phrase(
        _("Re-checked: %(held)s"),
        _("Somebody else looked at it once more: %(held)s."),
        "zoom-check",
        note="note",
    ),
    "case.doubted": Phrase(None, None, "photo"),
    "case.recheck_drawn": Phrase(None, None, "zoom-check"),
    "case.recheck_reminded": Phrase(_("80 %% of the limit to re-check is used"), None, "bell", "warn"),
    "case.recheck_overdue": Phrase(_("The re-check is overdue"), None, "alarm", "bad"),
}


def values(data: dict[str, Any]) -> dict[str, Any]:
    return {"held": _("it holds") if data.get("held") else _("it does not hold, it goes on")}
