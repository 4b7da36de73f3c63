"""Wrong workbooks are refused, each fault with its sheet, row and column, and what to do about it."""

from io import BytesIO
from typing import Any

import pytest
from django.utils import translation
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from bihuan.ledgers.definition import FaultyWorkbook, read_workbook
from bihuan.ledgers.tests.books import Rows, Sheets, faults, gardens, made

HEAD = ["type", "name", "label"]
PLOT = ["text", "plot", "地块"]


def survey(*rows: list[Any], head: list[str] | None = None, **others: Rows) -> Sheets:
    return {"survey": [head or HEAD, *rows], **others}


CHOICES: Rows = [["list_name", "name", "label"], ["reason", "refused", "拒绝"]]
RELEVANT = [*HEAD, "relevant", "calculation", "constraint", "default"]


SURVEYS: dict[str, tuple[Sheets, str]] = {
    "no sheet survey": (
        {"choices": CHOICES},
        "survey: There is no sheet survey, which lists the fields."
        " Add a sheet survey (or 问题) with the columns type, name and label.",
    ),
    "misspelt sheet": (
        {"survay": [HEAD, PLOT], "choices": CHOICES},
        "survay: There is no sheet of the name “survay”. Perhaps “survey”? If it is for yourself, begin its name with _.",
    ),
    "two sheets of one kind": (
        survey(PLOT) | {"问题": [HEAD, PLOT]},
        "问题: The sheets “问题” and “survey” mean the same. Put the rows into one of them, and delete the other.",
    ),
    "empty sheet": (
        {"survey": []},
        "survey 1: The sheet is empty. Write the column names into row 1, at least: type, name.",
    ),
    "no column name": (
        {"survey": [["type", "label"], ["text", "地块"]]},
        "survey 1: The column 字段名（name） is missing. Write the column names into row 1, at least: type, name.",
    ),
    "title above the names": (
        {"survey": [["小菜园台账"], HEAD, PLOT]},
        "survey 1: Row 1 is above the column names, which stand in row 2."
        " Delete the rows above row 2; a title belongs into settings, form_title.",
    ),
    "two heading rows": (
        {"survey": [HEAD, ["类型", "字段名", "标签"], PLOT]},
        "survey 2: Row 2 holds column names again. Leave one row of column names, and delete the other.",
    ),
    "the same column twice": (
        survey(PLOT, head=[*HEAD, "relevance", "relevant"]),
        "survey E1: “relevant” means the same as column D. Remove or rename one of the two columns.",
    ),
    "a column without a name": (
        {"survey": [[*HEAD, ""], [*PLOT, "x"]]},
        "survey D2: Column D has no name, but something stands in it.",
    ),
    "no type": (survey(["", "a", "甲"]), "survey A2: The row has no type."),
    "unknown type": (survey(["nubmer", "a", "甲"]), "survey A2: The type “nubmer” is not known."),
    "refused type": (
        survey(["deviceid", "a", "甲"]),
        "survey A2: The type “deviceid” is not taken. The devices and ways of staff are not tracked."
        " Remove the row; for a place use a geopoint that a person takes.",
    ),
    "film": (
        survey(["video", "a", "甲"]),
        "survey A2: The type “video” is not taken. Sound and film are not kept. Use image, or file for a document.",
    ),
    "other": (
        survey(["select_one reason or_other", "a", "甲"], choices=CHOICES),
        "survey A2: The type “select_one reason or_other” is not taken. What is written under “other” is counted"
        " nowhere. Add a choice “other”, and a text question that is relevant when it is chosen.",
    ),
    "no name": (survey(["text", "", "甲"]), "survey B2: The row has no name."),
    "name that is none": (survey(["text", "1a", "甲"]), "survey B2: “1a” cannot be a name."),
    "duplicate name": (
        survey(PLOT, ["begin group", "g", "组"], PLOT, ["end group"]),
        "survey B4: “plot” is already the name of row 2."
        " Give every field of the ledger its own name, also in different groups.",
    ),
    "no label": (survey(["text", "a"]), "survey C2: “a” has no label. Write the question as people read it."),
    "labels only in a third language": (
        survey(["text", "a", "Endroit"], head=["type", "name", "label::Français (fr)"]),
        "survey 2: “a” has no label. The labels are only in label::Français (fr):"
        " add the column label::中文 (zh) or label::English (en).",
    ),
    "no choices at all": (
        survey(["select_one reason", "a", "甲"]),
        "survey A2: There is no list of choices “reason”."
        " Add a sheet choices with the columns list_name, name and label.",
    ),
    "unknown list": (
        survey(["select_one reasons", "a", "甲"], choices=CHOICES),
        "survey A2: There is no list of choices “reasons”. Perhaps “reason”?",
    ),
    "select without a list": (
        survey(["select_one", "a", "甲"], choices=CHOICES),
        "survey A2: “select_one” names no list of choices.",
    ),
    "choice twice": (
        survey(PLOT, choices=[*CHOICES, ["reason", "refused", "不同意"]]),
        "choices B3: “refused” is already in row 2 of this list. Give every choice of a list its own name.",
    ),
    "choice with a space": (
        survey(PLOT, choices=[CHOICES[0], ["reason", "not able", "无力"]]),
        "choices B2: The choice “not able” has a space in it. Write _ in its place; the label may have spaces.",
    ),
    "choice without a label": (
        survey(PLOT, choices=[CHOICES[0], ["reason", "x"]]),
        "choices C2: The choice “x” has no label. Write what people read.",
    ),
    "group that never ends": (
        survey(["begin group", "g", "组"], PLOT),
        "survey A2: “g” begins here and never ends. Write end group after its last row.",
    ),
    "end without a beginning": (
        survey(PLOT, ["end repeat"]),
        "survey A3: end repeat ends nothing. Delete the row, or write begin repeat before its first row.",
    ),
    "wrong end": (
        survey(["begin repeat", "r", "重复"], PLOT, ["end group"]),
        "survey A4: end group stands where the repeat “r” of row 2 is to end. Write end repeat.",
    ),
    "empty group": (
        survey(["begin group", "g", "组"], ["end group"], PLOT),
        "survey A2: There is nothing in “g”.",
    ),
    "calculates nothing": (
        survey(PLOT, ["calculate", "sum"], head=RELEVANT),
        "survey E3: “sum” calculates nothing. Write the expression.",
    ),
    "wrong expression": (
        survey(PLOT, ["text", "b", "乙", "${plot} = = 'x'"], head=RELEVANT),
        "survey D3: A value is missing before “=”. It is at “= 'x'”, character 11.",
    ),
    "unknown field in an expression": (
        survey(PLOT, ["text", "b", "乙", "${plots} = 'x'"], head=RELEVANT),
        "survey D3: There is no field “plots”.",
    ),
    "unknown function": (
        survey(PLOT, ["calculate", "c", "", "", "pulldata('a', 'b')"], head=RELEVANT),
        "survey E3: pulldata() is not supported here.",
    ),
    "circle": (
        survey(["calculate", "a", "", "", "${b} + 1"], ["calculate", "b", "", "", "${a} + 1"], head=RELEVANT),
        "survey E2: Calculations refer to each other in a circle: a → b → a. Take one of the references out.",
    ),
    "circle of relevance": (
        survey(["text", "a", "甲", "${b} = 1"], ["text", "b", "乙", "${a} = 1"], head=RELEVANT),
        "survey D2: Calculations refer to each other in a circle: a → b → a.",
    ),
    "default that does not fit": (
        survey(["date", "a", "甲", "", "", "", "明天"], head=RELEVANT),
        "survey G2: This is no date; write it as 2026-01-31. Correct it, or leave the cell empty.",
    ),
    "default that is no choice": (
        survey(["select_one reason", "a", "甲", "", "", "", "yes"], head=RELEVANT, choices=CHOICES),
        "survey G2: “yes” is not in the list “reason”. Write the name of one of its choices.",
    ),
    "picture beside a question": (
        survey([*PLOT, "a.png"], head=[*HEAD, "media::image"]),
        "survey D1: Pictures, sound and film beside a question are not shown. Empty the column, or remove it.",
    ),
    "row that is switched off": (
        survey([*PLOT, "yes"], head=[*HEAD, "disabled"]),
        "survey D1: A row that is switched off is no part of the ledger. Remove the row, and the column.",
    ),
    "entities": (
        survey(PLOT, entities=[["list_name", "label"], ["trees", "x"]]),
        "entities: Entities are not kept; the items of the ledger are."
        " Remove the sheet; name what an item is about in settings, column subject.",
    ),
    "settings in two rows": (
        survey(PLOT, settings=[["form_title"], ["甲"], ["乙"]]),
        "settings 3: The settings have more than one row. Leave one row below the column names.",
    ),
    "unknown subject": (
        survey(PLOT, settings=[["form_title", "subject"], ["甲", "小曲"]]),
        "settings B2: “小曲” is not known here. Perhaps “小区”?",
    ),
    "choices that have one name by permission": (
        survey(PLOT, settings=[["form_title", "allow_choice_duplicates"], ["甲", "yes"]]),
        "settings B1: Answers could not be told apart if two choices of a list had one name."
        " Give every choice its own name, and remove the column.",
    ),
}


@pytest.mark.parametrize(("sheets", "expected"), SURVEYS.values(), ids=SURVEYS)
def test_a_wrong_form_is_refused(sheets: Sheets, expected: str) -> None:
    found = faults(sheets)

    assert any(fault.startswith(expected) for fault in found), found


OWN: dict[str, tuple[str, int, str, Any, str]] = {
    "code twice": ("步骤", 3, "A", "clear", "步骤 A4: “clear” is already the code of row 3. Give every row its own code."),
    "nobody may": ("步骤", 1, "D", "", "步骤 D2: Nobody may take this step."),
    "unknown duty": ("步骤", 1, "D", "网格圆", "步骤 D2: “网格圆” is neither a duty nor a part in the campaign. Perhaps “网格员”?"),
    "limit that is none": (
        "步骤", 1, "E", "很快",
        "步骤 E2: “很快” is not a time limit of at most a year. Write a number with minutes, hours or days: 15m, 4h,",
    ),
    "calendars that differ": ("步骤", 1, "F", "自然日", "步骤 F2: The limit is in working time, the calendar is natural."),
    "evidence that is no field": ("步骤", 1, "G", "ownr", "步骤 G2: There is no field “ownr”. Perhaps “owner”?"),
    "evidence nobody fills in": ("步骤", 1, "G", "total", "步骤 G2: “total” is of the type calculate, which nobody fills in."),
    "unknown gate": ("步骤", 2, "H", "lawfull", "步骤 H3: There is no gate “lawfull”. Perhaps “lawful”?"),
    "gate of no step": ("步骤", 2, "H", "", "关卡 A2: No step has the gate “lawful”: it would hold nobody back."),
    "step pointing nowhere": ("步骤", 2, "I", "acept", "步骤 I3: There is no step “acept”. Perhaps “accept”?"),
    "step pointing to itself": ("步骤", 2, "I", "clear", "步骤 I3: The step points to itself."),
    "unreachable step": ("步骤", 2, "I", "", "步骤 A4: No way leads to the step “accept”. Name it under next of the step"),
    "no way to an end": ("步骤", 3, "I", "survey", "步骤 I4: From the step “accept” no way leads to an end."),
    "wrong expression of a step": ("步骤", 2, "L", "${reasn} = 1", "步骤 L3: There is no field “reasn”."),
    "kind of condition": ("关卡", 1, "C", "条件是", "关卡 C2: “条件是” is not known here. Perhaps “条件式”?"),
    "condition without words": ("关卡", 4, "D", "", "关卡 D5: The condition is not put into words."),
    "condition without its cell": ("关卡", 2, "G", "", "关卡 G3: A condition of the kind “告知期满” needs this cell. Fill it in."),
    "document in a text field": ("关卡", 3, "H", "owner", "关卡 H4: “owner” is of the type text. Name a field of the type file or"),
    "cell of another kind": ("关卡", 4, "F", "1 = 1", "关卡 F5: A condition of the kind “签字” does not use this cell."),
    "sum of a text": ("指标", 2, "E", "owner", "指标 E3: “owner” is of the type text and cannot be added up."),
    "sum of nothing": ("指标", 2, "E", "", "指标 E3: A sum needs something to add up."),
    "figure of an unknown step": ("指标", 3, "E", "步骤:claer", "指标 E4: There is no step “claer”. Perhaps “clear”?"),
    "group by a text": ("指标", 1, "G", "owner", "指标 G2: “owner” is of the type text and makes no groups."),
    "where of a figure": ("指标", 2, "F", "${size} >", "指标 F3: The expression stops in the middle."),
    "target": ("指标", 1, "I", "十八", "指标 I2: “十八” is no amount."),
    "hour": ("文书", 1, "D", "25:00", "文书 D2: “25:00” is no time of day. Write it as 18:00."),
    "day of a weekly document": ("文书", 2, "E", 9, "文书 E3: “9” is no whole number from 1 to 7."),
    "day of a daily document": ("文书", 1, "E", 3, "文书 E2: Only weekly and monthly documents have a day."),
    "template": ("文书", 2, "F", "周报.pdf", "文书 F3: “周报.pdf” is no Word or Excel file."),
    "unknown figure": ("文书", 1, "G", "sites; aera", "文书 G2: There is no figure “aera”. Perhaps “area”?"),
    "unknown table": ("文书", 1, "H", "今天变动", "文书 H2: “今天变动” is not known here. Perhaps “今日变动”?"),
    "bad rate": ("单价", 1, "D", "一百", "单价 D2: “一百” is no amount. Write a number of at most 4 decimals, not below 0, as"),
    "rate below nothing": ("单价", 1, "D", -3, "单价 D2: “-3” is no amount."),
    "day of a rate": ("单价", 1, "E", "2026-02-30", "单价 E2: “2026-02-30” is no date."),
    "rate from the same day": ("单价", 2, "E", "2026-01-01", "单价 E3: “soil” has an amount from 2026-01-01 in an earlier row."),
    "rate in another unit": ("单价", 2, "C", "户", "单价 C3: “soil” has the unit 平方米 in an earlier row."),
    "goal of an unknown figure": ("目标", 1, "A", "site", "目标 A2: There is no figure “site”. Perhaps “sites”?"),
}  # fmt: skip


@pytest.mark.parametrize(("sheet", "row", "column", "value", "expected"), OWN.values(), ids=OWN)
def test_a_wrong_cell_of_our_own_sheets_is_refused(
    sheet: str, row: int, column: str, value: Any, expected: str
) -> None:
    sheets = gardens()
    line = sheets[sheet][row]
    line += [""] * (12 - len(line))
    line[ord(column) - ord("A")] = value

    found = faults(sheets)

    assert any(fault.startswith(expected) for fault in found), found


def test_the_right_workbook_has_no_faults() -> None:
    assert faults(gardens()) == []


def test_merged_cells_are_named() -> None:
    found = faults(survey(PLOT), merge=("survey", "C4:D6"))

    assert (
        "survey C4: C4 to D6 are merged: only the first cell has a value."
        " Unmerge them and write the value into each cell it belongs to."
    ) in found


def test_a_failed_formula_is_no_empty_cell() -> None:
    found = faults(survey(PLOT, head=[*HEAD, "hint"]), formula=("survey", "D2"))

    assert found == [
        "survey D2: The formula in this cell failed: #DIV/0!. Correct the formula, or write the value itself."
    ]


def test_every_fault_is_found_at_once_in_the_order_of_the_file() -> None:
    found = faults(
        survey(["texd", "a", "甲"], ["text", "", "乙"], ["select_one no", "c", "丙"], choices=CHOICES)
    )

    assert [fault.split(":")[0] for fault in found] == ["survey A2", "survey B3", "survey A4"]


def test_what_pyxform_alone_knows_is_said_with_its_cell() -> None:
    found = faults(survey(["text", "a", "您好 ${nobody}"]))

    assert found == [
        "survey C2: pyxform, which checks XLSForms, says: On the 'survey' sheet, the 'label::中文 (zh)' value is"
        " invalid. Reference variables must contain a name from the 'survey' sheet. Could not find the name 'nobody'."
        " Correct it as the sentence says; xlsform.org explains the form."
    ]


def test_what_is_no_workbook_is_refused_as_one_fault() -> None:
    for content in (b"", b"type,name\ntext,a\n", b"PK\x03\x04 but no archive"):
        with pytest.raises(FaultyWorkbook) as refused:
            read_workbook(BytesIO(content), "x.xlsx")
        assert len(refused.value.faults) == 1


def test_faults_are_told_in_the_language_of_who_reads_them() -> None:
    with pytest.raises(FaultyWorkbook) as refused:
        read_workbook(made(survey(["", "a", "甲"])), "x.xlsx")

    fault = refused.value.faults[0]
    assert not isinstance(fault.problem, str)  # put together only when read
    with translation.override("en"):
        assert str(fault.problem) == "The row has no type."


def test_what_an_xlsx_cannot_hold_is_refused_before_it_is_lost() -> None:
    target = BytesIO()
    book = OpenDocumentSpreadsheet()
    for name, cells in (("survey", [HEAD, [*PLOT[:2], "x" * 33_000]]), ("n" * 40, [["mine"]])):
        table = Table(name=name)
        for line in cells:
            row = TableRow()
            for text in line:
                cell = TableCell(valuetype="string")
                cell.addElement(P(text=text))
                row.addElement(cell)
            table.addElement(row)
        book.spreadsheet.addElement(table)
    book.save(target)
    target.seek(0)

    with pytest.raises(FaultyWorkbook) as refused:
        read_workbook(target, "x.ods")

    assert [str(fault.problem) for fault in refused.value.faults] == [
        f"No .xlsx can hold a sheet of the name “{'n' * 40}”.",
        "Longer than 32,767 characters.",
    ]


def test_what_follows_from_a_fault_is_not_said_as_well() -> None:
    ring, nowhere = gardens(), gardens()
    ring["步骤"][3][8:9] = ["survey"]
    nowhere["步骤"][2][8] = "acept"

    unknown, without = gardens(), gardens()
    unknown["survey"][8][0] = "nubmer"  # size, of which expressions and figures speak
    unknown["survey"][5][0] = "fiel"  # basis, for which a gate asks
    del without["survey"]

    assert [fault.split(":")[0] for fault in faults(unknown)] == ["survey A6", "survey A9"]
    assert [fault.split(":")[0] for fault in faults(without)] == ["survey"]
    assert [fault.split(":")[0] for fault in faults(ring)] == ["步骤 I4"]
    assert [fault.split(":")[0] for fault in faults(nowhere)] == ["步骤 I3"]
