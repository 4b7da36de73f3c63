"""What time does to items: reminders, overdue, the end of grace periods. Nobody is present."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from bihuan.audit import record
from bihuan.cases import clocks
from bihuan.core.clock import local, now
from bihuan.ledgers import rules
from bihuan.ledgers.models import Item

BATCH = 50


class Due(NamedTuple):
    """What comes next in an item by itself, and when."""

    at: datetime
    happen: Callable[[Item, datetime], None]


def take_due_item_steps() -> int:
    """Take every step whose moment has come, each exactly once whatever number of workers run."""
    taken = 0
    for name in ("step_at", "grace_at"):  # one for each index
        while (batch := _take_batch(name)) is not None:
            taken += batch
    return taken


@transaction.atomic
def _take_batch(name: str) -> int | None:
    """Take what is due in some items; None when there are none that another worker does not hold."""
    at = now()
    rows = Item.objects.lean().filter(Q(**{f"{name}__lte": at})).order_by(name)
    items = list(rows.select_for_update(skip_locked=True, of=("self",))[:BATCH])
    return sum(catch_up(item, at) for item in items) if items else None


def catch_up(item: Item, at: datetime) -> int:
    """Let everything happen to a held item whose moment has come, in the order of the moments.

    Every verb does this first: what becomes of an item never depends on when a worker came by.
    """
    happened = 0
    while (due := _next_due(item)) is not None and due.at <= at:
        due.happen(item, due.at)
        happened += 1
    return happened


def _next_due(item: Item) -> Due | None:
    found = []
    if item.step_at is not None:
        found.append(Due(item.step_at, _take_step))
    if item.grace_at is not None:
        found.append(Due(item.grace_at, _end_grace))
    return min(found, key=lambda due: due.at, default=None)


def _take_step(item: Item, at: datetime) -> None:
    """Reminded at the step's own share of the limit, overdue when it is used up."""
    step = clocks.take_step(item, at)
    _write("item.became_overdue" if step.share >= 1 else "item.reminded", item, at)


def _end_grace(item: Item, at: datetime) -> None:
    """The grace period of a notice is over: the gate asks for one thing less."""
    definition, step = item.edition.definition, rules.present_step(item)
    gates = rules.gates_ahead(definition, step, item.answers, at=local(at))
    item.grace_at = rules.next_grace(gates, item, at=at)
    _write("item.grace_ended", item, at)


def _write(verb: str, item: Item, at: datetime) -> None:
    """Save what time changed and record it; however late a worker came, `moment` is when it was due."""
    item.changed_at = now()
    item.save(update_fields=[*clocks.CLOCK_FIELDS, "grace_at", "changed_at"])
    record(
        verb,
        item,
        campaign=item.campaign_id,
        step=item.step_code,
        due=item.due_at.isoformat() if item.due_at else None,
        moment=at.isoformat(),
    )
