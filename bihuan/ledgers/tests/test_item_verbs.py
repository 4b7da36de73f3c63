"""What holds for every verb of an item: it works; wrong state, wrong person, half a change are refused."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from bihuan.accounts.models import User
from bihuan.audit.queries import faults
from bihuan.core.clock import now, today
from bihuan.core.verdicts import Refusal
from bihuan.ledgers import actions, figures, rules
from bihuan.ledgers.models import Item, NoticeGiven
from bihuan.ledgers.tests.factories import plots, step_changed

pytestmark = pytest.mark.usefixtures("at_nine")
OPENS = step_changed(plots(), "survey", opens_case="01.01", case_completes=True)
NOT_YOURS = {
    "item.not_yours", "item.not_your_step", "item.not_leader", "item.not_on_task_force", "item.not_signer",
}  # fmt: skip


@dataclass(frozen=True)
class Verb:
    """How a verb is pressed: at which step, by whom, and by whom else it might be."""

    at: str
    who: str
    do: Callable[[Item, Any], Any]
    also: frozenset[str] = frozenset()
    definition: Any = None
    before: Callable[[Item, Any], Any] = lambda item, people: None


def _notice(item: Item, by: Any) -> Any:
    return actions.give_notice(item, by=by, channel="door", text="请自行清理")


def _withdraw(item: Item, by: Any) -> Any:
    notice = NoticeGiven.objects.filter(item=item).last()
    return actions.withdraw_notice(item, by=by, notice=notice or NoticeGiven(pk=0), why="误登")


# `clerk` made the campaign and leads its task force; who keeps ledgers of the street runs it as well, but
# the administrator has no duty by which to see items.
LEADERS = frozenset({"clerk", "team_leader", "dispatcher", "district_dispatcher"})
WORKERS = LEADERS | {"member", "grid_worker"}
VERBS = {
    "fill": Verb(
        "survey", "member", lambda item, by: actions.fill_item(item, by=by, answers={"owner": "李某"}),
        also=WORKERS - {"dispatcher", "district_dispatcher"},
    ),
    "take_step": Verb(
        "clear", "cleaner", lambda item, by: actions.take_step(item, by=by),
    ),
    "send_back": Verb(
        "accept", "inspector",
        lambda item, by: actions.send_back_item(item, by=by, to="clear", reason="没清完"),
        also=frozenset({"district_inspector"}),
    ),
    "split": Verb("survey", "member", lambda item, by: actions.split_item(item, by=by, titles=["东半"]),
                  also=WORKERS),
    "block": Verb("survey", "member", lambda item, by: actions.block_item(item, by=by, why="户主外出"),
                  also=WORKERS),
    "unblock": Verb(
        "survey", "member", lambda item, by: actions.unblock_item(item, by=by), also=WORKERS,
        before=lambda item, force: actions.block_item(item, by=force.member, why="户主外出"),
    ),
    "assign": Verb(
        "survey", "team_leader",
        lambda item, by: actions.assign_item(item, by=by, team=item.team, responsible=None), also=LEADERS,
    ),
    "rename": Verb("survey", "team_leader", lambda item, by: actions.rename_item(item, by=by, title="三号"),
                   also=LEADERS),
    "correct": Verb(
        "accept", "team_leader",
        lambda item, by: actions.correct_item(item, by=by, answers={"owner": "李某"}, reason="写错了"),
        also=LEADERS,
    ),
    "drop": Verb("survey", "team_leader", lambda item, by: actions.drop_item(item, by=by, reason="重复"),
                 also=LEADERS),
    "give_notice": Verb("survey", "member", _notice, also=WORKERS),
    "withdraw_notice": Verb(
        "survey", "member", _withdraw, also=WORKERS, before=lambda item, force: _notice(item, force.member)
    ),
    "sign": Verb(
        "survey", "lawyer",
        lambda item, by: actions.sign_condition(item, by=by, gate="lawful", condition=3),
        also=frozenset({"leader"}),
    ),
    "open_case": Verb(
        "survey", "member", lambda item, by: actions.open_case(item, by=by, words="绿地被占，请处理。"),
        also=WORKERS - {"dispatcher", "district_dispatcher"}, definition=OPENS,
    ),
}  # fmt: skip
every_verb = pytest.mark.parametrize("name", VERBS)


def ready(name: str, make_item: Any, force: Any) -> Item:
    verb = VERBS[name]
    campaign = make_item.make_campaign(definition=verb.definition)
    item = make_item(at=verb.at, campaign=campaign)
    verb.before(item, force)
    return Item.objects.with_names().get(pk=item.pk)


def everybody(cast: Any, force: Any) -> dict[str, User]:
    people = {**vars(cast), **vars(force)}
    return {name: person for name, person in people.items() if isinstance(person, User)}


def test_every_verb_is_proved():
    assert set(VERBS) == set(rules.FLOW) - {"move", "link_case"}  # which have files of their own


@every_verb
def test_a_verb_works(make_item, cast, force, entry_of, name):
    item = ready(name, make_item, force)
    by = everybody(cast, force)[VERBS[name].who]

    VERBS[name].do(item, by)

    entry = entry_of(item)
    assert (entry.verb, entry.by, entry.at) == (rules.FLOW[name].event, by, now())
    assert entry.area_id == item.area_id
    assert list(faults()) == []
    assert figures.sums_at(item.campaign, today()) == figures.recount(item.campaign, now())


@every_verb
def test_a_verb_is_refused_once_the_item_is_dropped(make_item, cast, force, unchanged, name):
    item = ready(name, make_item, force)
    actions.drop_item(item, by=cast.clerk, reason="重复")

    with unchanged(), pytest.raises(Refusal) as refusal:
        VERBS[name].do(item, everybody(cast, force)[VERBS[name].who])

    assert refusal.value.code == "item.wrong_state"


@every_verb
def test_a_verb_is_refused_once_the_campaign_is_over(make_item, cast, force, unchanged, name):
    item = ready(name, make_item, force)
    actions.finish_campaign(item.campaign, by=cast.clerk)

    with unchanged(), pytest.raises(Refusal) as refusal:
        VERBS[name].do(item, everybody(cast, force)[VERBS[name].who])

    assert refusal.value.code == "campaign.wrong_state"


@every_verb
def test_a_verb_is_refused_to_everybody_else(make_item, cast, force, unchanged, name):
    verb = VERBS[name]
    item = ready(name, make_item, force)
    rightful = {verb.who} | verb.also
    for who, person in {**everybody(cast, force), "anonymous": AnonymousUser()}.items():
        if who in rightful:
            assert verb.who == who or rules.may(
                name, item, person, condition=item.edition.definition.gates[0].conditions[3]
            ), who
            continue
        with unchanged(), pytest.raises(Refusal) as refusal:
            verb.do(Item.objects.with_names().get(pk=item.pk), person)
        assert refusal.value.code in NOT_YOURS, (who, refusal.value.code)
        assert str(refusal.value.sentence)


@every_verb
def test_a_failure_half_way_leaves_nothing(make_item, cast, force, unchanged, breaking_record, name):
    item = ready(name, make_item, force)
    down = breaking_record("bihuan.ledgers.actions.loop")

    with unchanged(), pytest.raises(down):
        VERBS[name].do(item, everybody(cast, force)[VERBS[name].who])
