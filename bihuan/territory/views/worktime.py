"""The district's year: working days, exceptions and office hours."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.core import clock
from bihuan.territory import actions, forms, queries, rules
from bihuan.territory.views.access import for_administrators, form_page

YEARS = range(2004, 2100)


@for_administrators
def calendar(request: HttpRequest, year: int | None = None) -> HttpResponse:
    year = clock.today().year if year is None else year
    if year not in YEARS:
        raise Http404
    return render(request, "territory/calendar.html", _year(request, year))


@for_administrators
def set_day(request: HttpRequest) -> HttpResponse:
    form = forms.CalendarDayForm(
        request.POST or None, initial={"day": request.GET.get("day", ""), "works": "0"}
    )
    if form.is_valid():
        day = actions.set_calendar_day(by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved. Limits that are counted from now on follow it."))
        return redirect("territory:calendar_year", day.day.year)
    return form_page(request, "territory/day_form.html", form)


@for_administrators
@require_POST
def remove_day(request: HttpRequest, day: str) -> HttpResponse:
    given = parse_date(day)
    if given is None:
        raise Http404
    actions.remove_calendar_day(given, by=request.user)
    messages.success(request, _("The day follows the official calendar again."))
    return redirect("territory:calendar_year", given.year)


@for_administrators
def set_hours(request: HttpRequest) -> HttpResponse:
    form = forms.OfficeHoursForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        actions.set_office_hours(starts_on=given["starts_on"], spans=given["spans"], by=request.user)
        messages.success(request, _("Saved. Limits that are counted from now on follow it."))
        return redirect("territory:calendar")
    return form_page(request, "territory/hours_form.html", form)


def _year(request: HttpRequest, year: int) -> dict[str, object]:
    today = clock.today()
    return {
        "year": year,
        "months": queries.months_of(year),
        "published": queries.working_calendar().is_published(date(year, 1, 1)),
        "exceptions": [
            {"day": exception, "may_remove": rules.may_set_day(exception.day, request.user, district=None)}
            for exception in queries.calendar_exceptions(year)
        ],
        "hours": queries.office_hours(),
        "hours_today": queries.working_calendar().hours_on(today),
        "today": today,
        "previous": year - 1 if year - 1 in YEARS else None,
        "next": year + 1 if year + 1 in YEARS else None,
    }
