"""Several items at once: what is to be done to which, how far a worker has come, what was refused and why."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan.core.live import answer_if_changed
from bihuan.ledgers import actions, queries, rules
from bihuan.ledgers.forms.batches import FORMS
from bihuan.ledgers.models import Campaign, Item
from bihuan.ledgers.queries import working
from bihuan.ledgers.views.campaign_context import campaign_page
from bihuan.ledgers.views.working import filtered


@login_required
def batch(request: HttpRequest, number: str) -> HttpResponse:
    """GET: the ticked items and what is asked for once. POST: hand it to a worker."""
    campaign, context = campaign_page(request, number, "table")
    given = request.POST if request.method == "POST" else request.GET
    verb = given.get("do", "")
    rules.may_batch(verb, campaign, request.user, 1).enforce()
    items = _items(request, campaign)
    rules.may_batch(verb, campaign, request.user, len(items)).enforce()
    form = FORMS[verb](
        request.POST if request.method == "POST" else None,
        campaign=campaign,
        teams=queries.teams_for_items(request.user, campaign),
        people=queries.people_for_items(request.user, campaign),
    )
    if request.method == "POST" and form.is_valid():
        started = actions.start_item_batch(
            verb,
            by=request.user,
            token=form.cleaned_data["token"],
            campaign=campaign,
            items=items,
            arguments=form.arguments,
        )
        return redirect("ledgers:batch_progress", number, started.pk)
    context |= {
        "verb": verb,
        "move": rules.FLOW[verb],
        "form": form,
        "items": items,
        "shown": items[:50],
        "found": bool(given.get("found")),
    }
    return render(request, "ledgers/batch.html", context, status=422 if form.is_bound else 200)


def _items(request: HttpRequest, campaign: Campaign) -> list[Item]:
    """Those that were ticked, or all that the filters of the address find."""
    given = request.POST if request.method == "POST" else request.GET
    if given.get("found"):
        filters = filtered(request, campaign).filters()
        return working.items_found(request.user, campaign, filters, most=rules.MOST_ITEMS)
    return working.items_ticked(request.user, campaign, given.getlist("item"))


@login_required
@require_safe
@never_cache
def progress(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    campaign, context = campaign_page(request, number, "table")
    found = get_object_or_404(working.batches_of(request.user, campaign), pk=pk)
    context |= _progress(request, found.pk)
    return render(request, "ledgers/batch_progress.html", context)


@login_required
@require_safe
def progress_live(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """How far it has come, when that changed."""
    campaign, context = campaign_page(request, number, "table")
    found = get_object_or_404(working.batches_of(request.user, campaign), pk=pk)
    context |= _progress(request, found.pk)
    far = context["progress"]
    stamp = f"{far.done}-{far.refused}"
    return answer_if_changed(request, stamp, lambda: render(request, "ledgers/_batch_progress.html", context))


def _progress(request: HttpRequest, pk: int) -> dict[str, object]:
    far = queries.batch_progress(request.user, pk)
    return {
        "progress": far,
        "move": rules.FLOW[far.batch.verb] if far is not None else None,
        "refusals": queries.refusals_of(request.user, far.batch) if far is not None else [],
    }
