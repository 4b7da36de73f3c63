"""Who may reckon 核算, check, lock and correct: the verbs of money as a table, and what must hold besides."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.core.verdicts import YES, Verdict, no, yes
from bihuan.ledgers.definition.faults import say
from bihuan.ledgers.models import CampaignState, Item, ItemState, MoneyLine, Reckoning
from bihuan.ledgers.rules.campaigns import wrong_state
from bihuan.ledgers.rules.flow import FORCE, LEAD, Move
from bihuan.ledgers.rules.items import not_yours, right_of
from bihuan.ledgers.rules.standing import Right, sees_item

KEPT = frozenset({ItemState.OPEN, ItemState.FINISHED})

MONEY: dict[str, Move] = {
    "begin": Move(_("Begin the reckoning"), FORCE, "item.reckoning_begun", ("not_begun",)),
    "add": Move(_("Add a line"), FORCE, "item.money_added", ("begun", "not_locked")),
    "remove": Move(_("Remove a line"), FORCE, "item.money_removed", ("begun", "not_locked")),
    "check": Move(
        _("Check"), FORCE, "item.reckoning_checked",
        ("begun", "not_locked", "not_checked", "has_lines", "somebody_else"),
    ),
    "lock": Move(
        _("Lock"), LEAD, "item.reckoning_locked", ("begun", "not_locked", "checked", "no_signing_step"), KEPT
    ),
    "correct": Move(
        _("Correct"), LEAD, "item.reckoning_corrected", ("begun", "locked", "somebody_else"), KEPT
    ),
}  # fmt: skip


def may_reckon(verb: str, item: Item, by: Any) -> Verdict:
    """Whether this person may do this to the money of an item now."""
    move = MONEY[verb]
    if not sees_item(item, by):
        return no("item.not_yours", _("Only the task force of this campaign can do that."))
    right = right_of(move.who, item, by, None)
    if right is None:
        return not_yours(move.who, item)
    if item.campaign.state != CampaignState.RUNNING:
        return wrong_state(item.campaign)
    if item.state not in move.start:
        return no("item.wrong_state", _("This item is %(state)s.") % {"state": item.get_state_display()})
    reckoning = Reckoning.objects.filter(item=item).first()
    for guard in move.guards:
        answer = GUARDS[guard](item, reckoning, by, right)
        if not answer:
            return answer
    return yes(right)


def may_sign_money(item: Item) -> Verdict:
    """Whether the money of an item may be signed for: checked by a second person, or locked before."""
    return _checked(item, Reckoning.objects.filter(item=item).first(), None, None)


# -- what must hold besides ----------------------------------------------------------------------------

Guard = Callable[[Item, Reckoning | None, Any, Right | None], Verdict]


def _begun(_item: Item, reckoning: Reckoning | None, _by: Any, _right: Right | None) -> Verdict:
    if reckoning is not None:
        return YES
    return no("money.not_begun", _("Nobody has begun to reckon this item."))


def _not_begun(_item: Item, reckoning: Reckoning | None, _by: Any, _right: Right | None) -> Verdict:
    if reckoning is None:
        return YES
    return no("money.begun", _("This item is being reckoned already."))


def _locked(_item: Item, reckoning: Reckoning | None, _by: Any, _right: Right | None) -> Verdict:
    if reckoning is not None and reckoning.is_locked:
        return YES
    return no("money.not_locked", _("The reckoning is not locked: change its lines instead."))


def _not_locked(_item: Item, reckoning: Reckoning | None, _by: Any, _right: Right | None) -> Verdict:
    if reckoning is None or not reckoning.is_locked:
        return YES
    return no("money.locked", _("The reckoning is locked. Only corrections with a reason can be added."))


def _checked(_item: Item, reckoning: Reckoning | None, _by: Any, _right: Right | None) -> Verdict:
    if reckoning is not None and reckoning.is_checked:
        return YES
    return no("money.not_checked", _("A second person must check the reckoning first."))


def _not_checked(_item: Item, reckoning: Reckoning | None, _by: Any, _right: Right | None) -> Verdict:
    if reckoning is None or not reckoning.is_checked:
        return YES
    return no("money.checked", _("The reckoning is checked already."))


def _has_lines(_item: Item, reckoning: Reckoning | None, _by: Any, _right: Right | None) -> Verdict:
    if reckoning is not None and reckoning.lines.exists():
        return YES
    return no("money.empty", _("The reckoning has no lines yet."))


def _somebody_else(_item: Item, reckoning: Reckoning | None, by: Any, right: Right | None) -> Verdict:
    """Four eyes: nobody who wrote a line, nor the absent person for whom one was or would be written."""
    lines = MoneyLine.objects.filter(reckoning=reckoning, reason="").values_list("by_id", "by_for_id")
    wrote = {pk for line in lines for pk in line if pk is not None}
    if reckoning is not None:
        wrote.add(reckoning.made_by_id)
    if wrote & {by.pk, getattr(getattr(right, "on_behalf_of", None), "pk", None)}:
        return no("money.somebody_else", _("Somebody else must do this than who wrote the lines."))
    return YES


def _no_signing_step(item: Item, _reckoning: Reckoning | None, _by: Any, _right: Right | None) -> Verdict:
    step = next((one for one in item.edition.definition.steps if one.locks_money), None)
    if step is None:
        return YES
    return no(
        "money.locked_by_step",
        say(_("The reckoning is locked by taking the step “%(step)s”."), step=step.name),
    )


GUARDS: dict[str, Guard] = {
    "begun": _begun,
    "not_begun": _not_begun,
    "locked": _locked,
    "not_locked": _not_locked,
    "checked": _checked,
    "not_checked": _not_checked,
    "has_lines": _has_lines,
    "somebody_else": _somebody_else,
    "no_signing_step": _no_signing_step,
}
