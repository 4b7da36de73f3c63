"""The campaigns that somebody may see, and the overview of one."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from bihuan.ledgers import queries, rules
from bihuan.ledgers.queries import overview, progress
from bihuan.ledgers.views.campaign_context import campaign_page


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What is going on: the campaigns that this person may see, running ones first."""
    if not rules.works_with_ledgers(request.user):
        raise Http404
    page = overview.campaigns_listed(request.user, request.GET)
    context = {
        "page": page,
        "rows": overview.rows_of(request.user, page),
        "tabs": _tabs(request.GET.get("state", overview.ALIVE)),
        "keeps": rules.keeps_some(request.user),
    }
    return render(request, "ledgers/index.html", context)


def _tabs(chosen: str) -> list[dict[str, object]]:
    address = reverse("ledgers:index")
    words = {
        overview.ALIVE: _("Running and in preparation"),
        "finished": pgettext("campaigns", "Finished"),
        overview.ALL: _("All"),
    }
    known = chosen if chosen in words else overview.ALIVE
    return [
        {"label": label, "url": f"{address}?state={code}", "current": code == known}
        for code, label in words.items()
    ]


@login_required
@require_safe
def show(request: HttpRequest, number: str) -> HttpResponse:
    """The overview of a campaign."""
    campaign, context = campaign_page(request, number, "overview")
    context |= {
        "shown": progress.overview_of(request.user, campaign, figure=request.GET.get("figure", "")),
        "force": queries.task_force(request.user, campaign),
        "verbs": queries.verbs_of_campaign(request.user, campaign),
    }
    return render(request, "ledgers/campaign.html", context)


@require_safe
def public(request: HttpRequest, number: str) -> HttpResponse:
    """The numbers of a campaign that everybody may see: counts and nothing else, without an account."""
    campaign = get_object_or_404(progress.public_campaign(number))
    shown = progress.public_overview(campaign, figure=request.GET.get("figure", ""))
    return render(request, "ledgers/public.html", {"campaign": campaign, "shown": shown})
