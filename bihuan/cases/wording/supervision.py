"""What the clock, the desks and supervision do to a case, in words."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bihuan.cases.models import Supervision
from bihuan.cases.wording.phrase import Phrase

PHRASES = {
    "case.reminded": Phrase(_("80 %% of the limit is used"), None, "bell", "warn"),
    "case.became_overdue": Phrase(
        _("Overdue: under supervision"), _("This took longer than we promised."), "alarm", "bad", once=True
    ),
    "case.yellow_noticed": Phrase(
        _("One and a half times the limit is used: yellow notice"), None, "flag-exclamation", "warn"
    ),
    "case.red_noticed": Phrase(
        _("Twice the limit is used: red notice, on the weekly agenda"), None, "flag-exclamation", "bad"
    ),
    "case.climbed": Phrase(
        _("Waited too long at %(from_desk)s: now with the desk of %(desk)s"), None, "trending-up", "warn"
    ),
    "case.verification_lapsed": Phrase(
        _("Nobody verified it in time: back at the desk"), None, "arrow-back-up", "warn"
    ),
    "case.verification_taken_back": Phrase(
        _("No longer to be verified: back at the desk"), None, "arrow-back-up", note="note"
    ),
    "case.arrived": Phrase(_("The unit is on site"), None, "map-pin-check", "good"),
    "case.on_site_missed": Phrase(_("Not on site in time: under supervision"), None, "alarm", "bad"),
    "case.contacted": Phrase(
        _("Wrote to the reporter"),
        _("A message for you"),
        "message-2",
        "accent",
        note="note",
        public_note="note",
    ),
    "case.supervised": Phrase(
        _("Supervised by decision: %(level)s"), None, "flag-exclamation", "warn", note="note"
    ),
    "case.supervision_answered": Phrase(
        _("The supervision notice was answered"), None, "message-check", note="note"
    ),
}


def values(data: dict[str, Any]) -> dict[str, Any]:
    """What these sentences need of an entry's data."""
    english = (get_language() or "").startswith("en")
    names = {
        key: (data.get(f"{key}_name_en") if english else "") or data.get(f"{key}_name", "")
        for key in ("desk", "from_desk")
    }
    return names | {"level": Supervision(data.get("level", "")).label}
