"""Taking in names, codes and boundaries from files."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bihuan.territory import actions, forms
from bihuan.territory.views.access import for_administrators, form_page


@for_administrators
def divisions(request: HttpRequest) -> HttpResponse:
    form = forms.DivisionsForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        return form_page(request, "territory/import_divisions.html", form)
    report = actions.import_divisions(form.cleaned_data["file"], by=request.user, **form.how_to_import())
    return render(request, "territory/import_divisions.html", {"form": form, "report": report})


@for_administrators
def boundaries(request: HttpRequest) -> HttpResponse:
    form = forms.BoundariesForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        return form_page(request, "territory/import_boundaries.html", form)
    report = actions.import_boundaries(
        form.cleaned_data["drawing"], by=request.user, kind=form.cleaned_data["kind"], **form.how_to_import()
    )
    return render(request, "territory/import_boundaries.html", {"form": form, "report": report})
