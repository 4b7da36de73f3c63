"""Word templates: values, rows that repeat, blocks, several campaigns, and what is wrong with a template."""

import io

import pytest
from django.utils import translation
from docx import Document

from bihuan.ledgers.definition import Words
from bihuan.reports.documents import FaultyTemplate, Part, Text, check_template
from bihuan.reports.tests import samples
from bihuan.reports.tests.making import W, altered, filled, names, part, saved, texts, word


def faults(template: bytes) -> list:
    with pytest.raises(FaultyTemplate) as caught:
        check_template(template, names())
    return list(caught.value.faults)


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("{{标题}}", "小菜园清理每日小结", "Daily summary of the vegetable plots"),
        ("{{title}}", "小菜园清理每日小结", "Daily summary of the vegetable plots"),
        ("编号{{编号}}号", "编号XCY-2026-014号", "编号XCY-2026-014号"),
        ("{{日期}}", "2026年3月5日", "5 March 2026"),
        ("{{生成时间}}", "2026年3月5日 18:00", "5 March 2026, 18:00"),
        ("{{生成时间|时分}}{{made at | day}}", "18:003月5日", "18:005 March"),
        ("{{处数}}{{figure.households}}{{指标.处数.数值}}", "181818", "181818"),
        ("{{处数.增减|带符号}}，目标{{处数.目标}}，{{处数.完成率}}", "+2，目标18，100.0%", "+2，目标18，100.0%"),
        ("{{复绿面积}}{{复绿面积.计量单位}}", "499.50平方米", "499.50m²"),
        ("{{人次.目标}}", "—", "—"),
        ("{{征迁.签约户数}}", "少于10", "fewer than 10"),
        ("{{relocation.split}}{{文昌大道西延征迁.分户}}{{征迁.指标.分户}}", "171717", "171717"),
        ("{{征迁}}、{{专项}}", "文昌大道西延征迁、小菜园清理", "Relocation、Vegetable plots"),
        ("{{下一步工作}}", "继续清运，3月6日前复绿。", "继续清运，3月6日前复绿。"),
        ("{{文字.next}}", "继续清运，3月6日前复绿。", "继续清运，3月6日前复绿。"),
        ("{{受阻.条数}}处{{overdue.count}}", "2处0", "2处0"),
        ("｛｛处数｝｝｛｛ 处数。增减 ｜ 带符号｝｝", "18+2", "18+2"),
        ("{{ HouseHolds }}{{ person-times }}", "1882", "1882"),
        ("{{#受阻}}{{标题}}（{{受阻.原因}}）；{{/受阻}}", "1号楼东侧菜地（外出务工，联系不上）；2号楼东侧菜地（外出务工，联系不上）；", None),
        ("{{#each blocked}}{{no}}.{{step}} {{/each}}", "1.劝导 2.劝导 ", "1.Persuasion 2.Persuasion "),
        ("{{?超期}}有{{/超期}}{{^超期}}无{{/超期}}{{?受阻}}有{{/受阻}}{{^受阻}}无{{/受阻}}", "无有", "无有"),
        ("{ 单个 } 与 } 括号", "{ 单个 } 与 } 括号", "{ 单个 } 与 } 括号"),
    ],
)  # fmt: skip
def test_a_value(written: str, zh: str, en: str | None) -> None:
    assert texts(filled(word(written)))[0] == zh
    if en is not None:
        assert texts(filled(word(written), language="en"))[0] == en


def test_a_row_with_columns_repeats() -> None:
    template = word(
        tables=[[["序号", "名称", "报告"], ["{{受阻.序号}}", "{{受阻.名称}}·{{受阻.步骤}}", "{{编号}}"], ["合计", "{{受阻.条数}}", ""]]]
    )  # fmt: skip
    found = [
        [cell.text for cell in row.cells] for row in Document(io.BytesIO(filled(template))).tables[0].rows
    ]
    assert found == [
        ["序号", "名称", "报告"],
        ["1", "1号楼东侧菜地·劝导", "XCY-2026-014"],
        ["2", "2号楼东侧菜地·劝导", "XCY-2026-014"],
        ["合计", "2", ""],
    ]


def test_a_table_without_rows_says_so() -> None:
    template = word(tables=[[["{{超期.序号}}", "第{{超期.名称}}项", "表"]]])
    assert texts(filled(template))[:3] == ["无", "", "表"]
    assert texts(filled(template, language="en"))[:3] == ["None", "", "表"]


def test_rows_between_marks_repeat_together() -> None:
    template = word(
        tables=[
            [["{{#受阻}}", ""], ["{{名称}}", "{{步骤}}"], ["原因", "{{原因}}"], ["", "{{/受阻}}"], ["完", ""]]
        ]
    )
    table = Document(io.BytesIO(filled(template))).tables[0]
    assert [row.cells[0].text for row in table.rows] == [
        "1号楼东侧菜地",
        "原因",
        "2号楼东侧菜地",
        "原因",
        "完",
    ]


def test_paragraphs_and_tables_between_marks_repeat_together() -> None:
    template = word(
        "{{#受阻}}", "{{序号}}、{{名称}}", tables=[[["{{步骤}}", "{{原因}}"]]], then=["{{/受阻}}", "完"]
    )
    assert texts(filled(template)) == [
        "1、1号楼东侧菜地", "劝导", "外出务工，联系不上", "2、2号楼东侧菜地", "劝导", "外出务工，联系不上", "完",
    ]  # fmt: skip


def test_a_row_repeats_within_what_is_shown_once() -> None:
    template = word(
        "{{?受阻}}",
        "受阻：",
        tables=[[["{{受阻.名称}}"]]],
        then=["{{/受阻}}", "{{^受阻}}", "无", "{{/受阻}}"],
    )
    assert texts(filled(template)) == ["受阻：", "1号楼东侧菜地", "2号楼东侧菜地"]
    assert texts(filled(template, samples.summary(samples.garden(tables=())))) == ["无"]


def test_teams_have_a_column_for_each_figure() -> None:
    template = word(
        tables=[
            [
                [
                    "{{各组.名称}}",
                    "{{各组.处数}}",
                    "{{各组.处数.增减}}",
                    "{{各组.人次}}",
                    "{{各组.处数.计量单位}}",
                ]
            ]
        ]
    )
    assert texts(filled(template))[:10] == ["第1组", "2", "1", "—", "处", "第2组", "2", "2", "—", "处"]


def test_the_rows_of_another_campaign() -> None:
    other = samples.moving(tables=(samples.changes(1),))
    template = word(tables=[[["{{征迁.今日变动.名称}}", "{{征迁.今日变动.步骤}}"]]])
    assert texts(filled(template, samples.summary(samples.garden(), other)))[:2] == ["1号地块", "清运"]


def test_a_placeholder_in_pieces_keeps_the_look_of_its_beginning() -> None:
    document = Document()
    paragraph = document.add_paragraph("共")
    for text in ("{", "{处", "数}", "}处"):
        paragraph.add_run(text)
    paragraph.runs[1].bold = True
    done = Document(io.BytesIO(filled(saved(document))))
    assert done.paragraphs[0].text == "共18处"
    assert [run.text for run in done.paragraphs[0].runs if run.bold] == ["18"]


def test_headers_footers_text_boxes_and_nested_tables() -> None:
    document = Document()
    document.sections[0].header.paragraphs[0].text = "{{编号}}"
    document.sections[0].footer.paragraphs[0].text = "{{报告单位}}"
    outer = document.add_table(rows=1, cols=1)
    inner = outer.rows[0].cells[0].add_table(rows=1, cols=1)
    inner.rows[0].cells[0].text = "{{受阻.名称}}"
    box = "<w:txbxContent><w:p><w:r><w:t>{{处数}}</w:t></w:r></w:p></w:txbxContent>"
    template = saved(document)
    body = part(template, "word/document.xml").replace(
        b"<w:sectPr", f"<w:p><w:r><w:pict><v:textbox xmlns:v='urn:schemas-microsoft-com:vml'>{box}"
        "</v:textbox></w:pict></w:r></w:p><w:sectPr".encode(), 1,
    )  # fmt: skip
    done = filled(altered(template, {"word/document.xml": body}))
    again = Document(io.BytesIO(done))
    assert again.sections[0].header.paragraphs[0].text == "XCY-2026-014"
    assert again.sections[0].footer.paragraphs[0].text == "人和街道办事处"
    assert [row.cells[0].text for row in again.tables[0].rows[0].cells[0].tables[0].rows] == [
        "1号楼东侧菜地", "2号楼东侧菜地"
    ]  # fmt: skip
    assert "18" in texts(done)


def test_lines_and_tabs_become_those_of_word() -> None:
    text = Text("next", Words("下一步工作"), "一\n二\t三")
    done = filled(word("{{下一步工作}}"), samples.summary(samples.garden(texts=(text,))))
    assert texts(done)[0] == "一\n二\t三"
    assert len(list(Document(io.BytesIO(done)).paragraphs[0]._p.iter(f"{W}br"))) == 1


def test_copies_have_no_twins_of_bookmarks() -> None:
    template = word(tables=[[["{{受阻.名称}}"]]])
    body = part(template, "word/document.xml").replace(
        b"<w:r>", b'<w:bookmarkStart w:id="1" w:name="here"/><w:bookmarkEnd w:id="1"/><w:r>', 1
    )
    done = part(filled(altered(template, {"word/document.xml": body})), "word/document.xml")
    assert done.count(b"bookmarkStart") == 1


def test_a_list_that_is_too_long_says_how_much_is_missing() -> None:
    summary = samples.summary(samples.garden(tables=(samples.blocked(2_003),)))
    found = texts(filled(word(tables=[[["{{受阻.序号}}", "{{受阻.名称}}"]]]), summary))
    assert (
        found[3_998:4_003] == ["2000", "2000号楼东侧菜地", "另有 3 条未列出", "", ""]
        or found[4_000] == "另有 3 条未列出"
    )


def test_the_file_tells_of_the_report_and_not_of_its_author() -> None:
    document = Document()
    document.core_properties.author = "李四"
    document.core_properties.last_modified_by = "王五"
    done = Document(io.BytesIO(filled(saved(document)))).core_properties
    assert (done.author, done.last_modified_by, done.title) == ("", "", "小菜园清理每日小结")


def test_the_same_summary_makes_the_same_bytes() -> None:
    template = word("{{标题}}", tables=[[["{{受阻.名称}}"]]])
    assert filled(template) == filled(template)


def test_a_name_that_this_summary_has_not_is_a_dash() -> None:
    from bihuan.reports.documents import fill

    template = check_template(word("{{复绿面积}}/{{征迁.分户}}/{{受阻.条数}}"), names())
    lone = samples.summary(Part("garden", Words("小菜园")))
    assert texts(fill(template, lone, "zh-hans"))[0] == "—/—/0"


# -- what is wrong


@pytest.mark.parametrize(
    ("written", "problem", "remedy"),
    [
        ("{{处書}}", "There is no name “处書”.", "Perhaps “处数”?"),
        ("{{小菜园.处书}}", "There is no name “小菜园.处书”.", "Perhaps “小菜园.处数”?"),
        ("{{qqqq}}", "There is no name “qqqq”.", "Take a name from the list of this report"),
        ("{{受阻}}", "“受阻” is a whole table, not one value.", "受阻.条数"),
        ("{{受阻.名称}}", "It is a column of “受阻”, and no row repeats here.", "{{#受阻}}"),
        ("{{处数|大写}}", "There is no way of writing called “大写”.", "千分位"),
        ("{{}}", "There is no name in the braces.", "between {{ and }}"),
        ("{{处数", "Braces are opened and not closed", "in one paragraph"),
        ("处数}}", "Braces are opened and not closed", "in one paragraph"),
        ("{% for x in y %}", "Instructions such as {% … %} are not understood here.", "{{#table}}"),
        ("{{#受阻}}", "Something is opened here and never closed.", "Put {{/受阻}} alone"),
        ("{{/受阻}}", "Something is closed here that was not opened before it.", "opening"),
        ("a{{#受阻}}b", "Something is opened here that is not closed in the same text.", "{{/table}}"),
        ("a{{/受阻}}b", "Something is closed here that was not opened before it", "{{#table}}"),
        ("{{#受阻者}}x{{/受阻者}}", "There is no table “受阻者”.", "Perhaps “受阻”?"),
        ("{{#受阻}}x{{/超期}}", "It closes something else than {{#受阻}} opened.", "Write {{/受阻}}."),
        ("{{#受阻}}{{超期.名称}}{{/受阻}}", "A row of “超期” cannot stand within the rows of “受阻”.", "rows of its own"),
        ("{{#受阻}}{{#超期}}{{/超期}}{{/受阻}}", "A block stands within another block.", "Close the first"),
        ("{{^受阻}}{{受阻.名称}}{{/受阻}}", "no row repeats here", "{{#受阻}}"),
        ("{{" + "长" * 300 + "}}", "longer than 200 characters", "Write a name"),
    ],
)  # fmt: skip
def test_a_fault(written: str, problem: str, remedy: str) -> None:
    with translation.override("en"):
        found = faults(word("好", written))
        assert problem in str(found[0].problem)
        assert remedy in str(found[0].remedy)
        assert str(found[0].part) == "body text"
        assert found[0].text.startswith(written[:20])


def test_all_faults_at_once_each_with_its_place() -> None:
    document = Document()
    document.add_paragraph("一{{甲甲甲}}")
    document.sections[0].header.paragraphs[0].text = "{{乙乙乙}}"
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text = "{{受阻.名称}}"
    table.rows[0].cells[1].text = "{{超期.名称}}"
    with translation.override("en"):
        found = faults(saved(document))
        assert [(str(one.part), one.placeholder) for one in found] == [
            ("body text", "{{甲甲甲}}"), ("body text", "{{超期.名称}}"), ("header", "{{乙乙乙}}"),
        ]  # fmt: skip
        assert found[0].text == "一{{甲甲甲}}"
        assert "repeats for “受阻” and cannot repeat for “超期”" in str(found[1])


def test_marks_that_do_not_match() -> None:
    with translation.override("en"):
        found = faults(word("{{#受阻}}", "{{名称}}", "{{/超期}}"))
        assert "It closes something else" in str(found[0])
        found = faults(word("{{#受阻}}", "{{#超期}}", "x", "{{/超期}}", "{{/受阻}}"))
        assert "never closed" in str(found[0])


def test_a_name_of_two_figures_is_ambiguous() -> None:
    from dataclasses import replace

    garden = samples.garden()
    twins = (garden.figures[0], replace(garden.figures[1], name=Words("处数", "Plots")))
    summary = samples.summary(replace(garden, figures=twins))
    with translation.override("en"), pytest.raises(FaultyTemplate) as caught:
        filled(word("{{处数}}"), summary)
    assert "may mean several things" in str(caught.value)
    assert "households, people" in str(caught.value)
    assert texts(filled(word("{{people}}"), summary))[0] == "82"
