"""What we make of a workbook before anybody says a word: sheet, headings, columns, single cells."""

import io
import zipfile
from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import get_default_timezone

from bihuan.core.clock import now, travel
from bihuan.core.xlsx import letter_of
from bihuan.intake.sheet import cells
from bihuan.intake.sheet.book import Book, without_nul
from bihuan.intake.sheet.guessing import guess_columns, signature_of
from bihuan.intake.tests.sheets import HEADER, reports, workbook

pytestmark = pytest.mark.django_db


def guess(*rows: list[Any]) -> dict[str, str]:
    """Field → heading."""
    return {name: rows[0][i] for name, i in guess_columns(rows[0], rows[1:]).items()}


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("留言编号", "number"), ("工单编号（必填）", "number"), ("Case ID", "number"), ("SRNumber", "number"),
        ("留言主题", "title"), ("Subject", "title"), ("留言 详情", "words"), ("Description*", "words"),
        ("留言时间", "said_at"), ("CreatedDate", "said_at"), ("地址", "address"),
        ("经度", "lon"), ("lat", "lat"),
        ("经纬度", "point"), ("姓名", "name"), ("联系电话", "phone"), ("一级标签", "category"),
        ("所属社区", "area"),
        ("是否同意回访", "may_call"),
    ],
)  # fmt: skip
def test_headings_give_themselves_away(title: str, field: str) -> None:
    assert guess_columns([title], []) == {field: 0}


def test_the_surest_heading_wins_and_strange_columns_stay_free() -> None:
    found = guess(["编号", "留言编号", "点赞数", "反对数", "留言详情"], [1, 2, 3, 4, "x"])

    assert found == {"number": "留言编号", "words": "留言详情"}


def test_contents_speak_where_headings_do_not() -> None:
    found = guess(
        ["A", "B", "C", "D", "E"],
        ["13800000001", "2026-03-09 10:00", "小区门口的路灯坏了三天了，没有人来修理。", 114.65, 33.62],
        ["13800000002", "2026/3/10 11:00", "楼下烧烤店每晚油烟扰民，请有关部门处理。", 114.66, 33.61],
    )

    assert found == {"phone": "A", "said_at": "B", "words": "C", "lon": "D", "lat": "E"}


def test_a_column_of_points_does_not_tell_what_was_reported() -> None:
    found = guess(
        ["Location", "x"], ["(34.2473989385, -118.536249101)", "b"], ["(34.2473989385, -118.5)", "c"]
    )

    assert "words" not in found


def test_a_running_count_is_no_lasting_number() -> None:
    assert "number" not in guess(["序号", "内容"], [1, "路灯坏了"], [2, "井盖没了"])


def test_the_columns_we_add_are_passed_over() -> None:
    titles = [*HEADER, "row in the file", "why refused", "what to do"]

    assert set(guess_columns(titles, []).values()) == {0, 1, 2, 3}
    assert signature_of(titles) == signature_of(HEADER)


def test_a_title_above_the_headings_is_no_heading() -> None:
    rows = [["川汇区留言汇总表"], [], *reports(2)]
    book = Book(workbook(rows), "x.xlsx")

    assert book.likely_header(book.likely_sheet) == 3
    assert book.titles(book.likely_sheet, 3) == HEADER


def test_of_two_rows_of_headings_the_lower_counts_and_the_upper_fills_its_gaps() -> None:
    def touch(book: Any, sheet: Any) -> None:
        for column, title in enumerate(["留言编号", "留言详情"]):
            sheet.merge_range(0, column, 1, column, title)
        sheet.merge_range(0, 2, 0, 3, "反映人")

    book = Book(
        workbook(
            [["", "", "", ""], ["", "", "姓名", "电话"], [1, "灯坏了", "甲", "13800000000"]], touch=touch
        ),
        "x.xlsx",
    )
    sheet = book.likely_sheet

    assert book.likely_header(sheet) == 2
    assert book.titles(sheet, 2) == ["留言编号", "留言详情", "姓名", "电话"]


def test_rows_without_any_headings() -> None:
    book = Book(workbook([[1, "小区门口的路灯坏了三天了，没有人来修理，晚上很黑很危险。"]]), "x.xlsx")

    assert book.likely_header(book.likely_sheet) == 0
    assert (
        book.titles(book.likely_sheet, 0) == ["A 列", "B 列"] or len(book.titles(book.likely_sheet, 0)) == 2
    )


def test_the_likely_sheet_is_visible_and_holds_reports() -> None:
    cover, hidden = [["说明"], ["请勿修改"]], reports(1)
    book = Book(workbook(cover, hidden, reports(2), hide=[1]), "x.xlsx")

    assert [choice.hidden for choice in book.sheets] == [False, True, False]
    assert book.likely_sheet == book.sheets[2].name


def test_a_cell_merged_downwards_counts_for_each_row() -> None:
    def touch(book: Any, sheet: Any) -> None:
        sheet.merge_range(1, 2, 3, 2, "人和街")

    book = Book(
        workbook([["编号", "内容", "地址"], [1, "a"], [2, "b"], [3, "c"], [4, "d"]], touch=touch), "x.xlsx"
    )

    assert [line[2] for _n, line in book.lines(book.likely_sheet)] == [
        "地址",
        "人和街",
        "人和街",
        "人和街",
        "",
    ]


@pytest.mark.parametrize("text", ["编号,内容\r\n1,路灯\r\n", "编号\t内容\n1\t路灯\n", "编号;内容\n1;路灯\n"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_csv_of_every_kind(text: str, encoding: str) -> None:
    book = Book(text.encode(encoding), "x.csv")

    assert [line for _n, line in book.lines(book.likely_sheet)] == [["编号", "内容"], ["1", "路灯"]]


def test_nul_is_taken_out_of_text_and_nothing_else() -> None:
    assert without_nul("编号,内\0容".encode()) == "编号,内容".encode()
    whole = workbook(reports(1))
    assert without_nul(whole) == whole


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG\r\n\x1a\n\0\0", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0broken"]
)
def test_what_is_no_workbook_says_so(content: bytes) -> None:
    with pytest.raises(ValidationError):
        Book(content, "x.xlsx").likely_sheet  # noqa: B018


def test_an_empty_sheet_says_so() -> None:
    with pytest.raises(ValidationError):
        Book(workbook([]), "x.xlsx").likely_sheet  # noqa: B018


def test_two_cells_in_opposite_corners_do_not_burst_the_reader() -> None:
    def touch(book: Any, sheet: Any) -> None:
        sheet.write(1_048_575, 16_383, "x")

    with pytest.raises(ValidationError, match="XFD"):
        Book(workbook(reports(1), touch=touch), "x.xlsx")


def test_a_damaged_archive_says_so() -> None:
    content = bytearray(workbook(reports(3)))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        where = archive.getinfo("xl/worksheets/sheet1.xml").header_offset
    content[where + 60 : where + 90] = b"\0" * 30

    with pytest.raises(ValidationError):
        Book(bytes(content), "x.xlsx").likely_sheet  # noqa: B018


def test_letters_of_columns() -> None:
    assert [letter_of(i) for i in (0, 25, 26, 701, 702, 16_383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026/3/9 9:05:00", (2026, 3, 9, 9, 5)), ("2026-03-09", (2026, 3, 9, 0, 0)),
        ("2026年3月9日 14时05分", (2026, 3, 9, 14, 5)), ("2026.3.9 下午2:05", (2026, 3, 9, 14, 5)),
        ("20260309", (2026, 3, 9, 0, 0)), ("20260309140500", (2026, 3, 9, 14, 5)),
        ("2026-03-09T14:05:00", (2026, 3, 9, 14, 5)), ("03/25/2026 02:05:00 PM", (2026, 3, 25, 14, 5)),
        ("25/3/2026", (2026, 3, 25, 0, 0)), ("3/3/2026", (2026, 3, 3, 0, 0)),
        (46090.5868055556, (2026, 3, 9, 14, 5)),
        (datetime(2026, 3, 9, 14, 5), (2026, 3, 9, 14, 5)), ("２０２６／３／９", (2026, 3, 9, 0, 0)),
    ],
)  # fmt: skip
def test_dates_as_people_write_them(value: Any, expected: tuple[int, ...]) -> None:
    with travel(datetime(2026, 6, 1, tzinfo=get_default_timezone())):
        assert cells.moment_of(value) == datetime(*expected, tzinfo=get_default_timezone())


def test_a_named_zone_is_believed() -> None:
    with travel(datetime(2026, 6, 1, tzinfo=get_default_timezone())):
        assert cells.moment_of("2026-03-09T06:05:00Z") == cells.moment_of("2026-03-09 14:05:00+0800")


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("昨天", "date"), ("2026-13-01", "date"), ("2026-02-30", "date"), ("26/3/9", "date"),
        ("2026-03-09 25:00", "date"), ("3/4/2026", "ambiguous_date"), ("1900-01-00", "date"),
        ("1970-01-01", "long_ago"),
        ("2199-01-01", "future"), (True, "date"), ("#REF!", "formula"),
    ],
)  # fmt: skip
def test_dates_that_are_none(value: Any, code: str) -> None:
    with pytest.raises(cells.CellFault) as caught:
        cells.moment_of(value)
    assert caught.value.code == code


def test_other_cells() -> None:
    assert now() is not None
    assert cells.number_of(1.0) == "1"
    assert cells.number_of("Ａ－１") == "A-1"
    with pytest.raises(cells.CellFault, match="rounded"):
        cells.number_of(4.11602001e17)
    assert cells.pair_of("(33.62, 114.65)") == (33.62, 114.65)
    assert cells.pair_of("POINT (114.65 33.62)") == (114.65, 33.62)
    assert cells.phone_of("138 0000-0000") == ("13800000000", False)
    assert cells.phone_of("138****0000") == ("", True)
    assert cells.agreement_of("同意") and not cells.agreement_of("")
    assert cells.line_of("——") == ""
    assert cells.degrees_of("114.65°E") == 114.65
