"""Pages of the people who work on cases: desk, list, map, one case."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.cases import queries, revealing, rules
from bihuan.cases.forms.filters import FilterForm
from bihuan.cases.models import Case
from bihuan.cases.neighbours import neighbours_of
from bihuan.cases.queries.appeals import rulings_asked
from bihuan.cases.queries.endings import endings_of
from bihuan.core.live import answer_if_changed
from bihuan.core.paging import page_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The way in: a desk for those who have one, the way to report for everybody else."""
    if rules.works_on_cases(request.user):
        return redirect("cases:desk")
    return render(request, "cases/home.html")


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    if not rules.works_on_cases(request.user):
        raise Http404
    context = _desk(request) | {
        "saved_views": queries.views_of(request.user),
        "rulings": rulings_asked(request.user),
    }
    return render(request, "cases/desk.html", context)


@login_required
@require_safe
def desk_rows(request: HttpRequest) -> HttpResponse:
    """The rows of the desk again, when something on it changed: what the page asks every few seconds."""
    if not rules.works_on_cases(request.user):
        raise Http404
    return answer_if_changed(
        request,
        queries.desk_stamp(request.user),
        lambda: render(request, "cases/_desk.html", _desk(request)),
    )


def _desk(request: HttpRequest) -> dict[str, object]:
    groups = queries.desk_of_user(request.user)
    return {
        "groups": groups,
        "waiting": sum(group.total for group in groups),
        "late": sum(group.late for group in groups),
        "overview": queries.overview_for(request.user),
        "may_report": rules.goes_out(request.user),
    }


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    if not rules.works_on_cases(request.user):
        raise Http404
    form = FilterForm(request.GET)
    context: dict[str, object] = {
        "form": form,
        "tabs": _views_of(form, request),
        "saved_views": queries.views_of(request.user),
    }
    if request.GET.get("view") == "map":
        context["points_url"] = f"{reverse('cases:map')}?{form.query(view='')}"
        return render(request, "cases/map.html", context)
    filters = form.filters()
    page = page_of(queries.cases_listed_for(request.user, filters), request.GET, key=filters.order)
    rows = [(case, queries.clock_face(case), queries.holder_of(case)) for case in page]
    batch_verbs = [(verb, rules.FLOW[verb].label) for verb in rules.batch_verbs_for(request.user)]
    context |= {"page": page, "rows": rows, "batch_verbs": batch_verbs}
    return render(request, "cases/index.html", context)


def _views_of(form: FilterForm, request: HttpRequest) -> list[dict[str, object]]:
    on_map = request.GET.get("view") == "map"
    address = reverse("cases:index")
    return [
        {"label": _("List"), "url": f"{address}?{form.query(view='')}", "current": not on_map},
        {"label": _("Map"), "url": f"{address}?{form.query(view='map')}", "current": on_map},
    ]


@login_required
@require_safe
def on_map(request: HttpRequest) -> HttpResponse:
    """The cases of the list as GeoJSON points."""
    if not rules.works_on_cases(request.user):
        raise Http404
    points = queries.cases_on_map(request.user, FilterForm(request.GET).filters())
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [point["lon"], point["lat"]]},
            "properties": queries.popup(point),
        }
        for point in points
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


@login_required
@require_safe
def show(request: HttpRequest, number: str) -> HttpResponse:
    """The case for those who work on it; who only reported it goes to the page made for them."""
    case = queries.case_by_number(request.user, number).first()
    if case is not None:
        beside = neighbours_of(request.user, case)
        return render(request, "cases/show.html", _case_page(request, case) | {"neighbours": beside})
    report = queries.own_report_of(request.user, number)
    if report is None:
        raise Http404
    return redirect("cases:track", report.tracking_code)


@login_required
@require_safe
def live(request: HttpRequest, number: str) -> HttpResponse:
    """The moving parts of a case page, when they changed."""
    case = get_object_or_404(queries.case_by_number(request.user, number))
    return answer_if_changed(
        request,
        queries.case_stamp(case),
        lambda: render(request, "cases/_case.html", _case_page(request, case)),
    )


def _case_page(request: HttpRequest, case: Case) -> dict[str, object]:
    return {
        "case": case,
        "holder": queries.holder_of(case),
        "face": queries.clock_face(case),
        "choices": queries.choices_for(case, request.user),
        "joint": queries.joint_work(case, request.user),
        "endings": endings_of(case, request.user),
        "events": queries.timeline(case, public=False),
        "notices": queries.notices_of(case),
        "ahead": queries.ahead_of(case),
        "photos": queries.photos_of(case),
        "doubts": queries.doubts_shown(case, request.user),
        "reports": queries.reports_shown(case, request.user, revealed=revealing.revealed(request)),
    }


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What this person has reported themselves."""
    page = page_of(queries.reports_of(request.user), request.GET, key="-id")
    return render(request, "cases/mine.html", {"page": page})
