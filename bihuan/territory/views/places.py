"""The list of places, and the form of one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from bihuan.core.paging import page_of
from bihuan.territory import actions, forms, queries
from bihuan.territory.models import PlaceKind
from bihuan.territory.views.access import for_administrators, form_page

FIELDS = ("kind", "name", "name_en", "aliases", "address", "lon", "lat", "area", "parent")


@for_administrators
def index(request: HttpRequest) -> HttpResponse:
    area_id = request.GET.get("area", "")
    area = get_object_or_404(queries.areas_for_page(), pk=area_id) if area_id.isdecimal() else None
    wanted = {"kind": request.GET.get("kind", ""), "text": request.GET.get("q", "")}
    places = queries.places_in_list(area=area, **wanted)
    context = {
        "page": page_of(places, request.GET, key=("name", "id")),
        "kinds": PlaceKind.choices,
        "area": area,
        "wanted": wanted,
    }
    return render(request, "territory/places.html", context)


@for_administrators
def new(request: HttpRequest) -> HttpResponse:
    form = forms.PlaceForm(request.POST or None, initial={"area": request.GET.get("area")})
    if form.is_valid():
        place = actions.create_place(by=request.user, **form.cleaned_data)
        messages.success(request, _("%(place)s can now be found.") % {"place": place.label})
        return redirect("territory:places")
    return form_page(request, "territory/place_form.html", form, title=_("New place"))


@for_administrators
def show(request: HttpRequest, pk: int) -> HttpResponse:
    place = get_object_or_404(queries.places(), pk=pk)
    initial = {name: getattr(place, name) for name in FIELDS} | queries.facts_of(place.pk)
    form = forms.PlaceForm(request.POST or None, place=place, initial=initial)
    if form.is_valid():
        actions.change_place(place, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("territory:places")
    return form_page(request, "territory/place_form.html", form, title=place.label, place=place)
