"""Messages that failed for good: everybody's for the administrator, one's own on My notices."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from bihuan.accounts.http import PersonRequest
from bihuan.core.paging import page_of
from bihuan.notices import actions, queries, rules
from bihuan.notices.forms import AgainForm


@login_required
@require_safe
def index(request: PersonRequest) -> HttpResponse:
    if not rules.may_see_failed(request.user):
        raise Http404
    failed = queries.all_failed(request.user)
    page = page_of(failed, request.GET, key=("-failed_at", "-id"))
    context = {
        "page": page,
        "rows": queries.failed_rows(request.user, page.items),
        "by_channel": queries.failed_by_channel(failed),
    }
    return render(request, "notices/failed.html", context)


@login_required
@require_POST
def send_again(request: PersonRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(queries.failed_for(request.user), pk=pk)
    actions.send_again(delivery, by=request.user)
    return _back(request, mine="mine" in request.POST)


@login_required
@require_POST
def send_all_again(request: PersonRequest) -> HttpResponse:
    form = AgainForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    if not form.cleaned_data["mine"] and not rules.may_see_failed(request.user):
        raise Http404
    many = actions.send_all_again(by=request.user, **form.cleaned_data)
    messages.success(
        request,
        ngettext("%(many)s message is sent again.", "%(many)s messages are sent again.", many)
        % {"many": many},
    )
    return _back(request, mine=form.cleaned_data["mine"])


def _back(request: PersonRequest, *, mine: bool) -> HttpResponse:
    return redirect(
        "notices:settings" if mine or not rules.may_see_failed(request.user) else "notices:failed"
    )
