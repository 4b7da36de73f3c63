"""Campaigns in a list, each with how far it has come; costs the same number of queries for any list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from bihuan.core.clock import today
from bihuan.core.paging import Page, page_of
from bihuan.ledgers import rules
from bihuan.ledgers.definition import Figure
from bihuan.ledgers.figures import leaves
from bihuan.ledgers.models import Campaign, CampaignState, Change, Post, Visibility
from bihuan.ledgers.queries.campaigns import campaigns_for

OPEN, ALL = "alive", "all"
STATE_OPEN, STATE_FINISHED, STATE_BLOCKED = "state:open", "state:finished", "state:blocked"
STATES = {
    OPEN: (CampaignState.RUNNING, CampaignState.DRAFT),
    CampaignState.FINISHED: (CampaignState.FINISHED,),
}


@dataclass(frozen=True)
class Value:
    """What a figure came to, as far as this person may know it: `amount` is None where it is too small."""

    figure: Figure
    amount: Decimal | None
    target: Decimal | None

    @property
    def percent(self) -> int | None:
        """How much of the target is reached, in full per cent; nobody is at 100 before it is."""
        if self.amount is None or not self.target:
            return None
        return int(self.amount * 100 // self.target)


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
    states = STATES.get(query.get("state", OPEN))
    if states is not None:
        rows = rows.filter(state__in=states)
    # “running” is the last word in the order of the alphabet, and stands first.
    return page_of(rows, query, key=("-state", "-id"))


def rows_of(user: Any, campaigns: Iterable[Campaign]) -> list[Row]:
    """These campaigns with what a list shows of each."""
    shown = list(campaigns)
    mine = set(
        Post.objects.current()
        .filter(person__in=rules.people_for(user), campaign__in=shown)
        .values_list("campaign", flat=True)
    )
    firsts = {one.pk: next(iter(one.edition.definition.figures), None) for one in shown}
    codes = {figure.code for figure in firsts.values() if figure is not None}
    sums = _sums(Change.objects.filter(campaign__in=shown, figure__in={*codes, STATE_OPEN}))
    found = []
    for campaign in shown:
        figure = firsts[campaign.pk]
        first = figure and value_of(
            campaign, figure, sums.get((campaign.pk, figure.code), Decimal(0)), within=campaign.pk in mine
        )
        still = sums.get((campaign.pk, STATE_OPEN), Decimal(0))
        is_mine = campaign.pk in mine
        found.append(Row(campaign, is_mine, first, shown_to(campaign, still, within=is_mine)))
    return found


def _sums(changes: QuerySet[Change]) -> dict[tuple[int, str], Decimal]:
    rows = changes.filter(day__lte=today()).values_list("campaign", "figure").annotate(total=Sum("amount"))
    return {(campaign, figure): total for campaign, figure, total in rows}


def shown_to(campaign: Campaign, amount: Decimal, *, within: bool) -> Decimal | None:
    """An amount, or None where only its own task force may know a number as small as that."""
    return amount if within else leaves(campaign, amount)


def value_of(campaign: Campaign, figure: Figure, amount: Decimal, *, within: bool) -> Value:
    """What a figure came to. Of a confidential campaign others learn no target: what is missing from it is a
    count as well.
    """
    target = figure.target if within or not campaign.confidential else None
    return Value(figure, shown_to(campaign, amount, within=within), target)


def may_know(campaign: Campaign) -> bool:
    """Whether the numbers of a campaign are for whoever may see the campaign."""
    return not campaign.confidential and campaign.visibility != Visibility.TASK_FORCE
