"""Units, people and duties from a workbook: what it understands, what it refuses, what it leaves alone."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from bihuan.accounts import queries
from bihuan.accounts.actions import import_people
from bihuan.accounts.models import Duty, Unit, User
from bihuan.accounts.workbook import COLUMNS, read_plan, write_export, write_template
from bihuan.audit.models import Entry
from bihuan.core.clock import today
from bihuan.core.sheets import write_workbook

UNITS = [c[0] for c in COLUMNS["units"].values()]
PEOPLE = [c[0] for c in COLUMNS["people"].values()]
DUTIES = [c[0] for c in COLUMNS["duties"].values()]


def book(**sheets):
    target = BytesIO()
    write_workbook(target, sheets)
    return target.getvalue()


def good():
    return book(
        单位=(
            UNITS,
            [
                ["WY-1", "良苑物业", "Liangyuan Property", "物业公司", "WY", "庆丰社区"],
                ["WY", "物业公司们", "", "other", "", ""],
            ],
        ),
        人员=(
            PEOPLE,
            [
                ["Zhang.San", "张三", "138 0000 0100", "first-pass-2026"],
                ["li.si", "李四", 13800000101.0, "first-pass-2026"],
            ],
        ),
        职责=(
            DUTIES,
            [
                ["zhang.san", "承办人", "", "良苑物业", "2026年1月2日", ""],
                ["li.si", "网格员", "川汇区/北街道/庆丰社区", "", "", ""],
                ["li.si", "grid worker", "A3", "", today(), ""],
                ["wang.fang", "Dispatcher", "北街道", "", "", ""],
            ],
        ),
    )


def count():
    return Unit.objects.count(), User.objects.count(), Duty.objects.count()


def test_a_workbook_is_taken_over_once(town):
    plan = import_people(good(), name="people.xlsx", by=town.admin)

    assert not plan.faults and plan.changes == 8
    zhang, li = User.objects.get(username="zhang.san"), User.objects.get(username="li.si")
    unit = Unit.objects.get(code="WY-1")
    assert unit.parent.code == "WY" and unit.area == town.community and unit.kind == "property_company"
    assert zhang.holds("handler", unit=unit) and zhang.phone == "13800000100"
    assert zhang.check_password("first-pass-2026") and zhang.password_is_temporary
    assert li.holds("grid_worker", area=town.community) and li.holds("grid_worker", area=town.south)
    assert li.phone == "13800000101"
    assert town.clerk.holds("dispatcher", area=town.north)

    before, entries = count(), Entry.objects.exclude(verb="person.workbook_imported").count()
    again = import_people(good(), name="people.xlsx", by=town.admin)
    assert again.changes == 0 and count() == before
    assert Entry.objects.exclude(verb="person.workbook_imported").count() == entries


def test_an_export_imports_as_nothing_new_and_holds_no_phones(town):
    content = write_export(town.admin)
    plan = read_plan(content, "export.xlsx")
    assert not plan.faults and plan.changes == 0 and plan.rows == 8
    assert b"13800000001" not in content


def test_the_template_is_understood(town):
    plan = read_plan(write_template(), "template.xlsx")
    assert not plan.faults
    assert [line.outcome for lines in plan.lines.values() for line in lines] == ["new", "new", "new"]


def test_changes_are_taken_over(town):
    content = book(
        Units=(["Code", "Name", "Kind", "English name", "Area"], [["CG", "城管局", "department", "", "A1"]]),
        People=(["Username", "Name"], [["wang.fang", "王芳芳"]]),
        Duties=(["Username", "Duty", "Area", "Last day"], [["wang.fang", "clerk", "North Street", today()]]),
    )
    plan = import_people(content, name="x.xlsx", by=town.admin)
    assert [row["changed"] for row in plan.tally()] == [1, 1, 1]
    town.clerk.refresh_from_db()
    assert town.clerk.name == "王芳芳" and town.clerk.phone == "13800000001"
    assert town.clerk.duties.get().ends_on == today()


@pytest.mark.parametrize(
    "sheet, row, field, remedy",
    [
        ("职责", ["wang.fang", "网格圆", "北街道", "", "", ""], "职责", "网格员"),
        ("职责", ["wang.fang", "受理员", "北街到", "", "", ""], "区域", "北街道"),
        ("职责", ["wang.fang", "承办人", "", "城市管理", "", ""], "单位", "城市管理局"),
        ("职责", ["wang.fnag", "受理员", "南街道", "", "", ""], "登录名", "wang.fang"),
        ("职责", ["wang.fang", "受理员", "", "", "", ""], "区域", ""),
        ("职责", ["wang.fang", "承办人", "", "", "", ""], "单位", ""),
        ("职责", ["wang.fang", "受理员", "南街道", "", "someday", ""], "开始日期", "2026-03-15"),
        ("职责", ["wang.fang", "受理员", "南街道", "", "2026-03-02", "2026-03-01"], "结束日期", ""),
        ("人员", ["new.one", "新人", "12", ""], "手机号", "11"),
        ("人员", ["new.one", "新人", "13800000001", ""], "手机号", ""),
        ("人员", ["13800000009", "新人", "", ""], "登录名", ""),
        ("人员", ["new.one", "", "", ""], "姓名", ""),
        ("人员", ["new.one", "新人", "", "123"], "初始密码", ""),
        ("单位", ["NEW", "新单位", "", "部们", "", ""], "类型", "部门"),
        ("单位", ["NEW", "新单位", "", "部门", "CGG", ""], "上级单位编码", "CG"),
        ("单位", ["NEW", "新单位", "", "部门", "NEW", ""], "上级单位编码", ""),
    ],
)
def test_a_fault_names_row_field_and_remedy(town, refused, sheet, row, field, remedy):
    header = {"单位": UNITS, "人员": PEOPLE, "职责": DUTIES}[sheet]
    content = book(**{sheet: (header, [row])})
    before = count()

    with translation.override("en"):
        faults = read_plan(content, "x.xlsx").faults

    assert [(fault.sheet, fault.error.row, fault.error.field) for fault in faults] == [(sheet, 2, field)]
    assert remedy in faults[0].error.remedy and faults[0].error.remedy and faults[0].error.problem
    with refused("accounts.import_faulty"):
        import_people(content, name="x.xlsx", by=town.admin)
    assert count() == before


def test_rings_twins_and_missing_columns_are_faults(town):
    ring = book(单位=(UNITS, [["X", "甲", "", "部门", "Y", ""], ["Y", "乙", "", "部门", "X", ""]]))
    assert {fault.error.row for fault in read_plan(ring, "x.xlsx").faults} == {2, 3}
    twins = book(人员=(PEOPLE, [["new", "甲", "", ""], ["NEW", "乙", "", ""]]))
    assert [fault.error.row for fault in read_plan(twins, "x.xlsx").faults] == [3]
    missing = book(人员=(["登录号", "姓名"], [["new", "甲"]]))
    fault = read_plan(missing, "x.xlsx").faults[0]
    assert fault.error.row == 1 and "登录号" in fault.error.remedy


def test_faulty_rows_can_be_left_out(town):
    content = book(
        人员=(PEOPLE, [["new.one", "新人", "", ""], ["new.two", "", "", ""]]),
        职责=(
            DUTIES,
            [["new.one", "网格员", "北街道", "", "", ""], ["new.two", "网格员", "北街道", "", "", ""]],
        ),
    )
    plan = import_people(content, name="x.xlsx", by=town.admin, skip_faulty=True)
    assert len(plan.faults) == 1
    assert User.objects.get(username="new.one").holds("grid_worker")
    assert queries.person_named("new.two") is None


def test_other_files_are_refused_with_a_sentence(town):
    for content in (b"", b"\x00\x01", b"a,b\n1,2\n", book(Sheet1=(["x"], [["y"]]))):
        with pytest.raises(ValidationError):
            read_plan(content, "x.xlsx")


def test_only_the_districts_administrator_imports(town, refused):
    for person in (town.north_admin, town.clerk):
        with refused("accounts.not_district_administrator"):
            import_people(good(), name="x.xlsx", by=person)


def test_an_import_that_fails_half_way_leaves_nothing(town, breaking_record):
    before = count()
    with pytest.raises(breaking_record("bihuan.accounts.actions.imports")):
        import_people(good(), name="x.xlsx", by=town.admin)
    assert count() == before
