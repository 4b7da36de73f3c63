"""One operation for each verb of the loop, made from the tables that its pages are made from.

A verb on a case, on one unit's part of it, or on one department's call over it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.translation import gettext_noop as _
from ninja import Body, Path, Router

from bihuan.api.authentication import Bearer
from bihuan.api.faults import faults_of
from bihuan.api.models import Scope
from bihuan.api.problems import Invalid
from bihuan.api.shapes import Id, Number, data_of, words
from bihuan.api.site import JSON
from bihuan.cases import queries, rules
from bihuan.cases.api import shapes
from bihuan.cases.api.joint import put_rows, shape_of_act
from bihuan.cases.api.showing import address
from bihuan.cases.forms.replies import check_filled
from bihuan.cases.models import Case
from bihuan.cases.views.acting import ACTS, Act
from bihuan.cases.views.joint import CALLS, PARTS
from bihuan.core.verdicts import Verdict

router = Router(tags=["actions"])
ACT = Bearer(Scope.CASES_ACT)
# Where the shape alone does not tell what belongs together.
EXAMPLES: dict[str, dict[str, Any]] = {
    "call_back": {"answered": True, "solved": True, "satisfaction": "satisfied", "note": "对方很满意。"},
    "supervise": {"level": "ordinary", "words": "请尽快处理并说明情况。"},
}
DESCRIPTION = _("The form of its page as JSON. The rules are asked first, then the fields are read.")


@dataclass(frozen=True)
class Deed:
    """One verb on its subject, ready to be done."""

    verb: str
    act: Act
    move: Any
    case: Case
    subject: Any
    verdict: Verdict


def _do(request: HttpRequest, deed: Deed, given: Any) -> shapes.Done:
    """Ask the rules, read the form, do it."""
    deed.verdict.enforce()
    kind = deed.act.form
    data = data_of(given, kind)
    put_rows(data, given)
    form = kind(data, {}, case=deed.case, user=request.user)
    if not (form.is_valid() and check_filled(form, deed.verb)):
        raise Invalid(faults_of(form))
    deed.act.action(deed.subject, by=request.user, **form.cleaned_data)
    return _done(request, deed)


def _done(request: HttpRequest, deed: Deed) -> shapes.Done:
    case, event = deed.case, queries.last_event(deed.case)
    case.refresh_from_db(fields=["state", "due_at"])
    return shapes.Done(
        number=case.number,
        state=case.state,
        state_label=case.get_state_display(),
        due_at=case.due_at if case.is_open else None,
        event=deed.move.event,
        sentence=words(event.sentence if event else deed.move.label),
        url=address(request, "cases:show", case.number),
    )


def _offer(verb: str, act: Act, move: Any, path: str, do: Callable[..., shapes.Done]) -> None:
    """Make an operation: the shape of what it takes is that of its form."""
    fields = shape_of_act(verb, act.form)
    do.__name__ = verb
    word = verb.replace("_", "-")
    do.__annotations__["given"] = fields
    if not any(field.is_required() for field in fields.model_fields.values()):
        do.__defaults__ = (Body(fields()),)
    with translation.override(None):
        label = str(move.label)
    example = {"requestBody": {"content": {JSON: {"example": EXAMPLES[verb]}}}} if verb in EXAMPLES else None
    router.post(
        f"{path}/{word}",
        response=shapes.Done,
        auth=ACT,
        url_name=verb,
        summary=label,
        description=DESCRIPTION,
        openapi_extra=example,
    )(do)


def _offer_on_case(verb: str, act: Act) -> None:
    move = rules.FLOW[verb]

    def do(request: HttpRequest, number: Path[Number], given: Any) -> shapes.Done:
        case = get_object_or_404(queries.case_by_number(request.user, number))
        verdict = rules.may(verb, case, request.user)
        return _do(request, Deed(verb, act, move, case, case, verdict), given)

    _offer(verb, act, move, "/cases/{number}", do)


def _offer_on_part(verb: str, act: Act) -> None:
    move = rules.PARTS[verb]

    def do(request: HttpRequest, number: Path[Number], id: Path[Id], given: Any) -> shapes.Done:
        case = get_object_or_404(queries.case_by_number(request.user, number))
        part = get_object_or_404(queries.parts_of(case), pk=id)
        verdict = rules.may_part(verb, part, request.user)
        return _do(request, Deed(verb, act, move, case, part, verdict), given)

    _offer(verb, act, move, "/cases/{number}/parts/{id}", do)


def _offer_on_call(verb: str, act: Act) -> None:
    move = rules.CALLS[verb]

    def do(request: HttpRequest, number: Path[Number], id: Path[Id], given: Any) -> shapes.Done:
        case = get_object_or_404(queries.case_by_number(request.user, number))
        call = get_object_or_404(queries.calls_of(case), pk=id)
        verdict = rules.may_call(verb, call, request.user)
        return _do(request, Deed(verb, act, move, case, call, verdict), given)

    _offer(verb, act, move, "/cases/{number}/calls/{id}", do)


for _table, _offer_one in ((ACTS, _offer_on_case), (PARTS, _offer_on_part), (CALLS, _offer_on_call)):
    for _verb, _act in _table.items():
        _offer_one(_verb, _act)
