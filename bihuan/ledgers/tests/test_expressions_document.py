"""The document on expressions says what the table of functions says."""

from bihuan.ledgers.expressions.functions import FUNCTIONS, REFUSED
from bihuan.ledgers.expressions.moments import TIME_SIGNS
from bihuan.ledgers.expressions.tokens import LONGEST
from tools import expressions_table


def test_the_tables_are_those_of_the_code() -> None:
    page = expressions_table.PAGE.read_text()
    assert expressions_table.written(page) == page
    assert all(f"`{function.call}`" in page for function in FUNCTIONS.values())
    assert all(f"`{name}()`" in page for name in REFUSED)


def test_signs_and_limits_are_those_of_the_code() -> None:
    page = expressions_table.PAGE.read_text()
    assert all(f"`%{sign}`" in page for sign in TIME_SIGNS)
    assert f"{LONGEST:,} characters" in page
