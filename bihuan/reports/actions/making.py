"""Making reports: each exactly once, in its hour or as soon as a worker is there again."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bihuan.audit import record
from bihuan.core.clock import now, today
from bihuan.core.verdicts import no
from bihuan.ledgers.definition.model import DAILY, FINAL, MONTHLY, WEEKLY
from bihuan.ledgers.models import Campaign
from bihuan.reports import rules
from bihuan.reports.documents import Summary, digest, to_json
from bihuan.reports.models import Remark, Report
from bihuan.reports.queries.dues import campaigns_to_ask, earliest_due, forms_to_ask, last_report
from bihuan.reports.writing import numbers
from bihuan.reports.writing.outside import outside_part
from bihuan.reports.writing.periods import Due, documents_of
from bihuan.reports.writing.summaries import write_summary

SIGNS = {DAILY: "日", WEEKLY: "周", MONTHLY: "月", FINAL: "终"}


def make_due_reports() -> int:
    """Make every report whose hour has come, of campaigns and of forms, in the order of their periods.

    One that fails is loud, and comes again in a minute; it does not hold up the reports of others.
    """
    from bihuan.reports.actions.forming import make_next_form_report

    made: list[Report] = []

    def make_all(make: Callable[[Any], Report | None], subject: Any) -> None:
        while (report := make(subject)) is not None:
            made.append(report)

    with ExitStack() as waiting:  # what waits in it is done whatever fails, the last first
        for form in reversed(forms_to_ask(now())):
            waiting.callback(make_all, make_next_form_report, form)
        for campaign in reversed(campaigns_to_ask(now())):
            waiting.callback(make_all, make_next_report, campaign)
    return len(made)


@transaction.atomic
def make_next_report(campaign: Campaign) -> Report | None:
    """Make the earliest report of a campaign that is due; its leaders are told. None when there is none.

    The campaign is held alone: who takes a step at this moment waits, so that figures and lists tell of the
    same changes, and what comes later stands in the next report.
    """
    campaign = Campaign.objects.locked(campaign.pk)
    at = now()
    due = earliest_due(campaign, at)
    if due is None:
        return None
    before = last_report(campaign, due.document)
    remark = Remark.objects.filter(campaign=campaign, document=due.document.code, report=None).first()
    number = numbered(campaign.number, due, Report.objects.filter(campaign=campaign))
    written = write_summary(campaign, due, number=number, before=before, remark=remark, at=at)
    report = _frozen(campaign, due, written.summary, at)
    report.number, report.since, report.until = number, written.since, written.until
    report.last_item = written.last_item
    if campaign.confidential:
        _freeze_outside(report, campaign, due, written.summary, at)
    report.save(force_insert=True)
    if remark is not None:
        remark.report = report
        remark.save(update_fields=["report"])
    return _recorded(report, campaign.area_id, campaign=campaign.pk)


def numbered(first: str, due: Due, earlier: Any) -> str:
    """2611-0003-日-014: the fourteenth daily summary of a campaign."""
    count = earlier.filter(kind=due.document.period, interim=False).count() + 1
    return f"{first}-{SIGNS[due.document.period]}-{count:03}"


def _frozen(campaign: Campaign, due: Due, summary: Summary, at: datetime) -> Report:
    return Report(
        campaign=campaign,
        document=due.document.code,
        kind=due.document.period,
        begins=due.begins,
        ends=due.ends,
        content=to_json(summary),
        digest=bytes.fromhex(digest(summary)),
        made_at=at,
    )


def _freeze_outside(report: Report, campaign: Campaign, due: Due, summary: Summary, at: datetime) -> None:
    defined = numbers.figures_of(campaign.edition.definition, due.document)
    part = outside_part(summary.parts[0], campaign, defined, day=due.ends, at=at)
    outside = replace(summary, parts=(part,))
    report.outside, report.outside_digest = to_json(outside), bytes.fromhex(digest(outside))


def _recorded(report: Report, area: int, *, by: Any = None, on_behalf_of: Any = None, **data: Any) -> Report:
    record(
        "summary.made",
        report,
        by=by,
        on_behalf_of=on_behalf_of,
        area=area,
        is_first=True,
        kind=str(report.kind),
        number=report.number,
        digest=bytes(report.digest).hex(),
        interim=report.interim,
        **data,
    )
    return report


@transaction.atomic
def make_interim_report(campaign: Campaign, *, by: Any) -> Report:
    """See how things stand now, in a report without a number; the evening's comes all the same."""
    campaign = Campaign.objects.locked(campaign.pk)
    verdict = rules.may_make(campaign, by).enforce()
    at = now()
    document = next(iter(documents_of(campaign)), None)
    if document is None or campaign.begun_at is None:
        no("report.no_document", _("This campaign has no report.")).enforce()
        raise AssertionError
    before = last_report(campaign, document)
    day = max(today(), before.ends) if before is not None else today()
    due = Due(document, day, day, at)
    written = write_summary(campaign, due, number="", before=before, remark=None, at=at, by=by)
    report = _frozen(campaign, due, written.summary, at)
    report.since, report.until, report.last_item = written.since, written.until, written.last_item
    report.interim, report.made_by = True, by
    report.save(force_insert=True)
    return _recorded(report, campaign.area_id, by=by, on_behalf_of=verdict.on_behalf_of, campaign=campaign.pk)
