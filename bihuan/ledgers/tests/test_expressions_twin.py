"""Server and browser agree on expressions: on the shared table, and on whatever chance makes up."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import example, given, settings

from bihuan.ledgers.expressions.functions import FUNCTIONS
from bihuan.ledgers.expressions.letters import LETTERS
from bihuan.ledgers.tests.chance import made_up
from bihuan.ledgers.tests.table import TABLE, expected, made_ready, outcome
from bihuan.ledgers.tests.twin import Twin, bundle

# Anything at all that may stand in a cell, so that both sides refuse the same at the same place.
BITS = [
    "${a}", "${", "}", "(", ")", "[", "]", ",", ".", "..", "/", "+", "-", "*", "=", "!=", "<", "'x'", "'",
    '"', "1", "2.5", " ", "and", "div", "selected(", "regex(", "x", "“", "，", "𠮷",
]  # fmt: skip
GARBAGE = st.lists(st.sampled_from(BITS), max_size=9).map("".join)


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twin]:
    with Twin(bundle(tmp_path_factory.mktemp("expressions"))) as twin:
        yield twin


def test_the_browser_holds_the_table(twin: Twin) -> None:
    wrong = []
    for case in TABLE["cases"]:
        ready = made_ready(case)
        found = twin.outcome(ready)
        wanted, compared = expected(case, found)
        if wanted != compared or found != outcome(ready):
            wrong.append(f"{json.dumps(case, ensure_ascii=False)}: {found} / {outcome(ready)}")
    assert not wrong, "\n".join(wrong)


def test_both_have_the_same_functions_and_letters(twin: Twin) -> None:
    said = twin.outcome({"about": True})
    assert said["signatures"] == [function.signature for function in FUNCTIONS.values()]
    assert said["letters"] == LETTERS


@pytest.mark.parametrize(
    "order",
    [
        {"total": "${tip} + ${bill}", "tip": "${rate} * ${bill}", "rate": "${given} div 100", "other": "1"},
        {"x": "${a}", "a": "${b} + 1", "b": "${c}", "c": "${a}"},
        {"a": "1", "b": "sum(${r}[a > 1]/c)", "c": "${a}"},
    ],
)
def test_both_put_calculations_in_the_same_order(twin: Twin, order: dict[str, str]) -> None:
    assert twin.outcome({"order": order}) == outcome({"order": order})


@settings(max_examples=800, deadline=None)
@given(chance=st.randoms(use_true_random=True))
def test_both_agree_on_what_chance_makes_up(twin: Twin, chance: Random) -> None:
    case = made_up(chance)
    assert twin.outcome(case) == outcome(case), case


@settings(max_examples=150, deadline=None)
@given(text=GARBAGE)
def test_both_refuse_the_same_at_the_same_place(twin: Twin, text: str) -> None:
    case = made_ready({"expression": text, "fields": {"a": ""}})
    assert twin.outcome(case) == outcome(case)


@settings(max_examples=300, deadline=None)
@given(
    value=st.floats(allow_nan=False, allow_infinity=False),
    other=st.floats(-1e6, 1e6),
    places=st.integers(-12, 16),
)
@example(value=5e-324, other=0.5, places=2)
@example(value=1.7976931348623157e308, other=-745.2, places=-3)
@example(value=1e21, other=-0.0, places=0)
def test_both_reckon_numbers_to_the_last_digit(twin: Twin, value: float, other: float, places: int) -> None:
    parts = [
        f"{name}({{v}})"
        for name in ("sin", "cos", "tan", "atan", "exp", "log", "log10", "sqrt", "string", "int")
    ]
    parts += ["pow({v}, {w})", "pow({w}, {v})", "atan2({v}, {w})", "asin({w})", "acos(1 div {v})", "exp({w})"]
    parts += [
        "round({v}, {p})",
        "round({w}, {p})",
        "{v} mod {w}",
        "{v} div {w}",
        "date({w})",
        "date-time({w})",
    ]
    written = {"v": f"{value:.340f}", "w": f"{other:.60f}", "p": str(places)}
    for part in parts:
        case: dict[str, Any] = made_ready({"expression": part.format(**written)})
        assert twin.outcome(case) == outcome(case), part


def test_the_bundle_asks_for_no_evaluation(tmp_path: Path) -> None:
    """What the content policy forbids: text made into a program."""
    assert re.findall(r"\b(?:eval|Function)\(", bundle(tmp_path).read_text()) == []
