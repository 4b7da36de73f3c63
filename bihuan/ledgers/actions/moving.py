"""An item goes over to a newer edition of its ledger, on purpose, and without losing answers unawares."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bihuan.core.text import listed
from bihuan.core.verdicts import no
from bihuan.ledgers.actions.answering import settle_any
from bihuan.ledgers.actions.loop import STEPPED, enter, hold, index_words, keep, lapse_signatures, leave
from bihuan.ledgers.definition.faults import say
from bihuan.ledgers.models import Campaign, Edition, Item, Signature
from bihuan.ledgers.queries.editions import move_shown
from bihuan.ledgers.queries.facts import known_of_place

MOST_MOVED = 200


@transaction.atomic
def move_to_edition(item: Item, *, by: Any, edition: Edition, step: str = "", losing: bool = False) -> Item:
    """Let another edition hold for an item. `queries.move_shown` tells beforehand what that means.

    Answers that do not fit any more are lost only when that is said (`losing`). Where its step is gone, or
    should be another one, `step` names the new one. Its clock does not begin anew at the same step.
    """
    held = hold("move", item, by)
    item = held.item
    if edition.ledger_id != item.edition.ledger_id:
        no("item.other_ledger", _("This edition belongs to another ledger.")).enforce()
    shown = move_shown(item, edition, at=held.here)
    if shown.lost and not losing:
        no(
            "item.would_lose",
            say(_("These answers would be lost: %(fields)s."), fields=listed(shown.lost_labels)),
        ).enforce()
    target = edition.definition.step(step or item.step_code)
    if target is None:
        no("item.step_gone", _("The new edition has no such step. Say at which step it goes on.")).enforce()
        return item
    was = item.edition
    kept = _still_signed(item, edition)
    if target.code != item.step_code:
        leave(held, target.code, back=True)
    item.edition, item.answers = edition, dict(shown.values)
    item.answers = settle_any(item, {}, by=by, here=held.here) if known_of_place(item) else item.answers
    item.path = [code for code in item.path if edition.definition.step(code) is not None]
    if target.code != item.step_code:
        enter(held, target)
    lapse_signatures(item, held.at, keeping=kept)
    index_words(item)
    return keep(
        held,
        "move",
        ["edition", "answers", *STEPPED],
        was=was.number,
        edition=edition.number,
        step=target.code,
        lost=sorted(shown.lost) or None,
    )


@transaction.atomic
def move_items(
    campaign: Campaign, *, by: Any, items: Iterable[Item], step: str = "", losing: bool = False
) -> list[Item]:
    """Let several items go over to the edition of their campaign: all of them, or none.

    `step` is for those whose own step is gone; the others stay where they are. The campaign is held alone:
    who holds the figures of one item and then wants the next one would meet others crosswise.
    """
    campaign = Campaign.objects.locked(campaign.pk)
    edition = campaign.edition
    chosen = sorted(items, key=lambda item: item.pk)
    if len(chosen) > MOST_MOVED:
        no(
            "batch.too_many", _("At most %(most)s items can be done at once.") % {"most": MOST_MOVED}
        ).enforce()
    if any(item.campaign_id != campaign.pk for item in chosen):
        no("item.other_campaign", _("One of these items belongs to another campaign.")).enforce()
    return [
        move_to_edition(
            item,
            by=by,
            edition=edition,
            step="" if edition.definition.step(item.step_code) is not None else step,
            losing=losing,
        )
        for item in chosen
    ]


def _still_signed(item: Item, edition: Edition) -> frozenset[tuple[str, int]]:
    """The conditions that the new edition asks for in the very same words at the same place."""
    kept = set()
    old = item.edition.definition
    for one in Signature.objects.filter(item=item, lapsed_at=None):
        before, after = old.gate(one.gate), edition.definition.gate(one.gate)
        place = one.condition
        if before and after and before.conditions[place : place + 1] == after.conditions[place : place + 1]:
            kept.add((one.gate, place))
    return frozenset(kept)
