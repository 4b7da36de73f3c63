"""Who may do what to an item now."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.cases.models import Case, State
from bihuan.core.verdicts import YES, Verdict, no, yes
from bihuan.ledgers.definition import Condition, Step
from bihuan.ledgers.definition.faults import say
from bihuan.ledgers.definition.model import SIGNATURE
from bihuan.ledgers.models import CampaignState, CaseLink, Item, LinkKind, Passage
from bihuan.ledgers.rules.campaigns import wrong_state
from bihuan.ledgers.rules.flow import FLOW, LEAD, SIGNER, STEP
from bihuan.ledgers.rules.gates import signs
from bihuan.ledgers.rules.standing import Right, belongs_to, leads_item, may_take, sees_item
from bihuan.ledgers.rules.ways import step_of


def present_step(item: Item) -> Step:
    """The step that is to be done next, as the item's own edition has it."""
    return step_of(item.edition.definition, item.step_code)


def may(verb: str, item: Item, by: Any, *, condition: Condition | None = None) -> Verdict:
    """Whether this person may do this to this item now. `condition` is what is to be signed for."""
    move = FLOW[verb]
    if not sees_item(item, by):
        return no("item.not_yours", _("Only the task force of this campaign can do that."))
    right = right_of(move.who, item, by, condition)
    if right is None:
        return not_yours(move.who, item)
    if item.campaign.state != CampaignState.RUNNING:
        return wrong_state(item.campaign)
    if item.state not in move.start:
        return no("item.wrong_state", _("This item is %(state)s.") % {"state": item.get_state_display()})
    for guard in move.guards:
        answer = GUARDS[guard](item, by, right)
        if not answer:
            return answer
    return yes(right)


def right_of(who: str, item: Item, by: Any, condition: Condition | None) -> Right | None:
    if who == STEP:
        return may_take(present_step(item), item, by)
    if who == LEAD:
        return leads_item(item, by)
    if who == SIGNER:
        return signs(condition, item, by) if condition is not None and condition.kind == SIGNATURE else None
    return belongs_to(item, by) or leads_item(item, by) or may_take(present_step(item), item, by)


def not_yours(who: str, item: Item) -> Verdict:
    if who == STEP:
        step = present_step(item)
        return no(
            "item.not_your_step", say(_("The step “%(step)s” is somebody else's to take."), step=step.name)
        )
    if who == LEAD:
        return no("item.not_leader", _("Only who runs the campaign, or leads the team, can do that."))
    if who == SIGNER:
        return no("item.not_signer", _("You are not among those who sign for this condition."))
    return no("item.not_on_task_force", _("Only who works on this item can do that."))


# -- what must hold besides ----------------------------------------------------------------------------

Guard = Callable[[Item, Any, Right], Verdict]


def _other_than(item: Item, by: Any, right: Right) -> Verdict:
    """Four eyes: neither who did the other step, nor the absent person for whom it was or would be done."""
    step = present_step(item)
    if not step.other_than:
        return YES
    done = Passage.objects.filter(item=item, step=step.other_than, back=False, left_at__isnull=False)
    last = done.order_by("-pk").first()
    if last is None:
        return YES
    did = {last.left_by_id, last.left_for_id} - {None}
    for_whom = getattr(right.on_behalf_of, "pk", None)
    if did & {by.pk, for_whom}:
        return no(
            "item.other_person",
            _("Somebody else must do this step than the person who did the one before."),
        )
    return YES


def waits_for_case(item: Item) -> Verdict:
    """A step that a case completes waits for the case that it opened, or for the one into which that went."""
    if not present_step(item).case_completes:
        return YES
    for case in _cases_of_step(item, [LinkKind.COMPLETES]):
        if case.is_open:
            return no(
                "item.waits_for_case",
                _("This step is done when case %(number)s is closed.") % {"number": case.number},
            )
    return YES


def _cases_of_step(item: Item, kinds: Sequence[str], **narrow: Any) -> Iterator[Case]:
    """The cases of the present step; of one that was merged, the case into which it went."""
    links = CaseLink.objects.filter(item=item, step=item.step_code, kind__in=kinds, **narrow)
    for link in links.select_related("case__merged_into").defer("case__search", "case__merged_into__search"):
        yield link.case.merged_into or link.case


def _case_closed(item: Item, _by: Any, _right: Right) -> Verdict:
    return waits_for_case(item)


def _has_way_back(item: Item, _by: Any, _right: Right) -> Verdict:
    if set(present_step(item).back) & set(item.path):
        return YES
    return no("item.no_way_back", _("From this step nothing can be sent back."))


def _ledger_splits(item: Item, _by: Any, _right: Right) -> Verdict:
    if item.edition.definition.settings.splits:
        return YES
    return no("item.splits_not", _("Items of this ledger cannot be split."))


def _not_blocked(item: Item, _by: Any, _right: Right) -> Verdict:
    if item.is_blocked and not item.blocked_by_rule:
        return no("item.already_blocked", _("This item is reported as blocked already."))
    return YES


def _blocked_by_hand(item: Item, _by: Any, _right: Right) -> Verdict:
    if not item.is_blocked:
        return no("item.not_blocked", _("This item is not blocked."))
    if item.blocked_by_rule:
        return no("item.blocked_by_rule", _("The ledger itself counts it as blocked, by its answers."))
    return YES


def _older_edition(item: Item, _by: Any, _right: Right) -> Verdict:
    latest = item.edition.ledger.editions.order_by("-number").first()
    if latest is None or latest.pk == item.edition_id:
        return no("item.newest_edition", _("This item is kept under the newest edition already."))
    return YES


def _step_opens_case(item: Item, _by: Any, _right: Right) -> Verdict:
    """One case for each stay at the step; another where the first came to nothing, or the item came back."""
    if not present_step(item).opens_case:
        return no("item.opens_no_case", _("This step opens no case."))
    came = Passage.objects.filter(item=item, left_at=None).values("entered_at")
    opened = [LinkKind.OPENED, LinkKind.COMPLETES]
    here = _cases_of_step(item, opened, made_at__gt=came[:1])
    there = any(case.is_open or case.state == State.CLOSED for case in here)
    if there or any(case.is_open for case in _cases_of_step(item, opened)):
        return no("item.case_there", _("This step has opened its case already."))
    return YES


def _money_checked(item: Item, _by: Any, _right: Right) -> Verdict:
    """The step that is the signing waits until a second person has checked the reckoning."""
    from bihuan.ledgers.rules.money import may_sign_money  # which itself needs what is above

    return may_sign_money(item) if present_step(item).locks_money else YES


GUARDS: dict[str, Guard] = {
    "other_than": _other_than,
    "case_closed": _case_closed,
    "has_way_back": _has_way_back,
    "ledger_splits": _ledger_splits,
    "not_blocked": _not_blocked,
    "blocked_by_hand": _blocked_by_hand,
    "older_edition": _older_edition,
    "step_opens_case": _step_opens_case,
    "money_checked": _money_checked,
}
