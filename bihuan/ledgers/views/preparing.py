"""Making a campaign, changing it, beginning and ending it; finding people for its task force."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.ledgers import actions, queries, rules
from bihuan.ledgers.forms.campaigns import CampaignForm, FinishForm, NewCampaignForm
from bihuan.ledgers.queries import preparing, staff
from bihuan.ledgers.views.campaign_context import campaign_page
from bihuan.ledgers.views.keeping import for_keepers


@for_keepers
def new_campaign(request: HttpRequest, code: str) -> HttpResponse:
    """A campaign of a ledger: where, how long, what for, who leads it."""
    ledger = get_object_or_404(queries.ledger_coded(request.user, code))
    edition = queries.latest_edition(ledger)
    form = NewCampaignForm(
        request.POST or None, definition=edition.definition, areas=queries.areas_kept(request.user)
    )
    if not form.is_valid():
        context = {"form": form, "ledger": ledger, "edition": edition}
        return render(request, "ledgers/campaign_new.html", context, status=422 if form.is_bound else 200)
    campaign = actions.make_campaign(edition, by=request.user, **form.cleaned_data)
    messages.success(request, _("The campaign is prepared. Form its teams, then let it begin."))
    return redirect("ledgers:settings", campaign.number)


@login_required
@require_safe
def settings(request: HttpRequest, number: str) -> HttpResponse:
    """Everything that whoever runs a campaign can set, on one page."""
    campaign, context = campaign_page(request, number, "settings")
    if not rules.runs(campaign, request.user):
        raise Http404
    context |= {
        "verbs": queries.verbs_of_campaign(request.user, campaign),
        "force": queries.task_force(request.user, campaign),
        "milestones": preparing.milestones_shown(request.user, campaign),
        "editions": preparing.editions_in_use(request.user, campaign),
        "sweeps": preparing.sweeps_of(request.user, campaign),
        "newer": preparing.newer_edition(campaign),
        "may_see_ledger": rules.keeps_ledgers(request.user, campaign.area),
        "missing": preparing.missing_before_begin(campaign),
    }
    return render(request, "ledgers/settings/index.html", context)


@login_required
def change(request: HttpRequest, number: str) -> HttpResponse:
    campaign, context = campaign_page(request, number, "settings")
    rules.may_run("change", campaign, request.user).enforce()
    form = CampaignForm(request.POST or None, campaign=campaign)
    if form.is_valid():
        actions.change_campaign(campaign, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("ledgers:settings", campaign.number)
    return render(
        request,
        "ledgers/settings/change.html",
        context | {"form": form},
        status=422 if form.is_bound else 200,
    )


@login_required
@require_POST
def begin(request: HttpRequest, number: str) -> HttpResponse:
    campaign, _context = campaign_page(request, number, "settings")
    actions.begin_campaign(campaign, by=request.user)
    messages.success(request, _("The campaign has begun. Items can be added now."))
    return redirect("ledgers:campaign", campaign.number)


@login_required
def finish(request: HttpRequest, number: str) -> HttpResponse:
    """What ending a campaign means, its lessons, and the end."""
    campaign, context = campaign_page(request, number, "settings")
    rules.may_run("finish", campaign, request.user).enforce()
    form = FinishForm(request.POST or None, initial={"lessons": campaign.lessons})
    if form.is_valid():
        actions.finish_campaign(campaign, by=request.user, **form.cleaned_data)
        messages.success(request, _("The campaign is finished."))
        return redirect("ledgers:campaign", campaign.number)
    context |= {"form": form, "still_open": preparing.still_open(request.user, campaign)}
    return render(request, "ledgers/settings/finish.html", context, status=422 if form.is_bound else 200)


@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """People that answer to ?q=, for whoever forms a task force."""
    if not staff.may_look_for_people(request.user):
        raise Http404
    found = staff.people_like(request.user, request.GET.get("q", "")[:100])
    return JsonResponse([one.as_json() for one in found], safe=False)
