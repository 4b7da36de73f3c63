"""Campaigns in a list, each with how far it has come; costs the same number of queries for any list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Max, Sum

from bihuan.core.clock import today
from bihuan.core.paging import Page, page_of
from bihuan.ledgers import rules
from bihuan.ledgers.models import Campaign, CampaignState, Change, Milestone, Post
from bihuan.ledgers.queries.campaigns import campaigns_for
from bihuan.ledgers.queries.knowing import OUTSIDE, WHOLE, Value, amount_for, value_for

ALIVE, ALL = "alive", "all"
STATES = {
    ALIVE: (CampaignState.RUNNING, CampaignState.DRAFT),
    CampaignState.FINISHED: (CampaignState.FINISHED,),
}
OPEN = "state:open"


@dataclass(frozen=True)
class Row:
    """A campaign in a list: whether it is one's own, its first figure, how many items are open."""

    campaign: Campaign
    is_mine: bool
    first: Value | None
    open_items: Decimal | None


def campaigns_listed(user: Any, query: Mapping[str, str]) -> Page[Any]:
    """A page of the campaigns that somebody may see, running ones first; `state` may choose past ones."""
    rows = campaigns_for(user)
    states = STATES.get(query.get("state", ALIVE))
    if states is not None:
        rows = rows.filter(state__in=states)
    # “running” is the last word in the order of the alphabet, and stands first.
    return page_of(rows, query, key=("-state", "-id"))


def rows_of(user: Any, campaigns: Iterable[Campaign]) -> list[Row]:
    """These campaigns with what a list shows of each, in three queries."""
    shown = list(campaigns)
    posts = Post.objects.current().filter(person__in=rules.people_for(user), campaign__in=shown)
    places = set(posts.values_list("campaign", "team"))
    mine = {campaign for campaign, _team in places}
    firsts = {one.pk: next(iter(one.edition.definition.figures), None) for one in shown}
    codes = {figure.code for figure in firsts.values() if figure is not None}
    sums = _sums(shown, {*codes, OPEN})
    goals = _goals(shown)
    found = []
    for campaign in shown:
        scope = WHOLE if not campaign.confidential or (campaign.pk, None) in places else OUTSIDE
        figure = firsts[campaign.pk]
        first = None
        if figure is not None:
            key = (campaign.pk, figure.code)
            amount = sums.get(key, Decimal(0))
            first = value_for(scope, campaign, figure, amount, goal=goals.get(key))
        still_open = amount_for(scope, campaign, sums.get((campaign.pk, OPEN), Decimal(0)))
        found.append(Row(campaign, campaign.pk in mine, first, still_open))
    return found


def _goals(campaigns: list[Campaign]) -> dict[tuple[int, str], Decimal]:
    """The highest milestone of each figure."""
    rows = Milestone.objects.filter(campaign__in=campaigns).order_by()
    highest = rows.values_list("campaign", "figure").annotate(goal=Max("amount"))
    return {(campaign, figure): goal for campaign, figure, goal in highest}


def _sums(campaigns: list[Campaign], codes: set[str]) -> dict[tuple[int, str], Decimal]:
    rows = Change.objects.filter(campaign__in=campaigns, figure__in=codes, day__lte=today())
    totals = rows.values_list("campaign", "figure").annotate(total=Sum("amount"))
    return {(campaign, figure): total for campaign, figure, total in totals}
