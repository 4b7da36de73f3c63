"""Taking what phones send, once: without a network they send late, often not knowing whether it arrived."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bihuan.core.clock import now
from bihuan.core.verdicts import Refusal
from bihuan.ledgers.actions.loop import lock
from bihuan.ledgers.actions.stepping import fill_item, take_step
from bihuan.ledgers.models import Item, Sending


@transaction.atomic
def send_answers(
    item: Item,
    *,
    by: Any,
    key: UUID,
    step: str,
    done: bool,
    answers: Mapping[str, Any],
    to: str | None = None,
    note: str = "",
) -> Item:
    """Keep what somebody filled in at a step, or take the step with it; the same key again does nothing.

    `step` is where the item stood when the form was opened: elsewhere something else is asked by now.
    """
    held = lock(item)
    if Sending.objects.filter(item=held, by=by, key=key).exists():
        return held
    if held.step_code != step:
        raise Refusal("item.gone_on", _("This item is at another step by now."))
    if done:
        held = take_step(held, by=by, answers=answers, to=to, note=note)
    else:
        held = fill_item(held, by=by, answers=answers)
    verb = "take_step" if done else "fill"
    Sending.objects.create(item=held, by=by, key=key, verb=verb, at=now())
    return held
