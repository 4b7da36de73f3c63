"""How much of a campaign's numbers somebody may know, and how they look to them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bihuan.ledgers import rules
from bihuan.ledgers.definition import Figure
from bihuan.ledgers.figures import is_count_of_items, leaves
from bihuan.ledgers.models import Campaign, Visibility


@dataclass(frozen=True)
class Scope:
    """Everything (`whole`), the own teams of a confidential campaign (`teams`), or totals only."""

    whole: bool
    teams: tuple[int, ...] = ()

    @property
    def is_outside(self) -> bool:
        return not self.whole and not self.teams


WHOLE, OUTSIDE = Scope(True), Scope(False)


def scope_of(user: Any, campaign: Campaign) -> Scope:
    """What of its numbers a person who sees a campaign may know.

    Of a campaign that is its task force's alone, whoever keeps ledgers there sees what leaves it: totals, and
    of a confidential one counts in coarse steps. In a confidential one a team knows its own numbers.
    """
    parts = rules.parts_of(campaign, user)
    if not campaign.confidential:
        return WHOLE if parts or campaign.visibility != Visibility.TASK_FORCE else OUTSIDE
    teams = tuple(dict.fromkeys(one.post.team_id for one in parts))
    if None in teams:
        return WHOLE
    return Scope(False, tuple(team for team in teams if team is not None))


@dataclass(frozen=True)
class Value:
    """What a figure came to, as far as this person may know it: `amount` is None where it is too small."""

    figure: Figure
    amount: Decimal | None
    target: Decimal | None

    @property
    def percent(self) -> int | None:
        """How much of the target is reached, in whole per cent; nobody is at 100 before it is."""
        if self.amount is None or not self.target:
            return None
        return int(self.amount * 100 // self.target)

    @property
    def is_reached(self) -> bool:
        return self.percent is not None and self.percent >= 100


def amount_for(scope: Scope, campaign: Campaign, amount: Decimal) -> Decimal | None:
    """An amount of the whole campaign, or None where only its own task force may know so small a number."""
    return leaves(campaign, amount) if scope.is_outside else amount


def value_for(
    scope: Scope, campaign: Campaign, figure: Figure, amount: Decimal, *, goal: Decimal | None = None
) -> Value:
    """What a figure came to, beside its target: what the ledger says, else the highest milestone (`goal`).

    Of a confidential campaign others learn no target: what is missing from it is a count as well. Nor is a
    team measured by the target of all.
    """
    target = figure.target or goal if scope.whole or not campaign.confidential else None
    if scope.is_outside and campaign.confidential and not is_count_of_items(figure):
        return Value(figure, None, target)
    return Value(figure, amount_for(scope, campaign, amount), target)
