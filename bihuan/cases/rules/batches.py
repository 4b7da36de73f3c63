"""Which verbs may be pressed for several cases at once: those that need no look at each of them."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.rules import held as held_by
from bihuan.cases.models import Batch
from bihuan.cases.rules.flow import FLOW
from bihuan.core.verdicts import YES, Verdict, no

MOST_CASES = 100
BATCH_VERBS = ("send_to_verify", "assign", "acknowledge", "close")


def batch_verbs_for(by: Any) -> list[str]:
    """The verbs that this person's duties allow at all; each case asks its own rules."""
    return [verb for verb in BATCH_VERBS if held_by(by, FLOW[verb].who)]


def may_batch(verb: str, by: Any, cases: Collection[Any]) -> Verdict:
    """Whether somebody may press this verb for that many cases."""
    if verb not in batch_verbs_for(by):
        return no("batch.not_your_duty", _("None of your duties allows this for several cases."))
    if not cases:
        return no("batch.nothing", _("Tick at least one case."))
    if len(cases) > MOST_CASES:
        return no("batch.too_many", _("At most %(most)s cases can be done at once.") % {"most": MOST_CASES})
    return YES


def may_go_on(batch: Batch, by: Any) -> Verdict:
    if batch.by_id != by.pk:
        return no("batch.not_yours", _("Only the person who began this can go on with it."))
    return YES
