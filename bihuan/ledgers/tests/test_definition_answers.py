"""Answers are checked on the server as the definition says, and come out clean or with a sentence each."""

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from django.utils import translation

from bihuan.ledgers.definition import Definition, begin, check_answers, holds
from bihuan.ledgers.definition.answers import Checked
from bihuan.ledgers.tests.books import Rows, gardens, read

NOON = datetime(2026, 3, 5, 12, tzinfo=timezone(timedelta(hours=8)))


def check(ledger: Definition, given: dict[str, Any], **more: Any) -> Checked:
    with translation.override("en"):
        checked = check_answers(ledger, given, at=NOON, **more)
    assert json.loads(json.dumps(checked.values)) == checked.values
    return checked


def said(checked: Checked) -> list[tuple[str, str]]:
    with translation.override("en"):
        return [(fault.path, str(fault.sentence)) for fault in checked.faults]


def ledger_of(*rows: list[Any], choices: Rows | None = None) -> Definition:
    head = [
        "type",
        "name",
        "label",
        "required",
        "constraint",
        "relevant",
        "calculation",
        "default",
        "read_only",
    ]
    sheets = {"survey": [head, *rows]}
    return read(sheets | ({"choices": choices} if choices else {}))


@pytest.fixture
def plots() -> Definition:
    return read(gardens())


def test_a_whole_item_comes_out_clean_and_reckoned(plots: Definition) -> None:
    given = {
        "owner": " 一户居民 ",
        "reason": "unable",
        "before": "photo-1",
        "plots": [{"size": "12.50"}, {"size": 3}],
        "cleared": "2026-03-05",
    }

    checked = check(plots, given)

    assert checked.ok
    assert checked.values == {
        "owner": "一户居民",
        "reason": "unable",
        "before": "photo-1",
        "plots": [{"size": "12.5", "price": "31.25"}, {"size": "3", "price": "7.5"}],
        "total": "15.5",
        "cleared": "2026-03-05",
    }


def test_what_is_missing_wrong_or_in_the_future_is_said_in_the_order_of_the_form(plots: Definition) -> None:
    checked = check(
        plots, {"reason": "maybe", "plots": [{"size": "0"}, {}, {"size": "zwölf"}], "cleared": "2026-03-06"}
    )

    assert said(checked) == [
        ("owner", "This must be filled in."),
        ("reason", "“maybe” cannot be chosen here."),
        ("plots[3].size", "This is no number."),
        ("plots[1].size", "Between 0 and 500"),
        ("plots[2].size", "This must be filled in."),
        ("cleared", "This answer is not allowed here."),
    ]
    assert checked.values["plots"] == [{"price": "0"}, {}, {}]


def test_sentences_of_the_author_come_in_the_readers_language(plots: Definition) -> None:
    checked = check_answers(plots, {"owner": "x", "plots": [{"size": "900"}]}, at=NOON)

    with translation.override("zh-hans"):
        assert [str(fault.sentence) for fault in checked.faults] == ["面积须在 0 至 500 之间"]


def test_what_is_not_relevant_is_left_out_with_its_faults(plots: Definition) -> None:
    checked = check(plots, {"owner": "x", "before": "photo-1", "basis": "no file!", "plots": []})

    assert checked.ok  # no reason, so nothing of the group “clearing” is asked
    assert checked.values == {"owner": "x", "total": "0"}


def test_only_what_the_step_asks_must_be_filled_in(plots: Definition) -> None:
    assert check(plots, {"cleared": "2026-03-01"}, asked={"cleared"}).ok
    assert said(check(plots, {"plots": [{}]}, asked={"plots"})) == [
        ("plots[1].size", "This must be filled in.")
    ]


def test_relevance_follows_what_is_reckoned() -> None:
    ledger = ledger_of(
        ["text", "why", "Why so many?", "yes", "", "${twice} > 10"],
        ["integer", "n", "How many?"],
        ["calculate", "twice", "", "", "", "", "${n} * 2"],
    )

    assert said(check(ledger, {"n": 6})) == [("why", "This must be filled in.")]
    assert check(ledger, {"n": 5, "why": "x"}).values == {"n": 5, "twice": "10"}


def test_what_hides_a_question_hides_what_depends_on_it() -> None:
    ledger = ledger_of(
        ["text", "a", "A"], ["text", "b", "B", "", "", "${a} = 'x'"], ["text", "c", "C", "", "", "${b} = 'y'"]
    )

    assert check(ledger, {"a": "x", "b": "y", "c": "z"}).values == {"a": "x", "b": "y", "c": "z"}
    assert check(ledger, {"a": "-", "b": "y", "c": "z"}).values == {"a": "-"}


def test_several_choices_are_a_list_and_selected_finds_them() -> None:
    ledger = ledger_of(
        ["select_multiple kinds", "kinds", "Kinds"],
        ["text", "other", "Which other?", "yes", "", "selected(${kinds}, 'other')"],
        choices=[["list_name", "name", "label"], ["kinds", "a", "A"], ["kinds", "other", "Other"]],
    )

    assert check(ledger, {"kinds": ["a", "a"]}).values == {"kinds": ["a"]}
    assert said(check(ledger, {"kinds": "a other"})) == [("other", "This must be filled in.")]
    assert said(check(ledger, {"kinds": ["a", "b"]})) == [("kinds", "“b” cannot be chosen here.")]


def test_a_field_that_is_only_read_keeps_what_was_there() -> None:
    ledger = ledger_of(["text", "number", "Number", "", "", "", "", "", "yes"], ["text", "a", "A"])

    assert check(ledger, {"number": "forged", "a": "x"}, before={"number": "7"}).values == {
        "number": "7",
        "a": "x",
    }


def test_a_reckoned_field_cannot_be_forged() -> None:
    ledger = ledger_of(["integer", "n", "N"], ["calculate", "twice", "", "", "", "", "${n} * 2"])

    assert check(ledger, {"n": 2, "twice": "99"}).values == {"n": 2, "twice": "4"}


def test_once_keeps_what_it_was() -> None:
    ledger = ledger_of(["text", "a", "A"], ["calculate", "first", "", "", "", "", "once(${a})"])

    first = check(ledger, {"a": "x"}).values
    assert check(ledger, {"a": "y"}, before=first).values == {"a": "y", "first": "x"}


def test_a_new_item_begins_with_its_defaults() -> None:
    ledger = ledger_of(
        ["integer", "n", "N", "", "", "", "", "3"],
        ["date", "day", "Day", "", "", "", "", "today()"],
        ["text", "number", "Number", "", "", "", "", "A7", "yes"],
        ["calculate", "twice", "", "", "", "", "${n} * 2"],
    )

    assert begin(ledger, at=NOON) == {"n": 3, "day": "2026-03-05", "number": "A7", "twice": "6"}


def test_now_is_the_moment_given_in_the_districts_time() -> None:
    ledger = ledger_of(["dateTime", "seen", "Seen", "", ". <= now()"])

    assert check(ledger, {"seen": "2026-03-05T11:59"}).values == {"seen": "2026-03-05T11:59:00.000+08:00"}
    assert said(check(ledger, {"seen": "2026-03-05T04:01Z"})) == [
        ("seen", "This answer is not allowed here.")
    ]


@pytest.mark.parametrize(
    ("type_", "given", "stored"),
    [
        ("text", "甲\u200b ", "甲"),
        ("integer", "１２", 12),
        ("integer", 12.0, 12),
        ("decimal", "012.500", "12.5"),
        ("decimal", 0.1, "0.1"),
        ("decimal", "-0.0", "0"),
        ("decimal", "100", "100"),
        ("date", "2026-02-28", "2026-02-28"),
        ("time", "18:30", "18:30:00"),
        ("dateTime", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000+00:00"),
        ("geopoint", "33.6 114.65 0 4.5", "33.6 114.65 0 4.5"),
        ("geotrace", "33.6 114.65; 33.7 114.66", "33.6 114.65;33.7 114.66"),
        ("geoshape", "33.6 114.6;33.7 114.6;33.7 114.7", "33.6 114.6;33.7 114.6;33.7 114.7;33.6 114.6"),
        ("image", 17, "17"),
        ("barcode", "6901234567892", "6901234567892"),
        ("text", "", None),
        ("integer", None, None),
    ],
)
def test_an_answer_is_stored_in_one_way(type_: str, given: Any, stored: Any) -> None:
    checked = check(ledger_of([type_, "a", "A"]), {"a": given})

    assert checked.ok
    assert checked.values == ({} if stored is None else {"a": stored})


@pytest.mark.parametrize(
    ("type_", "given"),
    [
        ("text", 7),
        ("text", "x" * 10_001),
        ("integer", "1.5"),
        ("integer", True),
        ("integer", [1]),
        ("decimal", "1,5"),
        ("decimal", "NaN"),
        ("decimal", float("inf")),
        ("date", "2026-02-30"),
        ("date", "5 March"),
        ("time", "25:00"),
        ("dateTime", "2026-13-01T00:00"),
        ("geopoint", "91 0"),
        ("geopoint", "33.6"),
        ("geopoint", {"lat": 1}),
        ("geotrace", "33.6 114.65"),
        ("geoshape", "33.6 114.6;33.7 114.6;33.6 114.6"),
        ("image", "../../etc/passwd"),
        ("file", {"name": "x"}),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(type_: str, given: Any) -> None:
    checked = check(ledger_of([type_, "a", "A"]), {"a": given})

    assert [fault.path for fault in checked.faults] == ["a"]
    assert checked.values == {}


@pytest.mark.parametrize("given", ["x", {"size": 1}, [1], [[]], [{"size": 1}] * 1_001])
def test_a_repeat_takes_a_list_of_entries(plots: Definition, given: Any) -> None:
    assert ("plots") in [fault.path for fault in check(plots, {"owner": "x", "plots": given}).faults]


def test_what_the_ledger_does_not_know_is_left_out(plots: Definition) -> None:
    assert check(plots, {"owner": "x", "income": "1000"}).values == {"owner": "x", "total": "0"}


def test_steps_gates_and_figures_ask_about_an_item(plots: Definition) -> None:
    values = {"reason": "refused", "plots": [{"size": "0.5"}, {"size": "12.5"}]}
    blocked, large = plots.steps[1].blocked_when, plots.figures[1].where

    assert holds(plots, blocked, values, at=NOON)
    assert not holds(plots, blocked, {"reason": "unable"}, at=NOON)
    assert [holds(plots, large, values, at=NOON, entry={"plots": n}) for n in (1, 2)] == [False, True]
    assert holds(plots, "", values, at=NOON)
