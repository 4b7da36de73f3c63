"""Which reports of a campaign or a form are due, for which days, and up to which moment they tell."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bihuan.core.clock import local
from bihuan.ledgers.definition import Document
from bihuan.ledgers.definition.model import DAILY, FINAL, MONTHLY, WEEKLY
from bihuan.ledgers.models import Campaign
from bihuan.reports.documents import PERIODS
from bihuan.reports.models import ReportForm

DAY = timedelta(days=1)
LAST_DAY = {WEEKLY: 5, MONTHLY: 31}  # of a week Friday, as the workbook has it


@dataclass(frozen=True)
class Due:
    """A report that is to be made: its document, the days it is about, and when its hour comes."""

    document: Document
    begins: date
    ends: date
    at: datetime


def documents_of(campaign: Campaign) -> list[Document]:
    """The documents of a campaign: those of its ledger, and ours where it names no daily or final one.

    The campaign sets the hour of its daily summaries; without one it has none.
    """
    own = list(campaign.edition.definition.documents)
    kinds = {one.period for one in own}
    own += [Document(kind, PERIODS[kind], kind) for kind in (DAILY, FINAL) if kind not in kinds]
    return [one for one in own if one.period != DAILY or campaign.summary_at is not None]


def document_of(campaign: Campaign, code: str) -> Document | None:
    return next((one for one in documents_of(campaign) if one.code == code), None)


def due_of_campaign(campaign: Campaign, document: Document, last: date | None, at: datetime) -> Due | None:
    """The next report of this document whose hour has come; `last` is the day the one before ended on."""
    if campaign.begun_at is None:
        return None
    first = local(campaign.begun_at).date()
    over = campaign.finished_at
    if document.period == FINAL:
        if over is None or last is not None:
            return None
        return Due(document, first, max(first, local(over).date()), over)
    hour = campaign.summary_at if document.period == DAILY else time.fromisoformat(document.hour)
    if hour is None:
        return None
    begins = first if last is None else last + DAY
    ends = _end(document.period, document.day, begins)
    if over is not None and ends > local(over).date():
        return None
    due = moment_of(ends, hour)
    if over is not None:
        due = min(due, over)
    return Due(document, begins, ends, due) if due <= at else None


def due_of_form(form: ReportForm, last: date | None, at: datetime) -> Due | None:
    """The next report of a form across campaigns whose hour has come."""
    begins = local(form.made_at).date() if last is None else last + DAY
    document = Document("", PERIODS[form.kind], form.kind)
    ends = _end(form.kind, 0, begins)
    due = moment_of(ends, form.hour)
    return Due(document, begins, ends, due) if due <= at else None


def next_due(campaign: Campaign, document: Document, last: date | None) -> datetime | None:
    """When the next report of this document will be made, for the page that says so."""
    if campaign.begun_at is None or campaign.finished_at is not None or document.period == FINAL:
        return None
    hour = campaign.summary_at if document.period == DAILY else time.fromisoformat(document.hour)
    begins = local(campaign.begun_at).date() if last is None else last + DAY
    return moment_of(_end(document.period, document.day, begins), hour) if hour is not None else None


def ends_of_day(day: date) -> datetime:
    """Midnight after a day, on the district's clocks."""
    return moment_of(day + DAY, time(0))


def moment_of(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=local().tzinfo)


def _end(kind: str, day: int, begins: date) -> date:
    """The last day of the period that begins on a day."""
    if kind == WEEKLY:
        return begins + timedelta(days=((day or LAST_DAY[WEEKLY]) - begins.isoweekday()) % 7)
    if kind == MONTHLY:
        return next(end for end in _month_ends(begins, day or LAST_DAY[MONTHLY]) if end >= begins)
    return begins


def _month_ends(begins: date, day: int) -> Iterator[date]:
    month = begins.replace(day=1)
    while True:
        days = monthrange(month.year, month.month)[1]
        yield month.replace(day=min(day, days))
        month += timedelta(days=days)
