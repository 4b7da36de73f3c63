"""The reports of a campaign, one report, and its files."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.core.paging import page_of
from bihuan.ledgers.models import Campaign
from bihuan.ledgers.queries import campaign_numbered
from bihuan.ledgers.tabs import tabs_of
from bihuan.reports import actions, rules
from bihuan.reports.documents.templates import MIME
from bihuan.reports.forms import RemarkForm
from bihuan.reports.models import Report
from bihuan.reports.queries import reading
from bihuan.reports.writing import papers


@login_required
@require_safe
def campaign(request: HttpRequest, number: str) -> HttpResponse:
    """The reports of a campaign, the newest first."""
    return _list(request, _campaign(request, number))


def _campaign(request: HttpRequest, number: str) -> Campaign:
    found = get_object_or_404(campaign_numbered(request.user, number))
    if not rules.version_for(request.user, found):
        raise Http404
    return found


def _list(request: HttpRequest, found: Campaign, form: RemarkForm | None = None) -> HttpResponse:
    may_make = rules.may_make(found, request.user)
    documents = reading.documents_shown(request.user, found)
    context = {
        "campaign": found,
        "campaign_tabs": tabs_of(found, request.user, "reports"),
        "page": page_of(reading.reports_of(request.user, found), request.GET, key="-id"),
        "may_make": may_make,
        "may_hand_on": rules.may_hand_on(found, request.user),
        "rows": [(one, _remark_form(one, form)) for one in documents],
    }
    return render(request, "reports/campaign.html", context, status=422 if form is not None else 200)


def _remark_form(document: reading.DocumentShown, sent: RemarkForm | None) -> RemarkForm:
    if sent is not None and sent.data.get("document") == document.code:
        return sent
    text = document.remark.text if document.remark is not None else ""
    return RemarkForm(initial={"document": document.code, "text": text}, auto_id=f"id_{document.code}_%s")


@login_required
@require_POST
def make(request: HttpRequest, number: str) -> HttpResponse:
    """How things stand now, as a report without a number."""
    report = actions.make_interim_report(_campaign(request, number), by=request.user)
    return redirect("reports:show", report.pk)


@login_required
@require_POST
def remark(request: HttpRequest, number: str) -> HttpResponse:
    found = _campaign(request, number)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _list(request, found, form)
    actions.write_remark(found, by=request.user, **form.cleaned_data)
    messages.success(request, _("The next report will say so."))
    return redirect("reports:campaign", number)


@login_required
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    report = _report(request, pk)
    summary = reading.summary_for(request.user, report, most=reading.SHOWN_ROWS)
    context: dict[str, Any] = {
        "report": report,
        "shown": reading.shown(summary),
        "templates": reading.templates_for(report),
        "digest": reading.digest_for(request.user, report),
        "campaign": report.campaign,
        "rows_shown": reading.SHOWN_ROWS,
    }
    if report.campaign is not None:
        context["campaign_tabs"] = tabs_of(report.campaign, request.user, "reports")
    return render(request, "reports/show.html", context)


def _report(request: HttpRequest, pk: int) -> Report:
    report = reading.report_for(request.user, pk)
    if report is None:
        raise Http404
    return report


@login_required
@require_safe
def word(request: HttpRequest, pk: int) -> HttpResponse:
    return _own_paper(request, pk, "docx")


@login_required
@require_safe
def excel(request: HttpRequest, pk: int) -> HttpResponse:
    return _own_paper(request, pk, "xlsx")


def _own_paper(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    report = _report(request, pk)
    summary = reading.summary_for(request.user, report)
    return answer(papers.own_paper(kind, summary, get_language() or ""), kind, _name_of(report))


@login_required
@require_safe
def filled(request: HttpRequest, pk: int, version: int) -> HttpResponse:
    """The report in a form that somebody uploaded for it."""
    report = _report(request, pk)
    chosen = next((one for one in reading.templates_for(report) if one.pk == version), None)
    if chosen is None:
        raise Http404
    summary = reading.summary_for(request.user, report)
    content = papers.filled(chosen, summary, get_language() or "")
    return answer(content, chosen.type, f"{_name_of(report)} {chosen.template.name}")


def _name_of(report: Report) -> str:
    return report.number or f"{report.campaign.number if report.campaign else report.form_id}-{report.ends}"


def answer(content: bytes, kind: str, name: str) -> HttpResponse:
    headers = {
        "Content-Disposition": content_disposition_header(True, f"{name}.{kind}") or "attachment",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=MIME[kind], headers=headers)
