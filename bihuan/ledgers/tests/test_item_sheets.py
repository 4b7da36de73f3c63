"""Items out of workbooks: what columns mean, rows explained, taken in once, the refused ones to be mended."""

from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from django.http import QueryDict
from django.utils.translation import override

from bihuan.accounts.tests.factories import make_person
from bihuan.audit.queries import faults
from bihuan.audit.running import Interrupted
from bihuan.core.sheets import read_workbook
from bihuan.files.actions import accept_upload
from bihuan.files.models import Kind
from bihuan.files.tests.samples import upload
from bihuan.ledgers import actions, figures, rules
from bihuan.ledgers.models import Item, ItemSheet
from bihuan.ledgers.queries.sheets import faults_of_sheet, open_items, refusals_of_sheet
from bihuan.ledgers.sheets import running
from bihuan.ledgers.sheets.columns import ItemBook, guess, meanings_of
from bihuan.ledgers.sheets.running import take_in
from bihuan.ledgers.sheets.surveying import prepare
from bihuan.ledgers.sheets.writing import blank_workbook, refused_rows_workbook
from bihuan.ledgers.tests.books import made
from bihuan.ledgers.tests.factories import plots
from bihuan.territory.tests.factories import make_place

pytestmark = pytest.mark.usefixtures("at_nine")
HEAD = ["名称", "编号", "社区", "组别", "包保责任人", "种菜人", "原因", "面积", "清理日期"]


@pytest.fixture
def bring(make_campaign: Any, cast: Any) -> Any:
    """`bring([head, row, …])`: a workbook of these rows, confirmed as we understand it."""

    def receive(
        rows: list[list[Any]],
        *,
        campaign: Any = None,
        by: Any = None,
        content: bytes = b"",
        confirm: bool = True,
        **wrong: Any,
    ) -> ItemSheet:
        campaign = campaign or make_campaign()
        by = by or cast.clerk
        content = content or made({"名单": rows}, **wrong).getvalue()
        file = accept_upload(upload(content, "名单.xlsx"), kinds=[Kind.DOCUMENT])
        sheet = actions.receive_items(campaign, by=by, file=file, name="名单.xlsx")
        if not confirm:
            return sheet
        book = open_items(ItemSheet.objects.with_names().get(pk=sheet.pk))
        name = book.likely_sheet
        header = book.likely_header(name)
        titles = book.titles(name, header)
        return actions.confirm_items(
            sheet,
            by=by,
            name=name,
            header=header,
            columns=guess(book.definition, titles),
            titles=titles,
            signature="x",
            last_row=book.last_row(name),
        )

    return receive


def row(name: str, key: str = "", **cells: Any) -> list[Any]:
    told = {
        "area": "",
        "team": "",
        "person": "",
        "owner": "王某",
        "reason": "",
        "size": "",
        "day": "",
    } | cells
    return [name, key, *told.values()]


def told(sheet: ItemSheet) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.problem) for one in refusals_of_sheet(sheet)]


def test_rows_become_items(bring, cast, force):
    campaign_sheet = bring(
        [
            HEAD,
            row("一号菜园", "A1", area=cast.places.community.name, team="二组", reason="拒绝清理", size=12.5,
                day=date(2025, 9, 1)),
            row("二号菜园", "A2", person="组员", area=cast.places.community.name, reason="refused",
                day="2025/9/2"),
            [""] * 9,
            row("三号菜园", "A3", reason="Unable", size="１２"),
        ]
    )  # fmt: skip
    sheet = take_in(campaign_sheet.pk)

    assert (sheet.state, sheet.created, sheet.refused, sheet.share) == ("finished", 3, 0, 100)
    first, second, third = Item.objects.filter(campaign=sheet.campaign).order_by("number")
    assert (first.title, first.source_key, first.area, first.team.name) == (
        "一号菜园", "key:A1", cast.places.community, "二组",
    )  # fmt: skip
    assert first.answers == {
        "owner": "王某", "reason": "refused", "cleared": "2025-09-01", "total": "12.5",
        "plots": [{"size": "12.5", "price": "31.25"}],
    }  # fmt: skip
    assert (second.responsible, second.team.name) == (force.member, "一组")
    assert third.answers["reason"] == "unable"
    assert third.answers["plots"][0]["size"] == "12"
    assert list(faults()) == []
    assert figures.sums_at(sheet.campaign, date(2025, 9, 10)) == figures.recount(
        sheet.campaign, datetime.fromisoformat("2025-09-10T09:00+08:00")
    )


def test_the_same_list_again_adds_nothing(bring):
    rows = [HEAD, row("一号", "1"), row("二号", "2")]
    sheet = take_in(bring(rows).pk)
    again = take_in(bring(rows, campaign=sheet.campaign).pk)

    assert (again.created, again.known) == (0, 2)
    assert Item.objects.filter(campaign=sheet.campaign).count() == 2


def test_faults_stand_in_the_order_of_the_columns(bring):
    bad = row(
        "九" * 121,
        "1",
        area="没有的社区",
        team="九组",
        person="外人",
        reason="拒绝青理",
        size="十二",
        day="x",
    )
    sheet = take_in(bring([HEAD, bad]).pk)
    columns = [one.column for one in refusals_of_sheet(sheet)]
    assert len(columns) > 4 and columns == sorted(columns)
    assert [column for column, _times in faults_of_sheet(sheet)] == columns


def test_each_bad_row_is_explained_and_the_good_ones_are_in(bring, cast):
    sheet = take_in(
        bring(
            [
                HEAD,
                row("", ""),
                row("一号", "1"),
                row("二号", "1"),
                row("三号", "3", area="没有的社区"),
                row("四号", "4", team="九组"),
                row("五号", "5", person="外人"),
                row("六号", "6", reason="拒绝青理"),
                row("七号", "7", size="十二"),
                row("八号", "8", day="2025-13-40"),
                row("九号", "9", day="2030-01-01"),
                row("字" * 121, "10"),
                row("十一号", 12345678901234567890),
                row("十二号", "12", person="别组组员", team="一组"),
                row("十三号", "13", size=900),
            ]
        ).pk
    )

    assert (sheet.created, sheet.refused) == (1, 13)
    found = told(sheet)
    assert [(number, column[:1]) for number, column, _problem in found] == [
        (2, "A"), (4, "B"), (5, "C"), (6, "D"), (7, "E"), (8, "G"), (9, "H"), (10, "I"), (11, "I"), (12, "A"),
        (13, "B"), (14, "E"), (15, "H"),
    ]  # fmt: skip
    assert "same number" in found[1][2]
    assert (
        refusals_of_sheet(sheet)[5].remedy == "Perhaps “拒绝清理”?"
        or "Refused" in refusals_of_sheet(sheet)[5].remedy
    )
    assert all(one.remedy for one in refusals_of_sheet(sheet))


def test_refused_rows_come_back_mended(bring):
    sheet = take_in(bring([HEAD, row("一号", "1"), row("二号", "2", reason="不知道")]).pk)

    table = read_workbook(BytesIO(refused_rows_workbook(sheet)), "refused.xlsx")[0]
    assert table.header[:2] == ["名称", "编号"]
    assert len(table.rows) == 1
    cells = list(table.rows[0].cells.values())
    assert cells[0] == "二号"
    assert cells[-3] == 3
    assert "不知道" in cells[-2]

    mended = [table.header, ["二号", "2", "", "", "", "王某", "拒绝清理", "", "", *cells[-3:]]]
    again = take_in(bring(mended, campaign=sheet.campaign).pk)
    assert (again.created, again.refused) == (1, 0)


def test_merged_cells_formulas_and_two_rows_of_headings(bring):
    rows = [
        ["2025 年菜园名单"],
        ["菜园", "", "登记", ""],
        ["名称", "编号", "种菜人", "面积"],
        ["一号", "1", "王某", 3],
        ["二号", "2", "王某", ""],
    ]
    sheet = take_in(bring(rows, formula=("名单", "D5")).pk)

    assert sheet.header == 3
    assert (sheet.created, sheet.refused) == (1, 1)
    assert "formula" in told(sheet)[0][2]


def test_what_stands_above_the_list_is_no_heading_of_it(bring, make_campaign):
    rows = [
        ["小菜园清理台账", "", "编号", "0012"],
        ["名称", "种菜人", "", "原因"],
        ["一号菜园", "王某", "A1", "拒绝清理"],
    ]
    sheet = take_in(bring(rows).pk)
    assert (sheet.titles[2], sheet.created) == ("Column C", 1)
    assert "key" not in sheet.columns


def test_without_a_heading_the_page_says_what_items_will_be_called(bring, cast):
    sheet = bring([["", "编号", "种菜人"], ["一号菜园", "A1", "王某"]], confirm=False)
    named = bring([["名称", "编号"], ["一号菜园", "A1"]], confirm=False)
    found = [
        prepare(one, cast.clerk, QueryDict()).survey
        for one in ItemSheet.objects.with_names().filter(pk__in=[sheet.pk, named.pk]).order_by("pk")
    ]
    assert [one.untitled for one in found] == [True, False]
    assert [one.first[0].draft.title for one in found] == ["A1", "一号菜园"]


def test_csv_of_an_old_computer(bring):
    content = "名称,编号,种菜人\n一号菜园,1,王某\n".encode("gb18030")
    sheet = bring([], content=content)
    assert take_in(sheet.pk).created == 1


def test_without_numbers_the_same_row_is_one_item(bring):
    rows = [["名称", "种菜人"], ["一号", "王某"], ["一号", "王某"], ["一号", "李某"]]
    sheet = take_in(bring(rows).pk)
    assert (sheet.created, sheet.refused) == (2, 1)
    assert "exactly the same" in told(sheet)[0][2]


def test_a_split_household_names_the_one_it_comes_from(bring, make_campaign):
    head = ["名称", "编号", "分户自"]
    rows = [head, ["王家", "1", ""], ["王家二子", "1-1", "1"], ["无主", "9-1", "9"]]
    sheet = take_in(bring(rows).pk)
    part = Item.objects.get(campaign=sheet.campaign, source_key="key:1-1")

    assert part.parent.source_key == "key:1"
    assert (sheet.created, sheet.refused) == (2, 1)
    assert told(sheet)[0][1] == "C 分户自"
    assert figures.value_at(sheet.campaign, "sites", date(2025, 9, 10)) == 2
    assert figures.value_at(sheet.campaign, "sites", date(2025, 9, 10), parts=False) == 1

    whole = make_campaign(definition=plots(splits=False))
    assert take_in(bring(rows, campaign=whole).pk).created == 3, "the column means nothing there"


def test_places_are_found_by_name(bring, cast):
    make_place("良苑小区", area=cast.places.community)
    rows = [["小区", "编号"], ["良苑小区", "1"], [cast.places.community.name, "2"], ["没有小区", "3"]]
    sheet = take_in(bring(rows).pk)

    first = Item.objects.get(campaign=sheet.campaign, source_key="key:1")
    assert (first.place.name, first.title) == ("良苑小区", "良苑小区")
    assert (sheet.created, sheet.refused) == (2, 1)


def test_killed_it_goes_on_where_it_was(bring, monkeypatch):
    monkeypatch.setattr("bihuan.ledgers.sheets.rows.CHUNK", 2)
    sheet = bring([HEAD, *[row(f"{n} 号", str(n)) for n in range(1, 8)]])
    presses = iter([False, False, True])
    with pytest.raises(Interrupted):
        take_in(sheet.pk, stopping=lambda: next(presses))
    half = ItemSheet.objects.get(pk=sheet.pk)
    assert (half.created, half.done_row, half.state) == (4, 5, "running")

    whole = take_in(sheet.pk)

    assert (whole.created, whole.known) == (7, 0)
    numbers = Item.objects.filter(campaign=sheet.campaign).order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 8))
    assert take_in(sheet.pk).created == 7, "finished is finished"


def test_a_chunk_that_fails_leaves_nothing(bring, unchanged, breaking_record):
    sheet = bring([HEAD, row("一号", "1")])
    down = breaking_record("bihuan.ledgers.actions.intake")
    with unchanged(), pytest.raises(down):
        running.take_in(sheet.pk)
    assert ItemSheet.objects.get(pk=sheet.pk).done_row == 1


def test_a_team_leader_brings_in_rows_of_the_own_team(bring, make_campaign, force, cast):
    campaign = make_campaign()
    rows = [HEAD, row("一号", "1", team="一组"), row("二号", "2", team="二组")]
    sheet = take_in(bring(rows, campaign=campaign, by=force.team_leader).pk)

    assert (sheet.created, sheet.refused) == (1, 1)
    assert told(sheet)[0][1] == "D 组别"


def test_of_a_confidential_campaign_nobody_learns_numbers_by_importing(
    bring, make_campaign, cast, force, refused, unchanged
):
    campaign = make_campaign(definition=plots(confidential=True))
    take_in(bring([HEAD, row("一户", "1", team="一组")], campaign=campaign).pk)
    keeper = make_person("台账管理", duties=[("dispatcher", cast.places.street)])
    assert rules.runs(campaign, keeper)
    with unchanged(), refused("campaign.not_on_task_force"):
        bring([HEAD, row("探问", "1")], campaign=campaign, by=keeper)
    rows = [[*HEAD, "分户自"], [*row("自家", "2"), ""], [*row("一户之分户", "3"), "1"]]
    sheet = take_in(bring(rows, campaign=campaign, by=force.other_member).pk)
    assert [line[:2] for line in told(sheet)] == [(3, "J 分户自")]
    assert Item.objects.get(source_key="key:2").team.name == "二组"


# -- its verbs ------------------------------------------------------------------------------------------


def press(name: str, sheet: ItemSheet, by: Any) -> Any:
    meant = {"name": "名单", "header": 1, "columns": {"title": 0}, "titles": ["名称"], "signature": "x"}
    return {
        "receive": lambda: actions.receive_items(
            sheet.campaign, by=by, file=accept_upload(upload(b"a,b\n1,2\n", "x.csv"), kinds=[Kind.DOCUMENT])
        ),
        "confirm": lambda: actions.confirm_items(sheet, by=by, last_row=2, **meant),
        "discard": lambda: actions.discard_items(sheet, by=by),
        "fetch": lambda: actions.fetch_refused(sheet, by=by),
        "forget": lambda: actions.forget_items_workbook(sheet, by=by),
    }[name]()


@pytest.mark.parametrize("name", ["receive", "confirm", "discard", "fetch", "forget"])
def test_verbs_of_a_workbook(bring, cast, force, refused, entry_of, name):
    sheet = bring([["名称"], ["一号"]], confirm=False)
    if name == "fetch":
        with refused("sheet.not_finished"):
            press(name, sheet, cast.clerk)
        press("confirm", sheet, cast.clerk)
        take_in(sheet.pk)
    if name in ("confirm", "discard"):
        with refused("sheet.somebody_elses"):
            press(name, sheet, force.member)
    if name == "receive":
        with refused("campaign.not_on_task_force"):
            press(name, sheet, cast.grid_worker)

    press(name, sheet, cast.clerk)

    last = ItemSheet.objects.order_by("pk").last()
    assert entry_of(last).verb.startswith("item_sheet.")
    if name in ("confirm", "discard"):
        with refused("sheet.wrong_state"):
            press(name, sheet, cast.clerk)


@pytest.mark.parametrize("name", ["receive", "confirm", "discard", "fetch", "forget"])
def test_a_failure_half_way_leaves_a_workbook_as_it_was(bring, cast, unchanged, breaking_record, name):
    sheet = bring([["名称"], ["一号"]], confirm=False)
    if name == "fetch":
        press("confirm", sheet, cast.clerk)
        take_in(sheet.pk)
    before = list(ItemSheet.objects.values())
    down = breaking_record("bihuan.ledgers.actions.sheets")

    with unchanged(), pytest.raises(down):
        press(name, sheet, cast.clerk)
    assert list(ItemSheet.objects.values()) == before


def test_an_empty_list_and_one_too_long_are_not_taken_in(bring, cast, refused):
    sheet = bring([["名称"], ["一号"]], confirm=False)
    meant = {"name": "名单", "header": 1, "columns": {"title": 0}, "titles": ["名称"], "signature": "x"}
    with refused("sheet.no_rows"):
        actions.confirm_items(sheet, by=cast.clerk, last_row=1, **meant)
    with refused("sheet.too_long"):
        actions.confirm_items(sheet, by=cast.clerk, last_row=100_002, **meant)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_empty_workbook_is_understood_again(make_campaign, language):
    campaign = make_campaign()
    with override(language):
        content = blank_workbook(campaign)
        tables = read_workbook(BytesIO(content), "blank.xlsx")
    assert len(tables) == 3
    definition = campaign.edition.definition
    book = ItemBook(content, "blank.xlsx", definition)
    header = book.titles(book.likely_sheet, book.likely_header(book.likely_sheet))
    assert set(guess(definition, header)) == set(meanings_of(definition))
