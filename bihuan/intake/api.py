"""The operation with which anybody reports: the form of the public page, from a program."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_noop as _
from ninja import Router
from ninja.responses import Status
from pydantic import Field

from bihuan.api.authentication import open_to_visitors
from bihuan.api.faults import faults_of
from bihuan.api.models import Scope
from bihuan.api.problems import Invalid, TooMany
from bihuan.api.shapes import Number, Shape, data_of, shape_of
from bihuan.cases import actions
from bihuan.intake.web import rules
from bihuan.intake.web.forms import ReportForm

router = Router(tags=["reports"])
NewReport: Any = shape_of("NewReport", ReportForm, without=["key"])
EXAMPLE = {
    "words": "楼下水管爆裂，水流了一地。",
    "lon": 114.605,
    "lat": 33.605,
    "address": "良苑小区三号楼",
    "name": "王女士",
    "phone": "13800000000",
    "may_call": True,
}


class Received(Shape):
    """A report that has arrived and cannot get lost."""

    number: Number
    tracking_code: str = Field(
        description=_("Whoever knows it follows the report: show it to the reporter and keep it apart."),
        examples=["ABCD-2345-EFGH"],
    )
    desk: str = Field(description=_("Who reads it."))
    due_at: datetime | None = Field(description=_("Until when."), examples=["2026-03-16T09:30:00+08:00"])
    outside: bool = Field(description=_("Whether its point lies outside the district."))
    url: str = Field(description=_("Its tracking page."))


@router.post(
    "/reports",
    response={201: Received},
    auth=open_to_visitors(Scope.REPORTS_WRITE),
    summary=_("Report something"),
    description=_(
        "No account is needed. With a token you report in your own name. Say where it is: a place, a point in"
        " WGS-84 degrees, or an address. A phone number is kept only when may_call is true."
    ),
    openapi_extra={"requestBody": {"content": {"application/json": {"example": EXAMPLE}}}},
)
def report(request: HttpRequest, given: NewReport) -> Status:
    if not request.user.is_authenticated and not rules.VISITORS.take(request):
        raise TooMany(rules.VISITORS.seconds)
    form = ReportForm(data_of(given, ReportForm), {}, user=request.user)
    if not form.is_valid():
        raise Invalid(faults_of(form))
    made = actions.report_case(by=request.user, **(form.arguments() | {"source": "api", "source_key": ""}))
    case = made.case
    received = Received(
        number=case.number,
        tracking_code=made.tracking_code,
        desk=case.desk.label,
        due_at=case.due_at,
        outside=case.is_outside,
        url=request.build_absolute_uri(reverse("cases:track", args=[made.tracking_code])),
    )
    return Status(201, received)
