"""Case numbers that find typing errors, tracking codes that nobody guesses."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core.numbers import ALPHABET, case_number, check_digit, is_case_number, tracking_code

DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2068, 12, 31))
SERIALS = st.integers(min_value=1, max_value=9_999_999)


@given(DAYS, SERIALS)
def test_a_number_is_one(day: date, serial: int) -> None:
    assert is_case_number(case_number(day, serial))


@given(DAYS, SERIALS, st.data())
def test_one_wrong_digit_is_always_found(day: date, serial: int, data: st.DataObject) -> None:
    number = case_number(day, serial)
    position = data.draw(st.sampled_from([i for i, character in enumerate(number) if character.isdigit()]))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != number[position]]))

    assert not is_case_number(number[:position] + other + number[position + 1 :])


def test_most_swapped_neighbours_are_found() -> None:
    swaps = found = 0
    for serial in range(1, 2_000):
        number = case_number(date(2026, 3, 15), serial)
        for i in range(7, 13):
            if number[i] != number[i + 1]:
                swaps += 1
                found += not is_case_number(number[:i] + number[i + 1] + number[i] + number[i + 2 :])
    assert found / swaps > 0.95


@given(DAYS, SERIALS, st.integers(min_value=0, max_value=3_000), st.integers(min_value=1, max_value=9))
def test_numbers_sort_by_age(day: date, serial: int, days: int, more: int) -> None:
    later = day + timedelta(days=days)
    if later.year > 2068 or serial + more > 9_999_999:
        return
    assert case_number(day, serial) < case_number(later, serial + more)


def test_the_standards_own_example() -> None:
    assert check_digit("0794") == "5"  # ISO/IEC 7064, MOD 11,10


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "260315",
        "260315-0004217",
        "２６０３１５-0004217-3",
        "abc-def-g",
        "--",
        "260315-0004217-x",
        "a-b",
    ],
)
def test_other_texts_are_no_numbers(text: str) -> None:
    assert not is_case_number(text)


def test_spaces_around_a_number_do_no_harm() -> None:
    assert is_case_number(f"  {case_number(date(2026, 3, 15), 4217)}\n")


def test_codes_are_readable_and_differ() -> None:
    codes = {tracking_code() for _ in range(2_000)}

    assert len(codes) == 2_000
    for code in codes:
        assert [len(group) for group in code.split("-")] == [4, 4, 4]
        assert set(code) - {"-"} <= set(ALPHABET)
    assert not set("01OIL") & set(ALPHABET)
