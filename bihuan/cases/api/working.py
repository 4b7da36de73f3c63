"""Operations of the people who work on cases: list, one case, desk."""

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Path, Query, Router

from bihuan.api.authentication import Bearer
from bihuan.api.faults import faults_of
from bihuan.api.models import Scope
from bihuan.api.paging import Paging, page
from bihuan.api.problems import Invalid
from bihuan.api.shapes import Asked, Number, data_of, shape_of
from bihuan.cases import queries, rules
from bihuan.cases.api import shapes
from bihuan.cases.api.showing import line, whole
from bihuan.cases.forms.filters import FilterForm

router = Router(tags=["cases"])
READ = Bearer(Scope.CASES_READ)
CaseFilters: Any = shape_of("CaseFilters", FilterForm, base=Asked)


@router.get(
    "/cases",
    response=shapes.CasePage,
    auth=READ,
    summary=_("List cases"),
    description=_(
        "The cases within your duties, the newest first; open and overdue ones by their deadline. The filters"
        " are those of the page."
    ),
)
def list_cases(request: HttpRequest, asked: Query[CaseFilters], paging: Query[Paging]) -> shapes.CasePage:
    _only_for_staff(request)
    form = FilterForm(data_of(asked, FilterForm))
    if not form.is_valid():
        raise Invalid(faults_of(form))
    filters = form.filters()
    found = queries.cases_listed_for(request.user, filters)
    return page(found, paging, lambda case: line(request, case), key=filters.order, shape=shapes.CasePage)


@router.get(
    "/cases/{number}",
    response=shapes.CaseShown,
    auth=READ,
    summary=_("Show a case"),
    description=_("Everything its page shows: words, files, timeline, and the verbs you may use next."),
)
def show_case(request: HttpRequest, number: Path[Number]) -> shapes.CaseShown:
    return whole(request, get_object_or_404(queries.case_by_number(request.user, number)))


@router.get(
    "/desk",
    response=shapes.Desk,
    auth=READ,
    summary=_("Show my desk"),
    description=_("What waits for you now, by verb, by what is left of the limit."),
)
def show_desk(request: HttpRequest) -> shapes.Desk:
    _only_for_staff(request)
    groups = queries.desk_of_user(request.user)
    return shapes.Desk(
        waiting=sum(group.total for group in groups),
        late=sum(group.late for group in groups),
        groups=[
            shapes.DeskGroup(
                verb=group.verb,
                label=str(group.label),
                total=group.total,
                late=group.late,
                items=[line(request, case) for case in group.cases],
            )
            for group in groups
        ],
    )


def _only_for_staff(request: HttpRequest) -> None:
    if not rules.works_on_cases(request.user):
        raise Http404
