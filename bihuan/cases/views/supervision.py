"""Pages of those who watch over cases: the Supervision page, its notices, the weekly agenda."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from bihuan.cases import queries, rules
from bihuan.cases.forms.supervision import NoticesForm, WeekForm
from bihuan.core.live import answer_if_changed
from bihuan.core.paging import page_of


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    _let_in(request)
    return render(request, "cases/supervision.html", {"watch": queries.watch_for(request.user)})


@login_required
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The moving part of the page, when it changed."""
    _let_in(request)
    return answer_if_changed(
        request,
        queries.watch_stamp(request.user),
        lambda: render(request, "cases/_supervision.html", {"watch": queries.watch_for(request.user)}),
    )


@login_required
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Every notice, those that wait for an answer first of all."""
    _let_in(request)
    form = NoticesForm(request.GET)
    shown = form.shown()
    address = reverse("cases:supervision_notices")
    tabs = [
        {"label": label, "url": f"{address}?show={value}", "current": value == shown}
        for value, label in NoticesForm.base_fields["show"].choices  # type: ignore[attr-defined]
    ]
    found = page_of(queries.notices_listed_for(request.user, shown), request.GET)
    return render(request, "cases/supervision_notices.html", {"page": found, "tabs": tabs, "shown": shown})


@login_required
@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """The red notices of one week, to be gone through in public."""
    _let_in(request)
    found = queries.agenda_for(request.user, WeekForm(request.GET).day())
    return render(request, "cases/supervision_agenda.html", {"agenda": found})


def _let_in(request: HttpRequest) -> None:
    if not rules.watches(request.user):
        raise Http404


urlpatterns = [
    path("supervision/", page, name="supervision"),
    path("supervision/live/", live, name="supervision_live"),
    path("supervision/notices/", notices, name="supervision_notices"),
    path("supervision/agenda/", agenda, name="supervision_agenda"),
]
