"""Our own forms: every period in both languages and both kinds, and what stands in them."""

import io
import re
from typing import Any

import openpyxl
import pytest
from docx import Document

from bihuan.reports.documents import (
    PERIODS,
    Part,
    check_template,
    default_document,
    default_template,
    names_in,
)
from bihuan.reports.tests import samples
from bihuan.reports.tests.making import rows_of, texts

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_every_form_is_a_template_that_we_accept(kind: str, period: str, language: str) -> None:
    summary = samples.summary(kind=period)
    names = names_in(summary)
    template = default_template(kind, period, names, language)
    assert check_template(template, names).kind == kind
    document = default_document(kind, summary, language)
    whole = "\n".join(texts(document)) if kind == "docx" else str(rows_of(document))
    assert "{{" not in whole
    assert "XCY-2026-014" in whole


def test_the_daily_summary_in_chinese() -> None:
    found = texts(default_document("docx", samples.summary(), "zh-hans"))
    assert found[:3] == ["小菜园清理每日小结", "编号：XCY-2026-014", "（2026年3月5日）"]
    for heading in (
        "一、进展",
        "二、今日办理",
        "三、受阻事项",
        "四、超期事项",
        "五、明日到期",
        "六、下一步工作",
    ):
        assert heading in found
    assert found[found.index("四、超期事项") + 1] == "无。"
    assert "对以前报告的更正" not in "".join(found)
    at = found.index("复绿面积")
    assert found[at : at + 6] == ["复绿面积", "499.50", "平方米", "-0.5", "500", "99.9%"]
    assert found[-2:] == ["人和街道办事处", "2026年3月5日"]
    assert "少于10" in found


def test_the_daily_summary_in_english_is_english_throughout() -> None:
    template = default_template("docx", "daily", names_in(samples.summary()), "en")
    spoken = [re.sub(r"\{\{.*?\}\}", "", text) for text in texts(template)]
    assert [text for text in spoken if CHINESE.search(text)] == []
    found = texts(default_document("docx", samples.summary(), "en"))
    assert found[:3] == ["Daily summary of the vegetable plots", "No. XCY-2026-014", "5 March 2026"]
    assert "fewer than 10" in found


def test_an_interim_report_says_so_in_the_place_of_its_number() -> None:
    interim = samples.summary(number="")
    assert texts(default_document("docx", interim, "zh-hans"))[1] == "编号：中间稿，不编号"
    assert "No. interim, not numbered" in str(rows_of(default_document("xlsx", interim, "en")))


def test_corrections_come_last_and_only_where_there_are_some() -> None:
    from decimal import Decimal

    from bihuan.reports.documents import table_of

    rows = [
        {
            "report": "XCY-2026-013",
            "figure": "处数",
            "was": Decimal(17),
            "now": Decimal(16),
            "why": "重复登记",
        }
    ]
    others = (one for one in samples.garden().tables if one.code != "corrections")
    summary = samples.summary(samples.garden(tables=(*others, table_of("corrections", rows))))
    found = texts(default_document("docx", summary, "zh-hans"))
    at = found.index("七、对以前报告的更正")
    assert found[at + 7 : at + 13] == ["XCY-2026-013", "—", "处数", "17", "16", "重复登记"]


def test_it_is_an_official_document_on_a4() -> None:
    document: Any = Document(io.BytesIO(default_document("docx", samples.summary(), "zh-hans")))
    section = document.sections[0]
    assert (section.page_width.mm, section.page_height.mm) == (
        pytest.approx(210, abs=1),
        pytest.approx(297, abs=1),
    )
    assert section.top_margin.mm == pytest.approx(37, abs=1)
    body = document.element.xml
    assert 'w:eastAsia="仿宋"' in body and 'w:eastAsia="黑体"' in body and 'w:eastAsia="宋体"' in body
    fonts = next(part.blob for part in document.part.package.iter_parts() if "fontTable" in part.partname)
    assert b"FangSong" in fonts
    assert all(
        table.rows[0]._tr.trPr.find("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}tblHeader")
        is not None
        for table in document.tables
    )


def test_the_workbook_prints_on_a4_and_keeps_numbers() -> None:
    document = default_document("xlsx", samples.summary(), "zh-hans")
    book = openpyxl.load_workbook(io.BytesIO(document))
    assert book.sheetnames == ["小结", "今日办理", "受阻事项", "超期事项", "明日到期", "对以前报告的更正"]
    assert all(
        (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth) == (9, 1) or sheet.page_setup.paperSize == 9
        for sheet in book
    )
    assert ["处数", 18, "处", 2, 18, "100.0%"] in rows_of(document)
    assert book["小结"].oddFooter.right.text == "XCY-2026-014"
    assert book["今日办理"]["F4"].is_date


def test_a_report_without_anything_is_still_one() -> None:
    for summary in (
        samples.summary(Part("x", samples.PLACES)),
        samples.summary(samples.garden(figures=(), tables=(), texts=())),
    ):
        for kind in ("docx", "xlsx"):
            assert default_document(kind, summary, "zh-hans")
