"""The Numbers page, the cases behind a figure, the workbook of what is shown, the weights of the score."""

from __future__ import annotations

import io

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.core.clock import today
from bihuan.core.paging import page_of
from bihuan.core.sheets import write_workbook
from bihuan.insight import actions, queries, rules
from bihuan.insight.catalogue import DUE_DAY, EVENT_DAY, NIGHT, REPORT_DAY
from bihuan.insight.forms import SliceForm, WeightsForm

DAY_LABELS = {
    DUE_DAY: gettext_lazy("Due on"),
    REPORT_DAY: gettext_lazy("Reported on"),
    EVENT_DAY: gettext_lazy("Happened on"),
    NIGHT: gettext_lazy("In this state since"),
}


@login_required
@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    view = _view(request)
    units = queries.units_to_choose(request.user)
    shown = queries.page_for(view, units, request.GET)
    form = SliceForm(
        initial={
            "area": view.area.pk,
            "unit": view.unit and view.unit.pk,
            "matter": view.matter and view.matter.pk,
        },
        areas=queries.areas_to_choose(request.user),
        units=units,
        matters=queries.matters_to_choose(),
        any_unit=rules.sees_all_units_of(view.area, request.user),
    )
    return render(request, "insight/numbers.html", {"shown": shown, "view": view, "form": form})


@login_required
@require_safe
def behind(request: HttpRequest) -> HttpResponse:
    """The cases that a figure counts, above its line or below it."""
    view = _view(request)
    indicator = queries.indicator_named(request.GET.get("indicator", queries.FIRST))
    if indicator is None:
        raise Http404
    part = queries.BOTTOM if request.GET.get("part") == queries.BOTTOM else queries.TOP
    lines = queries.lines_behind(view, indicator, part)
    found = page_of(lines, request.GET, key=queries.KEYS[lines.model])
    context = {
        "view": view,
        "indicator": indicator,
        "part_name": indicator.bottom_name if part == queries.BOTTOM else indicator.top_name,
        "total": queries.total_behind(view, indicator, part),
        "page": found,
        "rows": queries.shown_for(request.user, found.items, night=indicator.cohort == NIGHT),
        "day_label": DAY_LABELS[indicator.cohort],
    }
    return render(request, "insight/behind.html", context)


@login_required
@require_safe
def workbook(request: HttpRequest) -> HttpResponse:
    """What the page shows, as .xlsx."""
    view = _view(request)
    shown = queries.page_for(
        view, queries.units_to_choose(request.user), {**request.GET.dict(), "rows": "all"}
    )
    target = io.BytesIO()
    write_workbook(target, queries.sheets_of(shown))
    response = HttpResponse(
        target.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    name = f"numbers-{view.period}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _view(request: HttpRequest) -> queries.View:
    view = queries.view_for(request.user, request.GET)
    if view is None:
        raise Http404
    return view


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def weights(request: HttpRequest) -> HttpResponse:
    if not rules.may_weigh(request.user):
        raise Http404
    form = WeightsForm(request.POST or None, weights=queries.weights_on(today()))
    if request.method == "POST" and form.is_valid():
        actions.set_weights(form.starts, by=request.user, weights=form.weights)
        messages.success(request, _("The weights have been set."))
        return redirect("insight:weights")
    context = {"form": form, "versions": queries.weightings()}
    return render(request, "insight/weights.html", context, status=422 if form.is_bound else 200)
