"""Exported lists: asking for one, watching it being written, fetching it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bihuan.cases import actions, queries, rules
from bihuan.cases.forms.filters import FilterForm
from bihuan.files.serving import serve_attachment


def for_staff(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Those who work on cases see the page; for everybody else it does not exist."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not rules.works_on_cases(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@for_staff
@require_safe
@never_cache
def exports(request: HttpRequest) -> HttpResponse:
    return render(request, "cases/exports/index.html", _shown(request))


@for_staff
@require_safe
@never_cache
def export_rows(request: HttpRequest) -> HttpResponse:
    """The rows again, while something is being written."""
    return render(request, "cases/exports/_rows.html", _shown(request))


def _shown(request: HttpRequest) -> dict[str, object]:
    found = [
        (export, FilterForm(QueryDict(export.query)).chips(), queries.stands_still(export))
        for export in queries.exports_of(request.user)
    ]
    return {
        "exports": found,
        "under_way": any(export.under_way for export, _chips, _still in found),
        "kept_days": rules.KEPT_DAYS,
        "most_rows": rules.MOST_ROWS,
    }


@for_staff
@require_POST
def ask_export(request: HttpRequest) -> HttpResponse:
    form = FilterForm(QueryDict(request.POST.get("query", "")))
    query = form.kept()
    actions.ask_export(
        query,
        by=request.user,
        rows=queries.rows_to_export(request.user, form.filters()),
        filters=sorted(QueryDict(query)),
        language=get_language() or "en",
    )
    return redirect("cases:exports")


@for_staff
@require_POST
def fetch_export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The workbook itself. The rights are asked once more, and that it was fetched is on record."""
    export = actions.fetch_export(get_object_or_404(queries.exports_of(request.user), pk=pk), by=request.user)
    workbook = queries.workbook_of_export(export)
    if workbook is None:
        raise Http404
    response = serve_attachment(request, workbook)
    response["Cache-Control"] = "no-store"
    return response


@for_staff
@require_POST
def discard_export(request: HttpRequest, pk: int) -> HttpResponse:
    actions.expire_export(get_object_or_404(queries.exports_of(request.user), pk=pk), by=request.user)
    return redirect("cases:exports")
