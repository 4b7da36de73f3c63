"""The periods of reports follow each other without a gap, and end on the day that the ledger names."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.ledgers.definition.model import DAILY, MONTHLY, WEEKLY
from bihuan.reports.writing.periods import _end

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("kind", "day", "begins", "ends"),
    [
        (DAILY, 0, date(2026, 3, 5), date(2026, 3, 5)),
        (WEEKLY, 5, date(2026, 3, 5), date(2026, 3, 6)),
        (WEEKLY, 5, date(2026, 3, 7), date(2026, 3, 13)),
        (WEEKLY, 0, date(2026, 3, 6), date(2026, 3, 6)),
        (WEEKLY, 7, date(2026, 3, 2), date(2026, 3, 8)),
        (MONTHLY, 31, date(2026, 2, 10), date(2026, 2, 28)),
        (MONTHLY, 31, date(2028, 2, 29), date(2028, 2, 29)),
        (MONTHLY, 25, date(2026, 3, 26), date(2026, 4, 25)),
        (MONTHLY, 30, date(2026, 12, 31), date(2027, 1, 30)),
        (MONTHLY, 0, date(2026, 12, 31), date(2026, 12, 31)),
    ],
)
def test_a_period_ends_on_the_day_that_the_ledger_names(kind, day, begins, ends):
    assert _end(kind, day, begins) == ends


@given(begins=DAYS, day=st.integers(1, 7))
def test_a_week_is_no_longer_than_seven_days(begins, day):
    ends = _end(WEEKLY, day, begins)
    assert ends.isoweekday() == day and 0 <= (ends - begins).days < 7


@given(begins=DAYS, day=st.integers(1, 31))
def test_months_follow_each_other_and_none_is_left_out(begins, day):
    ends = _end(MONTHLY, day, begins)
    after = _end(MONTHLY, day, ends + timedelta(days=1))
    assert begins <= ends < after
    assert (after.year * 12 + after.month) - (ends.year * 12 + ends.month) == 1
    assert ends.day <= day
