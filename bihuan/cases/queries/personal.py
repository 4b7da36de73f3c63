"""What is kept about a person who reported: as the staff sees it, and as they see it themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import DutyKind
from bihuan.audit.models import Entry
from bihuan.cases import rules
from bihuan.cases.models import Case, Report
from bihuan.cases.queries.appeals import appeals_of_report
from bihuan.cases.queries.following import story_of
from bihuan.cases.queries.lists import reports_of
from bihuan.cases.rules import personal as own
from bihuan.core.clock import now
from bihuan.core.personal import mask_phone
from bihuan.core.verdicts import YES, Verdict
from bihuan.files.queries import attachments_of
from bihuan.notices.letters import site_address

PURPOSES = {"call_back": _("to call you back")}


@dataclass(frozen=True)
class ReportShown:
    """A report as the staff sees it: the number masked, and whole only after it was asked for."""

    report: Report
    phone: str
    number: str
    may_read: Verdict


def reports_shown(case: Case, user: Any, *, revealed: Collection[int] = ()) -> list[ReportShown]:
    """The reports of a case. `revealed`: those whose number this person has just had shown, which was
    recorded; it stays on their pages only while they may call."""
    calls = rules.may("call_back", case, user)
    shown = []
    for report in case.reports.all():
        may_read = own.may_read_contact(report, calls)
        number = number_of(report) if may_read and report.pk in revealed else ""
        shown.append(ReportShown(report, masked(report), number, may_read))
    return shown


def report_of_case(case: Case, pk: int) -> Report | None:
    """One of the reports of a case that was looked up for this person."""
    return case.reports.filter(pk=pk).first()


def masked(report: Report) -> str:
    """The number as everybody else sees it: enough to recognise one's own."""
    return mask_phone(str(report.phone)) if report.phone else ""


def masked_for(report: Report, by: Any) -> str:
    """The number for who shows its report's code: without the digits that are then asked of them."""
    shown = masked(report)
    return shown[: -own.DIGITS] + "*" * own.DIGITS if shown and own.needs_digits(report, by) else shown


def number_of(report: Report) -> str:
    """The whole number: for who asked to see it and was recorded, and for its owner."""
    return str(report.phone or "")


# -- for its owner ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ContactRead:
    """Somebody looked at the number. Of people in office their duty and desk are named, not their name."""

    report_id: int
    at: datetime
    duty: Any
    place: str
    purpose: Any


def contact_reads_of(reports: Iterable[Report]) -> list[ContactRead]:
    """Who looked at the numbers left with these reports, the latest first, in one query."""
    entries = Entry.objects.filter(
        verb="report.contact_read",
        subject_type=Report._meta.label_lower,
        subject_id__in=[report.pk for report in reports],
    )
    english = (get_language() or "").startswith("en")
    reads = []
    for entry in entries.order_by("-at", "-pk"):
        data = entry.data
        duty = data.get("duty", "")
        reads.append(
            ContactRead(
                report_id=entry.subject_id,
                at=entry.at,
                duty=DutyKind(duty).label if duty in DutyKind.values else _("staff"),
                place=(data.get("place_name_en") if english else "") or data.get("place_name", ""),
                purpose=PURPOSES.get(data.get("purpose", ""), ""),
            )
        )
    return reads


def kinds_in_words(kinds: Iterable[str]) -> list[Any]:
    """What a tombstone names."""
    return [own.KINDS.get(kind, kind) for kind in kinds]


@dataclass(frozen=True)
class OwnData:
    """What we keep of one report about the person who made it, and what they may do."""

    report: Report
    phone: str
    reads: list[ContactRead]
    erased: list[Any]
    may_correct: Verdict
    may_withdraw_consent: Verdict
    erasable: list[str]
    needs_digits: bool

    @property
    def words_go_too(self) -> bool:
        return own.WORDS in self.erasable


def own_data_of(report: Report, by: Any) -> OwnData:
    """For the page “Your data” of one report, whose code was shown."""
    code = report.tracking_code
    correct = own.may_with_own("correct", report, by, code=code)
    if correct.code == "report.wrong_digits":  # asked for in the form
        correct = YES
    return OwnData(
        report=report,
        phone=masked_for(report, by),
        reads=contact_reads_of([report]),
        erased=kinds_in_words(report.erased),
        may_correct=correct,
        may_withdraw_consent=own.may_with_own("withdraw_consent", report, by, code=code),
        erasable=own.erasable(report),
        needs_digits=own.needs_digits(report, by),
    )


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def export_of(report: Report, by: Any) -> dict[str, Any]:
    """Everything we keep of one report for the person who made it. Who shows only a code gets their own
    number masked, as on the page."""
    case, whole = report.case, own.is_on_account(report, by)
    return {
        "number": report.own_case.number,
        "handled_as": case.number,
        "tracking_code": report.tracking_code,
        "reported_at": _moment(report.at),
        "channel": str(report.get_channel_display()),
        "words": report.words,
        "address": report.own_case.address,
        "name": report.name,
        "phone": number_of(report) if whole else masked_for(report, by),
        "agrees_to_be_called": report.may_call,
        "state": str(case.get_state_display()),
        "promised_by": _moment(case.promised_at),
        "reply": case.reply,
        "your_answer": {
            "solved": report.solved,
            "satisfaction": str(report.get_satisfaction_display()) if report.satisfaction else "",
            "comment": report.comment,
            "at": _moment(report.answered_at),
        },
        "your_appeals": [
            {
                "at": _moment(appeal.asked_at),
                "against": str(appeal.get_against_display()),
                "reason": appeal.reason,
                "state": str(appeal.get_state_display()),
                "ruling": appeal.ruling,
            }
            for appeal in reversed(appeals_of_report(report))
        ],
        "photos": [
            site_address() + reverse("files:show", args=[photo.pk])
            for photo in attachments_of(report.own_case, "report")
        ],
        "history": [
            {"at": _moment(event.at), "what": str(event.sentence), "note": event.note}
            for event in story_of(report)
        ],
        "who_read_your_number": [
            {
                "at": _moment(read.at),
                "duty": str(read.duty),
                "place": read.place,
                "purpose": str(read.purpose),
            }
            for read in contact_reads_of([report])
        ],
        "erased": {
            "at": _moment(report.erased_at),
            "why": str(report.get_erased_why_display()) if report.erased_why else "",
            "what": [str(kind) for kind in kinds_in_words(report.erased)],
        },
    }


def export_of_account(user: Any) -> dict[str, Any]:
    """Everything we keep about a person with an account: themselves, and what they reported."""
    reports = [report for report in reports_of(user).order_by("-pk") if own.is_on_account(report, user)]
    return {
        "exported_at": _moment(now()),
        "account": {
            "name": user.name,
            "sign_in_name": user.username,
            "phone": user.phone or "",
            "language": user.language,
            "since": _moment(user.created_at),
            "last_sign_in": _moment(user.last_login),
            "duties_today": [f"{held.kind_label} · {held.place.label}" for held in user.duties_now()],
        },
        "reports": [export_of(report, user) for report in reports],
    }
