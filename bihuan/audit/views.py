"""The page of reactions that failed for good."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from bihuan.audit import actions, queries, rules
from bihuan.core.paging import page_of


@login_required
def reactions(request: HttpRequest) -> HttpResponse:
    if not rules.may_see_reactions(request.user):
        raise Http404
    page = page_of(queries.dead_jobs(), request.GET, key="-id")
    rows = queries.dead_rows(request.user, page.items)
    return render(request, "audit/reactions.html", {"page": page, "rows": rows})


@login_required
@require_POST
def run_again(request: HttpRequest, pk: int) -> HttpResponse:
    if not rules.may_see_reactions(request.user):
        raise Http404
    actions.run_again(get_object_or_404(queries.dead_jobs(), pk=pk), by=request.user)
    return redirect("audit:reactions")
