"""Cases that must wait: 缓办 for at most thirty days, 恢复, and 挂账 with a review each quarter."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bihuan.cases import clocks, rules
from bihuan.cases.actions.loop import hold, keep
from bihuan.cases.models import Case, State
from bihuan.core.clock import now, today
from bihuan.core.text import clean
from bihuan.core.verdicts import no

MONTHS_TO_REVIEW = 3


@transaction.atomic
def suspend_case(case: Case, *, by: Any, reason: str, resume_on: date) -> Case:
    """Let a case rest for a reason that is told to its reporter. Its clock stands until `resume_on`.

    The first time the subdistrict may do so, the second time only the district; there is no third time.
    """
    case, verdict = hold("suspend", case, by)
    was = case.state
    if not today() < resume_on <= today() + timedelta(days=rules.SUSPEND_DAYS):
        no(
            "case.resume_date",
            _("The case must resume within %(days)s days.") % {"days": rules.SUSPEND_DAYS},
        ).enforce()
    case.state = State.SUSPENDED
    case.suspensions += 1
    fields = ["suspensions", *_wait(case, until=resume_on, because=reason)]
    clocks.pause(case, now(), morning_of(resume_on))
    return keep(
        case,
        "suspend",
        fields,
        by=by,
        verdict=verdict,
        was=was,
        reason=reason,
        resume_on=resume_on.isoformat(),
        suspensions=case.suspensions,
    )


@transaction.atomic
def resume_case(case: Case, *, by: Any, note: str = "") -> Case:
    """Take a suspended case up again; its clock runs on with what was left."""
    case, verdict = hold("resume", case, by)
    was = case.state
    fields = take_up(case)
    return keep(case, "resume", fields, by=by, verdict=verdict, was=was, note=note)


@transaction.atomic
def backlog_case(case: Case, *, by: Any, reason: str) -> Case:
    """Put a case that nobody can settle for now on the district's backlog, for a reason that is public.

    Its clock stands. In a quarter of a year the district has to look at it again.
    """
    case, verdict = hold("backlog", case, by)
    was = case.state
    case.state = State.BACKLOG
    fields = _wait(case, until=next_review(today()), because=reason)
    assert case.resume_on is not None
    clocks.pause(case, now(), morning_of(case.resume_on))
    return keep(
        case,
        "backlog",
        fields,
        by=by,
        verdict=verdict,
        was=was,
        reason=reason,
        review_on=case.resume_on.isoformat(),
    )


@transaction.atomic
def review_backlog(case: Case, *, by: Any, kept: bool, reason: str) -> Case:
    """Look at a case on the backlog again: it stays for another quarter, or its unit takes it up."""
    case, verdict = hold("review_backlog", case, by)
    was = case.state
    if kept:
        fields = _wait(case, until=next_review(today()), because=reason)
        assert case.resume_on is not None
        clocks.pause(case, now(), morning_of(case.resume_on))
    else:
        fields = take_up(case)
    return keep(
        case,
        "review_backlog",
        fields,
        by=by,
        verdict=verdict,
        was=was,
        kept=kept,
        reason=reason,
        review_on=case.resume_on.isoformat() if case.resume_on else None,
    )


def take_up(case: Case, at: datetime | None = None) -> list[str]:
    """Let the unit go on with a held case that waited, from a moment (default: now); what to save."""
    case.state = State.HANDLING
    case.resume_on = None
    case.waits_because = ""
    clocks.run_on(case, at or now())
    return ["resume_on", "waits_because"]


def _wait(case: Case, *, until: date, because: str) -> list[str]:
    case.resume_on = until
    case.waits_because = clean(because)
    return ["resume_on", "waits_because"]


def next_review(day: date) -> date:
    """The same day of the next quarter, or the last one its month has."""
    month = day.month - 1 + MONTHS_TO_REVIEW
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def morning_of(day: date) -> datetime:
    """When a day begins in the district."""
    return datetime.combine(day, time.min, timezone.get_default_timezone()).astimezone(UTC)
