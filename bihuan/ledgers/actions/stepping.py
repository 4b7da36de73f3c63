"""The verbs on an item's way: 填写, 办理, 退回, 受阻, 剔除."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bihuan.core.text import clean
from bihuan.core.verdicts import no
from bihuan.ledgers import rules
from bihuan.ledgers.actions.answering import settle, settle_any
from bihuan.ledgers.actions.loop import (
    STEPPED,
    Held,
    end,
    enter,
    hold,
    index_words,
    keep,
    lapse_outdated,
    lapse_signatures,
    leave,
    lift_block,
)
from bihuan.ledgers.actions.money import lock_money, reopen_outdated
from bihuan.ledgers.definition import Step
from bihuan.ledgers.models import Item, ItemState


@transaction.atomic
def fill_item(item: Item, *, by: Any, answers: Mapping[str, Any]) -> Item:
    """Keep what is known so far of what the present step asks; nothing need be complete."""
    held = hold("fill", item, by)
    item = held.item
    item.answers = settle(item, answers, by=by, here=held.here, step=item.step_code, required=False)
    lapse_outdated(held)
    reopen_outdated(held)
    index_words(item)
    return keep(held, "fill", ["answers"], step=item.step_code, asked=sorted(answers))


@transaction.atomic
def correct_item(item: Item, *, by: Any, answers: Mapping[str, Any], reason: str) -> Item:
    """Put right what an earlier step got wrong, or what a finished item says, and say why.

    The difference is today's in the figures; what was reported on earlier evenings stays as it was.
    """
    held = hold("correct", item, by)
    item, reason = held.item, clean(reason)[:200]
    _wants_reason(reason)
    item.answers = settle_any(item, answers, by=by, here=held.here)
    lapse_outdated(held)
    reopen_outdated(held)
    index_words(item)
    return keep(held, "correct", ["answers"], why=reason, step=item.step_code, asked=sorted(answers))


@transaction.atomic
def take_step(
    item: Item, *, by: Any, answers: Mapping[str, Any] | None = None, to: str | None = None, note: str = ""
) -> Item:
    """Do the present step: with its answers and evidence, through the gate before the next one.

    `to` says which way to go where there are several, "" the end. A block is lifted by going on.
    """
    held = hold("take_step", item, by)
    step, following = go_on(held, answers or {}, to=to)
    late = leave(held, following.code if following else "", reason=note)
    lift_block(held.item)
    enter(held, following)
    if answers:
        index_words(held.item)
    return keep(
        held,
        "take_step",
        ["answers", *STEPPED],
        step=step.code,
        to=following.code if following else None,
        late=late,
    )


def go_on(held: Held, answers: Mapping[str, Any], *, to: str | None) -> tuple[Step, Step | None]:
    """Take the answers of a held item's step and find where it goes, or refuse."""
    item, step = held.item, rules.present_step(held.item)
    item.answers = settle(item, answers, by=held.by, here=held.here, step=step.code, required=True)
    lapse_outdated(held)
    reopen_outdated(held, signing=step.locks_money)
    verdict, following = rules.way_on(item, item.answers, to=to, at=held.at)
    verdict.enforce()
    if step.locks_money:
        lock_money(item, by=held.by)
    return step, following


@transaction.atomic
def send_back_item(item: Item, *, by: Any, to: str, reason: str) -> Item:
    """Send an item back to a step that it has passed, and say why. What was signed for lapses."""
    held = hold("send_back", item, by)
    item, reason = held.item, clean(reason)
    step = rules.present_step(item)
    if to not in step.back or to not in item.path:
        no("item.no_way_back", _("From this step it cannot be sent back there.")).enforce()
    _wants_reason(reason)
    late = leave(held, to, back=True, reason=reason)
    lapse_signatures(item, held.at)
    lift_block(item)
    enter(held, rules.step_of(item.edition.definition, to))
    return keep(held, "send_back", STEPPED, step=step.code, to=to, late=late)


def _wants_reason(reason: str) -> None:
    if not reason:
        no("item.reason_missing", _("Please say why.")).enforce()


@transaction.atomic
def block_item(item: Item, *, by: Any, why: str) -> Item:
    """Say that an item cannot go on, and why; it stands in the summary until that is over. Clocks run on."""
    held = hold("block", item, by)
    item, why = held.item, clean(why)[:200]
    _wants_reason(why)
    item.blocked_at, item.blocked_why, item.blocked_by_rule = held.at, why, False
    return keep(held, "block", [], step=item.step_code)


@transaction.atomic
def unblock_item(item: Item, *, by: Any) -> Item:
    """Say that nothing stands in its way any more."""
    held = hold("unblock", item, by)
    lift_block(held.item)
    return keep(held, "unblock", [], step=held.item.step_code)


@transaction.atomic
def drop_item(item: Item, *, by: Any, reason: str) -> Item:
    """Take an item out that was entered by mistake, or twice. It stays on record, and counts nowhere."""
    held = hold("drop", item, by)
    item, reason = held.item, clean(reason)
    _wants_reason(reason)
    step = item.step_code
    leave(held, "", back=True, reason=reason)
    end(item, ItemState.DROPPED, held.at)
    lapse_signatures(item, held.at)
    return keep(held, "drop", STEPPED, step=step)
