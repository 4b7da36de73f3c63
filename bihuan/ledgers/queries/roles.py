"""What waits for somebody by their duty or role in a task force: steps to take, conditions to sign for."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from bihuan.core.clock import local
from bihuan.ledgers import rules
from bihuan.ledgers.definition import Definition, Step
from bihuan.ledgers.definition.model import ROLE, SIGNATURE, TEAM_LEADER
from bihuan.ledgers.models import (
    LEADER,
    Campaign,
    CampaignState,
    Edition,
    Item,
    Post,
    Signature,
    Visibility,
)
from bihuan.ledgers.queries.campaigns import campaigns_for
from bihuan.ledgers.queries.items import items_visible_to
from bihuan.ledgers.rules.standing import may_take

MOST_CAMPAIGNS = 60
LOOKED_AT = 3  # items looked at for each that is shown: some turn out to be another area's


def items_by_role(user: Any, *, rows: int = 30) -> list[Item]:
    """Open items whose step somebody takes by a duty or a role, most urgent first: checking, accepting, …

    Their own items, and those of their teams, stand in the other lists.
    """
    wanted = {}
    for campaign, words in _campaigns(user):
        steps = campaign.edition.definition.steps
        wanted[campaign] = [step.code for step in steps if words & set(step.who)]
    found = _urgent(user, wanted, rows)
    mine = rules.people_for(user)
    others = (item for item in found if item.responsible_id not in mine)
    return [item for item in others if may_take(rules.present_step(item), item, user)][:rows]


def items_to_sign(user: Any, *, rows: int = 30) -> list[Item]:
    """Open items before a gate of which this person could sign a condition that nobody has signed yet."""
    wanted = {}
    for campaign, words in _campaigns(user):
        definition = campaign.edition.definition
        gates = {gate.code for gate in definition.gates if any(words & set(who) for who in _signers(gate))}
        wanted[campaign] = [step.code for step in definition.steps if gates & _gates_near(definition, step)]
    found = _urgent(user, wanted, rows)
    standing = Signature.objects.filter(item__in=found, lapsed_at=None)
    signed = set(standing.values_list("item", "gate", "condition"))
    return [item for item in found if _waits(item, user, signed)][:rows]


def has_todays_list(user: Any) -> bool:
    """Whether the menu offers somebody today's list: they are of a task force at work, or have a duty that
    takes steps or signs in a campaign of theirs.
    """
    posts = Post.objects.current().filter(person__in=rules.people_for(user), campaign=OuterRef("pk"))
    rows = campaigns_for(user, state=CampaignState.RUNNING).annotate(on_force=Exists(posts))
    found = rows.order_by("-on_force", "-pk").values_list("on_force", "visibility", "edition")
    near = list(found[:MOST_CAMPAIGNS])
    if any(on_force for on_force, _seen_by, _edition in near):
        return True
    kinds = {str(held.kind) for held in user.duties_now()} if near else set()
    editions = {edition for _on_force, seen_by, edition in near if seen_by != Visibility.TASK_FORCE}
    return any(kinds & _who_acts(Edition(pk=edition).definition) for edition in editions)


def _who_acts(definition: Definition) -> set[str]:
    """The words of everybody who takes a step or signs a condition."""
    takes = {word for step in definition.steps for word in step.who}
    return takes.union(*(who for gate in definition.gates for who in _signers(gate)))


def _campaigns(user: Any) -> Iterator[tuple[Campaign, set[str]]]:
    """The running campaigns of somebody, each with the words by which its ledger means them."""
    people = rules.people_for(user)
    if not people:
        return
    kinds = {str(held.kind) for held in user.duties_now()}
    roles: dict[int, set[str]] = {}
    for campaign, role in Post.objects.current().filter(person__in=people).values_list("campaign", "role"):
        roles.setdefault(campaign, set()).add(TEAM_LEADER if role == LEADER else f"{ROLE}{role}")
    near = list(campaigns_for(user, state=CampaignState.RUNNING)[:MOST_CAMPAIGNS])
    rules.learn_parts(near, user)
    for one in near:
        yield one, kinds | roles.get(one.pk, set())


def _urgent(user: Any, wanted: dict[Campaign, list[str]], rows: int) -> list[Item]:
    """Open items at these steps, most urgent first; what is known of a campaign is asked once."""
    at = Q(pk__in=())
    for campaign, codes in wanted.items():
        if codes:
            at |= Q(campaign=campaign, step_code__in=codes)
    found = items_visible_to(user).open().filter(at)
    known = {campaign.pk: campaign for campaign in wanted}
    items = list(found.order_by(F("due_at").asc(nulls_last=True), "pk")[: LOOKED_AT * rows])
    for item in items:
        item.campaign = known[item.campaign_id]
    return items


def _signers(gate: Any) -> Iterable[tuple[str, ...]]:
    return [one.who for one in gate.conditions if one.kind == SIGNATURE]


def _gates_near(definition: Definition, step: Step, seen: frozenset[str] = frozenset()) -> set[str]:
    """The gates that may lie before an item at this step: of the first step its own, of others the next."""
    near = {step.gate} if step.code == definition.steps[0].code and not seen else set()
    for code in step.next:
        following = rules.step_of(definition, code)
        near.add(following.gate)
        if following.relevant and code not in seen:  # may be passed over
            near |= _gates_near(definition, following, seen | {step.code, code})
    return near - {""}


def _waits(item: Item, user: Any, signed: set[tuple[int, str, int]]) -> bool:
    definition, step = item.edition.definition, rules.present_step(item)
    for gate in rules.gates_ahead(definition, step, item.answers, at=local()):
        for place, condition in enumerate(gate.conditions):
            if condition.kind != SIGNATURE or (item.pk, gate.code, place) in signed:
                continue
            if rules.may("sign", item, user, condition=condition):
                return True
    return False
