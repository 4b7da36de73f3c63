"""Good rows become reports and bad ones explained, whatever the workbook looks like."""

from typing import Any

import pytest
from django.utils.timezone import localtime

from bihuan.cases.models import Case, Report
from bihuan.intake.limits import ADDRESS, NAME, WORDS
from bihuan.intake.sheet import queries
from bihuan.intake.sheet.refused import refused_workbook
from bihuan.intake.sheet.wording import SENTENCES, SHORT, explain
from bihuan.intake.tests.sheets import HEADER, confirmed, imported, outcome, reports, rows_of, workbook
from bihuan.intake.web.forms import ReportForm

pytestmark = pytest.mark.django_db


def codes(sheet_import: Any) -> dict[int, list[str]]:
    return {one.row: [fault["code"] for fault in one.faults] for one in queries.refused_rows(sheet_import)}


def test_rows_become_reports_on_the_clerks_desk(clerk: Any, places: Any) -> None:
    done = imported(workbook(reports(3)), by=clerk, area=places.street)

    assert outcome(done) == (3, 0, 0, 0)
    report = Report.objects.select_related("case").order_by("id")[0]
    assert (report.source_key, report.channel, report.reporter) == ("1", "sheet", None)
    assert report.said_at is not None and report.said_at.year == 2026
    assert report.at > report.said_at
    assert (report.case.title, report.case.desk, report.case.area) == (
        "路灯不亮 1",
        places.street,
        places.street,
    )
    assert done.notes == {"unplaced": 3}


def test_the_same_file_again_creates_nothing(clerk: Any, places: Any) -> None:
    content = workbook(reports(3))
    imported(content, by=clerk, area=places.street)

    again = imported(content, by=clerk, area=places.street)

    assert outcome(again) == (0, 3, 0, 0)
    assert Case.objects.count() == 3


def test_without_numbers_the_text_is_the_key(clerk: Any, places: Any) -> None:
    rows = [["标题", "内容"], ["灯", "灯坏了"], ["盖", "井盖没了"], ["灯", "灯坏了"]]

    assert outcome(imported(workbook(rows), by=clerk, area=places.street)) == (2, 0, 1, 0)
    assert outcome(imported(workbook(rows), by=clerk, area=places.street)) == (0, 2, 1, 0)


def test_same_number_same_text_is_one_report_another_text_a_mistake(clerk: Any, places: Any) -> None:
    rows = [
        HEADER,
        [1, "灯", "灯坏了", ""],
        [1, "灯", "灯坏了", ""],
        [1, "盖", "井盖没了", ""],
        [2, "盖", "井盖没了", ""],
    ]

    done = imported(workbook(rows), by=clerk, area=places.street)

    assert outcome(done) == (2, 0, 1, 1)
    assert codes(done) == {4: ["number_taken"]}
    fault = queries.refusals_shown(done)[0]
    assert "2" in fault.problem


def test_a_number_that_is_here_with_another_text_is_refused(clerk: Any, places: Any) -> None:
    imported(workbook([HEADER, [1, "灯", "灯坏了", ""]]), by=clerk, area=places.street)

    other = imported(workbook([HEADER, [1, "盖", "井盖没了", ""]]), by=clerk, area=places.street)
    renamed = imported(
        workbook([HEADER, [1, "盖", "井盖没了", ""]]), by=clerk, area=places.street, source="另一份"
    )

    assert (outcome(other), codes(other)) == ((0, 0, 0, 1), {2: ["number_known"]})
    assert outcome(renamed) == (1, 0, 0, 0)


def test_places_are_found_by_point_area_and_name(clerk: Any, places: Any) -> None:
    lon, lat = places.inside
    rows = [
        ["编号", "内容", "经度", "纬度", "地址", "社区"],
        [1, "点", lon, lat, "", ""],
        [2, "换", lat, lon, "", ""],
        [3, "外", *places.outside, "", ""],
        [4, "名", "", "", "庆丰", ""],
        [5, "区", "", "", "", "周滨"],
        [6, "零", 0, 0, "", ""],
    ]

    done = imported(workbook(rows), by=clerk, area=places.street)

    assert outcome(done) == (6, 0, 0, 0)
    found = {
        report.source_key: report.case for report in Report.objects.select_related("case__area", "case__desk")
    }
    assert found["1"].area == found["2"].area == places.grid
    assert found["3"].is_outside and found["3"].desk == places.district
    assert found["4"].area == places.community
    assert (found["5"].area, found["5"].desk) == (places.far, places.other)
    assert (found["6"].area, found["6"].lon) == (places.street, None)
    assert done.notes == {"outside": 1, "unplaced": 1}


def test_coordinates_of_chinese_maps_are_put_right(clerk: Any, places: Any) -> None:
    rows = [["编号", "内容", "经度", "纬度"], [1, "点", *places.inside]]

    imported(workbook(rows), by=clerk, area=places.street, datum="gcj02")

    case = Case.objects.get()
    assert 0.001 < abs(case.lon - places.inside[0]) < 0.02


def test_phones_are_kept_only_of_those_who_agreed(clerk: Any, places: Any) -> None:
    rows = [
        ["编号", "内容", "姓名", "电话", "同意回访"],
        [1, "a", "甲", 13800000001.0, "是"],
        [2, "b", "乙", "13800000002", "否"],
        [3, "c", "丙", "138****0003", "是"],
        [4, "d", "丁", "没有", "是"],
    ]

    done = imported(workbook(rows), by=clerk, area=places.street)

    phones = {report.source_key: (report.phone, report.may_call) for report in Report.objects.all()}
    assert phones == {"1": ("13800000001", True), "2": (None, False), "3": (None, False)}
    assert codes(done) == {5: ["phone"]}
    assert done.notes["masked_phone"] == 1


def test_wrong_types_and_failed_formulas_are_explained(clerk: Any, places: Any) -> None:
    def touch(book: Any, sheet: Any) -> None:
        sheet.write_formula("C2", "=A1/0", None, "#DIV/0!")
        sheet.write_formula("C3", '="灯"&"坏了"', None, "灯坏了")

    rows = [
        HEADER,
        [1, "", "", ""],
        [2, "", "", ""],
        [3, "", "", "2026-03-09"],
        [4, "只有标题", "", ""],
        [5, True, 12345, "昨天"],
        [4.11602001e17, "灯", "灯坏了", ""],
    ]

    done = imported(workbook(rows, touch=touch), by=clerk, area=places.street)

    assert codes(done) == {2: ["formula"], 4: ["no_words"], 6: ["date"], 7: ["rounded"]}
    assert set(Report.objects.values_list("words", flat=True)) == {"灯坏了", "只有标题"}


def test_a_column_shows_by_its_other_rows_how_it_writes_dates(clerk: Any, places: Any) -> None:
    rows = [HEADER, [1, "a", "a", "03/04/2026"], [2, "b", "b", "03/25/2026 02:05:00 PM"]]

    done = imported(workbook(rows), by=clerk, area=places.street)

    assert outcome(done) == (2, 0, 0, 0)
    said = Report.objects.get(source_key="1").said_at
    assert said is not None and localtime(said).date().isoformat() == "2026-03-04"
    assert codes(imported(workbook([HEADER, [3, "c", "c", "03/04/2026"]]), by=clerk, area=places.street)) == {
        2: ["ambiguous_date"]
    }


def test_long_texts_rare_characters_and_nul(clerk: Any, places: Any) -> None:
    text = "𠮷野家门口😀"
    content = (
        "编号,标题,内容\r\n"
        f"1,a,{text}\r\n2,b,{'长' * WORDS}\r\n3,c,{'长' * (WORDS + 1)}\r\n"
        f"4,{'题' * 130},短\r\n5,e,前\u200b后\r\n"
    ).encode()

    done = imported(content, by=clerk, area=places.street, name="x.csv")

    assert outcome(done) == (4, 0, 0, 1)
    assert codes(done) == {4: ["too_long"]}
    told = dict(Report.objects.values_list("source_key", "words"))
    assert (told["1"], len(told["2"]), told["5"]) == (text, WORDS, "前后")
    assert told["4"] == f"{'题' * 130}\n短"
    for name, longest in (("words", WORDS), ("address", ADDRESS), ("name", NAME)):
        assert ReportForm.base_fields[name].max_length == longest, "as much as the page takes"


def test_refused_rows_come_back_and_go_in_once_mended(clerk: Any, places: Any) -> None:
    rows = [*reports(2), [3, "灯", "灯坏了", "昨天"], [4, "", "", ""], [5, "好", "好的", ""]]
    done = imported(workbook(rows), by=clerk, area=places.street)
    assert outcome(done) == (3, 0, 0, 2)

    back = rows_of(refused_workbook(done))

    assert back[0][:4] == HEADER
    assert [row[0] for row in back[1:]] == [3, 4]
    assert [row[4] for row in back[1:]] == [4, 5]
    assert all(row[5] and row[6] for row in back[1:])
    back[1][3], back[2][2] = "2026-03-08", "补上了内容"
    mended = imported(workbook(back), by=clerk, area=places.street)
    assert outcome(mended) == (2, 0, 0, 0)
    assert set(Report.objects.values_list("source", flat=True)) == {done.source}


def test_every_fault_has_its_sentences() -> None:
    import re
    from pathlib import Path

    import bihuan.intake.sheet as channel

    folder = Path(channel.__file__).parent
    text = "".join((folder / name).read_text() for name in ("rows.py", "cells.py", "queries.py"))
    raised = set(
        re.findall(r'(?:CellFault\(|"code": |fault\([^()]*?(?:\([^()]*\))?[^()]*?, )"([a-z_]+)"', text)
    )

    assert raised <= SENTENCES.keys()
    assert SENTENCES.keys() == SHORT.keys()
    params = dict.fromkeys(("text", "row", "case", "length", "limit", "codes", "near"), "1")
    for code in SENTENCES:
        error = explain(7, {"field": "words", "code": code, **params})
        assert error.problem and error.remedy and "%(" not in error.problem + error.remedy


def test_queries_do_not_grow_with_the_rows(
    clerk: Any, places: Any, django_assert_max_num_queries: Any, settings: Any
) -> None:
    """Nine for each new report (they are report_case's), a handful for each chunk, none for a known row."""
    from bihuan.intake.sheet.running import take_in

    many = workbook(reports(100))
    few = confirmed(workbook(reports(50)), by=clerk, area=places.street)
    with django_assert_max_num_queries(50 * 10 + 25) as first:
        take_in(few.pk)
    more = confirmed(many, by=clerk, area=places.street)
    with django_assert_max_num_queries(50 * 10 + 40):
        take_in(more.pk)
    again = confirmed(many, by=clerk, area=places.street)
    with django_assert_max_num_queries(30):
        take_in(again.pk)
    assert len(first) > 50
