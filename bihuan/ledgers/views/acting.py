"""One view for every verb of an item that has a form of its own: show it, run its action."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse

from bihuan.ledgers import actions, queries, rules
from bihuan.ledgers.forms import verbs
from bihuan.ledgers.models import Item
from bihuan.ledgers.views.campaign_context import head_of
from bihuan.ledgers.views.reading import item_read


@dataclass(frozen=True)
class Act:
    """What a verb needs to become a page."""

    form: type[verbs.ActForm]
    action: Callable[..., Any]


ACTS = {
    "send_back": Act(verbs.SendBackForm, actions.send_back_item),
    "split": Act(verbs.SplitForm, actions.split_item),
    "block": Act(verbs.BlockForm, actions.block_item),
    "unblock": Act(verbs.NothingForm, actions.unblock_item),
    "assign": Act(verbs.AssignForm, actions.assign_item),
    "rename": Act(verbs.RenameForm, actions.rename_item),
    "drop": Act(verbs.DropForm, actions.drop_item),
    "give_notice": Act(verbs.GiveNoticeForm, actions.give_notice),
    "withdraw_notice": Act(verbs.WithdrawNoticeForm, actions.withdraw_notice),
    "sign": Act(verbs.SignForm, actions.sign_condition),
    "open_case": Act(verbs.OpenCaseForm, actions.open_case),
    "link_case": Act(verbs.LinkCaseForm, actions.link_case),
}


@login_required
def act(request: HttpRequest, campaign: str, item: int, verb: str) -> HttpResponse:
    """GET: the verb's form (a dialog for HTMX, else a page). POST: do it."""
    found = item_read(request, campaign, item)
    form_class = ACTS[verb].form
    if request.method != "POST":
        initial = {name: request.GET[name] for name in form_class.base_fields if name in request.GET}
        form = form_class(item=found, user=request.user, initial=initial)
        queries.verdict_for(request.user, found, verb, form.initial).enforce()
        return _form(request, found, verb, form)
    form = form_class(request.POST, request.FILES, item=found, user=request.user)
    queries.verdict_for(request.user, found, verb, request.POST).enforce()
    if not form.is_valid():
        return _form(request, found, verb, form, status=422)
    ACTS[verb].action(found, by=request.user, **form.arguments)
    messages.success(request, f"{found.title}: {rules.FLOW[verb].label}")
    address = _after(request, found)
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


def _after(request: HttpRequest, item: Item) -> str:
    """Back to the item while it is theirs to see, else to the campaign's table."""
    number = item.campaign.number
    if queries.item_numbered(request.user, number, item.number).exists():
        return reverse("ledgers:item", args=[number, item.number])
    return reverse("ledgers:table", args=[number])


def _form(request: HttpRequest, item: Item, verb: str, form: Any, status: int = 200) -> HttpResponse:
    context = {"item": item, "verb": verb, "move": rules.FLOW[verb], "form": form}
    if request.headers.get("HX-Request") and status == 422:
        return render(request, "ledgers/item/_act_form.html", context, status=status)
    if request.headers.get("HX-Request"):
        return render(request, "ledgers/item/_act.html", context)
    context |= head_of(request, item.campaign, "")
    return render(request, "ledgers/item/act.html", context, status=status)


urlpatterns = [
    path(
        f"ledgers/<campaign:campaign>/<int:item>/{verb.replace('_', '-')}/",
        act,
        {"verb": verb},
        name=f"item_{verb}",
    )
    for verb in ACTS
]
