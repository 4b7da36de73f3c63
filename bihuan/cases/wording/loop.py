"""The loop itself in words, from report to close."""

from django.utils.translation import gettext_lazy as _

from bihuan.cases.wording.phrase import Phrase

FINDINGS = {
    "exists": _("it exists"),
    "absent": _("it does not exist"),
    "unclear": _("it cannot be told"),
}

DECLINE_REASONS = {
    "elsewhere": _("another authority is responsible"),
    "courts": _("it is before a court or in arbitration"),
    "duplicate": _("the same matter is already being handled"),
    "absent": _("it was not found on the spot"),
    "unclear": _("place or matter cannot be made out"),
    "no_matter": _("it is not a public matter"),
}

PHRASES = {
    "case.reported": Phrase(_("Reported"), _("We received your report."), "message-report", "accent"),
    "case.sent_to_verify": Phrase(
        _("Grid worker asked to verify"), _("A grid worker goes to have a look."), "walk", note="note"
    ),
    "case.verified": Phrase(
        _("Verified: %(finding)s"), _("A grid worker was there: %(finding)s."), "eye", note="note"
    ),
    "case.declined": Phrase(
        _("Not accepted: %(reason)s"),
        _("We cannot take this up: %(reason)s."),
        "circle-x",
        "warn",
        note="note",
        public_note="note",
    ),
    "case.withdrawn": Phrase(_("Withdrawn by the reporter"), _("You withdrew your report."), "arrow-back"),
    "case.filed": Phrase(
        _("Filed, promised by %(promised)s"),
        _("We accepted it. It will be settled by %(promised)s."),
        "folder-check",
        "accent",
        note="note",
    ),
    "case.self_handled": Phrase(
        _("Handled on the spot"),
        _("A grid worker settled it on the spot."),
        "tool",
        "good",
        note="note",
        public_note="note",
    ),
    "case.spot_checked": Phrase(
        _("Spot check: %(passed)s"), _("Somebody else checked it: %(passed)s."), "search", note="note"
    ),
    "case.assigned": Phrase(
        _("Assigned to %(unit)s"), _("%(unit)s answers for it now."), "send", "accent", note="note"
    ),
    "case.acknowledged": Phrase(_("Acknowledged by the unit"), _("The unit has begun."), "hand-stop"),
    "case.returned": Phrase(
        _("Returned by %(unit)s, names %(right_unit)s"),
        _("It goes to the unit that is responsible."),
        "arrow-back-up",
        "warn",
        note="reason",
    ),
    "case.extension_asked": Phrase(_("The unit asks for %(time)s more"), None, "clock-plus", note="reason"),
    "case.extension_decided": Phrase(_("More time: %(granted)s"), None, "clock-check", note="note"),
    "case.suspended": Phrase(
        _("Suspended until %(resume_on)s"),
        _("It must wait until %(resume_on)s. Then it goes on."),
        "player-pause",
        "warn",
        note="reason",
        public_note="reason",
    ),
    "case.resumed": Phrase(_("Resumed"), _("It goes on."), "player-play", note="note"),
    "case.resolved": Phrase(
        _("Reported as done"),
        _("The unit says it is done. Somebody else checks."),
        "checks",
        "good",
        note="note",
        public_note="note",
    ),
    "case.inspected": Phrase(
        _("Inspection passed"),
        _("It was checked on the spot and is in order."),
        "clipboard-check",
        "good",
        note="note",
    ),
    "case.reworked": Phrase(
        _("Sent back for rework (%(reworks)s)"),
        _("It was checked and is not yet good enough. The unit does it again."),
        "rotate",
        "warn",
        note="reason",
    ),
    "case.called_back": Phrase(
        _("Called back: %(answer)s"), _("We called you: %(answer)s."), "phone", note="note"
    ),
    "case.answered": Phrase(_("The reporter says: %(answer)s"), _("You said: %(answer)s."), "message-check"),
    "case.closed": Phrase(_("Closed"), _("Closed."), "circle-check", "good"),
}
