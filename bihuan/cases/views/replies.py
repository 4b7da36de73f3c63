"""The page on which standard replies are written."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from bihuan.cases import actions, queries, replying, rules
from bihuan.cases.forms.replies import ReplyForm
from bihuan.cases.models import Reply


@login_required
@require_safe
def replies(request: HttpRequest) -> HttpResponse:
    if not rules.writes_replies(request.user):
        raise Http404
    rows = [
        (reply, rules.FLOW[reply.verb].label if reply.verb else "")
        for reply in queries.replies_managed_by(request.user)
    ]
    return render(request, "cases/replies/index.html", {"rows": rows})


@login_required
def new_reply(request: HttpRequest) -> HttpResponse:
    if not rules.writes_replies(request.user):
        raise Http404
    form = ReplyForm(request.POST or None, user=request.user)
    if not form.is_valid():
        return _form(request, form)
    actions.write_reply(by=request.user, **form.cleaned_data)
    return redirect("cases:replies")


@login_required
def change_reply(request: HttpRequest, pk: int) -> HttpResponse:
    reply = get_object_or_404(queries.replies_managed_by(request.user), pk=pk)
    form = ReplyForm(request.POST or None, user=request.user, reply=reply)
    if not form.is_valid():
        return _form(request, form, reply)
    actions.change_reply(reply, by=request.user, **form.cleaned_data)
    return redirect("cases:replies")


@login_required
@require_POST
def delete_reply(request: HttpRequest, pk: int) -> HttpResponse:
    reply = get_object_or_404(queries.replies_managed_by(request.user), pk=pk)
    actions.delete_reply(reply, by=request.user)
    return redirect("cases:replies")


def _form(request: HttpRequest, form: Any, reply: Reply | None = None) -> HttpResponse:
    context = {"form": form, "reply": reply, "placeholders": replying.PLACEHOLDERS.items()}
    return render(request, "cases/replies/form.html", context, status=422 if form.is_bound else 200)
