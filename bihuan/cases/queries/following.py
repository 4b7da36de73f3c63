"""What a reporter reads about their case that the staff's page does not need."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from bihuan.audit.models import Entry
from bihuan.audit.queries import entries_about
from bihuan.cases.models import Case, Party, Report, State
from bihuan.cases.models.case import STANDING
from bihuan.cases.queries.page import Event, Photos, events_in, photos_of, report_by_code
from bihuan.cases.wording import DECLINE_REASONS
from bihuan.core.clock import now
from bihuan.core.numbers import is_case_number
from bihuan.core.text import normalise
from bihuan.files.models import Attachment


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


# -- where a case has several reporters, each reads their own story ------------------------------------------

# What one reporter said, or was asked, and no other one's page shows.
PERSONAL = ("case.answered", "case.called_back", "case.appealed", "case.appeal_decided")


def story_of(report: Report) -> list[Event]:
    """What happened to what this person reported, in plain words: with them, and wherever it is handled now.

    Of the other reporters of the same problem it tells nothing, except that there are some.
    """
    told = [entry for entry in entries_about(report.case) if _concerns(entry, report)]
    if report.first_case is not None:
        own = [entry for entry in entries_about(report.first_case) if _concerns(entry, report)]
        told = [entry for entry in told if not _is_the_same_told_twice(entry, report)]
        told = sorted([*own, *told], key=lambda entry: (entry.at, entry.pk))
    return list(events_in(told, public=True))


def _concerns(entry: Entry, report: Report) -> bool:
    data = entry.data
    if data.get("party") == Party.UNIT:
        return False
    if entry.verb not in PERSONAL:
        return True
    whose = data.get("reports") or ([data["report"]] if "report" in data else None)
    return whose is None or report.pk in whose


def _is_the_same_told_twice(entry: Entry, report: Report) -> bool:
    """How the other case began, and that it took this one in."""
    return entry.verb == "case.reported" or (
        entry.verb == "case.took_in" and entry.data.get("of") == report.first_case_id
    )


def photos_for(report: Report) -> Photos:
    """The pictures that this person handed in, and those that were taken of the work."""
    shown = photos_of(report.own_case)
    if report.first_case is not None:
        work = photos_of(report.case)
        shown.before += [photo for photo in work.before if photo.role != "report"]
        shown.after += work.after
    return shown


def may_see_file_of(user: Any, followed: Sequence[int], file: Attachment) -> bool:
    """Whether somebody may see a file of a case: who works on it, or on what it was merged into, and who
    reported it.

    Of a case with several reporters each sees their own photos and those of the work.
    """
    its = Q(pk=file.subject_id) | Q(merged=file.subject_id)
    if Case.objects.worked_on_by(user).filter(its).exists():
        return True
    own = Q(pk__in=followed)
    if getattr(user, "is_authenticated", False):
        own |= Q(reporter=user)
    theirs = Q(case=file.subject_id, first_case=None) | Q(first_case=file.subject_id)
    if file.role != "report":
        theirs |= Q(case=file.subject_id)
    return Report.objects.filter(own, theirs).exists()
