"""Personal data: showing a number to who calls, and everything its owner may see and do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bihuan.accounts.actions import erase_account as erase_own_account
from bihuan.accounts.http import PersonRequest
from bihuan.accounts.rules import may as may_with_account
from bihuan.cases import actions, queries, revealing, tracking
from bihuan.cases.forms.personal import CorrectForm, EraseAccountForm, EraseForm, OwnForm
from bihuan.cases.models import Report
from bihuan.cases.queries import personal
from bihuan.cases.views.following import open_by_code
from bihuan.core.paging import page_of
from bihuan.core.visitors import Limit

WRONG_DIGITS = Limit("wrong_digits", times=5, seconds=900)


# -- for who calls ------------------------------------------------------------------------------------


@login_required
@require_POST
def read_contact(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Show a reporter's number to call it: a deed of its own, which they can see."""
    case = get_object_or_404(queries.case_by_number(request.user, number))
    report = personal.report_of_case(case, pk)
    if report is None:
        raise Http404
    report = actions.read_contact(report, by=request.user)
    revealing.reveal(request, report)
    if request.headers.get("HX-Request"):
        shown = personal.reports_shown(case, request.user, revealed=[report.pk])
        (this,) = [one for one in shown if one.report.pk == report.pk]
        return render(
            request,
            "cases/_contact.html",
            {"shown": this, "case": case, "calling": "calling" in request.POST},
        )
    return redirect("cases:call_back" if "calling" in request.POST else "cases:show", number)


# -- for its owner ------------------------------------------------------------------------------------


@require_safe
@never_cache
@open_by_code
def show(request: HttpRequest, report: Report) -> HttpResponse:
    """What we keep of a report about the person who made it."""
    return tracking.follow(request, _page(request, report), report)


def _page(request: HttpRequest, report: Report, *, status: int = 200, **forms: Any) -> HttpResponse:
    context = {
        "own": personal.own_data_of(report, request.user),
        "report": report,
        "case": report.case,
        "correct_form": CorrectForm(report=report, by=request.user),
        "erase_form": EraseForm(report=report, by=request.user),
    }
    return render(request, "cases/personal/show.html", context | forms, status=status)


def _limits(report: Report) -> list[Limit]:
    """Wrong digits count for the visitor, and for the report wherever they come from."""
    return [WRONG_DIGITS, replace(WRONG_DIGITS, name=f"wrong_digits:{report.pk}", for_all=True)]


def _checked(request: HttpRequest, form: OwnForm, limits: list[Limit]) -> bool:
    if form.is_valid():
        return True
    if form.has_error("digits", "wrong"):
        for limit in limits:
            limit.count(request)
    return False


@require_POST
@open_by_code
def correct(request: HttpRequest, report: Report) -> HttpResponse:
    if report.pk not in tracking.followed(request):
        return redirect("cases:report_data", report.tracking_code)
    limits = _limits(report)
    locked = any(limit.is_reached(request) for limit in limits)
    form = CorrectForm(request.POST, report=report, by=request.user, locked=locked)
    if not _checked(request, form, limits):
        return _page(request, report, status=422, correct_form=form)
    actions.correct_report(report, by=request.user, code=report.tracking_code, **form.cleaned_data)
    messages.success(request, _("Your data are corrected."))
    return redirect("cases:report_data", report.tracking_code)


@require_POST
@open_by_code
def withdraw_consent(request: HttpRequest, report: Report) -> HttpResponse:
    if report.pk not in tracking.followed(request):
        return redirect("cases:report_data", report.tracking_code)
    actions.withdraw_consent(report, by=request.user, code=report.tracking_code)
    messages.success(request, _("Nobody will call you about this report."))
    return redirect("cases:report_data", report.tracking_code)


@require_POST
@open_by_code
def erase(request: HttpRequest, report: Report) -> HttpResponse:
    if report.pk not in tracking.followed(request):
        return redirect("cases:report_data", report.tracking_code)
    limits = _limits(report)
    locked = any(limit.is_reached(request) for limit in limits)
    form = EraseForm(request.POST, report=report, by=request.user, locked=locked)
    if not _checked(request, form, limits):
        return _page(request, report, status=422, erase_form=form)
    actions.erase_report(report, by=request.user, code=report.tracking_code, **form.cleaned_data)
    messages.success(request, _("Your data are erased."))
    return redirect("cases:report_data", report.tracking_code)


@require_safe
@never_cache
@open_by_code
def export(request: HttpRequest, report: Report) -> HttpResponse:
    """Everything of one report, to take along."""
    return _download(request, {"reports": [personal.export_of(report, request.user)]}, report.own_case.number)


@login_required
@require_safe
@never_cache
def my_data(request: PersonRequest) -> HttpResponse:
    """What we keep about a person with an account, and who looked at it."""
    page = page_of(queries.reports_of(request.user), request.GET, key="-id")
    context = {
        "page": page,
        "reads": personal.contact_reads_of(page.items),
        "may_erase": may_with_account("erase_account", request.user, request.user),
    }
    return render(request, "cases/personal/mine.html", context)


@login_required
@require_safe
@never_cache
def export_my_data(request: PersonRequest) -> HttpResponse:
    return _download(request, personal.export_of_account(request.user), "my-data")


@login_required
@reauthentication_required
def erase_account(request: PersonRequest) -> HttpResponse:
    """Close one's own account for good."""
    may_with_account("erase_account", request.user, request.user).enforce()
    form = EraseAccountForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        erase_own_account(request.user, by=request.user)
        logout(request)
        messages.success(request, _("Your account is closed and your data are erased."))
        return redirect("cases:home")
    status = 422 if form.is_bound else 200
    return render(request, "cases/personal/erase_account.html", {"form": form}, status=status)


def _download(request: HttpRequest, content: dict[str, Any], name: str) -> HttpResponse:
    """As a page to read, or as JSON to work with."""
    response: HttpResponse
    if request.GET.get("as") == "json":
        response = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 2})
        name += ".json"
    else:
        response = HttpResponse(render_to_string("cases/personal/export.html", content, request))
        name += ".html"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


urlpatterns = [
    path("cases/<str:number>/reports/<int:pk>/contact/", read_contact, name="read_contact"),
    path("track/<str:code>/data/", show, name="report_data"),
    path("track/<str:code>/data/export/", export, name="export_report"),
    path("track/<str:code>/data/correct/", correct, name="correct_report"),
    path("track/<str:code>/data/consent/", withdraw_consent, name="withdraw_consent"),
    path("track/<str:code>/data/erase/", erase, name="erase_report"),
    path("me/data/", my_data, name="my_data"),
    path("me/data/export/", export_my_data, name="export_my_data"),
    path("me/data/erase/", erase_account, name="erase_account"),
]
