"""Keyset paging: whoever walks forward and back sees every row exactly once."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.audit.models import Entry
from bihuan.core.paging import Page, page_of

pytestmark = pytest.mark.django_db
START = datetime(2023, 3, 15, tzinfo=UTC)
KEYS = ["id", "-id", ("at", "id"), ("-at", "-id"), ("at", "-id"), ("verb", "-at", "id")]


def make_entries(offsets: list[int]) -> None:
    Entry.objects.bulk_create(
        Entry(
            at=START + timedelta(hours=offset),
            day=START.date(),
            verb=f"thing.done{offset % 2}",
            subject_type="core.thing",
            subject_id=number,
            seq=1,
            previous_hash=b"",
            hash=b"",
        )
        for number, offset in enumerate(offsets)
    )


def walk(key, size: int) -> tuple[list[int], list[int]]:
    """Ids seen going to the end, and coming back to the start."""
    page = page_of(Entry.objects.all(), {}, key=key, size=size)
    assert page.previous_cursor is None
    there, back = [row.pk for row in page], []
    while page.next_cursor:
        page = page_of(Entry.objects.all(), {"cursor": page.next_cursor}, key=key, size=size)
        assert page, "a next page is never empty"
        there += [row.pk for row in page]
    back = [row.pk for row in page]
    while page.previous_cursor:
        page = page_of(Entry.objects.all(), {"cursor": page.previous_cursor}, key=key, size=size)
        assert page, "a page before is never empty"
        back = [row.pk for row in page] + back
    return there, back


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(
    st.lists(st.integers(min_value=0, max_value=5), max_size=23),
    st.integers(min_value=1, max_value=7),
    st.sampled_from(KEYS),
)
def test_every_row_once_in_both_directions(offsets: list[int], size: int, key) -> None:
    with transaction.atomic():
        make_entries(offsets)
        keys = (key,) if isinstance(key, str) else key
        expected = list(Entry.objects.order_by(*keys).values_list("pk", flat=True))

        there, back = walk(key, size)

        assert there == expected
        assert back == expected
        transaction.set_rollback(True)


def test_a_row_that_comes_in_meanwhile_moves_nothing() -> None:
    make_entries([1, 2, 3, 4])
    first = page_of(Entry.objects.all(), {}, key=("at", "id"), size=2)
    Entry.objects.bulk_create(
        [Entry(at=START, day=START.date(), verb="a.b", subject_type="x.y", subject_id=99, seq=1)]
    )

    second = page_of(Entry.objects.all(), {"cursor": first.next_cursor or ""}, key=("at", "id"), size=2)

    assert not {row.pk for row in first} & {row.pk for row in second}
    assert len(second) == 2


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "é", "====", "[]", "5", "{}", '["after"]', '["sideways", 1]', '["after", "abc"]',
     '["after", null]', '["after", [1]]', '["after", 1, 2]', '["after", 1e999]', '["after", true]'],
)  # fmt: skip
@pytest.mark.parametrize("packed", [False, True])
def test_an_unreadable_cursor_shows_the_first_page(cursor: str, packed: bool) -> None:
    make_entries([1, 2, 3])
    text = urlsafe_b64encode(cursor.encode()).decode().rstrip("=") if packed else cursor

    page = page_of(Entry.objects.all(), {"cursor": text}, size=2)

    assert isinstance(page, Page)


def test_a_cursor_with_a_huge_number_or_a_nul_does_not_reach_the_database() -> None:
    make_entries([1])
    for key, value in (("id", "1" + "0" * 30), ("verb", '"a\\u0000b"')):
        cursor = urlsafe_b64encode(f'["after", {value}]'.encode()).decode()
        page_of(Entry.objects.all(), {"cursor": cursor}, key=key)


def test_a_page_costs_one_query(django_assert_num_queries) -> None:
    make_entries(list(range(120)))
    with django_assert_num_queries(1):
        page = page_of(Entry.objects.all(), {}, size=50)
    with django_assert_num_queries(1) as captured:
        page_of(Entry.objects.all(), {"cursor": page.next_cursor or ""}, size=50)
    assert isinstance(captured, CaptureQueriesContext)
    assert "OFFSET" not in captured.captured_queries[0]["sql"]
