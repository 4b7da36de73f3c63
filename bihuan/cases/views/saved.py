"""Saved views: saving the filters of the list, and the page on which they are kept in order."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.cases import actions, queries, rules
from bihuan.cases.forms.filters import FilterForm
from bihuan.cases.forms.saved import SaveViewForm
from bihuan.cases.views.exports import for_staff


@for_staff
@require_safe
def saved_views(request: HttpRequest) -> HttpResponse:
    rows = [
        (view, FilterForm(QueryDict(view.query)).chips(), rules.may_change_view(view, request.user))
        for view in queries.views_of(request.user)
    ]
    return render(request, "cases/views/index.html", {"rows": rows})


@for_staff
def save_view(request: HttpRequest) -> HttpResponse:
    """GET: the name is asked for, beside the filters that it will stand for. POST: they are kept."""
    given = request.POST if request.method == "POST" else request.GET
    filters = FilterForm(QueryDict(given.get("query", "")))
    form = SaveViewForm(request.POST or None, user=request.user)
    if not form.is_valid():
        context = {"form": form, "filters": filters, "query": filters.kept()}
        return render(request, "cases/views/save.html", context, status=422 if form.is_bound else 200)
    view = actions.save_view(by=request.user, query=filters.kept(), **form.arguments)
    messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
    return redirect(f"{reverse('cases:index')}?{view.query}")


@for_staff
def change_view(request: HttpRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(queries.view_to_change(request.user, pk))
    rules.may_change_view(view, request.user).enforce()
    form = SaveViewForm(request.POST or None, user=request.user, view=view)
    if not form.is_valid():
        filters = FilterForm(QueryDict(view.query))
        context = {"form": form, "filters": filters, "view": view}
        return render(request, "cases/views/save.html", context, status=422 if form.is_bound else 200)
    actions.change_view(view, by=request.user, **form.arguments)
    return redirect("cases:saved_views")


@for_staff
@require_POST
def delete_view(request: HttpRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(queries.view_to_change(request.user, pk))
    actions.delete_view(view, by=request.user)
    messages.success(request, _("The view “%(name)s” is gone.") % {"name": view.name})
    return redirect("cases:saved_views")


@for_staff
@require_POST
def move_view(request: HttpRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(queries.view_to_change(request.user, pk))
    actions.move_view(view, by=request.user, up=request.POST.get("to") == "up")
    return redirect("cases:saved_views")
