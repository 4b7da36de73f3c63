"""The tree of units and a unit's page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.accounts import actions, forms, queries, rules
from bihuan.accounts.http import PersonRequest
from bihuan.accounts.views.access import for_administrators, form_page
from bihuan.territory.queries import areas_in_tree


@for_administrators
def index(request: PersonRequest) -> HttpResponse:
    return render(request, "accounts/units.html", {"branches": queries.unit_tree(request.user)})


@for_administrators
def show(request: PersonRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(queries.units_visible_to(request.user), pk=pk)
    context = {
        "unit": unit,
        "duties": queries.people_of_unit(request.user, unit),
        "below": queries.units_visible_to(request.user).filter(parent=unit).order_by("code"),
        "may_change": rules.may("change_unit", unit, request.user),
    }
    return render(request, "accounts/unit.html", context)


@for_administrators
def new(request: PersonRequest) -> HttpResponse:
    form = forms.UnitForm(
        request.POST or None,
        initial={"parent": request.GET.get("parent")},
        units=queries.units_visible_to(request.user).order_by("path"),
        areas=areas_in_tree(),
    )
    if form.is_valid():
        unit = actions.create_unit(by=request.user, **form.cleaned_data)
        return redirect("accounts:unit", unit.pk)
    return form_page(
        request, form, title=_("New unit"), back=reverse("accounts:units"), submit=_("Add the unit")
    )


@for_administrators
def change(request: PersonRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(queries.units_visible_to(request.user), pk=pk)
    form = forms.UnitForm(
        request.POST or None,
        initial={
            "name": unit.name,
            "name_en": unit.name_en,
            "kind": unit.kind,
            "code": unit.code,
            "parent": unit.parent_id,
            "area": unit.area_id,
        },
        unit=unit,
        units=queries.units_visible_to(request.user).exclude(path__startswith=unit.path).order_by("path"),
        areas=areas_in_tree(),
    )
    if form.is_valid():
        actions.change_unit(unit, by=request.user, **form.cleaned_data)
        return redirect("accounts:unit", unit.pk)
    return form_page(
        request,
        form,
        title=_("Change %(name)s") % {"name": unit.label},
        back=reverse("accounts:unit", args=[unit.pk]),
        submit=_("Save"),
    )
