"""The pages of imports, exports and money as people go through them."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.core.sheets import read_workbook
from bihuan.files.tests.samples import upload
from bihuan.ledgers import actions
from bihuan.ledgers.models import Item, ItemExport, ItemSheet, RateTable, Reckoning
from bihuan.ledgers.sheets.exporting import write_items_export
from bihuan.ledgers.sheets.running import take_in
from bihuan.ledgers.tests.books import made
from bihuan.ledgers.tests.factories import plots
from bihuan.ledgers.tests.test_money import PAID

pytestmark = pytest.mark.usefixtures("at_nine")
ROWS = [
    ["名称", "编号", "种菜人", "备注"],
    ["一号", "1", "王某", "x"],
    ["二号", "2", "李某", ""],
    ["", "", "赵某", ""],
]


@pytest.fixture
def clerk(cast: Any) -> Client:
    client = Client()
    client.force_login(cast.clerk)
    return client


def test_from_the_file_to_the_items(make_campaign, clerk):
    campaign = make_campaign()
    index = reverse("ledgers:import", args=[campaign.number])
    assert clerk.post(index, {"file": upload(b"", "x.xlsx")}).status_code == 422
    assert clerk.post(index, {"file": upload(b"\x00\x01\x02" * 99, "x.xlsx")}).status_code == 422
    response = clerk.post(index, {"file": upload(made({"名单": ROWS}).getvalue(), "名单.xlsx")})
    sheet = ItemSheet.objects.get()
    where = reverse("ledgers:import_sheet", args=[campaign.number, sheet.pk])
    assert response["Location"] == where

    text = clerk.get(where).content.decode()
    assert "Not used" not in text
    assert "The row does not say what the item is called" in text
    answers = {
        "sheet": "名单",
        "header": "1",
        "column_0": "title",
        "column_1": "key",
        "column_2": "field:owner",
    }
    check = reverse("ledgers:check_sheet", args=[campaign.number, sheet.pk])
    part = clerk.post(check, answers | {"column_3": "title"}, headers={"HX-Request": "true"}).content.decode()
    assert "Two columns are marked" in part
    part = clerk.post(check, answers, headers={"HX-Request": "true"}).content.decode()
    assert "备注" in part and "<html" not in part
    confirm = reverse("ledgers:confirm_sheet", args=[campaign.number, sheet.pk])
    assert clerk.post(confirm, {"sheet": "名单", "header": "1"}).status_code == 422
    assert clerk.post(confirm, answers)["Location"] == where

    live = reverse("ledgers:sheet_progress", args=[campaign.number, sheet.pk])
    first = clerk.get(live)
    assert clerk.get(live, headers={"If-None-Match": first["ETag"]}).status_code == 304
    take_in(sheet.pk)
    assert b"data-live-reload" in clerk.get(live).content
    assert "1 row was refused" in clerk.get(where).content.decode()
    refused = clerk.post(reverse("ledgers:refused_rows", args=[campaign.number, sheet.pk]))
    assert len(read_workbook(BytesIO(refused.content), "x.xlsx")[0].rows) == 1
    assert Item.objects.filter(campaign=campaign).count() == 2
    assert clerk.post(check, answers).status_code == 409

    clerk.post(index, {"file": upload(made({"名单": ROWS}).getvalue(), "名单.xlsx")})
    again = reverse("ledgers:import_sheet", args=[campaign.number, ItemSheet.objects.last().pk])
    assert "The same columns came before" in clerk.get(again).content.decode()


def test_the_list_of_imports_costs_the_same_for_many(
    make_campaign, clerk, cast, django_assert_max_num_queries
):
    campaign = make_campaign()
    index = reverse("ledgers:import", args=[campaign.number])
    for _ in range(6):
        clerk.post(index, {"file": upload(made({"名单": ROWS}).getvalue(), "名单.xlsx")})
    clerk.get(index)
    with django_assert_max_num_queries(25):
        assert clerk.get(index).content.decode().count("名单.xlsx") == 6


def test_of_a_confidential_campaign_a_keeper_sees_own_lists_alone(make_campaign, clerk, cast, force):
    campaign = make_campaign(definition=plots(confidential=True))
    where = reverse("ledgers:import", args=[campaign.number])
    clerk.post(where, {"file": upload(made({"名单": ROWS}).getvalue(), "名单.xlsx")})
    sheet = ItemSheet.objects.get()
    for person in (cast.dispatcher, force.team_leader, force.member):
        other = Client()
        other.force_login(person)
        assert "名单.xlsx" not in other.get(where).content.decode()
        address = reverse("ledgers:import_sheet", args=[campaign.number, sheet.pk])
        assert other.get(address).status_code == 404


def test_an_export_from_the_table_to_the_file(make_item, clerk):
    item = make_item()
    number = item.campaign.number
    table = clerk.get(reverse("ledgers:table", args=[number]) + "?state=open").content.decode()
    assert reverse("ledgers:ask_items", args=[number]) in table
    assert 'name="query" value="state=open"' in table  # what is exported is what the table shows
    clerk.post(reverse("ledgers:ask_items", args=[number]), {"query": "state=open&order=due&cursor=9"})
    export = ItemExport.objects.get()
    assert export.query == "state=open"
    page = reverse("ledgers:exports", args=[number])
    assert "data-live" in clerk.get(page).content.decode()
    write_items_export(export.pk)
    assert "Download" in clerk.get(reverse("ledgers:export_rows", args=[number])).content.decode()
    fetched = clerk.post(reverse("ledgers:fetch_items", args=[number, export.pk]))
    assert fetched.status_code == 200 and "no-store" in fetched["Cache-Control"]
    assert clerk.post(reverse("ledgers:discard_items", args=[number, export.pk])).status_code == 302
    assert clerk.post(reverse("ledgers:fetch_items", args=[number, export.pk])).status_code == 409


def test_money_on_its_page(make_item, clerk, force):
    item = make_item(
        campaign=make_item.make_campaign(definition=PAID), answers={"owner": "王", "plots": [{"size": "2"}]}
    )
    own = [item.campaign.number, item.number]

    def press(verb: str, who: Client = clerk, **data: Any) -> Any:
        return who.post(reverse(f"ledgers:money_{verb}", args=own), data)

    assert "Nothing has been reckoned yet" in clerk.get(reverse("ledgers:money", args=own)).content.decode()
    assert clerk.get(reverse("ledgers:money_statement", args=own)).status_code == 404
    assert press("begin").status_code == 302
    wrong = press("add", **{"add-rate": "move", "add-quantity": "x"})
    assert wrong.status_code == 422 and "Enter a number" in wrong.content.decode()
    assert press("add", **{"add-rate": "move", "add-quantity": "1"}).status_code == 302
    assert (
        press(
            "subsidy", **{"subsidy-name": "奖励", "subsidy-amount": "5", "subsidy-quantity": "1"}
        ).status_code
        == 302
    )
    assert press("check").status_code == 409
    leader = Client()
    leader.force_login(force.team_leader)
    assert press("check", leader).status_code == 302
    assert press("lock", leader).status_code == 302
    line = Reckoning.objects.get(item=item).lines.first().pk
    told = {"correct-line": line, "correct-quantity": "1", "correct-reason": "复量"}
    assert press("correct", leader, **told).status_code == 302
    text = leader.get(reverse("ledgers:money_statement", args=own)).content.decode()
    assert "复量" in text and "奖励" in text and "as signed" in text


def test_a_new_version_of_rates_adds_what_changed(make_item, clerk, cast):
    campaign = make_item.make_campaign(definition=PAID)
    address = reverse("ledgers:rates", args=[campaign.number])
    form = {
        "basis": "街道文件",
        "valid_from": "2025-09-10",
        "amount_0": "99",
        "amount_1": "100",
        "amount_2": "850",
    }

    assert clerk.post(address, form | {"basis": ""}).status_code == 422
    assert clerk.post(address, form).status_code == 302

    table = RateTable.objects.get(campaign=campaign)
    assert [(one["code"], one["amount"]) for one in table.rates if one["valid_from"] == "2025-09-10"] == [
        ("move", "850")
    ]
    assert len(table.rates) == 5
    assert "街道文件" in clerk.get(address).content.decode()
    stranger = Client()
    stranger.force_login(cast.grid_worker)
    assert stranger.post(address, form).status_code == 409


def test_many_lines_cost_the_same(make_item, clerk, force, django_assert_max_num_queries):
    item = make_item(campaign=make_item.make_campaign(definition=PAID))
    actions.begin_reckoning(item, by=force.member)
    address = reverse("ledgers:money", args=[item.campaign.number, item.number])
    for number in range(12):
        actions.add_subsidy(item, by=force.member, name=f"奖励 {number}", amount=5)
    clerk.get(address)
    with django_assert_max_num_queries(40):
        clerk.get(address)
