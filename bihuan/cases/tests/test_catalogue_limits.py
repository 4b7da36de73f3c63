"""Limits as people write them in a workbook, and codes that go on from the last one."""

import pytest

from bihuan.cases.catalogue_book import LimitError, next_code, read_limit


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", ""),
        ("15m", "15m"),
        ("15分钟", "15m"),
        ("15 分", "15m"),
        ("半小时", "30m"),
        ("4h", "4h"),
        ("4小时", "4h"),
        ("４个小时", "4h"),
        ("4 working hours", "4h"),
        ("4个工作小时", "4h"),
        ("7d", "7d"),
        ("7个工作日", "7d"),
        ("7 天内", "7d"),
        ("七日", "7d"),
        ("十五个工作日", "15d"),
        ("二十天", "20d"),
        ("1 working day", "1d"),
    ],
)
def test_limits_are_read_as_people_write_them(text, written):
    assert read_limit(text, "ordinary") == written


@pytest.mark.parametrize("text", ["7", "soon", "0h", "半天", "一个月", "-4h", "4h 30m", "999d", "2.5h"])
def test_other_limits_are_refused_with_a_remedy(text):
    with pytest.raises(LimitError) as caught:
        read_limit(text, "ordinary")
    assert caught.value.problem and caught.value.remedy


def test_working_time_does_not_go_with_the_natural_clock():
    assert read_limit("24小时", "critical") == "24h"
    with pytest.raises(LimitError):
        read_limit("7个工作日", "critical")


def test_codes_go_on_from_the_last_one():
    assert next_code("", set()) == "01"
    assert next_code("01.03", {"01.03", "01.03.07", "01.03.07.99", "01.03.x"}) == "01.03.08"
    assert next_code("", {"01", "411602"}) == "02"
    assert next_code("", {"99"}) == "100"
