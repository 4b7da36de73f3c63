"""Several cases at once: what is to be done to which, what became of each, and a list on paper."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bihuan.cases import actions, queries, rules
from bihuan.cases.forms.batches import FORMS, BatchForm
from bihuan.cases.views.exports import for_staff


@for_staff
def batch(request: HttpRequest) -> HttpResponseBase:
    """GET: the ticked cases and what is asked for once. POST: do it."""
    given = request.POST if request.method == "POST" else request.GET
    verb = given.get("do", "")
    if verb not in FORMS:
        return redirect(f"{reverse('cases:print')}?{_numbers(given)}")
    ticked = queries.cases_ticked(request.user, given.getlist("case"))
    if not ticked.cases:
        return render(request, "cases/batch/nothing.html", {"ticked": ticked}, status=422)
    rules.may_batch(verb, request.user, ticked.cases).enforce()
    form = FORMS[verb](request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _choose(request, verb, ticked, form)
    started = actions.start_batch(
        verb,
        by=request.user,
        token=form.cleaned_data["token"],
        cases=ticked.cases,
        arguments=form.arguments,
    )
    actions.carry_out_batch(started, by=request.user)
    return redirect("cases:batch_result", started.pk)


def _numbers(given: QueryDict) -> str:
    query = QueryDict(mutable=True)
    query.setlist("case", given.getlist("case"))
    return query.urlencode()


def _choose(request: HttpRequest, verb: str, ticked: queries.Ticked, form: BatchForm) -> HttpResponse:
    context = {
        "verb": verb,
        "move": rules.FLOW[verb],
        "ticked": ticked,
        "rows": [(case, queries.clock_face(case), queries.fits(verb, case)) for case in ticked.cases],
        "form": form,
    }
    return render(request, "cases/batch/choose.html", context, status=422 if form.is_bound else 200)


@for_staff
@require_safe
@never_cache
def batch_result(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.batches_of(request.user), pk=pk)
    context = {"batch": found, "move": rules.FLOW[found.verb], "outcome": queries.outcome_of(found)}
    return render(request, "cases/batch/result.html", context)


@for_staff
@require_POST
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Do what a broken-off batch has left."""
    found = get_object_or_404(queries.batches_of(request.user), pk=pk)
    actions.carry_out_batch(found, by=request.user)
    return redirect("cases:batch_result", pk)


@for_staff
@require_safe
def print_cases(request: HttpRequest) -> HttpResponse:
    """The ticked cases as a list for paper."""
    ticked = queries.cases_ticked(request.user, request.GET.getlist("case"))
    if not ticked.cases:
        return render(request, "cases/batch/nothing.html", {"ticked": ticked}, status=422)
    rows = [(case, queries.holder_of(case)) for case in ticked.cases]
    return render(request, "cases/batch/print.html", {"ticked": ticked, "rows": rows})
