"""A workbook becomes a definition: words in both languages, the dialect, what only the author knows."""

from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO

import pytest
from django.utils import translation
from pyxform.xls2xform import convert

from bihuan.accounts.models import DutyKind
from bihuan.ledgers.definition import Words, read_workbook, write_workbook
from bihuan.ledgers.definition.columns import SUBJECTS, WHO
from bihuan.ledgers.tests.books import faults, gardens, read
from bihuan.territory.models import PlaceKind


def test_the_vegetable_plots_are_read() -> None:
    ledger = read(gardens())

    assert (ledger.name, ledger.name_en, ledger.version) == ("小菜园清理", "Vegetable plots", "1")
    assert ledger.settings.subject == "site"
    names = [(one.name, one.type) for one in ledger.walk()]
    assert names == [
        ("owner", "text"), ("reason", "select_one"), ("clearing", "group"), ("before", "image"),
        ("basis", "file"),
        ("plots", "repeat"), ("size", "decimal"), ("price", "calculate"), ("total", "calculate"),
        ("cleared", "date"),
    ]  # fmt: skip
    size = ledger.find("size")
    assert (
        size is not None and size.required == "true()" and size.constraint_message.en == "Between 0 and 500"
    )
    assert [choice.extras for choice in ledger.list_of("reason")] == [(("colour", "red"),), ()]


@pytest.mark.parametrize("heading", ["bind::foo", "a:b", "负责 科室", "::", "1st"])
def test_a_column_of_choices_that_no_filter_could_name_is_kept_for_its_author(heading: str) -> None:
    sheets = gardens()
    sheets["choices"][0][4] = heading

    assert read(sheets).list_of("reason")[0].extras == ((heading, "red"),)


def test_steps_gates_and_the_rest_are_read() -> None:
    ledger = read(gardens())

    survey, clear, accept = ledger.steps
    assert (survey.who, survey.limit, survey.calendar) == (("grid_worker", "team"), "5d", "working")
    assert (clear.who, clear.limit, clear.calendar) == (("role:清理队",), "3d", "natural")
    assert (clear.gate, clear.next, clear.back, accept.other_than) == (
        "lawful",
        ("accept",),
        ("survey",),
        "clear",
    )
    assert survey.remind_at == 80
    gate = ledger.gate("lawful")
    assert gate is not None and gate.name.zh == "统一清理关卡"
    assert [one.kind for one in gate.conditions] == ["expression", "notice", "document", "signature"]
    assert gate.conditions[1].grace == "15d" and gate.conditions[3].who == ("leader", "role:法律顾问")
    assert ledger.roles == ("清理队", "法律顾问")
    assert [(one.kind, one.of, one.by) for one in ledger.figures] == [
        ("count", "items", ("team", "field:reason")),
        ("sum", "field:size", ("area",)),
        ("count", "step:clear", ("day",)),
    ]
    assert [(one.period, one.hour, one.day) for one in ledger.documents] == [
        ("daily", "18:30", 0),
        ("weekly", "17:00", 5),
    ]
    assert [(one.amount, one.valid_from) for one in ledger.rates] == [
        (Decimal("12.5"), date(2026, 1, 1)),
        (Decimal("13.25"), date(2026, 7, 1)),
    ]
    assert [(one.figure, one.amount, one.day) for one in ledger.goals] == [("sites", Decimal(18), 30)]


def test_the_same_workbook_in_english_gives_the_same_definition() -> None:
    ledger = read(gardens())

    written = write_workbook(ledger, language="en")

    assert read_workbook(BytesIO(written), "x.xlsx") == ledger


def test_chinese_names_serve_for_the_sheets_and_columns_of_xlsform_too() -> None:
    ledger = read(
        {
            "问题": [
                ["类型", "字段名", "标签", "必填"],
                ["文本", "名称", "地点名称", "是"],
                ["单选 种类", "种类", "哪一种", ""],
            ],
            "选项": [["选项表", "值", "标签"], ["种类", "甲", "甲类"], ["种类", "乙", "乙类"]],
            "设置": [["台账名称", "对象"], ["台账", "楼栋"]],
        }
    )

    assert [(one.name, one.type, one.label.zh) for one in ledger.fields] == [
        ("名称", "text", "地点名称"),
        ("种类", "select_one", "哪一种"),
    ]
    assert ledger.settings.subject == "building"


def test_a_label_without_a_language_counts_as_what_it_is_written_in() -> None:
    chinese = read({"survey": [["type", "name", "label"], ["text", "a", "地点"]]})
    english = read({"survey": [["type", "name", "label"], ["text", "a", "Place"]]})

    assert chinese.fields[0].label == Words("地点", "")
    assert english.fields[0].label == Words("", "Place")


def test_words_of_a_reader_fall_back_to_the_other_language() -> None:
    with translation.override("zh-hans"):
        assert str(Words("地点", "Place")) == "地点"
        assert str(Words("", "Place")) == "Place"
    with translation.override("en"):
        assert str(Words("地点", "Place")) == "Place"
        assert str(Words("地点", "")) == "地点"


def test_smart_quotes_of_an_expression_are_straightened() -> None:
    ledger = read(
        {
            "survey": [
                ["type", "name", "label", "relevant"],
                ["text", "a", "甲"],
                ["text", "b", "乙", "${a} = “是”"],
            ]
        }
    )

    assert ledger.fields[1].relevant == '${a} = "是"'


def test_without_steps_an_item_has_one() -> None:
    ledger = read({"survey": [["type", "name", "label"], ["text", "a", "甲"]]}, "飞线.xlsx")

    assert [step.code for step in ledger.steps] == ["done"]
    assert ledger.name == "飞线"  # no settings: the file's name


def test_columns_and_sheets_that_only_the_author_knows_are_kept() -> None:
    sheets = gardens()
    sheets["survey"][0].append("负责科室")
    sheets["survey"][1] += [""] * 7 + ["城管科"]
    sheets["草稿"] = [["随手记"], [], ["", "明天再问"]]

    ledger = read(sheets)
    again = read_workbook(BytesIO(write_workbook(ledger)), "x.xlsx")

    assert ledger.fields[0].extras == (("负责科室", "城管科"),)
    assert [(one.name, one.rows) for one in again.foreign] == [("草稿", (("随手记",), (), ("", "明天再问")))]
    assert again == ledger


def test_empty_rows_between_do_not_shift_what_is_said() -> None:
    found = faults({"survey": [["type", "name", "label"], [], ["text", "a", "甲"], [], ["texd", "b", "乙"]]})

    assert found == ["survey A5: The type “texd” is not known. Perhaps “text”?"]


def test_what_we_write_is_a_form_for_odk() -> None:
    form = convert(write_workbook(read(gardens())), file_type=".xlsx")

    assert "小菜园清理" in form.xform
    assert "sum( /gardens/plots/size )" in form.xform or "sum(" in form.xform


def test_every_duty_and_place_has_a_word_in_the_workbook() -> None:
    assert set(DutyKind.values) < set(WHO)
    assert set(PlaceKind.values) < set(SUBJECTS)


def test_numbers_that_a_spreadsheet_made_of_names_are_read_as_written() -> None:
    ledger = read(
        {
            "survey": [["type", "name", "label"], ["select_one n", "a", "甲"]],
            "choices": [["list_name", "name", "label"], ["n", 1, "一"], ["n", 2.5, "二半"]],
        }
    )

    assert [choice.name for choice in ledger.list_of("n")] == ["1", "2.5"]


def test_cells_of_a_date_a_time_and_per_cent_are_understood() -> None:
    sheets = gardens()
    sheets["文书"][1][3] = time(17, 45)
    sheets["单价"][1][4] = datetime(2026, 2, 1)
    sheets["步骤"][0].append("提醒")
    sheets["步骤"][1] += ["", "", "", 0.75]

    ledger = read(sheets)

    assert ledger.documents[0].hour == "17:45"
    assert ledger.rates[0].valid_from == date(2026, 2, 1)
    assert ledger.steps[0].remind_at == 75
