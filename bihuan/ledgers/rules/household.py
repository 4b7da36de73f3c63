"""What staff may do about a household's own file, and how long somebody who knows its code may read it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.core.verdicts import YES, Verdict, no, yes
from bihuan.ledgers.models import Item, ItemState, Remark
from bihuan.ledgers.rules.flow import FORCE, Move
from bihuan.ledgers.rules.items import not_yours, right_of
from bihuan.ledgers.rules.standing import sees_item

OPEN_SECONDS = 30 * 60  # after which the code is asked for again: the phone may be somebody else's
REMARKS_WAITING = 5  # of one household that nobody has answered yet

EITHER = frozenset({ItemState.OPEN, ItemState.FINISHED})
HOUSEHOLD: dict[str, Move] = {
    "show_code": Move(_("Show the code"), FORCE, "item.code_shown", start=EITHER),
    "answer": Move(_("Answer"), FORCE, "item.remark_answered", start=EITHER),
}


def may_household(verb: str, item: Item, by: Any, *, remark: Remark | None = None) -> Verdict:
    """Whether this person may hand out the code of an item, or answer what its household asked."""
    move = HOUSEHOLD[verb]
    if not sees_item(item, by):
        return no("item.not_yours", _("Only the task force of this campaign can do that."))
    right = right_of(move.who, item, by, None)
    if right is None:
        return not_yours(move.who, item)
    if item.state not in move.start:
        return no("item.wrong_state", _("This item is %(state)s.") % {"state": item.get_state_display()})
    if remark is not None and remark.answered_at is not None:
        return no("household.answered", _("This has been answered already."))
    return yes(right)


def reads_remarks(item: Item, by: Any) -> bool:
    """Whether somebody reads what a household wrote: who works on its item, not whoever sees it."""
    return sees_item(item, by) and right_of(FORCE, item, by, None) is not None


def may_remark(item: Item, waiting: int) -> Verdict:
    """Whether a household may ask for another correction."""
    if item.state == ItemState.DROPPED:
        return no("item.wrong_state", _("This item is %(state)s.") % {"state": item.get_state_display()})
    if waiting >= REMARKS_WAITING:
        return no(
            "household.many_waiting",
            _("%(count)s of your requests wait for an answer. Please wait for it.") % {"count": waiting},
        )
    return YES
