"""A household's own file: opened with its code, nothing of others in it, corrections asked and answered."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from bihuan.audit.models import Entry
from bihuan.audit.queries import faults
from bihuan.core.clock import now, travel
from bihuan.ledgers import actions, rules
from bihuan.ledgers.definition import Field, Words
from bihuan.ledgers.models import Item, Remark
from bihuan.ledgers.queries.history import history_of
from bihuan.ledgers.queries.household import item_typed, own_file
from bihuan.ledgers.sheets.exporting import write_items_export
from bihuan.ledgers.tests.factories import photo, plots
from bihuan.ledgers.tests.test_money import RATES

pytestmark = pytest.mark.usefixtures("at_nine")


def shown(*names: str, **changed: Any) -> Any:
    """The plots, with these fields shown to the household."""
    found = plots(rates=RATES, **changed)

    def mark(fields: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(replace(one, household=one.name in names, children=mark(one.children)) for one in fields)

    return replace(found, fields=mark(found.fields))


@pytest.fixture
def item(make_item: Any) -> Item:
    campaign = make_item.make_campaign(definition=shown("owner", "plots", "basis", confidential=True))
    answers = {
        "owner": "王某", "reason": "refused", "plots": [{"size": "2"}], "basis": photo(7), "before": photo(8),
    }  # fmt: skip
    return make_item(campaign=campaign, answers=answers, title="王家")


@pytest.fixture
def visitor(item: Item) -> Client:
    """Somebody who has shown the code."""
    cache.clear()
    client = Client()
    response = client.post(reverse("ledgers:household"), {"code": item.own_code.lower().replace("-", " ")})
    assert (response.status_code, response["Location"]) == (302, reverse("ledgers:household_file"))
    return client


def page(client: Client) -> str:
    return client.get(reverse("ledgers:household_file")).content.decode()


def test_a_household_reads_what_is_meant_for_it(item, visitor, make_item, force):
    make_item(campaign=item.campaign, answers={"owner": "李某"}, title="李家")
    actions.give_notice(item, by=force.member, channel="door", text="请于十五日内自行清理")
    text = page(visitor)

    for word in ("王家", "Survey", "Grower", "王某", "Plots", "请于十五日内自行清理", "法律顾问", "court"):
        assert word in text, word
    for word in ("李", "Refused", "组员", "组长", item.own_code):
        assert word not in text, word
    assert "Photo before" not in text


def test_what_the_ledger_tells_of_the_law_comes_instead_of_our_sentence(make_item):
    law = Field(
        "law", "note", Words("可以申请行政复议。", "You may ask for reconsideration."), household=True
    )
    hidden = Field("inner", "note", Words("仅供内部", "For us alone"))
    definition = replace(plots(), fields=(*plots().fields, law, hidden))
    own = own_file(make_item(campaign=make_item.make_campaign(definition=definition)))
    assert own.advice.told == ["You may ask for reconsideration."]


def test_a_household_takes_its_file_along_and_nothing_else(item, visitor, force):
    actions.begin_reckoning(item, by=force.member)
    actions.check_reckoning(item, by=force.team_leader)
    told = visitor.get(reverse("ledgers:household_data")).json()
    assert (told["heading"], told["recorded"][0]["answer"]) == ("王家", "王某")
    assert Decimal(told["reckoning"]["total"]) == sum(
        Decimal(line["amount"]) for line in told["reckoning"]["lines"]
    )
    assert [one["how"] for one in told["who_opened_this_file"]] == ["opened with the code"]
    for word in ("Refused", "组员", "组长", item.own_code):
        assert word not in str(told), word
    assert Client().get(reverse("ledgers:household_data")).status_code == 302


def test_its_documents_open_and_no_others(item, visitor):
    own = own_file(item).documents
    assert [one.pk for one in own] == [int(item.answers["basis"])]
    assert visitor.get(own[0].url).status_code == 200
    hidden = item.answers["before"]
    assert visitor.get(own[0].url.replace(str(own[0].pk), str(hidden))).status_code == 404
    assert Client().get(own[0].url).status_code == 404


def test_a_draft_of_a_reckoning_is_not_shown_before_it_is_checked(item, visitor, force):
    actions.begin_reckoning(item, by=force.member)
    assert "Soil" not in page(visitor) and "换土" not in page(visitor)
    actions.check_reckoning(item, by=force.team_leader)
    assert "换土" in page(visitor)


def test_every_wrong_code_is_told_the_same(item, settings):
    settings.VISITOR_LIMITS = True
    cache.clear()
    actions.drop_item(item, by=item.campaign.posts.first().person, reason="重复")
    client = Client()
    answers = set()
    for code in (item.own_code, "AAAA-BBBB-CCCC", "x", "", "1" * 60):
        response = client.post(reverse("ledgers:household"), {"code": code})
        assert response.status_code == 404
        answers.add("No file opens with this code" in response.content.decode())
    assert answers == {True}
    for _ in range(20):
        client.post(reverse("ledgers:household"), {"code": "AAAA-BBBB-CCCC"})
    response = client.post(reverse("ledgers:household"), {"code": item.own_code})
    assert response.status_code == 429
    assert "Retry-After" in response


def test_it_closes_by_itself_and_by_hand(item, visitor):
    other = Client()
    other.cookies = visitor.cookies.copy()
    visitor.post(reverse("ledgers:household_leave"))
    assert visitor.get(reverse("ledgers:household_file")).status_code == 302
    with travel(now()):
        assert other.get(reverse("ledgers:household_file")).status_code == 200
    forged = Client()
    forged.cookies["own_file"] = f"{item.pk}:forged"
    assert forged.get(reverse("ledgers:household_file")).status_code == 302


def test_a_correction_is_asked_for_told_and_answered(item, visitor, force, told):
    visitor.post(reverse("ledgers:household_remark"), {"text": "面积应为 3 平方米"})
    remark = Remark.objects.get(item=item)
    assert told(item) >= {("member", "item.remark_made"), ("team_leader", "item.remark_made")}
    assert "Waits for an answer" in page(visitor)

    staff = Client()
    staff.force_login(force.member)
    where = reverse("ledgers:item_household", args=[item.campaign.number, item.number])
    assert "面积应为 3 平方米" in staff.get(where).content.decode()
    address = reverse("ledgers:answer_remark", args=[item.campaign.number, item.number, remark.pk])
    assert staff.post(address, {"answer": ""}).status_code == 422
    assert staff.post(address, {"answer": "已复量"}).status_code == 302
    assert "已复量" in page(visitor)
    said = str(list(Entry.objects.about(item).values_list("data", flat=True)))
    assert "面积" not in said and "复量" not in said


def test_the_paper_carries_the_code_and_that_is_on_record(item, visitor, force, cast):
    where = reverse("ledgers:item_household", args=[item.campaign.number, item.number])
    staff = Client()
    staff.force_login(force.member)
    assert item.own_code not in staff.get(where).content.decode()
    text = staff.post(where).content.decode()
    assert item.own_code in text and "<svg" in text
    verbs = list(Entry.objects.about(item).values_list("verb", flat=True))
    assert verbs.count("item.code_shown") == 1
    assert verbs.count("item.file_opened") == 1
    assert "took out the code" in page(visitor)
    for person in (force.other_member, cast.stranger, cast.dispatcher):
        client = Client()
        client.force_login(person)
        assert client.post(where).status_code == 404


# -- its verbs ------------------------------------------------------------------------------------------

PRESSES = {
    "show": lambda item, by: actions.show_own_code(item, by=by),
    "answer": lambda item, by: actions.answer_remark(item.remarks.first(), by=by, answer="已更正"),
    "open": lambda item, by: actions.open_own_file(item, by=None),
    "ask": lambda item, by: actions.ask_correction(item, text="面积不对", by=None),
}


@pytest.mark.parametrize("name", PRESSES)
def test_a_verb_of_the_file_works(item, force, entry_of, name):
    actions.ask_correction(item, text="面积不对")
    PRESSES[name](item, force.member)
    assert entry_of(item).verb in (
        "item.code_shown", "item.remark_answered", "item.file_opened", "item.remark_made",
    )  # fmt: skip
    assert list(faults()) == []


@pytest.mark.parametrize("name", ["show", "answer"])
def test_a_verb_of_the_file_is_refused(item, force, cast, refused, unchanged, name):
    actions.ask_correction(item, text="面积不对")
    for person in (cast.stranger, force.other_member, cast.dispatcher):
        with unchanged(), pytest.raises(Exception, match="item\\.not"):
            PRESSES[name](item, person)
    actions.drop_item(item, by=cast.clerk, reason="重复")
    with unchanged(), refused("item.wrong_state"):
        PRESSES[name](item, force.member)


@pytest.mark.parametrize("name", PRESSES)
def test_a_failure_half_way_leaves_the_file_as_it_was(item, force, unchanged, breaking_record, name):
    actions.ask_correction(item, text="面积不对")
    before = list(Remark.objects.values())
    down = breaking_record("bihuan.ledgers.actions.household")
    with unchanged(), pytest.raises(down):
        PRESSES[name](item, force.member)
    assert list(Remark.objects.values()) == before


def test_what_a_request_cannot_be(item, force, refused):
    with refused("household.empty"):
        actions.ask_correction(item, text="  ")
    for number in range(rules.household.REMARKS_WAITING):
        actions.ask_correction(item, text=f"第 {number} 次")
    with refused("household.many_waiting"):
        actions.ask_correction(item, text="又一次")
    remark = item.remarks.first()
    with refused("household.no_answer"):
        actions.answer_remark(remark, by=force.member, answer=" ")
    actions.answer_remark(remark, by=force.member, answer="已更正")
    with refused("household.answered"):
        actions.answer_remark(remark, by=force.member, answer="再答")


def test_codes_are_read_as_people_type_them(item):
    code = item.own_code
    for typed in (
        code,
        code.lower(),
        code.replace("-", ""),
        f" {code.replace('-', ' ')} ",
        code.translate(WIDE),
    ):
        assert item_typed(typed) == item
    assert item_typed(code[:-1]) is None


WIDE = {ord("-"): "－"} | {number: number + 0xFEE0 for number in range(0x30, 0x5B)}


# -- who has read it ------------------------------------------------------------------------------------


def opened_by(person: Any, item: Item, route: str = "ledgers:item") -> int:
    client = Client()
    client.force_login(person)
    return client.get(reverse(route, args=[item.campaign.number, item.number])).status_code


def readings(item: Item) -> list[tuple[Any, Any, str]]:
    rows = Entry.objects.about(item).filter(verb="item.read").order_by("seq")
    return [(one.by, one.on_behalf_of, one.data["role"]) for one in rows]


def test_the_household_reads_who_has_opened_its_file_and_as_what(item, visitor, force, cast, stand_in_for):
    stand_in = stand_in_for(force.team_leader)
    assert opened_by(force.member, item) == opened_by(force.member, item, "ledgers:money") == 200
    assert opened_by(stand_in, item) == 200
    assert opened_by(cast.stranger, item) == opened_by(force.other_member, item) == 404
    assert readings(item) == [(force.member, None, "member"), (stand_in, force.team_leader, "leader")]
    text = page(visitor)
    assert text.count("read by the task force") == 2 and "(member)" in text and "(leader)" in text
    assert force.member.name not in text and stand_in.name not in text
    assert list(faults()) == []


def test_a_later_sitting_is_another_reading_and_the_items_past_tells_of_none(item, force):
    actions.read_item(item, by=force.member)
    with travel(now() + timedelta(minutes=16)):
        actions.read_item(item, by=force.member)
    assert len(readings(item)) == 2
    assert len(history_of(force.member, item)) == Entry.objects.about(item).count() - 2


def test_a_list_that_was_taken_out_is_told_as_well(item, visitor, force):
    asked = {"query": "", "rows": 1, "filters": [], "language": "en"}
    export = actions.ask_items(item.campaign, by=force.team_leader, **asked)
    write_items_export(export.pk)
    export.refresh_from_db()
    assert "was taken out" not in page(visitor)
    actions.fetch_items(export, by=force.team_leader)
    assert "a list of the campaign was taken out" in page(visitor)


def test_nothing_is_kept_of_readings_of_what_is_not_confidential(make_item, force):
    item = make_item()
    assert opened_by(force.member, item) == 200
    assert readings(item) == []


def test_a_reading_that_cannot_be_recorded_does_not_take_place(item, force, unchanged, breaking_record):
    down = breaking_record("bihuan.ledgers.actions.reading")
    with unchanged(), pytest.raises(down):
        actions.read_item(item, by=force.member)
