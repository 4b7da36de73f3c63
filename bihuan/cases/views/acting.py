"""One view for every verb of the loop: show its form, run its action.

The verbs differ in form, action and rules, which lie in tables, and in nothing that a view should know.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse

from bihuan.cases import actions, queries, replying, revealing, rules
from bihuan.cases.forms import acts, endings, joint, rechecks, supervision
from bihuan.cases.forms.replies import Offer, check_filled, offers, with_text
from bihuan.cases.models import Case
from bihuan.core.verdicts import Verdict


@dataclass(frozen=True)
class Act:
    """What a verb needs to become a page."""

    form: type[acts.ActForm]
    action: Callable[..., Any]


ACTS = {
    "send_to_verify": Act(acts.SendToVerifyForm, actions.send_to_verify),
    "verify": Act(acts.VerifyForm, actions.verify_case),
    "take_back_verification": Act(supervision.TakeBackVerificationForm, actions.take_back_verification),
    "decline": Act(acts.DeclineForm, actions.decline_case),
    "file": Act(acts.FileForm, actions.file_case),
    "self_handle": Act(acts.SelfHandleForm, actions.self_handle_case),
    "spot_check": Act(acts.SpotCheckForm, actions.spot_check_case),
    "merge": Act(endings.MergeForm, actions.merge_case),
    "unmerge": Act(endings.UnmergeForm, actions.unmerge_case),
    "assign": Act(joint.AssignForm, actions.assign_case),
    "whistle": Act(joint.WhistleForm, actions.blow_whistle),
    "rule_whistle": Act(joint.RuleWhistleForm, actions.rule_whistle),
    "call_off_whistle": Act(joint.CallOffWhistleForm, actions.call_off_whistle),
    "ask_assistance": Act(joint.AskAssistanceForm, actions.ask_assistance),
    "acknowledge": Act(acts.AcknowledgeForm, actions.acknowledge_case),
    "return": Act(acts.ReturnForm, actions.return_case),
    "ask_extension": Act(acts.AskExtensionForm, actions.ask_extension),
    "decide_extension": Act(acts.DecideExtensionForm, actions.decide_extension),
    "arrive": Act(supervision.ArriveForm, actions.arrive_on_site),
    "contact": Act(supervision.ContactForm, actions.contact_reporters),
    "supervise": Act(supervision.SuperviseForm, actions.supervise_case),
    "answer_supervision": Act(supervision.AnswerSupervisionForm, actions.answer_supervision),
    "suspend": Act(acts.SuspendForm, actions.suspend_case),
    "resume": Act(acts.ResumeForm, actions.resume_case),
    "backlog": Act(endings.BacklogForm, actions.backlog_case),
    "appeal_as_unit": Act(endings.AppealAsUnitForm, actions.appeal_case),
    "decide_appeal": Act(endings.DecideAppealForm, actions.decide_appeal),
    "review_backlog": Act(endings.ReviewBacklogForm, actions.review_backlog),
    "resolve": Act(acts.ResolveForm, actions.resolve_case),
    "inspect": Act(acts.InspectForm, actions.inspect_case),
    "rework": Act(acts.ReworkForm, actions.rework_case),
    "call_back": Act(acts.CallBackForm, actions.call_back_case),
    "close": Act(acts.CloseForm, actions.close_case),
    "recheck": Act(rechecks.RecheckForm, actions.recheck_case),
}


@login_required
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """GET: the verb's form (a fragment for HTMX, else a page). POST: do it."""
    case = get_object_or_404(queries.case_by_number(request.user, number))
    verdict = rules.may(verb, case, request.user)
    return carry_out(request, Deed(case, case, verb, rules.FLOW[verb], ACTS[verb], verdict))


@dataclass(frozen=True)
class Deed:
    """One verb on its subject: a case, or something that belongs to it. `move` has the verb's label."""

    case: Case
    subject: Any
    verb: str
    move: Any
    act: Act
    verdict: Verdict
    shown: dict[str, Any] = field(default_factory=dict)  # what the page shows besides the case


def carry_out(request: HttpRequest, deed: Deed) -> HttpResponse:
    """Ask the rules, then show the form or use what was filled in."""
    deed.verdict.enforce()
    case = deed.case
    if request.method != "POST":
        return _form(request, deed, deed.act.form(case=case, user=request.user))
    if "use_reply" in request.POST and deed.verb in replying.FIELDS:
        return _with_reply(request, deed)
    form = deed.act.form(request.POST, request.FILES, case=case, user=request.user)
    if not (form.is_valid() and check_filled(form, deed.verb)):
        return _form(request, deed, form, status=422)
    deed.act.action(deed.subject, by=request.user, **form.cleaned_data)
    event = queries.last_event(case)
    messages.success(request, f"{case.title}: {event.sentence if event else deed.move.label}")
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": _after(request, case)})
    return redirect(_after(request, case))


def _after(request: HttpRequest, case: Case) -> str:
    """Back to where the person came from: the desk, or the case while it is theirs to see."""
    if request.GET.get("from") != "desk" and queries.case_by_number(request.user, case.number).exists():
        return reverse("cases:show", args=[case.number])
    return reverse("cases:desk")


def _with_reply(request: HttpRequest, deed: Deed) -> HttpResponse:
    """The form again, with a standard reply in it; nothing is done yet."""
    form, asks = with_text(
        deed.act.form,
        request.POST,
        request.FILES,
        _offers(deed),
        verb=deed.verb,
        case=deed.case,
        user=request.user,
    )
    return _form(request, deed, form, status=422, asks=asks)


def _offers(deed: Deed) -> list[Offer]:
    return offers(queries.replies_for(deed.case, deed.verb), deed.case)


def _form(
    request: HttpRequest, deed: Deed, form: Any, status: int = 200, asks: Offer | None = None
) -> HttpResponse:
    """A page; for HTMX a dialog, or only the form when a mistake in it is to be shown where it stands."""
    case = deed.case
    context = {"case": case, "verb": deed.verb, "move": deed.move, "form": form, "subject": deed.subject}
    context |= {"offers": _offers(deed), "asks": asks, "reply_field": replying.FIELDS.get(deed.verb)}
    context |= deed.shown
    if request.headers.get("HX-Request") and status == 422:
        return render(request, "cases/_act_form.html", context, status=status)
    template = "cases/_act.html" if request.headers.get("HX-Request") else "cases/act.html"
    context |= {
        "face": queries.clock_face(case),
        "photos": queries.photos_of(case),
        "doubts": queries.doubts_shown(case, request.user),
        "last": queries.last_event(case),
        "reports": queries.reports_shown(case, request.user, revealed=revealing.revealed(request)),
    }
    return render(request, template, context, status=status)


urlpatterns = [
    path(f"cases/<str:number>/{verb.replace('_', '-')}/", act, {"verb": verb}, name=verb) for verb in ACTS
]
