"""The page of one item: what is known, what is to be done next, and the form with which it is done."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.ledgers import actions, queries, rules
from bihuan.ledgers.forms.answers import AnswersForm
from bihuan.ledgers.forms.correcting import CorrectionForm
from bihuan.ledgers.forms.items import NewItemForm
from bihuan.ledgers.models import Item
from bihuan.ledgers.queries import working
from bihuan.ledgers.queries.values import known_of
from bihuan.ledgers.views.campaign_context import campaign_page, head_of
from bihuan.ledgers.views.keeping_offline import may_be_kept
from bihuan.ledgers.views.reading import item_read


@login_required
@require_safe
def show(request: HttpRequest, campaign: str, item: int) -> HttpResponse:
    found = item_read(request, campaign, item)
    return may_be_kept(_page(request, found, AnswersForm(found)), found.changed_at)


@login_required
@require_POST
def send(request: HttpRequest, campaign: str, item: int) -> HttpResponse:
    """Take what was filled in, from a page or a phone that kept it; the same key again does nothing more."""
    found = item_read(request, campaign, item)
    form = AnswersForm(found, request.POST, request.FILES)
    arrived = queries.has_arrived(request.user, found, form.key)
    if not arrived:
        if form.is_of_this_step:
            rules.may("take_step" if form.done else "fill", found, request.user).enforce()
        if form.is_of_this_step and not form.is_valid():
            return _again(request, found, form)
        if form.is_of_this_step and not _wants_json(request) and not form.way_on:
            return _page(request, found, form, status=409)
        actions.send_answers(found, by=request.user, **form.sending)
    return _taken(request, found, done=form.done)


def _again(request: HttpRequest, item: Item, form: AnswersForm) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"faults": form.faults(), "ways": form.ways_offered()}, status=422)
    return _page(request, item, form, status=200 if form.is_only_changed else 422)


def _taken(request: HttpRequest, item: Item, *, done: bool) -> HttpResponse:
    still = queries.item_numbered(request.user, item.campaign.number, item.number).exists()
    address = reverse("ledgers:item", args=[item.campaign.number, item.number])
    url = address if still else reverse("ledgers:mine")
    sentence = _("The step is done.") if done else _("Kept.")
    messages.success(request, f"{item.title}: {sentence}")
    if _wants_json(request):
        return JsonResponse({"done": True, "url": url, "sentence": sentence})
    return redirect(url)


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _page(request: HttpRequest, item: Item, form: AnswersForm, status: int = 200) -> HttpResponse:
    shown = queries.item_shown(request.user, item)
    context: dict[str, Any] = {
        "item": item,
        "shown": shown,
        "form": form,
        "face": queries.clock_face(item),
        "known": known_of(item),
        "chain": queries.chain_of(item),
        "events": queries.history_of(request.user, item),
        "reads_words": queries.reads_words(request.user, item),
        "sweeps": rules.keeps_some(request.user),
        "reads_remarks": rules.reads_remarks(item, request.user),
        "fills": bool(shown.verbs["fill"]),
        "takes": bool(shown.verbs["take_step"]),
        "beside": queries.verbs_beside(shown),
    }
    context |= head_of(request, item.campaign, "")
    return render(request, "ledgers/item/show.html", context, status=status)


@login_required
def correct(request: HttpRequest, campaign: str, item: int) -> HttpResponse:
    """Put right whatever an item says, with a reason."""
    found = item_read(request, campaign, item)
    rules.may("correct", found, request.user).enforce()
    posted = request.method == "POST"
    form = CorrectionForm(found, request.POST if posted else None, request.FILES if posted else None)
    if form.is_valid():
        actions.correct_item(found, by=request.user, answers=form.changed, reason=form.reason)
        messages.success(request, f"{found.title}: {rules.FLOW['correct'].label}")
        return redirect("ledgers:item", campaign, item)
    status = 422 if posted and not form.is_only_changed else 200
    context = {"item": found, "form": form} | head_of(request, found.campaign, "")
    return render(request, "ledgers/item/correct.html", context, status=status)


@login_required
def new(request: HttpRequest, number: str) -> HttpResponse:
    """Enter one thing into a campaign."""
    campaign, context = campaign_page(request, number, "table")
    working.may_add_somewhere(request.user, campaign).enforce()
    form = NewItemForm(
        request.POST or None,
        campaign=campaign,
        teams=queries.teams_for_items(request.user, campaign),
        people=queries.people_for_items(request.user, campaign),
    )
    if request.method == "POST" and form.is_valid():
        return _entered(request, actions.add_item(campaign, by=request.user, draft=form.draft()))
    if form.is_bound and _wants_json(request):
        return JsonResponse({"faults": form.faults()}, status=422)
    context |= {"form": form}
    page = render(request, "ledgers/new_item.html", context, status=422 if form.is_bound else 200)
    return page if form.is_bound else may_be_kept(page)


def _entered(request: HttpRequest, item: Item) -> HttpResponse:
    number = item.campaign.number
    sees = queries.item_numbered(request.user, number, item.number).exists()
    url = reverse(
        "ledgers:item" if sees else "ledgers:campaign", args=[number, item.number] if sees else [number]
    )
    sentence = _("%(title)s was entered.") % {"title": item.title}
    messages.success(request, sentence)
    if _wants_json(request):
        return JsonResponse({"done": True, "url": url, "sentence": sentence})
    return redirect(url)
