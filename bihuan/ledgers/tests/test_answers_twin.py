"""The browser judges answers as the server does: thousands of them, made by chance, many of them odd."""

import random
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bihuan.core.calendar import DEFAULT_ZONE
from bihuan.ledgers.definition import Definition, check_answers
from bihuan.ledgers.expressions import Context
from bihuan.ledgers.forms.plan import plan_for_browser
from bihuan.ledgers.tests import twin
from bihuan.ledgers.tests.books import gardens, read

AT = datetime(2026, 3, 15, 10, 30, tzinfo=DEFAULT_ZONE)
HEAD = ["type", "name", "label::中文 (zh)", "label::English (en)", "required", "constraint", "relevant",
        "calculation", "choice_filter", "readonly", "repeat_count"]  # fmt: skip


def everything() -> Definition:
    """A ledger with each type of field, and with everything that can be said of one."""
    rows = [
        HEAD,
        ["text", "name", "户主", "Name", "yes", "string-length(.) < 6"],
        ["integer", "people", "人口", "People", "${name} != ''", ". > 0 and . < 20"],
        ["decimal", "size", "面积", "Size", "", ". <= 200"],
        ["date", "day", "日期", "Day", "", ". <= today()"],
        ["time", "hour", "时间", "Hour"],
        ["dateTime", "moment", "时刻", "Moment", "", ". < now()"],
        ["select_one town", "town", "镇", "Town"],
        ["select_one street", "street", "街", "Street", "yes", "", "${town} != ''", "", "town = ${town}"],
        ["select_multiple kind", "kinds", "种类", "Kinds", "", "count-selected(.) < 3"],
        ["geopoint", "at", "位置", "Place"],
        ["geotrace", "line", "线", "Line"],
        ["geoshape", "shape", "面", "Shape", "", "area(.) < 100000000"],
        ["barcode", "code", "条码", "Code"],
        ["calculate", "double", "", "", "", "", "", "${size} * 2"],
        ["text", "fixed", "不可改", "Fixed", "", "", "", "", "", "yes"],
        ["integer", "twice", "两倍", "Twice", "", "", "", "${people} * 2"],
        ["begin group", "more", "更多", "More", "", "", "selected(${kinds}, 'a')"],
        ["text", "why", "原因", "Why", "yes"],
        ["end group"],
        ["begin repeat", "plots", "地块", "Plots", "", "", "${people} != 3", "", "", "", "${people}"],
        ["decimal", "area", "面积", "Area", "yes", ". > 0"],
        ["select_one street", "where", "街", "Where", "", "", "${area} > 5", "", "town = ${town}"],
        ["begin repeat", "trees", "树", "Trees"],
        ["integer", "height", "高", "Height", "", ". < 30 + position(..)"],
        ["end repeat"],
        ["calculate", "share", "", "", "", "", "", "round(${area} div sum(${area}), 3)"],
        ["end repeat"],
        ["calculate", "total", "", "", "", "", "", "sum(${area})"],
        ["calculate", "first", "", "", "", "", "", "once(${name})"],
    ]  # fmt: skip
    choices = [
        ["list_name", "name", "label::中文 (zh)", "label::English (en)", "town"],
        ["town", "n", "北镇", "North"], ["town", "s", "南镇", "South"],
        ["street", "n1", "北一", "N1", "n"], ["street", "n2", "北二", "N2", "n"],
        ["street", "s1", "南一", "S1", "s"],
        ["kind", "a", "甲", "A"], ["kind", "b", "乙", "B"], ["kind", "c", "丙", "C"],
    ]  # fmt: skip
    return read({"survey": rows, "choices": choices, "settings": [["form_title"], ["试"]]})


LEDGERS = {"gardens": lambda: read(gardens()), "everything": everything}
SAID: dict[str, list[Any]] = {
    "text": ["", "李", "a\u200bb", "  空 ", "长长长长长长长", "x" * 20, "a\r\nb"],
    "integer": ["", "3", "٣", "１２", "-0", "007", "1.5", "abc", "19", "25", "+4", "1234567890123456"],
    "decimal": ["", "3", ".5", "3.", "+007.50", "-0.0", "1e3", "１２.５", "201", "5.1", "0"],
    "date": ["", "2026-03-15", "2026-03-16", "2026-02-30", "15.3.2026", "2024-02-29", "0000-01-01"],
    "time": ["", "08:30", "24:00", "8:30", "08:30:15.5", "23:59:59", "12:60"],
    "dateTime": ["", "2026-03-15T10:29", "2026-03-15T10:31", "2026-03-15 10:00:05.25Z", "2026-13-01T00:00",
                 "2026-03-15T01:00+0130"],
    "select_one": ["", "n", "s", "n1", "n2", "s1", "zz", "refused", "unable"],
    "select_multiple": [[], ["a"], ["a", "b"], ["b", "c", "a"], "a b", ["zz"], ["a", "a"]],
    "geopoint": ["", "33.6 114.6", "33.6", "91 10", "33.6 114.6 0 5.0", "a b", "1e1 2"],
    "geotrace": ["", "33.6 114.6", "33.6 114.6;33.7 114.7", "1 1;;2 2;"],
    "geoshape": ["", "0 0;0 0.01;0.01 0", "0 0;0 1;1 1;0 0", "0 0;0 1;0 0", "0 0;1 1"],
    "image": ["", "12", "new"],
    "file": ["", "7"],
    "barcode": ["", "6901", "x" * 501],
}  # fmt: skip


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[twin.Twin]:
    folder: Path = tmp_path_factory.mktemp("judging")
    with twin.Twin(twin.bundle(folder, "judging.ts")) as running:
        yield running


def answers(fields: Any, chance: random.Random) -> dict[str, Any]:
    """Answers to some of these fields, many of them odd."""
    found: dict[str, Any] = {}
    for one in fields:
        if one.type == "group":
            found |= answers(one.children, chance)
        elif one.type == "repeat":
            found[one.name] = [answers(one.children, chance) for _ in range(chance.choice([0, 1, 2, 3]))]
        elif one.type in SAID and chance.random() < 0.8:
            found[one.name] = chance.choice(SAID[one.type])
    return found


def without_empty(values: dict[str, Any]) -> dict[str, Any]:
    """Without repeats that have no entry, which the server does not store."""
    found = {}
    for name, value in values.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            found[name] = [without_empty(entry) for entry in value]
        elif value != []:
            found[name] = value
    return found


@pytest.mark.parametrize("name", LEDGERS)
def test_the_browser_judges_as_the_server_does(judge: twin.Twin, name: str) -> None:
    definition = LEDGERS[name]()
    chance = random.Random(20260315)  # the same cases in every run
    names = [one.name for one in definition.walk()]
    for number in range(1_500):
        before = check_answers(definition, answers(definition.fields, chance), at=AT).values
        if number % 3 == 0:
            before = {}
        given = answers(definition.fields, chance)
        complete = bool(number % 2)
        asked = frozenset(chance.sample(names, len(names) // 2)) if complete else frozenset()
        server = check_answers(definition, {**before, **given}, at=AT, before=before, asked=asked)
        case = {
            "plan": plan_for_browser(definition, before, asked),
            "given": given,
            "now": Context.clock(AT)["now"],
            "complete": complete,
        }
        case["plan"]["zone"] = Context.clock(AT)["zone"]
        browser = judge.outcome(case)
        faults = [[one.path, str(one.sentence)] for one in server.faults]
        assert browser["faults"] == faults, (before, given)
        if not faults:
            assert without_empty(browser["values"]) == server.values, (before, given)
