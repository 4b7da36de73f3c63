"""A look-alike sweep 举一反三: from one finding to a campaign over every place of its kind."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override

from bihuan.cases.models import Case
from bihuan.cases.queries import case_by_number
from bihuan.ledgers import actions, queries, rules
from bihuan.ledgers.forms.sweeping import SweepForm
from bihuan.ledgers.models import Item
from bihuan.ledgers.views.campaign_context import head_of
from bihuan.ledgers.views.reading import item_read


@login_required
def of_item(request: HttpRequest, campaign: str, item: int) -> HttpResponse:
    found = item_read(request, campaign, item)
    own = found.edition.ledger_id
    heading = f"#{found.number}" if found.campaign.confidential else found.title
    context = head_of(request, found.campaign, "table") | {"item": found, "finding": heading}
    return _sweep(request, found, context, ledger=own, kind=found.place.kind if found.place else "")


@login_required
def of_case(request: HttpRequest, number: str) -> HttpResponse:
    case = get_object_or_404(case_by_number(request.user, number))
    context = {"case": case, "finding": case.title}
    return _sweep(request, case, context, kind=case.place.kind if case.place else "")


def _names(finding: str) -> dict[str, str]:
    """What a sweep may be called, in both languages."""
    found = {}
    for field, language, longest in (("name", "zh-hans", 120), ("name_en", "en", 160)):
        with override(language):
            found[field] = (_("Look-alike sweep: %(title)s") % {"title": finding})[:longest]
    return found


def _sweep(
    request: HttpRequest,
    finding: Item | Case,
    context: dict[str, Any],
    *,
    kind: str,
    ledger: int | None = None,
) -> HttpResponse:
    """The form; with POST, the campaign with one item for each place."""
    if not rules.keeps_some(request.user):
        raise Http404
    initial = {"ledger": ledger, **_names(context["finding"])}
    form = SweepForm(
        request.POST or None,
        ledgers=queries.ledgers_for(request.user).order_by("code"),
        areas=queries.areas_kept(request.user),
        initial={key: value for key, value in {**initial, "kind": kind}.items() if value},
    )
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "ledgers/sweep.html", context | {"form": form}, status=status)
    told = form.cleaned_data
    edition = queries.latest_edition(told.pop("ledger"))
    swept = actions.sweep_alike(
        finding, by=request.user, edition=edition, areas=list(told.pop("areas")), **told
    )
    messages.success(request, _("The sweep has begun, with one item for each place."))
    return redirect("ledgers:campaign", swept.number)
