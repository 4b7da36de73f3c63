"""Which campaigns and forms have a report due, and which report came last."""

from datetime import date, datetime

from django.db.models import Exists, Max, OuterRef, Q

from bihuan.ledgers.definition import Document
from bihuan.ledgers.models import Campaign, CampaignState
from bihuan.reports.models import Report, ReportForm, ReportKind
from bihuan.reports.writing.periods import Due, documents_of, due_of_campaign, due_of_form

Lasts = dict[tuple[str, str], date]  # by document and kind, the day on which its last report ended


def last_report(campaign: Campaign, document: Document) -> Report | None:
    """The last numbered report of a document, or of the one whose place it took in a newer edition."""
    rows = Report.objects.filter(campaign=campaign, kind=document.period, interim=False).order_by("-ends")
    own = rows.filter(document=document.code).first()
    others = [one.code for one in documents_of(campaign)]
    return own or rows.exclude(document__in=others).first()


def last_of_form(form: ReportForm) -> Report | None:
    return Report.objects.filter(form=form, interim=False).order_by("-ends").first()


def last_ends(campaign: Campaign) -> dict[str, date]:
    """On which day the last report of each document ended, or that of the one whose place it took."""
    rows = Report.objects.filter(campaign=campaign, interim=False).values_list("document", "kind")
    return _by_document(
        campaign, {(document, kind): last for document, kind, last in rows.annotate(last=Max("ends"))}
    )


def _by_document(campaign: Campaign, lasts: Lasts) -> dict[str, date]:
    documents = documents_of(campaign)
    codes = {one.code for one in documents}
    found = {}
    for one in documents:
        before = [last for (code, kind), last in lasts.items() if kind == one.period and code not in codes]
        last = lasts.get((one.code, one.period)) or max(before, default=None)
        if last is not None:
            found[one.code] = last
    return found


def earliest_due(campaign: Campaign, at: datetime) -> Due | None:
    """The report of a campaign whose hour came first; of one hour the shorter period comes first."""
    return _earliest(campaign, last_ends(campaign), at)


def _earliest(campaign: Campaign, last: dict[str, date], at: datetime) -> Due | None:
    dues = [due_of_campaign(campaign, one, last.get(one.code), at) for one in documents_of(campaign)]
    return min((one for one in dues if one is not None), key=_order, default=None)


def _order(due: Due) -> tuple[date, int, datetime]:
    return due.ends, list(ReportKind.values).index(due.document.period), due.at


def campaigns_to_ask(at: datetime) -> list[Campaign]:
    """Campaigns with something due: those that run, and those that ended without their final report."""
    final = Report.objects.filter(campaign=OuterRef("pk"), kind=ReportKind.FINAL, interim=False)
    wanted = Q(state=CampaignState.RUNNING) | (Q(state=CampaignState.FINISHED) & ~Exists(final))
    campaigns = Campaign.objects.filter(wanted).select_related("edition").defer("edition__content")
    lasts: dict[int, Lasts] = {}
    rows = Report.objects.filter(interim=False, campaign__in=campaigns.values("pk"))
    found = rows.values_list("campaign", "document", "kind").annotate(last=Max("ends"))
    for campaign, document, kind, last in found:
        lasts.setdefault(campaign, {})[document, kind] = last
    return [
        one
        for one in campaigns.order_by("pk")
        if _earliest(one, _by_document(one, lasts.get(one.pk, {})), at) is not None
    ]


def forms_to_ask(at: datetime) -> list[ReportForm]:
    forms = ReportForm.objects.filter(retired_at=None).annotate(
        last=Max("reports__ends", filter=Q(reports__interim=False))
    )
    return [one for one in forms.order_by("pk") if due_of_form(one, one.last, at) is not None]
