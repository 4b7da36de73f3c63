"""The board of a campaign: a column for each step, how many items stand there, the most urgent first."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import F

from bihuan.core.clock import today
from bihuan.ledgers import figures
from bihuan.ledgers.definition import Step
from bihuan.ledgers.models import Campaign, Item, ItemQuerySet
from bihuan.ledgers.queries.items import MOST_COUNTED, ItemFilters, items_in, sees_all
from bihuan.territory.queries import ids_within

BOARD_ROWS = 20  # of each step; what is beyond them is counted, and found in the table


@dataclass(frozen=True)
class Column:
    """One step of the board. Steps that only older editions have come last."""

    code: str
    step: Step | None
    total: int
    items: list[Item]
    is_exact: bool = True

    @property
    def beyond(self) -> int:
        """How many more there are than are shown."""
        return self.total - len(self.items)

    @property
    def is_more(self) -> bool:
        """Whether there may be more than were counted."""
        return self.total >= MOST_COUNTED and not self.is_exact


def board(
    user: Any, campaign: Campaign, *, filters: ItemFilters | None = None, rows: int = BOARD_ROWS
) -> list[Column]:
    """The open items of a campaign by step, as this person may see them. Costs two queries for each step.

    How many there are is read from the figures where nothing but a team or an area narrows them; elsewhere
    they are counted, up to a thousand of each step.
    """
    items = items_in(user, campaign).open()
    if filters is not None:
        items = filters.narrow(items)
    known = _known(user, campaign, filters)
    steps = {step.code: step for step in campaign.edition.definition.steps}
    standing = figures.standing(campaign, today()) if known is None else known
    older = sorted(_code(figure) for figure in standing if _code(figure) not in steps)
    return [_column(items, code, steps.get(code), known, rows) for code in (*steps, *older)]


def _code(figure: str) -> str:
    return figure.removeprefix("step:")


def _known(user: Any, campaign: Campaign, filters: ItemFilters | None) -> dict[str, Decimal] | None:
    """How many items stand at each step, if the figures can tell: what they are split by is team and area."""
    if not sees_all(user, campaign):
        return None
    if filters is None:
        return figures.standing(campaign, today())
    if replace(filters, team=None, area=None) != ItemFilters():
        return None
    area = ids_within(filters.area) if filters.area is not None else None
    return figures.standing(campaign, today(), team=filters.team, area=area)


def _column(
    items: ItemQuerySet, code: str, step: Step | None, known: dict[str, Decimal] | None, rows: int
) -> Column:
    here = items.filter(step_code=code)
    if known is None:
        total = here.order_by().values("pk")[:MOST_COUNTED].count()
    else:
        total = int(known.get(f"step:{code}", 0))
    urgent = here.order_by(F("due_at").asc(nulls_last=True), "pk")
    return Column(code, step, total, list(urgent[:rows]) if total else [], known is not None)
