"""Expressions on the server: the shared table, and what a page needs besides."""

import json
import math
import re
import unicodedata
from bisect import bisect_right
from datetime import datetime, timedelta, timezone
from typing import Any

import hypothesis.strategies as st
import pytest
from django.utils import translation
from hypothesis import given, settings

from bihuan.ledgers.expressions import (
    Context,
    Fault,
    Outline,
    check,
    compiling,
    order_of,
    parse,
    reals,
    references,
)
from bihuan.ledgers.expressions.faults import FAULTS
from bihuan.ledgers.expressions.functions import FUNCTIONS, REFUSED, WRITTEN_OUT
from bihuan.ledgers.expressions.patterns import letters
from bihuan.ledgers.expressions.workings import WORKINGS
from bihuan.ledgers.tests.table import TABLE, expected, made_ready, outcome

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


def context(**given: Any) -> Context:
    fields = given.pop("fields", {})
    return Context(Outline(given.pop("outline", dict.fromkeys(fields))), fields, now=0, **given)


def test_the_table_holds() -> None:
    wrong = []
    for case in TABLE["cases"]:
        wanted, found = expected(case, outcome(made_ready(case)))
        if wanted != found or isinstance(wanted, bool) != isinstance(found, bool):
            wrong.append(f"{json.dumps(case, ensure_ascii=False)}: {found}")
    assert not wrong, "\n".join(wrong)


def test_the_table_is_large_and_its_cases_differ() -> None:
    said = [json.dumps(case, sort_keys=True) for case in TABLE["cases"]]
    assert len(said) == len(set(said)) >= 250
    assert sum(case["from"].startswith("odk") for case in TABLE["cases"]) >= 100


def test_the_table_calls_every_function_and_meets_every_fault() -> None:
    cases = " ".join(case["expression"] for case in TABLE["cases"])
    assert [name for name in FUNCTIONS if f"{name}(" not in cases] == []
    met = {case["fault"] for case in TABLE["cases"] if "fault" in case}
    assert FAULTS.keys() - met == {"expression.too_long", "expression.cycle", "expression.no_own_value"}


def test_every_function_works() -> None:
    assert WORKINGS.keys() | compiling.SPECIAL.keys() == FUNCTIONS.keys()
    assert not WORKINGS.keys() & compiling.SPECIAL.keys()
    assert not FUNCTIONS.keys() & REFUSED.keys()
    turned = {kind for name in WORKINGS for kind in FUNCTIONS[name].kinds}
    assert turned <= compiling.TURNED.keys()
    assert {kind for name in compiling.SPECIAL for kind in FUNCTIONS[name].kinds} >= WRITTEN_OUT - {"format"}


def fault_of(text: str) -> Fault:
    with pytest.raises(Fault) as caught:
        parse(text)
    return caught.value


def test_a_fault_says_where_what_and_how_to_mend_it() -> None:
    fault = fault_of("selected(${colour}，'red')")
    assert (fault.code, fault.position) == ("expression.looks_alike", 18)
    assert fault.what == "“，” is not the right sign."
    assert fault.remedy == "Write ,."

    assert fault_of("if(1, 2)").remedy == "Write it as if(condition: boolean, then: any, else: any)."
    assert "Chance" in fault_of("1 + random()").remedy
    assert str(fault_of("1 +")) == "expression.unfinished at 3"


def test_an_unknown_field_is_answered_with_the_one_that_was_meant() -> None:
    (fault,) = check(parse("${househlds} > 3"), Outline({"households": None, "ports": None}))
    assert fault.what == "There is no field “househlds”."
    assert fault.remedy == "Did you mean ${households}?"
    (other,) = check(parse("${zzz} > 3"), Outline({"households": None}))
    assert other.remedy == "Use a name from the column “name”."


@pytest.mark.parametrize("code", FAULTS)
def test_every_fault_can_be_said(code: str) -> None:
    names = re.findall(r"%\((\w+)\)s", f"{FAULTS[code].what} {FAULTS[code].remedy}")
    fault = Fault(code, **dict.fromkeys(names, "x"))
    with translation.override("en"):
        assert fault.what.endswith(".")
        assert fault.remedy == "x" or fault.remedy.rstrip("x").endswith((".", "?"))


def test_all_that_does_not_fit_is_found_at_once() -> None:
    faults = check(parse("${a} + ${b} > count(${c})"), Outline({"c": None}))
    assert [fault.code for fault in faults] == ["expression.unknown_field"] * 2


def test_a_choice_filter_has_no_own_value() -> None:
    (fault,) = check(parse(". = name"), Outline({}), columns=["name"], has_own_value=False)
    assert fault.code == "expression.no_own_value"


def test_what_is_too_long_is_refused() -> None:
    assert fault_of("1" + " + 1" * 2_000).code == "expression.too_long"


def test_references_are_found_within_brackets_and_quotes() -> None:
    said = "jr:choice-name(${a}, '${b}') = sum(${r}[x > ${c}]/y) + count(${s})"
    assert references(parse(said)) == {"a", "b", "r", "x", "c", "y", "s"}


def test_calculations_come_after_what_they_refer_to() -> None:
    said = {"total": "${tip} + ${bill}", "tip": "${rate} * ${bill}", "rate": "${given} div 100", "other": "1"}
    assert order_of({name: parse(text) for name, text in said.items()}) == ["rate", "tip", "total", "other"]


def test_a_circle_names_its_fields() -> None:
    said = {"x": "${a}", "a": "${b} + 1", "b": "${c}", "c": "${a}"}
    with pytest.raises(Fault) as caught:
        order_of({name: parse(text) for name, text in said.items()})
    assert caught.value.code == "expression.cycle"
    assert "a → b → c → a" in caught.value.what
    with pytest.raises(Fault):
        order_of({"a": parse("${a} + 1")})


def test_a_long_row_of_calculations_is_put_in_order() -> None:
    said = {f"n{at}": parse(f"${{n{at + 1}}} + 1") for at in range(3_000)}
    assert order_of(said)[0] == "n2999"


def test_the_clock_is_that_of_the_context() -> None:
    moment = datetime(2026, 3, 1, 0, 30, tzinfo=timezone(timedelta(hours=8)))
    there = Context(Outline({}), {}, **Context.clock(moment))
    assert parse("now()").text(there) == "2026-03-01T00:30:00.000+08:00"
    assert parse("today()").text(there) == "2026-03-01"


def test_an_expression_is_reckoned_as_what_is_asked_for() -> None:
    said = parse("${n} * 2")
    assert said.text(context(fields={"n": "1.5"})) == "3"
    assert said.number(context(fields={"n": "1.5"})) == 3
    assert said.truth(context(fields={"n": "0"})) is False
    assert said.text(context(fields={"n": ""})) == "NaN"


def test_a_pattern_cannot_be_made_to_take_long() -> None:
    said = parse("regex(., '((a*)*)*b')")
    assert said.truth(context(this="a" * 5_000)) is False
    assert said.truth(context(this="a" * 5_000 + "b")) is True


@pytest.mark.parametrize("name", ["L", "Lu", "Ll", "N", "Nd", "P"])
def test_letters_are_those_of_unicode(name: str) -> None:
    """Of the signs that this Python knows; later versions of Unicode moved a handful."""
    bounds = letters(name)
    other = [
        code
        for code in range(0x110000)
        if (bisect_right(bounds, code) & 1) != unicodedata.category(chr(code)).startswith(name)
    ]
    assert [code for code in other if code < 0x3000] == []
    if unicodedata.unidata_version == "14.0.0":
        assert other == []


@settings(max_examples=150, deadline=None)
@given(NUMBERS, NUMBERS)
def test_functions_of_real_numbers_are_as_good_as_the_machines(one: float, other: float) -> None:
    pairs = [
        (reals.sin(one), math.sin(one)), (reals.cos(one), math.cos(one)), (reals.tan(one), math.tan(one)),
        (reals.atan(one), math.atan(one)), (reals.atan2(one, other), math.atan2(one + 0.0, other + 0.0)),
    ]  # fmt: skip
    if abs(one) <= 1:
        pairs += [(reals.asin(one), math.asin(one)), (reals.acos(one), math.acos(one))]
    if one > 0:
        pairs += [(reals.log(one), math.log(one)), (reals.log10(one), math.log10(one))]
    if abs(one) < 700:
        pairs.append((reals.exp(one), math.exp(one)))
    for ours, theirs in pairs:
        assert abs(ours - theirs) <= 2 * math.ulp(theirs), (one, other, ours, theirs)


@settings(max_examples=150, deadline=None)
@given(st.floats(0, 1e6), st.floats(-40, 40))
def test_powers_are_as_good_as_the_machines(base: float, exponent: float) -> None:
    try:
        theirs = math.pow(base, exponent)
    except (OverflowError, ValueError):
        theirs = math.inf
    ours = reals.power(base, exponent)
    assert ours == theirs or abs(ours - theirs) <= 2 * math.ulp(theirs)
