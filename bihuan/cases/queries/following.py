"""What a reporter reads about their case that the staff's page does not need."""

from dataclasses import dataclass
from typing import Any

from bihuan.audit.queries import entries_about
from bihuan.cases.models import Case, Report, State
from bihuan.cases.models.case import STANDING
from bihuan.cases.queries.page import report_by_code
from bihuan.cases.wording import DECLINE_REASONS
from bihuan.core.clock import now
from bihuan.core.numbers import is_case_number
from bihuan.core.text import normalise


@dataclass(frozen=True)
class Declined:
    """Why a report was not accepted, and where to turn instead."""

    reason: Any
    note: str
    turn_to: str


def decline_of(case: Case) -> Declined | None:
    """The last decline of a case that stands declined."""
    if case.state != State.DECLINED:
        return None
    entry = entries_about(case).filter(verb="case.declined").last()
    data = entry.data if entry else {}
    return Declined(
        reason=DECLINE_REASONS.get(case.decline_reason, ""),
        note=case.reply,
        turn_to=data.get("turn_to", ""),
    )


def is_later_than_promised(case: Case) -> bool:
    """Whether the promised day has passed and the case is still in work; a pause has its own words."""
    if case.promised_at is None or not case.is_open or case.state in STANDING:
        return False
    return now() > case.promised_at


def report_typed(code: str) -> Report | None:
    """The report of a code as people type it: in lower case, full width, with spaces or without hyphens."""
    return report_by_code(normalise(code)[:60]).first()


def is_number_instead(code: str) -> bool:
    """Whether somebody typed the case number, which does not open a report."""
    return is_case_number(normalise(code)[:60])
