"""What people left with their reports: reading a number is a deed that is recorded; its owner may correct,
take back and erase."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Value

from bihuan.audit import record
from bihuan.cases import rules
from bihuan.cases.actions.intake import search_words
from bihuan.cases.models import Case, ErasedWhy, Report
from bihuan.cases.rules import personal as own
from bihuan.core.clock import now
from bihuan.core.personal import blind_index, normal_phone
from bihuan.core.text import clean
from bihuan.files.queries import attachments_of
from bihuan.notices.actions import retitle

CONTACT_FIELDS = ["name", "phone", "phone_index", "may_call"]
TOMBSTONE = ["erased_at", "erased_why", "erased"]


def _held(report: Report) -> Report:
    """The report, held until the transaction ends, with its cases as they are now.

    The cases come before it, the lower key first, as everywhere: whoever merges them meanwhile never blocks.
    """
    case, first_case = Report.objects.values_list("case", "first_case").get(pk=report.pk)
    cases = _hold_cases({case, first_case})
    report = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if (report.case_id, report.first_case_id) != (case, first_case):
        raise rules.ChangedMeanwhile
    report.case, report.first_case = cases[case], cases.get(first_case)
    return report


def _hold_cases(keys: Iterable[int | None]) -> dict[int | None, Case]:
    return {key: Case.objects.locked(key) for key in sorted(filter(None, keys))}


@transaction.atomic
def read_contact(report: Report, *, by: Any) -> Report:
    """Look at a reporter's whole number in order to call them. They see who did, when and what for."""
    report = _held(report)
    calls = rules.may("call_back", report.case, by)
    verdict = own.may_read_contact(report, calls).enforce()

    place = verdict.held.place if verdict.held else report.case.desk
    record(
        "report.contact_read",
        report,
        by=by,
        on_behalf_of=verdict.on_behalf_of,
        area=report.case.area,
        case=report.case_id,
        purpose="call_back",
        duty=str(verdict.held.kind) if verdict.held else "",
        place_name=place.name,
        place_name_en=place.name_en,
    )
    return report


@transaction.atomic
def correct_report(
    report: Report, *, by: Any, name: str, phone: str | None = None, code: str = "", digits: str = ""
) -> Report:
    """Put one's name or number right. `phone`: None keeps it, an empty one takes it and the consent away."""
    report = _held(report)
    own.may_with_own("correct", report, by, code=code, digits=digits).enforce()

    before = {"name": report.name, "phone": _plain(report.phone_index)}
    report.name = clean(name)[:60]
    if phone is not None:
        number = normal_phone(phone) if phone else ""
        report.phone = number or None
        report.phone_index = blind_index(number) if number else None
        report.may_call = report.may_call and bool(number)
    after = {"name": report.name, "phone": _plain(report.phone_index)}
    changed = [field for field in before if before[field] != after[field]]
    if not changed:
        return report
    report.save(update_fields=["name", "phone", "phone_index", "may_call"])

    record(
        "report.corrected",
        report,
        by=_account(by),
        area=report.case.area,
        case=report.case_id,
        fields=changed,
    )
    return report


@transaction.atomic
def withdraw_consent(report: Report, *, by: Any, code: str = "") -> Report:
    """No longer agree to be called. A case that waited for this call goes to the inspector instead."""
    report = _held(report)
    own.may_with_own("withdraw_consent", report, by, code=code).enforce()

    report.may_call = False
    report.save(update_fields=["may_call"])

    record("report.consent_withdrawn", report, by=_account(by), area=report.case.area, case=report.case_id)
    return report


@transaction.atomic
def erase_report(report: Report, *, by: Any, code: str = "", digits: str = "") -> Report:
    """Have one's data forgotten: name, number and the link to one's account at once; words, photos and
    address once the case is finished. A tombstone says when and what, and holds nothing of it."""
    report = _held(report)
    own.may_with_own("erase", report, by, code=code, digits=digits).enforce()

    kinds = own.erasable(report)
    erased = []
    if own.CONTACT in kinds:
        erased += forget_contact(report, why=ErasedWhy.WISH)
    if own.WORDS in kinds:
        erased += _forget_words(report)

    # Whoever had themselves forgotten is not named as the one who asked for it.
    record("report.erased", report, by=None, area=report.case.area, case=report.case_id, kinds=erased)
    return report


@transaction.atomic
def unlink_reports(reports: Iterable[Report]) -> int:
    """Somebody erased their account: their reports stay without them, and nobody calls about them."""
    reports, many = list(reports), 0
    _hold_cases({key for report in reports for key in (report.case_id, report.first_case_id)})
    for given in reports:
        report = _held(given)
        erased = forget_contact(report, why=ErasedWhy.WISH)
        record("report.erased", report, by=None, area=report.case.area, case=report.case_id, kinds=erased)
        many += 1
    return many


def forget_contact(report: Report, *, why: str) -> list[str]:
    """Erase name, number and consent of a held report, and leave the tombstone.

    At its owner's wish the link to their account goes as well; age alone does not cut it.
    """
    report.name, report.phone, report.phone_index, report.may_call = "", None, None, False
    if why == ErasedWhy.WISH:
        report.reporter = None
        report.appeals.update(asked_by=None)
    _leave_tombstone(report, [own.CONTACT], why)
    report.save(update_fields=[*CONTACT_FIELDS, "reporter", *TOMBSTONE])
    return [own.CONTACT]


def _forget_words(report: Report) -> list[str]:
    """Erase what this person wrote and handed in, here and where it was repeated."""
    case = report.own_case
    kinds = [own.WORDS]
    if attachments_of(case, role="report").delete()[0]:
        kinds.append(own.PHOTOS)
    if case.address:
        kinds.append(own.ADDRESS)
    case.words = case.address = ""
    case.title = case.matter.name if case.matter else case.number
    case.search = SearchVector(Value(search_words(case)), config="simple")
    case.save(update_fields=["words", "address", "title", "search"])
    retitle(case, title=case.title, place={"zh": case.area.name, "en": case.area.name_en or case.area.name})
    report.words = report.comment = ""
    report.appeals.update(reason="")
    _leave_tombstone(report, kinds, ErasedWhy.WISH)
    report.save(update_fields=["words", "comment", *TOMBSTONE])
    return kinds


def _leave_tombstone(report: Report, kinds: list[str], why: str) -> None:
    report.erased_at, report.erased_why = now(), why
    report.erased = sorted({*report.erased, *kinds})


def _account(by: Any) -> Any:
    return by if getattr(by, "is_authenticated", False) else None


def _plain(index: Any) -> bytes:
    return bytes(index or b"")
