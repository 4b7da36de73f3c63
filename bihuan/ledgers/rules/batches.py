"""Which verbs may be pressed for several items at once: those that need no look at each of them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.core.verdicts import YES, Verdict, no, yes
from bihuan.ledgers.models import Campaign, ItemBatch
from bihuan.ledgers.rules.standing import parts_of, runs

MOST_ITEMS = 5_000
BATCH_VERBS = ("assign", "take_step")


def may_batch(verb: str, campaign: Campaign, by: Any, count: int) -> Verdict:
    """Whether somebody may press this for that many items; each item asks its own rules as well."""
    right = runs(campaign, by) or next(iter(parts_of(campaign, by)), None)
    if verb not in BATCH_VERBS or right is None:
        return no("batch.not_yours", _("Only the task force can do this for several items."))
    if not count:
        return no("batch.nothing", _("Tick at least one item."))
    if count > MOST_ITEMS:
        return no("batch.too_many", _("At most %(most)s items can be done at once.") % {"most": MOST_ITEMS})
    return yes(right)


def may_go_on(batch: ItemBatch, by: Any) -> Verdict:
    if batch.by_id != by.pk:
        return no("batch.not_yours", _("Only the person who began this can go on with it."))
    return YES
