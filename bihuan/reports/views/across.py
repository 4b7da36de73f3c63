"""Forms across campaigns: what is set up, one with its reports, setting one up."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.core.paging import page_of
from bihuan.ledgers.rules import areas_of_keeping, keeps_some
from bihuan.reports import actions, rules
from bihuan.reports.forms import AcrossForm
from bihuan.reports.models import ReportForm
from bihuan.reports.queries import keeping, reading


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The forms that this person keeps, and the way to templates and experience."""
    if not keeps_some(request.user):
        raise Http404
    return render(request, "reports/index.html", {"forms": keeping.forms_kept(request.user)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_form(request: HttpRequest) -> HttpResponse:
    areas = areas_of_keeping(request.user)
    if not areas:
        raise Http404
    form = AcrossForm(request.POST or None, areas=areas, campaigns=keeping.campaigns_to_draw_on(request.user))
    if not form.is_valid():
        return render(request, "reports/new_form.html", {"form": form}, status=422 if form.is_bound else 200)
    data = form.cleaned_data
    made = actions.make_form(
        data["name"],
        by=request.user,
        name_en=data["name_en"],
        area=data["area"],
        kind=data["kind"],
        hour=data["hour"],
        parts=form.parts,
    )
    return redirect("reports:form", made.pk)


def _form(request: HttpRequest, pk: int) -> ReportForm:
    return get_object_or_404(keeping.forms_kept(request.user), pk=pk)


@login_required
@require_safe
def form(request: HttpRequest, pk: int) -> HttpResponse:
    found = _form(request, pk)
    context = {
        "report_form": found,
        "parts": found.parts.select_related("campaign__edition").defer("campaign__edition__content"),
        "page": page_of(reading.reports_of_form(request.user, found), request.GET, key="-id"),
        "may": rules.may_keep_form(found, request.user),
    }
    return render(request, "reports/form.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_form(request: HttpRequest, pk: int) -> HttpResponse:
    found = _form(request, pk)
    sent = AcrossForm(
        request.POST or None,
        areas=[],
        campaigns=keeping.campaigns_to_draw_on(request.user),
        report_form=found,
        initial={"name": found.name, "name_en": found.name_en, "kind": found.kind, "hour": found.hour},
    )
    if not sent.is_valid():
        context = {"form": sent, "report_form": found}
        return render(request, "reports/new_form.html", context, status=422 if sent.is_bound else 200)
    data = sent.cleaned_data
    actions.change_form(
        found,
        by=request.user,
        name=data["name"],
        name_en=data["name_en"],
        kind=data["kind"],
        hour=data["hour"],
        parts=sent.parts,
    )
    messages.success(request, _("The form has been changed."))
    return redirect("reports:form", pk)


@login_required
@require_POST
def make_form_report(request: HttpRequest, pk: int) -> HttpResponse:
    report = actions.make_form_report(_form(request, pk), by=request.user)
    return redirect("reports:show", report.pk)


@login_required
@require_POST
def retire_form(request: HttpRequest, pk: int) -> HttpResponse:
    actions.retire_form(_form(request, pk), by=request.user)
    messages.success(request, _("The form is not filled any more."))
    return redirect("reports:index")
