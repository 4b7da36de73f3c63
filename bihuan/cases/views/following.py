"""Pages for the person who reported: follow it by its code, say what one thinks of the answer."""

from io import BytesIO

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.cases import actions, queries, rules, tracking
from bihuan.cases.forms.acts import AnswerForm
from bihuan.cases.models import Report


@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Ask for a tracking code, and go to its page."""
    code = request.GET.get("code", "").strip()
    if not code:
        return render(request, "cases/find.html")
    report = queries.report_by_code(code).first()
    if report is None:
        return render(request, "cases/find.html", {"code": code, "unknown": True}, status=404)
    return redirect("cases:track", report.tracking_code)


@require_GET
def track(request: HttpRequest, code: str) -> HttpResponse:
    report = get_object_or_404(queries.report_by_code(code))
    tracking.follow(request, report)
    return _page(request, report, AnswerForm())


@require_http_methods(["POST"])
def answer(request: HttpRequest, code: str) -> HttpResponse:
    report = get_object_or_404(queries.report_by_code(code))
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, report, form, status=422)
    actions.answer_report(report, by=request.user, **form.cleaned_data)
    return redirect("cases:track", report.tracking_code)


@require_http_methods(["POST"])
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    report = get_object_or_404(queries.report_by_code(code))
    actions.withdraw_case(report.case, by=request.user, report=report)
    return redirect("cases:track", report.tracking_code)


@require_GET
def qr(request: HttpRequest, code: str) -> HttpResponse:
    """The tracking page's address as a QR code (SVG)."""
    report = get_object_or_404(queries.report_by_code(code))
    address = request.build_absolute_uri(reverse("cases:track", args=[report.tracking_code]))
    picture = BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", scale=4, border=2)
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


def _page(request: HttpRequest, report: Report, form: AnswerForm, status: int = 200) -> HttpResponse:
    case = report.case
    context = {
        "report": report,
        "case": case,
        "holder": queries.holder_of(case),
        "face": queries.clock_face(case),
        "events": queries.timeline(case, public=True),
        "photos": queries.photos_of(case),
        "may_answer": rules.may("answer", case, request.user, report=report),
        "may_withdraw": rules.may("withdraw", case, request.user, report=report),
        "form": form,
    }
    return render(request, "cases/track.html", context, status=status)
