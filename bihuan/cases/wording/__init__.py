"""Audit entries of a case in plain words: for the staff, and for the person who reported it."""

from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bihuan.audit.models import Entry
from bihuan.cases.limits import in_words
from bihuan.cases.wording import endings, joint, loop, rechecks, supervision
from bihuan.cases.wording.loop import DECLINE_REASONS, FINDINGS
from bihuan.cases.wording.phrase import Phrase
from bihuan.core.clock import local


@dataclass(frozen=True)
class Words:
    sentence: str
    note: str
    icon: str
    tone: str
    once: bool = False


__all__ = ["DECLINE_REASONS", "FINDINGS", "PHRASES", "Phrase", "Words", "say"]

PHRASES = {**loop.PHRASES, **endings.PHRASES, **joint.PHRASES, **rechecks.PHRASES, **supervision.PHRASES}


def say(entry: Entry, *, public: bool) -> Words | None:
    """One entry in words of the reader's language; None when it is not for them."""
    phrase = PHRASES.get(entry.verb)
    if phrase is None:
        return None
    sentence = phrase.public if public else phrase.staff
    if sentence is None:
        return None
    note = entry.data.get(phrase.public_note if public else phrase.note, "")
    return Words(str(sentence) % _values(entry), str(note or ""), phrase.icon, phrase.tone, phrase.once)


def _values(entry: Entry) -> dict[str, Any]:
    data = entry.data
    return {
        "finding": FINDINGS.get(data.get("finding", ""), data.get("finding", "")),
        "reason": DECLINE_REASONS.get(data.get("reason", ""), data.get("reason", "")),
        "promised": _moment(data.get("promised")),
        "unit": _name(data, "unit_name"),
        "right_unit": _name(data, "right_unit_name") or _("nobody"),
        "resume_on": _day(data.get("resume_on")),
        "review_on": _day(data.get("review_on")),
        "time": in_words(data["seconds"], data.get("clock", "working")) if data.get("seconds") else "",
        "granted": _("granted") if data.get("granted") else _("refused"),
        "passed": _("in order") if data.get("passed") else _("not in order"),
        "reworks": data.get("reworks", ""),
        "answer": _answer(data),
        **endings.values(data),
        **joint.values(data),
        **rechecks.values(data),
        **supervision.values(data),
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
