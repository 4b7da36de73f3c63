"""One operation for each verb of the loop, made from the table that its page is made from."""

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
from bihuan.api.shapes import Number, data_of, shape_of, words
from bihuan.cases import queries, rules
from bihuan.cases.api import shapes
from bihuan.cases.api.showing import address
from bihuan.cases.models import Case
from bihuan.cases.views.acting import ACTS, Act

router = Router(tags=["actions"])


def _offer(verb: str, act: Act) -> None:
    fields: Any = shape_of("".join(part.title() for part in verb.split("_")), act.form)
    nothing_needed = not any(field.is_required() for field in fields.model_fields.values())

    def do(request: HttpRequest, number: Path[Number], given: Any) -> shapes.Done:
        case = get_object_or_404(queries.case_by_number(request.user, number))
        rules.may(verb, case, request.user).enforce()
        form = act.form(data_of(given, act.form), {}, case=case, user=request.user)
        if not form.is_valid():
            raise Invalid(faults_of(form))
        return _done(request, verb, act.action(case, by=request.user, **form.cleaned_data))

    do.__name__ = verb
    do.__annotations__["given"] = fields
    if nothing_needed:
        do.__defaults__ = (Body(fields()),)
    with translation.override(None):
        label = str(rules.FLOW[verb].label)
    router.post(
        f"/cases/{{number}}/{verb.replace('_', '-')}",
        response=shapes.Done,
        auth=Bearer(Scope.CASES_ACT),
        url_name=verb,
        summary=label,
        description=_("The form of its page as JSON. The rules are asked first, then the fields are read."),
    )(do)


def _done(request: HttpRequest, verb: str, case: Case) -> shapes.Done:
    event = queries.last_event(case)
    return shapes.Done(
        number=case.number,
        state=case.state,
        state_label=case.get_state_display(),
        due_at=case.due_at if case.is_open else None,
        event=rules.FLOW[verb].event,
        sentence=words(event.sentence if event else rules.FLOW[verb].label),
        url=address(request, "cases:show", case.number),
    )


for _verb, _act in ACTS.items():
    _offer(_verb, _act)
