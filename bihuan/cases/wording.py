"""Audit entries of a case in plain words: for the staff, and for the person who reported it."""

from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bihuan.audit.models import Entry
from bihuan.cases.limits import in_words
from bihuan.core.clock import local


@dataclass(frozen=True)
class Phrase:
    """How one verb is told: to the staff, to the public (None: not at all), with which sign."""

    staff: Any
    public: Any
    icon: str
    tone: str = "plain"
    note: str = ""  # the key of `data` that is printed below for the staff
    public_note: str = ""


@dataclass(frozen=True)
class Words:
    sentence: str
    note: str
    icon: str
    tone: str


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
    "case.withdrawn": Phrase(
        _("Withdrawn by the reporter"), _("You withdrew your report."), "arrow-back", note="reason"
    ),
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
    "case.reminded": Phrase(_("80 % of the limit is used"), None, "bell", "warn"),
    "case.became_overdue": Phrase(_("Overdue"), _("This took longer than we promised."), "alarm", "bad"),
}


def say(entry: Entry, *, public: bool) -> Words | None:
    """One entry in words of the reader's language; None when it is not for them."""
    phrase = PHRASES.get(entry.verb)
    if phrase is None:
        return None
    sentence = phrase.public if public else phrase.staff
    if sentence is None:
        return None
    note = entry.data.get(phrase.public_note if public else phrase.note, "")
    return Words(str(sentence) % _values(entry), str(note or ""), phrase.icon, phrase.tone)


def _values(entry: Entry) -> dict[str, Any]:
    data = entry.data
    return {
        "finding": FINDINGS.get(data.get("finding", ""), data.get("finding", "")),
        "reason": DECLINE_REASONS.get(data.get("reason", ""), data.get("reason", "")),
        "promised": _moment(data.get("promised")),
        "unit": _name(data, "unit_name"),
        "right_unit": _name(data, "right_unit_name") or _("nobody"),
        "resume_on": _day(data.get("resume_on")),
        "time": in_words(data["seconds"], data.get("clock", "working")) if data.get("seconds") else "",
        "granted": _("granted") if data.get("granted") else _("refused"),
        "passed": _("in order") if data.get("passed") else _("not in order"),
        "reworks": data.get("reworks", ""),
        "answer": _answer(data),
    }


def _name(data: dict[str, Any], key: str) -> str:
    english = (get_language() or "").startswith("en")
    return (data.get(f"{key}_en") if english else "") or data.get(key, "")


def _moment(text: str | None) -> str:
    moment = parse_datetime(text) if text else None
    return date_format(local(moment), "SHORT_DATETIME_FORMAT") if moment else ""


def _day(text: str | None) -> str:
    day = parse_date(text) if text else None
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""


def _answer(data: dict[str, Any]) -> Any:
    if data.get("answered") is False:
        return _("no answer")
    return _("solved") if data.get("solved") else _("not solved")
