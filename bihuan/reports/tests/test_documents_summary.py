"""A summary is frozen: JSON both ways, one digest, and every change shows."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.ledgers.definition import Words
from bihuan.reports.documents import (
    Column,
    Fewer,
    Figure,
    Table,
    UnknownFormat,
    canonical,
    digest,
    from_json,
    table_of,
    to_json,
)
from bihuan.reports.tests import samples

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
VALUES = st.one_of(
    st.none(),
    TEXTS,
    st.builds(Words, TEXTS, TEXTS),
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12),
    st.builds(Fewer, st.integers(1, 99)),
    st.dates(date(2000, 1, 1)),
    st.datetimes(datetime(2000, 1, 1), timezones=st.just(UTC)),
)


def test_it_comes_back_from_json_as_it_was() -> None:
    summary = samples.summary()
    stored = json.loads(json.dumps(to_json(summary)))

    assert from_json(stored) == summary
    assert digest(from_json(stored)) == digest(summary)
    assert canonical(from_json(stored)) == canonical(summary)


@given(st.lists(st.tuples(VALUES, VALUES), max_size=4))
def test_every_kind_of_value_comes_back(rows: list) -> None:
    table = Table("items", (Column("a", Words("甲")), Column("b", Words("乙"))), tuple(rows))
    summary = samples.summary(samples.garden(tables=(table,)))
    stored = json.loads(json.dumps(to_json(summary), ensure_ascii=False))

    assert from_json(stored) == summary
    assert canonical(from_json(stored)) == canonical(summary)


def test_every_change_shows_in_the_digest() -> None:
    summary = samples.summary()
    garden = summary.parts[0]
    figure = garden.figures[0]
    others = [
        replace(summary, number="XCY-2026-015"),
        replace(summary, title=Words("别的", "Other")),
        replace(summary, ends=date(2026, 3, 6)),
        replace(summary, parts=summary.parts[:1]),
        replace(summary, parts=(replace(garden, figures=(replace(figure, value=Decimal(19)),)),)),
        replace(summary, parts=(replace(garden, tables=(samples.blocked(3),)),)),
        replace(summary, signatures=()),
    ]
    assert len({digest(one) for one in [summary, *others]}) == len(others) + 1


def test_digits_are_kept_as_they_were() -> None:
    stored = to_json(samples.summary())
    assert {"number": "499.50"} in [figure["value"] for figure in stored["summary"]["parts"][0]["figures"]]


def test_a_format_of_the_future_is_refused() -> None:
    stored = to_json(samples.summary())
    with pytest.raises(UnknownFormat):
        from_json(stored | {"format": 2})
    with pytest.raises(UnknownFormat):
        from_json(stored | {"summary": stored["summary"] | {"mood": "good"}})
    with pytest.raises(UnknownFormat):
        from_json(stored | {"summary": stored["summary"] | {"title": 7}})


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="NaN"):
        to_json(samples.summary(samples.garden(figures=(Figure("a", Words("甲"), Decimal("NaN")),))))


def test_tables_hold_what_their_kind_has() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        table_of("blocked", [{"nonsense": "1"}])
    with pytest.raises(ValueError, match="columns"):
        Table("blocked", (Column("a", Words("甲")),), (("1", "2"),))


def test_per_cent_needs_a_target_and_a_number() -> None:
    name = Words("户数")
    assert Figure("a", name, Decimal(1), target=Decimal(3)).percent == Decimal("33.3")
    assert Figure("a", name, Decimal(1)).percent is None
    assert Figure("a", name, Decimal(1), target=Decimal(0)).percent is None
    assert Figure("a", name, Fewer(10), target=Decimal(3)).percent is None
