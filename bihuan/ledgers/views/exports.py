"""Exported lists of a campaign's items: asking for one, watching it being written, fetching it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bihuan.files.serving import serve_attachment
from bihuan.ledgers import actions, rules
from bihuan.ledgers.models import Campaign
from bihuan.ledgers.queries import sheets as queries
from bihuan.ledgers.queries.items import items_in
from bihuan.ledgers.sheets.exporting import form_of
from bihuan.ledgers.views.campaign_context import campaign_page


def _campaign(request: HttpRequest, number: str) -> tuple[Campaign, dict[str, Any]]:
    campaign, context = campaign_page(request, number, "table")
    if not rules.may_export_items(campaign, request.user):
        raise Http404
    return campaign, context


@login_required
@require_safe
@never_cache
def index(request: HttpRequest, number: str) -> HttpResponse:
    campaign, context = _campaign(request, number)
    return render(request, "ledgers/exports/index.html", context | _shown(request, campaign))


@login_required
@require_safe
@never_cache
def rows(request: HttpRequest, number: str) -> HttpResponse:
    """The rows again, while something is being written."""
    campaign, context = _campaign(request, number)
    return render(request, "ledgers/exports/_rows.html", context | _shown(request, campaign))


def _shown(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    found = [
        (export, form_of(campaign, export.query).chips(), queries.export_stands_still(export))
        for export in queries.item_exports_of(request.user, campaign)
    ]
    return {
        "exports": found,
        "under_way": any(export.under_way for export, _chips, _still in found),
        "kept_days": rules.KEPT_DAYS,
    }


@login_required
@require_POST
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Have the list written that the table shows, whatever page of it."""
    campaign, _context = _campaign(request, number)
    form = form_of(campaign, request.POST.get("query", ""))
    query = form.query(without=("order", "column"))
    found = form.filters().narrow(items_in(request.user, campaign))
    actions.ask_items(
        campaign,
        by=request.user,
        query=query,
        rows=found.order_by()[: rules.MOST_ROWS + 1].count(),
        filters=sorted(QueryDict(query)),
        language=get_language() or "en",
    )
    return redirect("ledgers:exports", campaign.number)


@login_required
@require_POST
def fetch(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """The workbook itself. The rights are asked once more, and that it was fetched is on record."""
    campaign, _context = _campaign(request, number)
    found = get_object_or_404(queries.item_exports_of(request.user, campaign), pk=pk)
    workbook = queries.workbook_of_item_export(actions.fetch_items(found, by=request.user))
    if workbook is None:
        raise Http404
    response = serve_attachment(request, workbook)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def discard(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    campaign, _context = _campaign(request, number)
    found = get_object_or_404(queries.item_exports_of(request.user, campaign), pk=pk)
    actions.expire_items_export(found, by=request.user)
    return redirect("ledgers:exports", campaign.number)
