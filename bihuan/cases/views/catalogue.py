"""The catalogue's pages: tree, matter, who answers, workbook in and out; and the finder for other pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.cases import actions, catalogue_book, rules
from bihuan.cases.actions.catalogue import restore_matter
from bihuan.cases.forms import catalogue as forms
from bihuan.cases.queries import catalogue as queries
from bihuan.core.clock import today

View = Callable[..., HttpResponse]
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 200


def for_keepers(view: View) -> View:
    """Those who keep the catalogue see the page; for everybody else it does not exist."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rules.may_change_catalogue(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@for_keepers
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    form = forms.FilterForm(request.GET)
    filters = form.filters()
    tree = queries.matters_in_tree(request.user, filters)
    return render(request, "cases/catalogue/index.html", {"form": form, "filters": filters, "tree": tree})


@for_keepers
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    return _matter_page(request, pk, forms.UnitForm())


def _matter_page(request: HttpRequest, pk: int, form: Any, status: int = 200) -> HttpResponse:
    matter = get_object_or_404(queries.catalogue_visible_to(request.user), pk=pk)
    trail = queries.trail_of(matter)
    context = {
        "matter": matter,
        "trail": trail,
        "parts": queries.parts_of(matter),
        "answering": queries.units_answering(matter, trail),
        "promises": queries.limits_of(matter),
        "open_cases": queries.open_cases_under(matter),
        "form": form,
    }
    return render(request, "cases/catalogue/show.html", context, status=status)


@for_keepers
def new(request: HttpRequest) -> HttpResponse:
    parents = queries.possible_parents(request.user)
    form = forms.MatterForm(
        request.POST or None, initial={"parent": request.GET.get("parent")}, parents=parents
    )
    if form.is_valid():
        matter = actions.create_matter(by=request.user, **form.cleaned_data)
        return redirect("cases:matter", matter.pk)
    status = 422 if form.is_bound else 200
    return render(request, "cases/catalogue/form.html", {"form": form}, status=status)


@for_keepers
def revise(request: HttpRequest, pk: int) -> HttpResponse:
    matter = get_object_or_404(queries.catalogue_visible_to(request.user), pk=pk)
    parents = queries.possible_parents(request.user, matter)
    form = forms.MatterForm(request.POST or None, instance=matter, parents=parents)
    if form.is_valid():
        actions.revise_matter(matter, by=request.user, **form.cleaned_data)
        return redirect("cases:matter", matter.pk)
    status = 422 if form.is_bound else 200
    return render(request, "cases/catalogue/form.html", {"form": form, "matter": matter}, status=status)


@for_keepers
@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    matter = get_object_or_404(queries.catalogue_visible_to(request.user), pk=pk)
    actions.retire_matter(matter, by=request.user)
    return redirect("cases:matter", matter.pk)


@for_keepers
@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    matter = get_object_or_404(queries.catalogue_visible_to(request.user), pk=pk)
    restore_matter(matter, by=request.user)
    return redirect("cases:matter", matter.pk)


@for_keepers
@require_POST
def name_unit(request: HttpRequest, pk: int) -> HttpResponse:
    matter = get_object_or_404(queries.catalogue_visible_to(request.user), pk=pk)
    form = forms.UnitForm(request.POST)
    if not form.is_valid():
        return _matter_page(request, pk, form, status=422)
    actions.name_unit(matter, by=request.user, **form.cleaned_data)
    return redirect("cases:matter", matter.pk)


@for_keepers
@require_POST
def drop_unit(request: HttpRequest, pk: int) -> HttpResponse:
    matter = get_object_or_404(queries.catalogue_visible_to(request.user), pk=pk)
    form = forms.DropUnitForm(request.POST)
    if not form.is_valid():
        return _matter_page(request, pk, forms.UnitForm(), status=422)
    actions.name_unit(matter, unit=None, by=request.user, **form.cleaned_data)
    return redirect("cases:matter", matter.pk)


@for_keepers
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a workbook, then see what it would change. Nothing is written yet."""
    form = forms.ImportForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "cases/catalogue/import.html", {"form": form}, status=status)
    name = form.cleaned_data["file"].name
    key = form.put_aside(request.user)
    context = {
        "plan": form.plan,
        "name": name,
        "shown": f":{SHOWN}",
        "most": SHOWN,
        "confirm": forms.ConfirmImportForm(initial={"key": key}, person=request.user),
    }
    return render(request, "cases/catalogue/import_preview.html", context)


@for_keepers
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    form = forms.ConfirmImportForm(request.POST, person=request.user)
    if not form.is_valid():
        context = {"form": forms.ImportForm(), "stale": form}
        return render(request, "cases/catalogue/import.html", context, status=422)
    name, content = form.upload
    plan = actions.import_catalogue(content, name=name, by=request.user)
    form.done()
    messages.success(request, _("Imported. %(count)s matters were new or changed.") % {"count": plan.changes})
    return redirect("cases:catalogue")


@for_keepers
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    return _download(catalogue_book.write_catalogue(), f"matter-catalogue-{today().isoformat()}")


@for_keepers
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    return _download(catalogue_book.write_template(), "matter-catalogue-template")


def _download(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return HttpResponse(content, content_type=WORKBOOK, headers=headers)


@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Matters that answer to ?q=, for the search box of a form; open to everybody who holds a duty."""
    if not queries.may_find_matters(request.user):
        raise Http404
    found = queries.matters_like(request.user, request.GET.get("q", "")[:100])
    return JsonResponse([one.as_json() for one in found], safe=False)
