"""Joint handling and the whistle in words."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.cases.wording.phrase import Phrase

PHRASES = {
    "case.assistance_asked": Phrase(
        _("%(unit)s asked to assist"), _("%(unit)s helps with it."), "users-group", "accent", note="note"
    ),
    "case.assistance_acknowledged": Phrase(_("%(unit)s takes its part over"), None, "hand-stop"),
    "case.assistance_done": Phrase(
        _("%(unit)s has done its part"), _("%(unit)s has done its part."), "check", "good", note="note"
    ),
    "case.assistance_redone": Phrase(_("%(unit)s to do its part again"), None, "rotate", "warn", note="note"),
    "case.assistance_withdrawn": Phrase(
        _("The part of %(unit)s has ended without a result"), None, "x", "warn", note="note"
    ),
    "case.assistance_reminded": Phrase(
        _("%(unit)s: 80 %% of the limit of its part is used"), None, "bell", "warn"
    ),
    "case.assistance_overdue": Phrase(_("%(unit)s: its part is overdue"), None, "alarm", "bad"),
    "case.whistled": Phrase(
        _("Departments called together"),
        _("Several departments are called together to settle it."),
        "speakerphone",
        "accent",
        note="note",
    ),
    "case.whistle_answered": Phrase(
        _("%(unit)s answers the whistle: %(comes)s"), None, "message-check", note="note"
    ),
    "case.whistle_attended": Phrase(_("%(unit)s was there"), None, "map-pin-check"),
    "case.whistle_reminded": Phrase(
        _("%(unit)s: 80 %% of the time to answer the whistle is used"), None, "bell", "warn"
    ),
    "case.whistle_overdue": Phrase(_("%(unit)s has not answered the whistle in time"), None, "alarm", "bad"),
    "case.whistle_ruled": Phrase(
        _("Joint ruling: %(unit)s leads"),
        _("The departments have agreed: %(unit)s answers for it."),
        "gavel",
        "accent",
        note="note",
    ),
    "case.whistle_called_off": Phrase(_("Whistle called off"), None, "x", "warn", note="note"),
    "case.whistle_rated": Phrase(_("%(unit)s rated %(rating)s of 5"), None, "star", note="note"),
    "case.rating_answered": Phrase(_("%(unit)s answers its rating"), None, "message-2", note="note"),
}


def values(data: dict[str, Any]) -> dict[str, Any]:
    """What the sentences above ask for besides names of units."""
    return {
        "comes": _("comes") if data.get("comes") else _("cannot come"),
        "rating": data.get("rating", ""),
    }
