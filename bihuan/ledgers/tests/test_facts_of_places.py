"""What a place knows is taken over by its items, asked nowhere else, and corrected at the place."""

from dataclasses import replace
from io import BytesIO

import pytest

from bihuan.audit.models import Entry
from bihuan.core.clock import now, today
from bihuan.ledgers import actions, figures
from bihuan.ledgers.definition import Field, Words, read_workbook, write_workbook
from bihuan.ledgers.drafts import Draft
from bihuan.ledgers.forms.answers import AnswersForm
from bihuan.ledgers.models import Item
from bihuan.ledgers.tests.books import faults, gardens
from bihuan.ledgers.tests.factories import plots, step_changed
from bihuan.territory.actions import change_place, learn_facts
from bihuan.territory.queries import facts_of
from bihuan.territory.tests.factories import make_place

pytestmark = pytest.mark.usefixtures("at_nine")

HOUSEHOLDS = Field("households", "integer", Words("户数", "Households"), fact="households", required="true()")
ASKS = replace(plots(), fields=(*plots().fields, HOUSEHOLDS))


def again(item):
    return Item.objects.with_names().get(pk=item.pk)


def corrected(place, **facts):
    names = ("kind", "name", "name_en", "address", "area", "parent", "aliases", "lon", "lat")
    return change_place(place, by=None, facts=facts, **{name: getattr(place, name) for name in names})


@pytest.fixture
def compound(cast):
    return make_place("良苑小区", area=cast.places.community, facts={"households": 312, "buildings": 12})


@pytest.fixture
def item(make_campaign, make_item, compound):
    return make_item(campaign=make_campaign(definition=ASKS), place=compound)


def test_a_new_item_has_what_its_place_knows_and_nobody_can_say_otherwise(item, force, cast):
    assert item.answers["households"] == 312
    item = actions.fill_item(item, by=force.member, answers={"households": "7", "owner": "李某"})
    assert (item.answers["households"], item.answers["owner"]) == (312, "李某")
    item = actions.correct_item(item, by=cast.clerk, answers={"households": 8}, reason="改一改")
    assert item.answers["households"] == 312


def test_its_form_shows_it_and_does_not_ask(item):
    form = AnswersForm(item, {"a.households": "7", "a.owner": "李某"}, {})
    node = next(one for one in form.nodes() if one.field.name == "households")
    assert (node.locked, node.of_place, node.value) == (True, True, 312)
    assert "households" not in form.given
    planned = next(one for one in form.plan()["fields"] if one["name"] == "households")
    assert planned["read_only"] == "true()" and form.plan()["answers"]["households"] == 312


def test_where_the_place_does_not_know_it_is_asked(make_campaign, make_item, cast, force):
    place = make_place("无名小区", area=cast.places.community)
    item = make_item(campaign=make_campaign(definition=ASKS), place=place)
    assert "households" not in item.answers
    item = actions.fill_item(item, by=force.member, answers={"households": "7"})
    assert item.answers["households"] == 7
    assert facts_of(place.pk) == {}, "what is only filled in may still be mended"


def test_what_a_step_settles_the_place_knows_and_no_other_ledger_asks_for_it(
    make_campaign, make_item, cast, force, settle
):
    definition = step_changed(ASKS, "survey", evidence=("households",), next=("accept",))
    place = make_place("无名小区", area=cast.places.community, facts={"buildings": 3})
    campaign = make_campaign(definition=definition)
    item, beside = (make_item(campaign=campaign, place=place) for _time in range(2))
    actions.take_step(item, by=force.member, answers={"households": "7"})
    settle()
    assert facts_of(place.pk) == {"buildings": 3, "households": 7}
    told = Entry.objects.about(place).last()
    assert (told.verb, told.by, told.data["before"]["households"]) == ("place.changed", force.member, None)
    assert again(beside).answers["households"] == 7
    assert make_item(campaign=make_campaign(definition=ASKS), place=place).answers["households"] == 7


@pytest.mark.parametrize("households", [7, -1, 2_000_000])
def test_a_place_learns_only_what_it_does_not_know_and_can_be(compound, force, unchanged, households):
    with unchanged():
        learn_facts(compound, by=force.member, facts={"households": households, "built_in": 3000})


def test_a_failure_half_way_teaches_a_place_nothing(compound, force, unchanged, breaking_record):
    down = breaking_record("bihuan.territory.actions.places")
    with unchanged(), pytest.raises(down):
        learn_facts(compound, by=force.member, facts={"built_in": 1998})


def test_a_confidential_item_teaches_its_place_nothing(make_campaign, make_item, cast, force, settle):
    secret = replace(ASKS, settings=replace(ASKS.settings, confidential=True))
    place = make_place("无名小区", area=cast.places.community)
    campaign = make_campaign(definition=step_changed(secret, "survey", evidence=(), next=("accept",)))
    item = make_item(campaign=campaign, place=place)
    actions.take_step(item, by=force.member, answers={"households": "7"})
    settle()
    assert facts_of(place.pk) == {}


def test_a_correction_at_the_place_reaches_open_items_and_their_figures(
    make_campaign, make_item, compound, cast, settle
):
    definition = replace(ASKS, figures=(replace(ASKS.figures[1], of="field:households", where=""),))
    campaign = make_campaign(definition=definition)
    item, other = (make_item(campaign=campaign, place=compound) for _time in range(2))
    actions.drop_item(other, by=cast.clerk, reason="重复")

    corrected(compound, households=310)
    settle()

    assert (again(item).answers["households"], again(other).answers["households"]) == (310, 312)
    assert "buildings" not in again(item).answers
    told = Entry.objects.about(item).last()
    assert (told.verb, told.by, told.data["asked"]) == ("item.facts_taken", None, ["households"])
    day = today()
    assert figures.sums_at(campaign, day) == figures.recount(campaign, now())

    before = Entry.objects.about(item).count()
    corrected(compound, households=310, built_in=1998)
    settle()
    assert Entry.objects.about(item).count() == before, "what an item does not ask about is nothing to it"


def test_what_nobody_needs_to_take_over_changes_nothing(item, compound, cast, unchanged):
    with unchanged():
        actions.take_over_facts(item)
    actions.drop_item(item, by=cast.clerk, reason="重复")
    corrected(compound, households=310)
    with unchanged():
        actions.note_place_changed(item)
        actions.take_over_facts(item)


@pytest.mark.parametrize("verb", ["note", "take"])
def test_a_failure_half_way_takes_over_nothing(item, compound, unchanged, breaking_record, verb):
    corrected(compound, households=310)
    down = breaking_record(f"bihuan.ledgers.actions.{'placing' if verb == 'note' else 'loop'}")
    with unchanged(), pytest.raises(down):
        {"note": actions.note_place_changed, "take": actions.take_over_facts}[verb](item)


def test_an_item_that_moves_to_an_edition_that_asks_takes_it_over(make_campaign, make_item, compound, cast):
    item = make_item(campaign=make_campaign(), place=compound)
    edition = actions.keep_edition(
        item.edition.ledger,
        by=cast.clerk,
        definition=replace(ASKS, settings=item.edition.definition.settings),
    )
    assert actions.move_to_edition(item, by=cast.clerk, edition=edition).answers["households"] == 312


def test_many_items_ask_for_the_facts_of_their_places_once(
    make_campaign, cast, django_assert_max_num_queries
):
    campaign = make_campaign(definition=ASKS)
    places = [make_place(area=cast.places.community, facts={"households": one}) for one in range(1, 31)]
    drafts = [Draft(place.name, place=place) for place in places]
    with django_assert_max_num_queries(40):
        items = actions.add_items(campaign, by=cast.clerk, drafts=drafts)
    assert [item.answers["households"] for item in items] == list(range(1, 31))


def test_a_workbook_says_it_and_is_refused_where_it_cannot_hold():
    assert read_workbook(BytesIO(write_workbook(ASKS)), "x.xlsx").find("households").fact == "households"
    head, owner, *others = gardens()["survey"]
    wrong = gardens(survey=[[*head, "取自地点"], [*owner, *[""] * (len(head) - len(owner)), "户数"], *others])
    (fault,) = faults(wrong)
    assert fault.startswith("survey M2: “text” cannot come from the place")
