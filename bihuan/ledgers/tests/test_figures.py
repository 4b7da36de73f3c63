"""Figures kept by differences equal a recount from history at any past moment."""

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.core.clock import local, now, travel
from bihuan.core.verdicts import Refusal
from bihuan.ledgers import actions, figures
from bihuan.ledgers.definition import Figure, Words
from bihuan.ledgers.models import Change, Item, Revision
from bihuan.ledgers.tests.factories import plots, step_changed

pytestmark = pytest.mark.usefixtures("at_nine")
ANYBODY = ("team", "role:清理队")
CLEARED = {"gate": "", "evidence": (), "back": ("survey",), "relevant": "${reason} != 'unable'"}
EASY = step_changed(plots(), "clear", who=ANYBODY, **CLEARED)
EASY = step_changed(EASY, "accept", who=ANYBODY, other_than="", back=("clear", "survey"))
EASY = replace(
    EASY,
    figures=(
        *EASY.figures,
        Figure("entries", Words("地块数"), of="field:plots", by=("step",)),
        Figure("big", Words("大地块"), of="field:size", where="${size} >= 100"),
        Figure("refusals", Words("拒绝"), where="${reason} = 'refused'", by=("step", "field:reason")),
    ),
)


def again(item):
    return Item.objects.with_names().get(pk=item.pk)


def test_an_item_adds_what_its_ledger_counts(make_item, make_campaign, force):
    item = make_item(campaign=make_campaign(definition=EASY))
    actions.fill_item(
        item, by=force.member, answers={"reason": "refused", "plots": [{"size": "120.5"}, {"size": "0.5"}]}
    )
    figures_of = again(item).counts["figures"]
    assert figures_of == {
        "state:open": {"": "1"},
        "step:survey": {"": "1"},
        "sites": {"refused": "1"},
        "area": {"": "120.5000"},
        "entries": {"survey": "2"},
        "big": {"": "1"},
        "refusals": {"survey|refused": "1"},
    }


def test_values_are_read_by_day_team_area_and_key(make_item, make_campaign, cast, force):
    campaign = make_campaign(definition=EASY)
    first, second = make_item(campaign=campaign), make_item(campaign=campaign)
    day = local(now()).date()
    with travel(now() + timedelta(days=2)):
        actions.fill_item(first, by=force.member, answers={"reason": "unable", "plots": [{"size": "30"}]})
        actions.assign_item(second, by=cast.clerk, team=campaign.teams.get(name="二组"), responsible=None)
        later = local(now()).date()
    team, other = campaign.teams.order_by("pk")
    assert figures.value_at(campaign, "sites", day) == figures.value_at(campaign, "sites", later) == 2
    assert figures.value_at(campaign, "sites", day, team=team.pk) == 2
    assert figures.value_at(campaign, "sites", later, team=team.pk) == 1
    assert figures.value_at(campaign, "sites", later, key="unable") == 1
    assert figures.value_at(campaign, "area", later, area=[cast.places.grid.pk]) == Decimal(30)
    assert figures.value_at(campaign, "area", later, area=[cast.places.far.pk]) == 0
    assert figures.values_at(campaign, "sites", later, by=("team",)) == {(team.pk,): 1, (other.pk,): 1}
    assert figures.values_at(campaign, "area", later, by=("day",), since=later) == {(later,): Decimal(30)}


def test_a_dropped_item_counts_nowhere(make_item, cast):
    item = make_item()
    actions.drop_item(item, by=cast.clerk, reason="重复")
    assert figures.sums_at(item.campaign, local(now()).date()) == {}
    assert Change.objects.exists()


def test_of_a_confidential_ledger_no_small_number_leaves(make_item, make_campaign):
    open_one, closed = make_campaign(), make_campaign(definition=plots(confidential=True))
    assert figures.leaves(open_one, Decimal(3)) == 3
    assert figures.leaves(closed, Decimal(3)) is None
    assert figures.leaves(closed, Decimal(10)) == 10
    assert figures.leaves(closed, Decimal(0)) == 0


def act(random_, items, campaign, make_item, cast, force):
    """Something that somebody might do, or that the rules refuse."""
    item = again(random_.choice(items))
    people = (force.member, cast.clerk)
    by = random_.choice(people)
    sizes = [{"size": str(random_.choice((1, 2.5, 99, 150)))} for _ in range(random_.randrange(3))]
    verb = random_.choice(
        ("fill", "fill", "step", "step", "back", "block", "assign", "split", "drop", "add", "unblock")
    )
    if verb == "add":
        items.append(make_item(campaign=campaign, responsible=False))
    elif verb == "fill":
        reason = random_.choice(("refused", "unable", ""))
        actions.fill_item(item, by=by, answers={"plots": sizes, "reason": reason})
    elif verb == "step":
        actions.take_step(item, by=by)
    elif verb == "back":
        actions.send_back_item(item, by=by, to=random_.choice(("survey", "clear")), reason="重做")
    elif verb == "block":
        actions.block_item(item, by=by, why="外出")
    elif verb == "unblock":
        actions.unblock_item(item, by=by)
    elif verb == "assign":
        team = random_.choice([*campaign.teams.all(), None])
        actions.assign_item(item, by=cast.clerk, team=team, responsible=None)
    elif verb == "split":
        items += actions.split_item(item, by=by, titles=["东", "西"][: random_.randrange(1, 3)])
    elif random_.random() < 0.4:
        actions.drop_item(item, by=cast.clerk, reason="重复")


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_figures_equal_a_recount_from_history_at_any_past_evening(
    seed, make_item, make_campaign, cast, force
):
    random_ = random.Random(seed)
    campaign = make_campaign(definition=EASY)
    items = [make_item(campaign=campaign) for _ in range(2)]
    start = local(now()).replace(hour=10)
    evenings = []
    for day in range(4):
        for hour in range(5):
            with travel(start + timedelta(days=day, hours=hour)):
                try:
                    act(random_, items, campaign, make_item, cast, force)
                except Refusal:
                    continue
        evenings.append(start + timedelta(days=day, hours=9))
    assert Revision.objects.filter(item__campaign=campaign).count() > 8, "something has happened"
    for evening in evenings:
        assert figures.sums_at(campaign, evening.date()) == figures.recount(campaign, evening), seed
