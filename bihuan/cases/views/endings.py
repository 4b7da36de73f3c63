"""Pages of merging, of appeals and of the backlog."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.cases import queries, rules
from bihuan.cases.queries.appeals import appeals_listed_for, backlog_for, decides_for_the_district
from bihuan.cases.queries.endings import beside_each_other, reasons_of
from bihuan.core.clock import today
from bihuan.core.paging import page_of


@login_required
@require_safe
def alike(request: HttpRequest, number: str, other: str) -> HttpResponse:
    """Two cases side by side, and one button: the same problem."""
    case = get_object_or_404(queries.case_by_number(request.user, number))
    twin = get_object_or_404(queries.case_by_number(request.user, other))
    rules.may("merge", case, request.user).enforce()
    context = {
        "case": case,
        "other": twin,
        "sides": beside_each_other(case, twin),
        "reasons": reasons_of(case, twin, request.user),
        "verdict": rules.may_take_in(twin, case, request.user),
    }
    return render(request, "cases/alike.html", context)


@login_required
@require_safe
def appeals(request: HttpRequest) -> HttpResponse:
    """Appeals that wait for the district, and those it has decided."""
    if not rules.works_on_cases(request.user):
        raise Http404
    decided = request.GET.get("show") == "decided"
    found = appeals_listed_for(request.user, waiting=not decided)
    page = page_of(found, request.GET, key="-id" if decided else ("due_at", "id"))
    address = reverse("cases:appeals")
    tabs = [
        {"label": _("Waiting"), "url": address, "current": not decided},
        {"label": _("Decided"), "url": f"{address}?show=decided", "current": decided},
    ]
    context = {"page": page, "tabs": tabs, "decided": decided}
    return render(
        request, "cases/appeals.html", context | {"decides": decides_for_the_district(request.user)}
    )


@login_required
@require_safe
def backlog(request: HttpRequest) -> HttpResponse:
    """Cases on the backlog, by their next review."""
    if not rules.works_on_cases(request.user):
        raise Http404
    page = page_of(backlog_for(request.user), request.GET, key=("resume_on", "id"))
    context = {"page": page, "today": today(), "decides": decides_for_the_district(request.user)}
    return render(request, "cases/backlog.html", context)


urlpatterns = [
    path("cases/<str:number>/alike/<str:other>/", alike, name="alike"),
    path("appeals/", appeals, name="appeals"),
    path("backlog/", backlog, name="backlog_list"),
]
