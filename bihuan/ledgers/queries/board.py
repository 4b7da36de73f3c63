"""The board of a campaign: a column for each step, how many items stand there, the most urgent first."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F

from bihuan.core.clock import today
from bihuan.ledgers import figures
from bihuan.ledgers.definition import Step
from bihuan.ledgers.models import Campaign, Item
from bihuan.ledgers.queries.items import ItemFilters, items_in, sees_all

BOARD_ROWS = 20  # of each step; what is beyond them is counted, and found in the table


@dataclass(frozen=True)
class Column:
    """One step of the board. Steps that only older editions have come last."""

    code: str
    step: Step | None
    total: int
    items: list[Item]

    @property
    def beyond(self) -> int:
        """How many more there are than are shown."""
        return self.total - len(self.items)


def board(
    user: Any, campaign: Campaign, *, filters: ItemFilters | None = None, rows: int = BOARD_ROWS
) -> list[Column]:
    """The open items of a campaign by step, as this person may see them. Costs a query for each step.

    How many there are is read from the figures where nothing narrows them, and counted elsewhere.
    """
    items = items_in(user, campaign).open()
    if filters is not None:
        items = filters.narrow(items)
    if filters is None and sees_all(user, campaign):
        totals = {
            figure.removeprefix("step:"): int(amount)
            for figure, amount in figures.standing(campaign, today()).items()
        }
    else:
        counted = items.order_by().values_list("step_code").annotate(number=Count("pk"))
        totals = dict(counted)
    steps = {step.code: step for step in campaign.edition.definition.steps}
    codes = [*steps, *sorted(code for code, total in totals.items() if code not in steps and total)]
    urgent = items.order_by(F("due_at").asc(nulls_last=True), "pk")
    return [
        Column(
            code,
            steps.get(code),
            totals.get(code, 0),
            list(urgent.filter(step_code=code)[:rows]) if totals.get(code) else [],
        )
        for code in codes
    ]
