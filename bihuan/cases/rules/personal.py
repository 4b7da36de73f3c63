"""Who may read, correct and erase what a person left with their report. Decides, never writes."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.cases.models import Channel, Report
from bihuan.cases.models.case import FINISHED
from bihuan.core.verdicts import YES, Verdict, no

CONTACT, WORDS, PHOTOS, ADDRESS = "contact", "words", "photos", "address"

# What a tombstone names, in words.
KINDS = {
    CONTACT: _("name and phone number"),
    WORDS: _("what was written"),
    PHOTOS: _("photos"),
    ADDRESS: _("address"),
}

DIGITS = 4

# Written in the course of duty: the account beside such a report is its author's, not a resident's.
OFFICIAL = {Channel.GRID, Channel.DESK, Channel.SHEET}


def is_on_account(report: Report, by: Any) -> bool:
    """Whether this person reported it for themselves while signed in."""
    return (
        getattr(by, "is_authenticated", False)
        and report.reporter_id == by.pk
        and report.channel not in OFFICIAL
    )


def may_read_contact(report: Report, calls: Verdict) -> Verdict:
    """Whether the whole number may be shown: to who may call this case's reporters now (`calls`), and only
    the number of one who agreed."""
    if not calls:
        return calls
    if not (report.may_call and report.phone_index):
        return no("report.not_to_be_called", _("This person does not want to be called."))
    return calls


def is_theirs(report: Report, by: Any, *, code: str = "") -> bool:
    """Whether somebody is this report's reporter: by their account, or because they know its code."""
    if is_on_account(report, by):
        return True
    return bool(code) and hmac.compare_digest(code.encode(), report.tracking_code.encode())


def needs_digits(report: Report, by: Any) -> bool:
    """Whether a code alone is too little: it stands on papers, and opens more than following."""
    return bool(report.phone_index) and not is_on_account(report, by)


def digits_fit(report: Report, digits: str) -> bool:
    """Whether these are the last digits of the number that was left."""
    return hmac.compare_digest(str(report.phone or "")[-DIGITS:].encode(), digits.strip().encode())


def erasable(report: Report) -> list[str]:
    """What of a report is still there to be erased now.

    What was reported stays until the case is finished; what a grid worker wrote on duty stays for good.
    """
    kinds = []
    if report.name or report.phone_index or (report.reporter_id and report.channel not in OFFICIAL):
        kinds.append(CONTACT)
    if report.case.state in FINISHED and report.channel != Channel.GRID and _has_words(report):
        kinds.append(WORDS)
    return kinds


def _has_words(report: Report) -> bool:
    """Whether something is left that they wrote: before it was erased, or in an answer or appeal since."""
    if WORDS not in report.erased or report.words or report.comment:
        return True
    return report.appeals.exclude(reason="").exists()


def may_with_own(verb: str, report: Report, by: Any, *, code: str = "", digits: str = "") -> Verdict:
    """Whether somebody may `correct`, `withdraw_consent` or `erase` here; the rights of the person who
    reported, and of nobody else."""
    if not is_theirs(report, by, code=code):
        return no("report.not_yours", _("Only the person who reported it can do that."))
    verdict = _STATE[verb](report)
    if not verdict:
        return verdict
    if verb != "withdraw_consent" and needs_digits(report, by) and not digits_fit(report, digits):
        return no("report.wrong_digits", _("These are not the last four digits of the number you left."))
    return YES


def _correct(report: Report) -> Verdict:
    if CONTACT in report.erased:
        return no("report.erased", _("Your name and number were erased and are not taken down again."))
    return YES


def _withdraw_consent(report: Report) -> Verdict:
    if not report.may_call:
        return no("report.no_consent", _("Nobody calls you: you have not agreed to it, or taken it back."))
    return YES


def _erase(report: Report) -> Verdict:
    if not erasable(report):
        return no("report.nothing_to_erase", _("There is nothing left to erase here now."))
    return YES


_STATE: dict[str, Callable[[Report], Verdict]] = {
    "correct": _correct,
    "withdraw_consent": _withdraw_consent,
    "erase": _erase,
}
