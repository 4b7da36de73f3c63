"""Pages for the person who reported: follow it by its code, say what one thinks of the answer."""

from collections.abc import Callable
from functools import wraps
from io import BytesIO

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from bihuan.cases import actions, queries, rules, tracking
from bihuan.cases.forms.acts import AnswerForm
from bihuan.cases.forms.endings import AppealForm
from bihuan.cases.models import Report
from bihuan.cases.queries.appeals import appeals_of_report
from bihuan.cases.queries.following import (
    decline_of,
    is_later_than_promised,
    is_number_instead,
    photos_for,
    report_typed,
    story_of,
)
from bihuan.cases.queries.personal import contact_reads_of
from bihuan.core.visitors import Limit

WRONG_CODES = Limit("wrong_code", times=20, seconds=600)
APPEALS = Limit("appeal", times=10, seconds=3_600)


def open_by_code(view: Callable[[HttpRequest, Report], HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the report of a tracking code; whoever tries many wrong ones has to wait."""

    @wraps(view)
    def opened(request: HttpRequest, code: str) -> HttpResponse:
        if WRONG_CODES.is_reached(request):
            response = _ask(request, code, 429, too_many=True)
            response["Retry-After"] = str(WRONG_CODES.seconds)
            return response
        report = report_typed(code)
        if report is None:
            WRONG_CODES.count(request)
            return _ask(request, code, 404, unknown=True, is_number=is_number_instead(code))
        return view(request, report)

    return opened


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Ask for a tracking code, and go to its page."""
    code = request.GET.get("code", "").strip()
    return _go(request, code) if code else _ask(request, "", 200)


@open_by_code
def _go(request: HttpRequest, report: Report) -> HttpResponse:
    return redirect("cases:track", report.tracking_code)


@require_safe
@cache_control(private=True, no_cache=True)
@open_by_code
def track(request: HttpRequest, report: Report) -> HttpResponse:
    return tracking.follow(request, _page(request, report), report)


@require_POST
@open_by_code
def answer(request: HttpRequest, report: Report) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, report, status=422, form=form)
    actions.answer_report(report, by=request.user, **form.cleaned_data)
    return redirect("cases:track", report.tracking_code)


@require_POST
@open_by_code
def appeal(request: HttpRequest, report: Report) -> HttpResponse:
    form = AppealForm(request.POST)
    if not form.is_valid():
        return _page(request, report, status=422, appeal_form=form)
    if not APPEALS.take(request):
        return _page(request, report, status=429, appeal_form=form, too_many_appeals=True)
    actions.appeal_report(report, by=request.user, **form.cleaned_data)
    return redirect("cases:track", report.tracking_code)


@require_POST
@open_by_code
def withdraw(request: HttpRequest, report: Report) -> HttpResponse:
    actions.withdraw_case(report.case, by=request.user, report=report)
    return redirect("cases:track", report.tracking_code)


@require_safe
@open_by_code
def qr(request: HttpRequest, report: Report) -> HttpResponse:
    """The tracking page's address as a QR code (SVG)."""
    picture = BytesIO()
    segno.make(_address(request, report), error="m").save(picture, kind="svg", scale=4, border=2)
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


def _address(request: HttpRequest, report: Report) -> str:
    return request.build_absolute_uri(reverse("cases:track", args=[report.tracking_code]))


def _ask(request: HttpRequest, code: str, status: int, **found: object) -> HttpResponse:
    return render(request, "cases/find.html", {"code": code[:60], **found}, status=status)


def _page(request: HttpRequest, report: Report, *, status: int = 200, **forms: object) -> HttpResponse:
    case = report.case
    context = {
        "report": report,
        "case": case,
        "own": report.own_case,
        "holder": queries.holder_of(case),
        "events": story_of(report),
        "photos": photos_for(report),
        "declined": decline_of(case),
        "is_late": is_later_than_promised(case),
        "may_answer": rules.may("answer", case, request.user, report=report),
        "may_withdraw": rules.may("withdraw", case, request.user, report=report),
        "may_appeal": rules.may("appeal", case, request.user, report=report),
        "appeals": appeals_of_report(report),
        "form": AnswerForm(),
        "appeal_form": AppealForm(),
        "address": _address(request, report),
        "reads": contact_reads_of([report]),
        **forms,
    }
    return render(request, "cases/track.html", context, status=status)
