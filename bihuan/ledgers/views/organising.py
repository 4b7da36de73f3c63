"""The task force of a campaign, its milestones, its edition, and moving items to that."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from bihuan.ledgers import actions, queries, rules
from bihuan.ledgers.forms.organising import JoinForm, MoveForm, TeamForm, UseEditionForm, milestone_forms
from bihuan.ledgers.models import Campaign
from bihuan.ledgers.queries import preparing
from bihuan.ledgers.views.campaign_context import campaign_page


def _campaign(request: HttpRequest, number: str) -> tuple[Campaign, dict[str, Any]]:
    """The campaign for whoever runs it; for everybody else its settings do not exist."""
    campaign, context = campaign_page(request, number, "settings")
    if not rules.runs(campaign, request.user):
        raise Http404
    return campaign, context


@login_required
def teams(request: HttpRequest, number: str) -> HttpResponse:
    """Teams and people; a POST forms a team."""
    campaign, context = _campaign(request, number)
    form = TeamForm(request.POST or None, campaign=campaign)
    if form.is_valid():
        actions.add_team(campaign, by=request.user, **form.cleaned_data)
        return redirect("ledgers:teams", campaign.number)
    return _teams_page(request, campaign, context, team_form=form)


def _teams_page(
    request: HttpRequest,
    campaign: Campaign,
    context: dict[str, Any],
    *,
    team_form: Any = None,
    join: Any = None,
) -> HttpResponse:
    context |= {
        "force": queries.task_force(request.user, campaign),
        "verbs": queries.verbs_of_campaign(request.user, campaign),
        "team_form": team_form or TeamForm(campaign=campaign),
        "join": join or JoinForm(campaign=campaign),
    }
    wrong = any(form.is_bound for form in (context["team_form"], context["join"]))
    return render(request, "ledgers/settings/teams.html", context, status=422 if wrong else 200)


@login_required
def team(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """What a team is called, where it works, what it answers for."""
    campaign, context = _campaign(request, number)
    found = get_object_or_404(preparing.teams_of(campaign), pk=pk)
    form = TeamForm(request.POST or None, campaign=campaign, team=found)
    if form.is_valid():
        actions.change_team(found, by=request.user, **form.cleaned_data)
        return redirect("ledgers:teams", campaign.number)
    context |= {"form": form, "team": found}
    return render(request, "ledgers/settings/team.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def retire_team(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    campaign, _context = _campaign(request, number)
    found = get_object_or_404(preparing.teams_of(campaign), pk=pk)
    actions.retire_team(found, by=request.user)
    return redirect("ledgers:teams", campaign.number)


@login_required
@require_POST
def join(request: HttpRequest, number: str) -> HttpResponse:
    campaign, context = _campaign(request, number)
    form = JoinForm(request.POST, campaign=campaign)
    if not form.is_valid():
        return _teams_page(request, campaign, context, join=form)
    actions.join_campaign(campaign, by=request.user, **form.cleaned_data)
    return redirect("ledgers:teams", campaign.number)


@login_required
@require_POST
def leave(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    campaign, _context = _campaign(request, number)
    post = get_object_or_404(preparing.posts_of(campaign), pk=pk)
    actions.leave_campaign(post, by=request.user)
    return redirect("ledgers:teams", campaign.number)


@login_required
def milestones(request: HttpRequest, number: str) -> HttpResponse:
    campaign, context = _campaign(request, number)
    rules.may_run("set_milestones", campaign, request.user).enforce()
    forms = milestone_forms(campaign, request.POST or None)
    if forms.is_bound and forms.is_valid():
        actions.set_milestones(campaign, by=request.user, milestones=forms.goals)
        messages.success(request, _("Saved."))
        return redirect("ledgers:settings", campaign.number)
    return render(
        request,
        "ledgers/settings/milestones.html",
        context | {"forms": forms},
        status=422 if forms.is_bound else 200,
    )


@login_required
@require_POST
def use_edition(request: HttpRequest, number: str) -> HttpResponse:
    campaign, _context = _campaign(request, number)
    form = UseEditionForm(request.POST)
    if not form.is_valid():
        raise Http404
    edition = get_object_or_404(preparing.edition_of(campaign, form.cleaned_data["edition"]))
    actions.use_edition(campaign, by=request.user, edition=edition)
    messages.success(request, _("New items begin under edition %(number)s.") % {"number": edition.number})
    return redirect("ledgers:settings", campaign.number)


@login_required
def moving(request: HttpRequest, number: str, edition: int) -> HttpResponse:
    """The open items of an older edition: what would differ, what would be lost; and moving those chosen."""
    campaign, context = _campaign(request, number)
    old = get_object_or_404(preparing.edition_of(campaign, edition))
    seen = queries.items_in(request.user, campaign)
    shown = preparing.moving(campaign, old, seen)
    form = MoveForm(
        request.POST or None, campaign=campaign, items=seen.filter(edition=old), gone=bool(shown.gone)
    )
    if form.is_valid():
        data = form.cleaned_data
        moved = actions.move_items(
            campaign, by=request.user, items=data["items"], step=data.get("step", ""), losing=data["losing"]
        )
        messages.success(
            request,
            ngettext("%(count)s item moved.", "%(count)s items moved.", len(moved)) % {"count": len(moved)},
        )
        return redirect("ledgers:settings", campaign.number)
    context |= {"form": form, "old": old, "shown": shown}
    return render(request, "ledgers/settings/moving.html", context, status=422 if form.is_bound else 200)
