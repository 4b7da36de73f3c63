"""The tree of areas, an area's page, and what an administrator does there."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.territory import actions, forms, queries, rules
from bihuan.territory.models import Area, AreaKind
from bihuan.territory.views.access import for_administrators, form_page


@for_administrators
def index(request: HttpRequest) -> HttpResponse:
    """The district, or where to begin when there is none."""
    district = queries.district_if_any()
    if district is None:
        return redirect("territory:new_area")
    text = request.GET.get("q", "")
    return _page(request, queries.areas_for_page().get(pk=district.pk), text=text)


@for_administrators
def show(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _area(pk))


@for_administrators
def new(request: HttpRequest) -> HttpResponse:
    district = queries.district_if_any()
    parent_id = request.GET.get("in", "")
    parent = get_object_or_404(queries.areas_for_page(), pk=parent_id) if parent_id.isdecimal() else district
    kinds = rules.kinds_in(parent)
    initial: dict[str, Any] = {"parent": parent, "kind": kinds[0], "has_desk": parent is None}
    form = forms.NewAreaForm(request.POST or None, kinds=kinds, initial=initial)
    if form.is_valid():
        area = actions.create_area(by=request.user, **form.cleaned_data)
        messages.success(request, _("The area is there. Now draw its boundary."))
        return redirect("territory:area", area.pk)
    title = _("New area") if district else _("Set up the district")
    return form_page(request, "territory/area_form.html", form, title=title, area=parent)


@for_administrators
def change(request: HttpRequest, pk: int) -> HttpResponse:
    area = _area(pk)
    initial = {name: getattr(area, name) for name in ("name", "name_en", "aliases", "parent", "has_desk")}
    form = forms.AreaForm(request.POST or None, kind=area.kind, initial=initial)
    if form.is_valid():
        actions.change_area(area, by=request.user, **form.cleaned_data)
        return redirect("territory:area", area.pk)
    return form_page(request, "territory/area_form.html", form, title=_("Change area"), area=area)


@for_administrators
def boundary(request: HttpRequest, pk: int) -> HttpResponse:
    area = _area(pk)
    drawn = json.dumps(area.boundary, separators=(",", ":")) if area.boundary else ""
    form = forms.BoundaryForm(request.POST or None, initial={"boundary": drawn})
    if form.is_valid():
        actions.change_boundary(area, by=request.user, **form.cleaned_data)
        messages.success(request, _("The boundary is drawn. New reports are located by it from now on."))
        return redirect("territory:area", area.pk)
    return form_page(request, "territory/boundary.html", form, area=area)


@for_administrators
@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    area = actions.retire_area(_area(pk), by=request.user)
    messages.success(request, _("%(area)s is closed.") % {"area": area.label})
    return redirect("territory:area", area.parent_id)


def _area(pk: int) -> Area:
    return get_object_or_404(queries.areas_for_page(), pk=pk)


def _page(request: HttpRequest, area: Area, *, text: str = "") -> HttpResponse:
    branches = queries.branches(area)
    kinds = rules.kinds_in(area)
    context = {
        "area": area,
        "trail": queries.trail(area)[:-1],
        "branches": branches,
        "faults": queries.faults_in(area),
        "places": queries.places_in_list(area=area).count(),
        "text": text,
        "found": queries.areas_like(text),
        "is_district": area.kind == AreaKind.DISTRICT,
        "may_create": rules.may_create_area(kinds[0], area, request.user) if kinds else None,
        "may_change": rules.may_change_area(area, request.user, parent=area.parent),
        "may_draw": rules.may_change_boundary(area, request.user),
        "may_retire": rules.may_retire_area(area, request.user, has_children=bool(branches)),
    }
    return render(request, "territory/area.html", context)
