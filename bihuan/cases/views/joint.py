"""The verbs on one part of a case, and on one department's call: pages like those of the case's own verbs."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path

from bihuan.cases import actions, queries, rules
from bihuan.cases.forms import joint
from bihuan.cases.forms.acts import ActForm
from bihuan.cases.views.acting import Act, Deed, carry_out

PARTS = {
    "acknowledge_assistance": Act(ActForm, actions.acknowledge_assistance),
    "finish_assistance": Act(joint.FinishAssistanceForm, actions.finish_assistance),
    "redo_assistance": Act(joint.RedoAssistanceForm, actions.redo_assistance),
    "withdraw_assistance": Act(joint.WithdrawAssistanceForm, actions.withdraw_assistance),
}
CALLS = {
    "answer_whistle": Act(joint.AnswerWhistleForm, actions.answer_whistle),
    "attend_whistle": Act(ActForm, actions.attend_whistle),
    "rate_department": Act(joint.RateDepartmentForm, actions.rate_department),
    "answer_rating": Act(joint.AnswerRatingForm, actions.answer_rating),
}


@login_required
def act_on_part(request: HttpRequest, number: str, pk: int, verb: str) -> HttpResponse:
    """One unit's part: acknowledged, done, done again, withdrawn."""
    case = get_object_or_404(queries.case_by_number(request.user, number))
    part: Any = get_object_or_404(queries.parts_of(case), pk=pk)
    verdict = rules.may_part(verb, part, request.user)
    shown = {"part": part}
    return carry_out(request, Deed(case, part, verb, rules.PARTS[verb], PARTS[verb], verdict, shown))


@login_required
def act_on_call(request: HttpRequest, number: str, pk: int, verb: str) -> HttpResponse:
    """One department's call: answered, attended, rated, and the rating answered."""
    case = get_object_or_404(queries.case_by_number(request.user, number))
    call: Any = get_object_or_404(queries.calls_of(case), pk=pk)
    verdict = rules.may_call(verb, call, request.user)
    shown = {"call": call, "whistle": call.whistle}
    return carry_out(request, Deed(case, call, verb, rules.CALLS[verb], CALLS[verb], verdict, shown))


def _word(verb: str) -> str:
    """What stands in the address: the verb without what it is done to, which stands there already."""
    for done_to in ("_assistance", "_whistle", "_department"):
        verb = verb.removesuffix(done_to)
    return verb.replace("_", "-")


urlpatterns = [
    *(
        path(f"cases/<str:number>/parts/<int:pk>/{_word(verb)}/", act_on_part, {"verb": verb}, name=verb)
        for verb in PARTS
    ),
    *(
        path(f"cases/<str:number>/calls/<int:pk>/{_word(verb)}/", act_on_call, {"verb": verb}, name=verb)
        for verb in CALLS
    ),
]
