"""Merging, waiting for long, and appeals in words."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.cases.wording.phrase import Phrase

PARTIES = {"reporter": _("reporter"), "unit": _("unit")}

AGAINST = {
    "decline": _("not being accepted"),
    "closing": _("being closed"),
    "rating": _("the reporter's rating"),
    "lateness": _("counting as late"),
    "supervision": _("being under supervision"),
}

PHRASES = {
    "case.merged": Phrase(
        _("Merged into %(into_number)s: the same problem"),
        _("Merged with an earlier report of the same problem."),
        "arrow-merge",
        "accent",
        note="note",
    ),
    "case.took_in": Phrase(
        _("Took in %(of_number)s: the same problem"),
        _("Somebody else reported the same problem. Both are looked after together."),
        "arrow-merge",
    ),
    "case.unmerged": Phrase(
        _("No longer merged into %(into_number)s"),
        _("It turned out to be another problem. It is looked after by itself."),
        "transfer",
        "warn",
        note="note",
    ),
    "case.gave_back": Phrase(_("%(of_number)s is another problem after all"), None, "transfer"),
    "case.backlogged": Phrase(
        _("Put on the backlog, next review on %(review_on)s"),
        _("It cannot be settled for now. The district looks at it again on %(review_on)s."),
        "archive",
        "warn",
        note="reason",
        public_note="reason",
    ),
    "case.backlog_reviewed": Phrase(
        _("Backlog reviewed: %(kept)s"),
        _("The district looked at it again: %(kept)s."),
        "eye",
        note="reason",
        public_note="reason",
    ),
    "case.review_due": Phrase(_("The review of the backlog is due"), None, "bell", "warn"),
    "case.appealed": Phrase(
        _("Appeal of the %(party)s against %(against)s"), _("You appealed."), "flag", "warn"
    ),
    "case.appeal_decided": Phrase(
        _("Appeal of the %(party)s %(upheld)s"),
        _("The district decided on your appeal: %(upheld)s."),
        "gavel",
        "accent",
        note="ruling",
        public_note="ruling",
    ),
    "case.appeal_lapsed": Phrase(_("An appeal lapsed: the case was taken up again"), None, "flag"),
    "case.appeal_reminded": Phrase(
        _("80 %% of the limit to decide on an appeal is used"), None, "bell", "warn"
    ),
    "case.appeal_overdue": Phrase(_("The decision on an appeal is overdue"), None, "alarm", "bad"),
}


def values(data: dict[str, Any]) -> dict[str, Any]:
    """What the sentences above name, of the data of an entry."""
    return {
        "into_number": data.get("into_number", ""),
        "of_number": data.get("of_number", ""),
        "kept": _("it stays on the backlog") if data.get("kept") else _("the unit takes it up"),
        "party": PARTIES.get(data.get("party", ""), ""),
        "against": AGAINST.get(data.get("against", ""), ""),
        "upheld": _("upheld") if data.get("upheld") else _("rejected"),
    }
