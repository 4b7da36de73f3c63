"""Operations for whoever reported: the tracking code opens them, no token is needed."""

from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_noop as _
from ninja import Path, Router
from pydantic import Field

from bihuan.api.faults import faults_of
from bihuan.api.problems import Invalid, TooMany
from bihuan.api.shapes import Id, data_of, shape_of
from bihuan.cases import actions
from bihuan.cases.api import shapes
from bihuan.cases.api.showing import followed
from bihuan.cases.forms.acts import AnswerForm
from bihuan.cases.forms.endings import AppealForm
from bihuan.cases.models import Report
from bihuan.cases.queries.following import photos_for, report_typed
from bihuan.cases.views.following import APPEALS, WRONG_CODES
from bihuan.files.serving import serve_attachment

router = Router(tags=["reports"])
Code = Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{12,14}$", examples=["ABCD-2345-EFGH"])]
Answer: Any = shape_of("Answer", AnswerForm)
NewAppeal: Any = shape_of("NewAppeal", AppealForm)
PICTURE = {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}


@router.get(
    "/reports/{code}",
    response=shapes.Followed,
    auth=None,
    summary=_("Track a report"),
    description=_("What its tracking page shows. Whoever tries many wrong codes has to wait."),
)
def track(request: HttpRequest, code: Path[Code]) -> shapes.Followed:
    return followed(request, _report(request, code))


@router.get(
    "/reports/{code}/photos/{id}",
    response={200: None},
    auth=None,
    summary=_("Open a photo of a report"),
    description=_("One of the photos that tracking it names."),
    openapi_extra={"responses": {200: {"content": PICTURE}, 304: {"description": _("You have it already.")}}},
)
def open_report_photo(request: HttpRequest, code: Path[Code], id: Path[Id]) -> HttpResponseBase:
    report = _report(request, code)
    shown = photos_for(report)
    for photo in (*shown.before, *shown.after):
        if photo.pk == id:
            return serve_attachment(request, photo)
    raise Http404


@router.post(
    "/reports/{code}/answer",
    response=shapes.Followed,
    auth=None,
    summary=_("Say whether it is solved"),
    description=_("The reporter's own answer, once it was inspected or closed."),
)
def answer(request: HttpRequest, code: Path[Code], given: Answer) -> shapes.Followed:
    report = _report(request, code)
    form = AnswerForm(data_of(given, AnswerForm))
    if not form.is_valid():
        raise Invalid(faults_of(form))
    actions.answer_report(report, by=request.user, **form.cleaned_data)
    return followed(request, _report(request, code))


@router.post(
    "/reports/{code}/appeal",
    response=shapes.Followed,
    auth=None,
    summary=_("Appeal"),
    description=_("Ask the district to look once more: at a refusal, or at how a closed case was handled."),
)
def appeal(request: HttpRequest, code: Path[Code], given: NewAppeal) -> shapes.Followed:
    report = _report(request, code)
    form = AppealForm(data_of(given, AppealForm))
    if not form.is_valid():
        raise Invalid(faults_of(form))
    if not APPEALS.take(request):
        raise TooMany(APPEALS.seconds)
    actions.appeal_report(report, by=request.user, **form.cleaned_data)
    return followed(request, _report(request, code))


@router.post(
    "/reports/{code}/withdraw",
    response=shapes.Followed,
    auth=None,
    summary=_("Withdraw a report"),
    description=_("Before anybody has acted on it."),
)
def withdraw(request: HttpRequest, code: Path[Code]) -> shapes.Followed:
    report = _report(request, code)
    actions.withdraw_case(report.case, by=request.user, report=report)
    return followed(request, _report(request, code))


def _report(request: HttpRequest, code: str) -> Report:
    if WRONG_CODES.is_reached(request):
        raise TooMany(WRONG_CODES.seconds)
    report = report_typed(code)
    if report is None:
        WRONG_CODES.count(request)
        raise Http404
    return report
