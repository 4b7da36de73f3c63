"""Spreadsheets as people in offices really make them."""

import io
import struct
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import python_calamine
import xlsxwriter
from django.core.exceptions import ValidationError

from bihuan.core.sheets import Table, read_grids, read_table, read_workbook, write_workbook

HEADER = ["编号", "标题"]
ROWS = [["1", "小区路灯不亮"], ["2", "飞线充电，有隐患"]]


def csv_bytes(encoding: str, newline: str = "\r\n") -> bytes:
    return newline.join(f'{a},"{b}"' for a, b in [HEADER, *ROWS]).encode(encoding)


def xlsx(build: Callable[[Any, Any], None]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    build(book, book.add_worksheet("表"))
    book.close()
    return buffer.getvalue()


def plain_xlsx() -> bytes:
    return xlsx(lambda book, sheet: [sheet.write_row(i, 0, row) for i, row in enumerate([HEADER, *ROWS])])


def ods() -> bytes:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table as OdfTable
    from odf.table import TableCell, TableRow
    from odf.text import P

    document = OpenDocumentSpreadsheet()
    table = OdfTable(name="表")
    for row in [HEADER, *ROWS]:
        line = TableRow()
        for value in row:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=value))
            line.addElement(cell)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    buffer = io.BytesIO()
    document.write(buffer)
    return buffer.getvalue()


def table_of(content: bytes, name: str = "来信.xlsx") -> Table:
    return read_table(io.BytesIO(content), name)


def values(table: Table) -> list[list[str]]:
    return [[row.text(title) for title in table.header] for row in table.rows]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", plain_xlsx()),
        ("a.ods", ods()),
        ("utf-8.csv", csv_bytes("utf-8")),
        ("bom.csv", csv_bytes("utf-8-sig")),
        ("gb18030.csv", csv_bytes("gb18030")),
        ("unix.csv", csv_bytes("gb18030", "\n")),
        ("wrong-ending.csv", plain_xlsx()),
    ],
)
def test_the_same_table_in_every_dress(name: str, content: bytes) -> None:
    table = table_of(content, name)

    assert table.header == HEADER
    assert values(table) == ROWS
    assert [row.number for row in table.rows] == [2, 3]


def test_an_old_xls_is_read() -> None:
    """The oldest binary form: BIFF records inside an OLE file are what offices still send."""
    assert values(table_of(tiny_xls(["编号", "标题"], ["7", "旧表"]), "旧.xls")) == [["7", "旧表"]]


def test_merged_cells_keep_their_value_in_the_first() -> None:
    def build(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["街道", "事项"])
        sheet.merge_range(1, 0, 2, 0, "小桥街道")
        sheet.write(1, 1, "一")
        sheet.write(2, 1, "二")

    assert values(table_of(xlsx(build))) == [["小桥街道", "一"], ["", "二"]]


def test_a_grid_has_its_cells_in_their_places_and_says_which_are_merged_or_failed() -> None:
    def build(_book: Any, sheet: Any) -> None:
        sheet.merge_range("B2:C3", "并")
        sheet.write_formula("A5", "=1/0", None, "#DIV/0!")

    (grid,) = read_grids(io.BytesIO(xlsx(build)), "表.xlsx")

    assert [line[1] for line in grid.lines] == ["", "并", "", "", ""]
    assert grid.merged == [((1, 1), (2, 2))]
    assert grid.failed == {5: {0: "#DIV/0!"}}


def test_a_list_in_text_is_no_workbook_with_sheets() -> None:
    with pytest.raises(ValidationError):
        read_grids(io.BytesIO("编号,标题".encode()), "表.csv")


def test_formulas_give_their_last_value() -> None:
    def build(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["甲", "乙"])
        sheet.write_number(1, 0, 2)
        sheet.write_formula(1, 1, "=A2*21", None, 42)

    assert values(table_of(xlsx(build))) == [["2", "42"]]


def test_rows_keep_the_numbers_of_the_spreadsheet_program() -> None:
    def build(book: Any, sheet: Any) -> None:
        sheet.write_row(2, 0, ["甲", "乙"])  # two empty lines above the header
        sheet.write(3, 0, "a")
        sheet.write(6, 0, "b")

    assert [(row.number, row.text("甲")) for row in table_of(xlsx(build)).rows] == [(4, "a"), (7, "b")]


def test_dates_numbers_and_phones_read_as_people_wrote_them() -> None:
    def build(book: Any, sheet: Any) -> None:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["日", "电话", "面积", "是"])
        sheet.write_datetime(1, 0, datetime(2023, 3, 15), day)
        sheet.write_number(1, 1, 13800000000)
        sheet.write_number(1, 2, 27.5)
        sheet.write_boolean(1, 3, True)

    row = table_of(xlsx(build)).rows[0]
    assert row.cells["日"] in (date(2023, 3, 15), datetime(2023, 3, 15))
    assert row.text("日").startswith("2023-03-15")
    assert row.text("电话") == "13800000000"
    assert row.text("面积") == "27.5"


def test_titles_are_made_unique_and_empty_ones_named() -> None:
    table = table_of("名,名,,名\n1,2,3,4\n".encode(), "a.csv")

    assert table.header[0::3] == ["名", "名 (3)"]
    assert table.header[1] == "名 (2)"
    assert len(set(table.header)) == 4
    assert values(table) == [["1", "2", "3", "4"]]


def test_short_and_long_rows_do_no_harm() -> None:
    assert values(table_of(b"a,b\n1\n1,2,3\n", "a.csv")) == [["1", ""], ["1", "2"]]


def test_control_characters_are_gone() -> None:
    table = table_of("标\u200b题,乙\n\ufeff一\x07,\u202e二\n".encode(), "a.csv")
    assert table.header == ["标题", "乙"]
    assert values(table) == [["一", "二"]]


def test_only_sheets_with_content_count() -> None:
    buffer = io.BytesIO()
    write_workbook(buffer, {"空": ([], []), "有": (HEADER, ROWS)})
    buffer.seek(0)
    assert read_table(buffer, "a.xlsx").name == "有"
    buffer.seek(0)
    assert [table.name for table in read_workbook(buffer, "a.xlsx")] == ["空", "有"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n , ,\n",
        b"PK\x03\x04 a zip that is none",
        plain_xlsx()[:900],
        b"\xd0\xcf\x11\xe0 an OLE file that is none",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        "标题\x00一".encode(),
        b'"' + b"x" * 1_200_000,
        "文".encode("utf-16"),
    ],
    ids=["empty", "blank", "no zip", "cut off", "no ole", "picture", "nul", "endless cell", "utf-16"],
)
def test_what_is_no_table_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(ValidationError) as caught:
        table_of(content, "坏.xlsx")
    assert "坏.xlsx" in caught.value.messages[0]


def test_text_that_looks_like_a_formula_stays_text() -> None:
    evil = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "\t=1", "{=1}"]
    buffer = io.BytesIO()
    write_workbook(buffer, {"表": (["内容"], [[text] for text in evil])})

    sheet_xml = _part(buffer, "xl/worksheets/sheet1.xml")
    assert "<f>" not in sheet_xml
    assert "hyperlink" not in sheet_xml.lower()
    buffer.seek(0)
    assert [row.text("内容") for row in read_table(buffer, "a.xlsx").rows] == [text.strip() for text in evil]


def _part(buffer: io.BytesIO, name: str) -> str:
    import zipfile

    with zipfile.ZipFile(buffer) as archive:
        return archive.read(name).decode()


def test_what_is_written_can_be_read() -> None:
    rows = [
        ["一", 2, 2.5, None, True, date(2023, 3, 15), datetime(2023, 3, 15, 8, 30, tzinfo=UTC), "长" * 40_000]
    ]
    header = ["文", "整", "小数", "空", "真", "日", "时", "长"]
    buffer = io.BytesIO()
    write_workbook(buffer, {"一二三四五六七八九十" * 4: (header, rows)})
    buffer.seek(0)

    table = read_table(buffer, "a.xlsx")
    row = table.rows[0]
    assert table.header == header
    assert [row.text(name) for name in header[:4]] == ["一", "2", "2.5", ""]
    assert row.text("时") == "2023-03-15 08:30"
    assert len(row.text("长")) == 32_767


def test_a_reader_of_the_real_letters_needs_no_more() -> None:
    """calamine reads what xlsxwriter writes; nothing of ours sits between them."""
    book = python_calamine.load_workbook(io.BytesIO(plain_xlsx()))
    assert book.sheet_names == ["表"]


def tiny_xls(*rows: list[str]) -> bytes:
    """A one-sheet BIFF8 workbook, inside the smallest OLE container that holds it."""

    def record(kind: int, body: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    def text(value: str) -> bytes:
        return struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")

    def bof(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))

    strings = [value for row in rows for value in row]
    shared = record(0x00FC, struct.pack("<II", len(strings), len(strings)) + b"".join(map(text, strings)))
    name = b"Sheet1"
    head = bof(0x0005) + record(0x0042, struct.pack("<H", 1200))
    sheet_entry_size = 4 + 8 + len(name)
    sheet_at = len(head) + sheet_entry_size + len(shared) + 4
    head += record(0x0085, struct.pack("<IBBBB", sheet_at, 0, 0, len(name), 0) + name)
    cells, index = b"", 0
    for y, row in enumerate(rows):
        for x, _ in enumerate(row):
            cells += record(0x00FD, struct.pack("<HHHI", y, x, 0, index))
            index += 1
    dimensions = record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    stream = head + shared + record(0x000A) + bof(0x0010) + dimensions + cells + record(0x000A)
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")

    sectors = len(stream) // 512
    fat = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + sectors), 0xFFFFFFFE]
    fat += [0xFFFFFFFF] * (128 - len(fat))

    def entry(title: str, kind: int, child: int, start: int, size: int) -> bytes:
        encoded = title.encode("utf-16-le") + b"\0\0" if title else b""
        return (
            encoded.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(encoded), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )

    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
        + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
        + struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    )
    folder = (
        entry("Root Entry", 5, 1, 0xFFFFFFFE, 0)
        + entry("Workbook", 2, 0xFFFFFFFF, 2, len(stream))
        + entry("", 0, 0xFFFFFFFF, 0, 0) * 2
    )
    return header + struct.pack("<128I", *fat) + folder + stream


def test_two_cells_in_opposite_corners_are_refused_before_they_burst_the_reader() -> None:
    file = io.BytesIO()
    workbook = xlsxwriter.Workbook(file)
    sheet = workbook.add_worksheet()
    sheet.write(0, 0, "a")
    sheet.write(1_048_575, 16_383, "z")
    workbook.close()
    file.seek(0)
    with pytest.raises(ValidationError, match="XFD"):
        read_table(file, "far.xlsx")
