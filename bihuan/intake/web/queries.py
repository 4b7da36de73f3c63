"""What the page after a report says."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from bihuan.audit.queries import entries_about
from bihuan.cases import queries, rules, tracking
from bihuan.cases.models import Case, Report, State


@dataclass(frozen=True)
class Receipt:
    """A report that has just arrived: who reads it until when, and what we noticed about its place."""

    report: Report
    case: Case
    desk: str
    outside: bool
    swapped: bool
    opens_case: bool
    may_handle: bool


def receipt_for(request: HttpRequest, code: str) -> Receipt | None:
    """The receipt for whoever has just reported it; None for others, and once the case has moved on."""
    followed = tracking.followed(request)
    if not followed:
        return None
    report = queries.report_by_code(code).filter(pk__in=followed, case__state=State.REPORTED).first()
    return _receipt(report, request.user) if report else None


def _receipt(report: Report, user: Any) -> Receipt:
    case = report.case
    reported = entries_about(case).filter(verb="case.reported").first()
    noticed = reported.data if reported else {}
    return Receipt(
        report=report,
        case=case,
        desk=case.desk.label,
        outside=bool(noticed.get("outside")),
        swapped=bool(noticed.get("swapped")),
        opens_case=rules.works_on_cases(user),
        may_handle=bool(rules.may("self_handle", case, user)),
    )
