"""Supervision by people, and what a unit owes on the way: 督办, its answer, being there, a word."""

import re
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bihuan.audit.queries import entries_about
from bihuan.cases import clocks, limits, rules
from bihuan.cases.actions import issuing
from bihuan.cases.actions.loop import add_handler, hold, keep
from bihuan.cases.models import Case, State, Why
from bihuan.core.clock import now
from bihuan.core.personal import blind_index
from bihuan.core.text import clean
from bihuan.core.verdicts import no

DIGITS = re.compile(r"\d{5,20}")


@transaction.atomic
def supervise_case(case: Case, *, by: Any, level: str, words: str) -> Case:
    """Issue a notice by hand. It may raise the level by one; it never lowers it."""
    case, verdict = hold("supervise", case, by)
    at = now()
    if level not in rules.levels_for(case):
        no(
            "case.one_level_at_a_time",
            _("A notice keeps the level of a case or raises it by one; it never lowers it."),
        ).enforce()
    standing = rules.unanswered_notices(case).filter(why=Why.HAND, level=level)
    if level == case.supervision and standing.exists():
        no("case.notice_stands", _("A notice of this level still waits for its answer.")).enforce()
    notice = issuing.issue(case, level, why=Why.HAND, at=at, by=by, words=words)
    assert notice is not None
    return keep(
        case,
        "supervise",
        issuing.FIELDS,
        by=by,
        verdict=verdict,
        was=case.state,
        level=notice.level,
        notice=notice.number,
        note=notice.words,
    )


@transaction.atomic
def answer_supervision(case: Case, *, by: Any, words: str) -> Case:
    """Say once, for the unit or desk, what is being done. It answers every notice that stands open for it."""
    case, verdict = hold("answer_supervision", case, by)
    at, answered = now(), []
    for notice in rules.unanswered_notices(case).select_for_update(of=("self",)):
        if rules.addressed_by(notice, case, by):
            notice.answer, notice.answered_at, notice.answered_by = clean(words), at, by
            notice.save(update_fields=["answer", "answered_at", "answered_by"])
            answered.append(notice.number)
    return keep(
        case,
        "answer_supervision",
        [],
        by=by,
        verdict=verdict,
        was=case.state,
        notices=answered,
        note=clean(words),
    )


@transaction.atomic
def arrive_on_site(case: Case, *, by: Any) -> Case:
    """Say that somebody of the unit is there. Nobody's position is asked for."""
    case, verdict = hold("arrive", case, by)
    at, late = now(), case.on_site_due is None
    case.arrived_at = at
    case.on_site_due = None
    add_handler(case, by, verdict)
    return keep(case, "arrive", ["arrived_at", "handlers"], by=by, verdict=verdict, was=case.state, late=late)


@transaction.atomic
def contact_reporters(case: Case, *, by: Any, words: str) -> Case:
    """Write to everybody who reported it, without seeing a phone number. They read it where they follow it.

    The words are the official's own and stand in the record for good; a reporter's number has no place there.
    """
    case, verdict = hold("contact", case, by)
    at, words = now(), clean(words)
    if _tells_a_phone(case, words):
        no(
            "case.phone_in_message", _("Please leave the reporter's phone number out of the message.")
        ).enforce()
    last = entries_about(case).filter(verb="case.contacted").last()
    if last is not None and last.data.get("note") == words:
        no("case.said_already", _("The reporter has this very message already.")).enforce()
    first = case.contacted_at is None
    case.contacted_at = case.contacted_at or at
    return keep(
        case,
        "contact",
        ["contacted_at"],
        by=by,
        verdict=verdict,
        was=case.state,
        note=words,
        first=first,
        unit_name=case.unit.name if case.unit else None,
        unit_name_en=case.unit.name_en if case.unit else None,
    )


def _tells_a_phone(case: Case, words: str) -> bool:
    """Whether a reporter's number stands in a text; by its blind index, so that none is decrypted."""
    together = re.sub(r"(?<=\d)[\s-]+(?=\d)", "", words)
    found = {blind_index(number.removeprefix("86")) for number in DIGITS.findall(together)}
    if not found:
        return False
    known = case.reports.exclude(phone_index=None).values_list("phone_index", flat=True)
    return any(index is not None and bytes(index) in found for index in known)


@transaction.atomic
def take_back_verification(case: Case, *, by: Any, note: str = "") -> Case:
    """Wait no longer for the grid worker: the desk decides with what it knows."""
    case, verdict = hold("take_back_verification", case, by)
    was = case.state
    case.state = State.REPORTED
    clocks.start_stage(case, now(), limits.ACCEPT)
    return keep(case, "take_back_verification", [], by=by, verdict=verdict, was=was, note=note)
