"""The page on which anybody reports, and the one that says it has arrived."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.cases import actions, tracking
from bihuan.intake.limits import WORDS
from bihuan.intake.web import queries, rules
from bihuan.intake.web.forms import PHOTOS, ReportForm


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """GET: the form. POST: take the report in, and go to the page with its number."""
    if request.method != "POST":
        return _form(request, ReportForm(user=request.user))
    if not request.user.is_authenticated and not rules.VISITORS.take(request):
        response = _form(request, ReportForm.unread(request.POST, user=request.user), 429)
        response["Retry-After"] = str(rules.VISITORS.seconds)
        return response
    form = ReportForm(request.POST, request.FILES, user=request.user)
    if not form.is_valid():
        return _form(request, form, 422)
    report = actions.report_case(by=request.user, **form.arguments())
    return tracking.follow(request, redirect("intake:received", report.tracking_code), report)


@require_safe
@never_cache
def received(request: HttpRequest, code: str) -> HttpResponse:
    """What has arrived and what comes next; anybody else goes to the page that asks for a code."""
    receipt = queries.receipt_for(request, code)
    if receipt is None:
        return redirect("cases:track", code)
    address = request.build_absolute_uri(reverse("cases:track", args=[receipt.report.tracking_code]))
    return render(request, "intake/web/received.html", {"receipt": receipt, "address": address})


def _form(request: HttpRequest, form: ReportForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "longest": WORDS,
        "most_photos": PHOTOS,
        "too_many": status == 429,
    }
    return render(request, "intake/web/report.html", context, status=status)
