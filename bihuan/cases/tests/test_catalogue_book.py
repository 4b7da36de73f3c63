"""The catalogue as a workbook: read, previewed, taken over once, written out and read back."""

from io import BytesIO

import pytest
from django.utils.translation import override

from bihuan.accounts.tests.factories import make_unit
from bihuan.audit.models import Entry
from bihuan.cases.actions import import_catalogue, name_unit, retire_matter, revise_matter
from bihuan.cases.catalogue_book import (
    read_plan,
    write_catalogue,
    write_template,
)
from bihuan.cases.models import Matter, Responsibility
from bihuan.cases.tests.factories import make_cast, make_ground
from bihuan.core.sheets import read_table, write_workbook


@pytest.fixture
def town(db):
    return make_cast(make_ground())


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


def book(header, *rows):
    target = BytesIO()
    write_workbook(target, {"事项目录": (header, rows)})
    return target.getvalue()


def plan_of(content):
    return read_plan(BytesIO(content), "catalogue.xlsx")


def faults(content):
    return [(fault.row, fault.field, fault.problem, fault.remedy) for fault in plan_of(content).faults]


def matter(code):
    return Matter.objects.get(code=code)


LEVELS = ["一级分类", "二级分类", "三级分类"]


# -- a tree by levels ------------------------------------------------------------------------------


def test_levels_become_a_tree_with_readable_codes(town):
    content = book(
        LEVELS,
        ["城乡建设", "安全生产", "事故处理"],
        ["城乡建设", "安全生产", "安全隐患"],
        ["城乡建设", "城管", "其他"],
        ["市容环境", "小菜园", "楼前"],
    )
    plan = import_catalogue(content, by=town.administrator)

    assert (plan.count("new"), plan.count("same")) == (7, 2)
    assert matter("02.01.02").name == "安全隐患"
    assert matter("02.02.01").name == "其他"
    assert matter("01.01.01").parent == town.plots
    assert Entry.objects.filter(verb="matter.created").count() == 7


def test_the_same_file_again_changes_nothing(town):
    content = book(LEVELS, ["甲", "乙", "丙"], ["甲", "乙", "丁"])
    import_catalogue(content, by=town.administrator)
    entries = Entry.objects.count()

    again = import_catalogue(content, by=town.administrator)

    assert (again.changes, again.same) == (0, 4)
    assert Entry.objects.count() == entries


def test_a_row_may_be_about_a_level_that_is_a_heading_elsewhere(town):
    content = book(
        ["编码", "一级", "二级", "紧急程度"],
        ["A1", "甲", "乙", "紧急"],
        ["A", "甲", "", "疑难"],
        ["", "甲", "丙", ""],
    )
    import_catalogue(content, by=town.administrator)

    assert (matter("A").urgency, matter("A1").parent, matter("A1").urgency) == (
        "difficult",
        matter("A"),
        "urgent",
    )
    assert matter("A.01").name == "丙"


def test_the_matter_may_stand_beside_its_levels(town):
    content = book(["一级", "二级", "事项"], ["甲", "乙", "丙"], ["甲", "丁", "丁"])
    import_catalogue(content, by=town.administrator)

    assert matter("02.01.01").name == "丙"
    assert matter("02.02").name == "丁"


# -- a tree by codes ------------------------------------------------------------------------------

FULL = [
    "编码",
    "上级编码",
    "事项",
    "英文名称",
    "紧急程度",
    "交办时限",
    "签收时限",
    "处置时限",
    "可即办",
    "前照",
    "后照",
    "立案标准",
    "结案标准",
    "关键词",
    "承办单位",
]


def test_every_column_is_taken_over(town):
    row = [
        "02.01",
        "02",
        "飞线充电",
        "Wires",
        "紧急",
        "30分钟",
        "1小时",
        "24小时",
        "是",
        "√",
        "yes",
        "立",
        "结",
        "充电 飞线",
    ]
    content = book(FULL, [*row, "城市管理局; 人和街=RH"], ["02", "", "消防", "Fire safety", *[""] * 11])
    import_catalogue(content, by=town.administrator)

    found = matter("02.01")
    assert found.parent == matter("02")
    assert (found.urgency, found.assign_limit, found.acknowledge_limit, found.resolve_limit) == (
        "urgent",
        "30m",
        "1h",
        "24h",
    )
    assert found.self_handled and found.needs_before_photo and found.needs_after_photo
    assert (found.filing_standard, found.closing_standard, found.keywords) == ("立", "结", "充电 飞线")
    answers = {row.area: row.unit for row in found.responsibilities.select_related("area", "unit")}
    assert answers == {town.places.district: town.bureau, town.places.street: town.office}


def test_english_titles_and_words_are_understood(town):
    content = book(
        ["Code", "Parent code", "Matter", "Urgency", "Limit to resolve", "Self-handled", "Unit"],
        ["02", "01", "Potholes", "difficult", "10 working days", "no", "Chuanhui=x; Urban Management Bureau"],
    )
    assert [fault[:3] for fault in faults(content)] == [
        (2, "Unit", "There is no area “Chuanhui”."),
        (2, "Unit", "There is no unit “x”."),
    ]
    content = book(
        ["Code", "Parent code", "Matter", "Urgency", "Limit to resolve", "Unit"],
        ["02", "01", "Potholes", "difficult", "10 working days", "Urban Management Bureau"],
    )
    import_catalogue(content, by=town.administrator)
    assert (matter("02").urgency, matter("02").resolve_limit) == ("difficult", "10d")


def test_a_missing_column_leaves_and_an_empty_cell_empties(town):
    revise_matter(town.plots, by=town.administrator, keywords="种菜", resolve_limit="3d")
    import_catalogue(book(["编码", "事项", "关键词"], ["01.01", "小菜园", ""]), by=town.administrator)

    town.plots.refresh_from_db()
    assert (town.plots.keywords, town.plots.resolve_limit, town.plots.parent) == ("", "3d", town.group)


def test_a_row_can_rename_and_move_a_matter(town):
    content = book(["编码", "上级编码", "事项"], ["02", "", "公共绿地"], ["01.01", "02", "毁绿种菜"])
    plan = plan_of(content)
    assert [(change.before, change.after) for change in plan.changed[0].changes] == [
        ("小菜园", "毁绿种菜"),
        ("市容环境", "公共绿地"),
    ]
    import_catalogue(content, by=town.administrator)

    town.plots.refresh_from_db()
    assert (town.plots.name, town.plots.parent) == ("毁绿种菜", matter("02"))


def test_names_can_be_exchanged(town):
    content = book(["编码", "上级编码", "事项"], ["01.01", "01", "暴露垃圾"], ["01.02", "01", "小菜园"])
    import_catalogue(content, by=town.administrator)

    assert matter("01.01").name == "暴露垃圾"


def test_what_is_written_out_reads_back_to_no_change(town):
    make_unit("城市管理局", code="CG2")  # a second one of that name: the code must be written
    revise_matter(
        town.plots,
        by=town.administrator,
        resolve_limit="3d",
        filing_standard="第一行\n=第二行；“引号”",
        keywords="种菜，毁绿（公共）",
        needs_before_photo=True,
        urgency="difficult",
    )
    name_unit(town.plots, area=town.places.community, unit=town.bureau, by=town.administrator)
    name_unit(town.plots, area=town.places.street, unit=town.office, by=town.administrator)
    retire_matter(town.litter, by=town.administrator)

    plan = plan_of(write_catalogue())

    assert plan.faults == []
    assert (plan.changes, plan.same) == (0, 3)


def test_the_template_can_be_imported(town):
    Matter.objects.filter(parent__isnull=False).delete()
    Responsibility.objects.all().delete()
    Matter.objects.all().delete()
    import_catalogue(write_template(), by=town.administrator)

    assert matter("01.01").resolve_limit == "2d"


# -- errors ------------------------------------------------------------------------------


def test_each_error_names_row_field_and_remedy(town):
    content = book(
        ["编码", "上级编码", "事项", "紧急程度", "处置时限", "可即办", "承办单位"],
        ["02", "", "好的", "一般", "7d", "是", "城市管理局"],
        ["02", "", "重复编码", "", "", "", ""],
        ["0 3", "", "坏编码", "", "", "", ""],
        ["04", "1.01", "坏上级", "", "", "", ""],
        ["05", "", "", "", "", "", ""],
        ["06", "", "坏词", "很急", "不久", "也许", "城管"],
        ["07", "", "x" * 130, "", "", "", "城市管理局; 住房和城乡建设局"],
    )
    found = faults(content)

    assert [fault[:2] for fault in found] == [
        (3, "编码"),
        (4, "编码"),
        (5, "上级编码"),
        (6, "事项"),
        (7, "紧急程度"),
        (7, "处置时限"),
        (7, "可即办"),
        (7, "承办单位"),
        (8, "事项"),
        (8, "承办单位"),
    ]
    assert all(problem and remedy for _row, _field, problem, remedy in found)
    assert found[2][3] == "Perhaps “01.01”?"


def test_a_gap_in_the_levels_is_an_error(town):
    assert faults(book(LEVELS, ["甲", "", "丙"]))[0][:3] == (2, "二级分类", "A level is left out here.")


def test_the_same_matter_twice_is_an_error(town):
    assert faults(book(LEVELS, ["甲", "乙", "丙"], ["甲", "乙", "丙"]))[0][:3] == (
        3,
        "三级分类",
        "The same as row 2.",
    )


def test_a_ring_is_an_error(town):
    content = book(["编码", "上级编码", "事项"], ["A", "B", "甲"], ["B", "A", "乙"])
    assert {fault[2] for fault in faults(content)} == {"The matter would stand under itself."}


def test_a_second_matter_of_the_same_name_is_an_error(town):
    found = faults(book(["编码", "上级编码", "事项"], ["01.99", "01", "小菜园"]))
    assert found[0][2] == "“小菜园” is already there, with the code 01.01."


def test_a_retired_matter_is_an_error(town):
    retire_matter(town.plots, by=town.administrator)
    assert faults(book(LEVELS, ["市容环境", "小菜园", ""]))[0][2] == "“小菜园” has been retired."
    assert faults(book(["编码", "事项"], ["01.01", "小菜园"]))[0][2] == "“小菜园” has been retired."


def test_a_workbook_without_names_says_which_column_is_missing(town):
    assert faults(book(["编码", "事项名"], ["1", "甲"])) == [
        (1, "事项", "This column is missing.", "Rename the column “事项名” to “事项”.")
    ]


def test_two_areas_of_one_name_ask_for_the_code(town):
    from bihuan.territory.models import Area

    twin = Area.objects.get(pk=town.places.far.pk)
    twin.name = "庆丰"
    twin.save(update_fields=["name"])
    found = faults(book(["编码", "事项", "承办单位"], ["02", "新", "庆丰=CG"]))

    assert found[0][2:] == (
        "Several areas are called “庆丰”.",
        "Use the code: 411602001001, 411602002001.",
    )


# -- the action ------------------------------------------------------------------------------


def test_import_is_all_or_nothing(town, refused):
    content = book(["编码", "事项", "紧急程度"], ["02", "好的", "一般"], ["03", "坏的", "很急"])
    with refused("matter.import_faulty"):
        import_catalogue(content, by=town.administrator)

    assert not Matter.objects.filter(code="02").exists()


def test_import_refuses_everybody_but_an_administrator(town, refused):
    with refused("matter.not_your_duty"):
        import_catalogue(book(LEVELS, ["甲", "乙", "丙"]), by=town.dispatcher)


def test_a_failed_import_leaves_nothing(town, monkeypatch):
    from bihuan.cases.actions import catalogue

    calls = []

    def fail_late(*args, **kwargs):
        calls.append(args[0])
        if len(calls) == 3:
            raise OSError
        return real(*args, **kwargs)

    real = catalogue.record
    monkeypatch.setattr(catalogue, "record", fail_late)
    before = Matter.objects.count(), Entry.objects.count()
    with pytest.raises(OSError):
        import_catalogue(book(LEVELS, ["甲", "乙", "丙"]), by=town.administrator)

    assert (Matter.objects.count(), Entry.objects.count()) == before


def test_a_csv_file_is_a_workbook_too(town):
    import_catalogue(
        "编码,上级编码,事项\n02,01,占道经营\n".encode("gb18030"), by=town.administrator, name="x.csv"
    )

    assert matter("02").parent == town.group


def test_the_export_names_its_columns(town):
    assert read_table(BytesIO(write_catalogue()), "x.xlsx").header == [*FULL[:9], "抽查比例", *FULL[9:]]
