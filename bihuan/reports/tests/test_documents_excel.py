"""Excel templates: values, rows that repeat, and everything that refers to rows following them."""

import io
import zipfile
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from django.utils import translation

from bihuan.ledgers.definition import Words
from bihuan.reports.documents import FaultyTemplate, Text, check_template
from bihuan.reports.documents.shifting import Place, Rows, move_formula, move_range, offset_formula
from bihuan.reports.tests import samples
from bihuan.reports.tests.making import altered, excel, filled, formulas, names, part, rows_of, word


def faults(template: bytes) -> list:
    with pytest.raises(FaultyTemplate) as caught:
        check_template(template, names())
    return list(caught.value.faults)


def test_values_are_numbers_dates_and_texts() -> None:
    def more(book: Any, sheet: Any) -> None:
        sheet.write("A2", "{{日期}}", book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write("B2", "{{生成时间}}", book.add_format({"num_format": 'm"月"d"日" h:mm'}))
        sheet.write("C2", "{{日期}}", book.add_format({"num_format": "0.00"}))

    template = excel(
        [["{{处数}}", "{{复绿面积}}", "共{{处数}}处", "{{征迁.签约户数}}", "{{处数|千分位}}", "{{编号}}"]],
        more,
    )
    found = rows_of(filled(template))
    assert found[0] == [18, 499.5, "共18处", "少于10", "18", "XCY-2026-014"]
    assert found[1][:3] == [datetime(2026, 3, 5), datetime(2026, 3, 5, 18, 0), "2026年3月5日"]
    assert rows_of(filled(template, language="en"))[1][2] == "5 March 2026"


def test_a_row_with_columns_repeats_and_the_rest_moves_down() -> None:
    template = excel(
        [["序号", "名称"], ["{{受阻.序号}}", "{{受阻.名称}}"], ["共", "{{受阻.条数}}"], [], ["{{编号}}"]]
    )
    assert rows_of(filled(template)) == [
        ["序号", "名称"], [1, "1号楼东侧菜地"], [2, "2号楼东侧菜地"], ["共", 2], [None, None], ["XCY-2026-014", None],
    ]  # fmt: skip


def test_a_table_without_rows_keeps_one() -> None:
    template = excel([["{{超期.序号}}", "x{{超期.名称}}", "表"], ["完"]])
    assert rows_of(filled(template)) == [["无", None, "表"], ["完", None, None]]


def test_rows_between_marks() -> None:
    template = excel(
        [["{{#受阻}}"], ["{{名称}}", "{{步骤}}"], ["原因", "{{原因}}"], [None, "{{/受阻}}"],
         ["{{?超期}}"], ["有"], ["{{/超期}}"], ["{{^超期}}"], ["没有"], ["{{/超期}}"],
         ["{{?受阻}}"], ["{{受阻.编号}}"], ["{{/受阻}}"], ["完"]]
    )  # fmt: skip
    assert [row[0] for row in rows_of(filled(template))] == [
        "1号楼东侧菜地", "原因", "2号楼东侧菜地", "原因", "没有", "001", "002", "完",
    ]  # fmt: skip


def test_a_cell_may_list_rows_itself() -> None:
    template = excel([["受阻：{{#受阻}}{{名称}}；{{/受阻}}{{^超期}}无超期{{/超期}}"]])
    assert rows_of(filled(template))[0][0] == "受阻：1号楼东侧菜地；2号楼东侧菜地；无超期"


def test_formulas_follow() -> None:
    def more(book: Any, _sheet: Any) -> None:
        other = book.add_worksheet("另一张")
        other.write_formula("A1", "=SUM('表'!C2:C2)+表!C4")

    template = excel(
        [
            ["名称", "数", "倍"],
            ["{{受阻.名称}}", "{{受阻.序号}}", "=B2*2"],
            ["合计", "=SUM(B2:B2)", '=SUM(C$2:C2)&"C2"'],
            [None, "=B3+$B$2", "=B1"],
        ],
        more,
    )
    done = filled(template)
    assert formulas(done) == {
        "C2": "=B2*2", "C3": "=B3*2", "B4": "=SUM(B2:B3)", "C4": '=SUM(C$2:C3)&"C2"', "B5": "=B4+$B$2", "C5": "=B1",
    }  # fmt: skip
    assert formulas(done, 1) == {"A1": "=SUM('表'!C2:C3)+表!C5"}
    assert b'fullCalcOnLoad="1"' in part(done, "xl/workbook.xml")
    assert b"<v>0</v></c>" not in part(done, "xl/worksheets/sheet2.xml")


def test_shared_formulas_are_told_apart() -> None:
    template = excel([["{{受阻.序号}}", "=A1*2"], [5, "=A2*2"], [6, "=A3*2"]])
    sheet = part(template, "xl/worksheets/sheet1.xml").decode()
    sheet = sheet.replace("<f>A1*2</f>", '<f t="shared" ref="B1:B3" si="0">A1*2</f>')
    for number in (2, 3):
        sheet = sheet.replace(f"<f>A{number}*2</f>", '<f t="shared" si="0"/>')
    done = filled(altered(template, {"xl/worksheets/sheet1.xml": sheet.encode()}))
    assert formulas(done) == {"B1": "=A1*2", "B2": "=A2*2", "B3": "=A3*2", "B4": "=A4*2"}


def test_the_look_stays_and_follows() -> None:
    def more(book: Any, sheet: Any) -> None:
        red = book.add_format({"bold": True, "font_color": "red", "border": 1})
        sheet.write("A2", "{{受阻.名称}}", red)
        sheet.merge_range("B2:C2", "{{受阻.原因}}", red)
        sheet.merge_range("A3:C4", "合计", red)
        sheet.set_column("A:A", 33)
        sheet.set_row(1, 27)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.print_area("A1:C4")
        sheet.repeat_rows(0)
        sheet.freeze_panes(1, 0)
        sheet.conditional_format("A2:A2", {"type": "cell", "criteria": ">", "value": "$A$4", "format": red})
        sheet.data_validation("C5", {"validate": "list", "source": ["是", "否"]})
        sheet.write_url("A5", "https://example.com/", string="{{编号}}")
        sheet.autofilter("A1:C2")
        sheet.write_comment("A6", "批注")
        sheet.insert_image("B6", "x.png", {"image_data": io.BytesIO(PICTURE)})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=表!$A$2:$A$2"})
        sheet.insert_chart("D6", chart)

    done = filled(excel([["名称", "原因", ""]], more))
    sheet = openpyxl.load_workbook(io.BytesIO(done)).worksheets[0]
    assert {str(one) for one in sheet.merged_cells.ranges} == {"B2:C2", "B3:C3", "A4:C5"}
    assert [sheet.row_dimensions[row].height for row in (2, 3, 4)] == [27, 27, None]
    assert all(sheet[cell].font.bold and sheet[cell].border.left.style for cell in ("A2", "A3", "B3", "A4"))
    assert sheet.column_dimensions["A"].width == pytest.approx(33, abs=1)
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_area == "'表'!$A$1:$C$5"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.freeze_panes == "A2"
    assert [str(one.sqref) for one in sheet.conditional_formatting] == ["A2:A3"]
    assert next(iter(sheet.conditional_formatting)).rules[0].formula == ["$A$5"]
    assert str(sheet.data_validations.dataValidation[0].sqref) == "C6"
    assert sheet["A6"].hyperlink.target == "https://example.com/"
    assert sheet["A6"].value == "XCY-2026-014"
    assert sheet.auto_filter.ref == "A1:C3"
    assert sheet["A7"].comment.text == "批注"
    assert b"<x:Row>6</x:Row>" in part(done, "xl/drawings/vmlDrawing1.vml")
    assert b"$A$2:$A$3" in part(done, "xl/charts/chart1.xml")
    assert b"<xdr:row>6</xdr:row>" in part(done, "xl/drawings/drawing1.xml")
    assert set(zipfile.ZipFile(io.BytesIO(done)).namelist()) >= {
        "xl/charts/chart1.xml",
        "xl/media/image1.png",
    }


def test_printed_headers_and_shapes() -> None:
    def more(_book: Any, sheet: Any) -> None:
        sheet.set_header("&L{{报告单位}}&R第&P页")
        sheet.insert_textbox("D2", "共{{处数}}处")

    summary = samples.summary(unit=Words("城管&环卫", "A&B"))
    done = filled(excel([["x"]], more), summary)
    sheet = openpyxl.load_workbook(io.BytesIO(done)).worksheets[0]
    assert b"&amp;L\xe5\x9f\x8e\xe7\xae\xa1&amp;&amp;\xe7\x8e\xaf\xe5\x8d\xab&amp;R" in part(
        done, "xl/worksheets/sheet1.xml"
    )
    assert sheet.oddHeader.right.text == "第&P页"
    assert "共18处".encode() in part(done, "xl/drawings/drawing1.xml")


def test_parts_of_a_cell_keep_their_look() -> None:
    def more(book: Any, sheet: Any) -> None:
        bold = book.add_format({"bold": True})
        sheet.write_rich_string("A1", "共", bold, "{{处", bold, "数}}", "处，编号", bold, "{{编号}}")

    done = part(filled(excel([[]], more)), "xl/worksheets/sheet1.xml").decode()
    assert rows_of(filled(excel([[]], more)))[0][0] == "共18处，编号XCY-2026-014"
    assert "<b/>" in done


@pytest.mark.parametrize("text", ["=1+1", "+86", "-3", "@SUM(A1)", "=HYPERLINK(\"http://x\")", "\t=1"])  # fmt: skip
def test_what_looks_like_a_formula_stays_text(text: str) -> None:
    summary = samples.summary(samples.garden(texts=(Text("next", Words("下一步"), text),)))
    done = filled(excel([["{{下一步}}", "{{人次}}"]]), summary)
    sheet = openpyxl.load_workbook(io.BytesIO(done)).worksheets[0]
    assert sheet["A1"].value == text
    assert sheet["A1"].data_type == "s" or sheet["A1"].data_type == "inlineStr"
    assert sheet["A1"].quotePrefix
    assert not sheet["B1"].quotePrefix


def test_a_text_longer_than_a_cell_is_cut() -> None:
    summary = samples.summary(samples.garden(texts=(Text("next", Words("下一步"), "字" * 40_000),)))
    assert rows_of(filled(excel([["{{下一步}}"]]), summary))[0][0] == "字" * 32_767


def test_ten_thousand_rows() -> None:
    summary = samples.summary(samples.garden(tables=(samples.blocked(10_000),)))
    template = excel([["{{受阻.序号}}", "{{受阻.名称}}", "=A1"], ["完", "=SUM(A1:A1)"]])
    done = filled(template, summary)
    assert formulas(done)["B10001"] == "=SUM(A1:A10000)"
    assert formulas(done)["C9999"] == "=A9999"


def test_faults_name_sheet_row_and_column() -> None:
    template = excel(
        [["{{处书}}"], [None, "x{{受阻.名称}}", "{{超期.名称}}"], ['="{{处数}}"'], [], ["{{#受阻}}"]],
        name="日报",
    )
    with translation.override("en"):
        found = {(one.part, one.cell): str(one) for one in faults(template)}
    assert found[("日报", "A1")] == "日报 A1: There is no name “处书”. Perhaps “处数”?"
    assert "cannot repeat for “超期”" in found[("日报", "C2")]
    assert "inside a formula" in found[("日报", "A3")]
    assert "never closed" in found[("日报", "A5")]
    assert len(found) == 4


def test_other_faults_of_workbooks() -> None:
    def header(_book: Any, sheet: Any) -> None:
        sheet.set_header("{{#受阻}}")

    with translation.override("en"):
        assert "name of a sheet" in str(faults(excel([["x"]], name="{{处数}}"))[0])
        assert "Nothing can repeat" in str(faults(excel([["x"]], header))[0])


def test_the_template_says_what_it_uses() -> None:
    template = check_template(excel([["{{处数}}", "{{受阻.名称}}"], ["{{处数}}{{编号}}"]]), names())
    assert template.names == ("{{处数}}", "{{受阻.名称}}", "{{编号}}")
    assert template.kind == "xlsx" and len(template.digest) == 64
    assert check_template(word("{{处数}}"), names()).kind == "docx"


# -- references


ROWS = Rows([(5, 6, 3), (8, 8, 0), (10, 10, 1)])  # 5 and 6 three times, 8 gone


@pytest.mark.parametrize(
    ("before", "after"),
    [("A4", "A4"), ("A5", "A5:A9"), ("A7", "A11"), ("A9:B9", "A12:B12"), ("A4:A9", "A4:A12"), ("$A$5:$B$6", "$A$5:$B$10"),
     ("A1 A7", "A1 A11"), ("A:A", "A:A")],
)  # fmt: skip
def test_ranges_move(before: str, after: str) -> None:
    assert move_range(before, ROWS) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("A5+A7", "A7+A11"), ("SUM(A5:A6)", "SUM(A7:A8)"), ("SUM(A4:A6)", "SUM(A4:A10)"), ('"A7"&A7', '"A7"&A11'),
        ("Other!A7+'It''s'!A7", "Other!A7+'It''s'!A7"), ("Here!A7", "Here!A11"), ("LOG10(A7)+T7()", "LOG10(A11)+T7()"),
        ("SUM(7:9)", "SUM(11:12)"), ("$7:$7", "$11:$11"), ("Table1[A7]", "Table1[A7]"), ("A7_x+xA7", "A7_x+xA7"),
        ("A$7:$B9", "A$11:$B12"), ("1.5E7", "1.5E7"), ("A7%", "A11%"), ("名称7+A7", "名称7+A11"),
    ],
)  # fmt: skip
def test_formulas_move(before: str, after: str) -> None:
    assert move_formula(before, {"Here": ROWS}, Place("Here", 0, 1)) == after


def test_formulas_are_copied_as_programs_copy_them() -> None:
    assert offset_formula('A1+$A1+A$1+$A$1+SUM(B2:C3)&"A1"', 2, 1) == 'B3+$A3+B$1+$A$1+SUM(C4:D5)&"A1"'


PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)
