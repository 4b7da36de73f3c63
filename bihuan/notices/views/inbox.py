"""The inbox."""

from __future__ import annotations

from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from bihuan.accounts.models import User
from bihuan.core.clock import local
from bihuan.core.paging import page_of
from bihuan.notices import actions, queries
from bihuan.notices.forms import MarkAllReadForm

NEWEST_FIRST = ("-created_at", "-id")


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What I was told, the newest first, by day."""
    assert isinstance(request.user, User)
    unread_only = request.GET.get("show") == "unread"
    page = page_of(queries.notices_of(request.user, unread_only=unread_only), request.GET, key=NEWEST_FIRST)
    days = [(day, list(told)) for day, told in groupby(page.items, lambda one: local(one.created_at).date())]
    unread = queries.unread_count(request.user)
    context = {
        "page": page,
        "days": days,
        "unread_only": unread_only,
        "unread": unread,
        "newest": page.items[0].pk if page.items else 0,
        "tabs": [
            {"url": reverse("notices:index"), "label": _("All"), "current": not unread_only},
            {
                "url": "?show=unread",
                "label": _("Unread"),
                "current": unread_only,
                "count": queries.count_label(unread),
            },
        ],
    }
    return render(request, "notices/index.html", context)


@login_required
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a notice: it counts as read, and its page comes up."""
    assert isinstance(request.user, User)
    notice = get_object_or_404(queries.notices_of(request.user), pk=pk)
    return redirect(actions.mark_read(notice, by=request.user).url)


@login_required
@require_POST
def mark_all_read(request: HttpRequest) -> HttpResponse:
    """Everything on the page is read; what arrived since stays unread."""
    assert isinstance(request.user, User)
    form = MarkAllReadForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    actions.mark_all_read(by=request.user, up_to=form.cleaned_data["up_to"])
    return redirect("notices:index")


@login_required
@require_safe
@cache_control(private=True, no_cache=True)
def unread(request: HttpRequest) -> HttpResponse:
    """How many notices wait, for the head of every page. 304 while the number stays."""
    assert isinstance(request.user, User)
    count = queries.unread_count(request.user)
    context = {"unread": count, "label": queries.count_label(count)}
    response = render(request, "notices/_unread.html", context)
    response["ETag"] = etag = f'"{count}-{get_language()}"'
    return get_conditional_response(request, etag=etag, response=response) or response
