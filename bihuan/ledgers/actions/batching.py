"""Several items, one press: each item in a transaction of its own, under its own rules, by a worker."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import User
from bihuan.audit import record
from bihuan.audit.queueing import queue_jobs
from bihuan.core.clock import now
from bihuan.core.verdicts import Refusal
from bihuan.ledgers import rules
from bihuan.ledgers.actions.assigning import assign_item
from bihuan.ledgers.actions.loop import lock
from bihuan.ledgers.actions.stepping import take_step
from bihuan.ledgers.models import BatchRow, Campaign, Item, ItemBatch, Team

CARRY_OUT = "ledgers.carry_out_batch"  # the task that goes through the items


def _assign(item: Item, by: Any, told: dict[str, Any]) -> Item:
    """What is not named stays as it is."""
    team = Team.objects.get(pk=told["team"]) if told.get("team") else item.team
    person = User.objects.get(pk=told["responsible"]) if told.get("responsible") else item.responsible
    return assign_item(item, by=by, team=team, responsible=person)


def _take(item: Item, by: Any, told: dict[str, Any]) -> Item:
    """Only from the step at which they stood when somebody ticked them: elsewhere another step is due."""
    if item.step_code != told["step"]:
        raise Refusal("item.gone_on", _("This item is at another step by now."))
    return take_step(item, by=by, to=told.get("to"))


PRESSES: dict[str, Callable[[Item, Any, dict[str, Any]], Item]] = {"assign": _assign, "take_step": _take}


@transaction.atomic
def start_item_batch(
    verb: str, *, by: Any, token: UUID, campaign: Campaign, items: Sequence[Item], arguments: dict[str, Any]
) -> ItemBatch:
    """Write down what is to be done to which items, for a worker. The same form sent twice is one batch.

    `arguments`: of assign `team` and `responsible` by key, of take_step `step` and, if need be, `to`.
    """
    rules.may_batch(verb, campaign, by, len(items)).enforce()
    User.objects.locked(by.pk)
    known = ItemBatch.objects.filter(by=by, token=token).first()
    if known is not None:
        return known
    batch = ItemBatch.objects.create(
        campaign=campaign,
        by=by,
        token=token,
        verb=verb,
        arguments=arguments,
        language=get_language() or "",
        total=len(items),
        at=now(),
    )
    own = [item for item in items if item.campaign_id == campaign.pk]
    BatchRow.objects.bulk_create(BatchRow(batch=batch, item=item) for item in own)
    record("batch.started", batch, by=by, of=verb, campaign=campaign.pk, items=len(own))
    queue_jobs(CARRY_OUT, [{"batch_id": batch.pk}], queue="exports")
    return batch


def carry_out_item_batch(batch: ItemBatch, *, by: Any) -> ItemBatch:
    """Do what is not done yet, one item after the other; what its rules refuse is noted and passed over.

    Begun twice at once, or broken off and begun again, each item is still done once.
    """
    rules.may_go_on(batch, by).enforce()
    with override(batch.language or None):
        for pk in list(batch.rows.filter(done_at=None).order_by("pk").values_list("pk", flat=True)):
            _carry_out(pk, batch, by)
    return batch


@transaction.atomic
def _carry_out(pk: int, batch: ItemBatch, by: Any) -> None:
    """What becomes of one item, and the note of it, commit together."""
    row = BatchRow.objects.select_for_update(of=("self",)).get(pk=pk)
    if row.done_at is not None:
        return
    item = lock(Item(pk=row.item_id, campaign_id=batch.campaign_id))  # what stays as it is, is as it is now
    row.ok, row.done_at = True, now()
    try:
        with transaction.atomic():
            PRESSES[batch.verb](item, by, batch.arguments)
    except Refusal as refusal:
        row.ok, row.code, row.sentence = False, refusal.code, str(refusal.sentence)
    row.save(update_fields=["ok", "done_at", "code", "sentence"])
