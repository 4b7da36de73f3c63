"""An entry says who did what to which subject, and belongs to the transaction of the change."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from bihuan.accounts.tests.factories import make_person
from bihuan.audit import queries, record, record_first
from bihuan.audit.models import Entry
from bihuan.audit.recording import OutsideTransaction
from bihuan.core import clock

MARCH = datetime(2023, 3, 15, 22, 30, tzinfo=UTC)


def test_an_entry_says_what_happened(subject, db) -> None:
    clerk, absent = make_person("李"), make_person("张")
    with clock.travel(MARCH):
        entry = record("thing.done", subject, by=clerk, on_behalf_of=absent, area=7, note="好", count=2)

    entry = Entry.objects.get(pk=entry.pk)
    assert (entry.verb, entry.subject_type, entry.subject_id) == ("thing.done", "accounts.user", subject.pk)
    assert (entry.by, entry.on_behalf_of, entry.area_id) == (clerk, absent, 7)
    assert (entry.at, entry.day) == (MARCH, date(2023, 3, 16)), "the day is the district's"
    assert entry.data == {"note": "好", "count": 2}
    assert entry.subject() == subject
    assert str(entry) == f"thing.done accounts.user/{subject.pk}#1"


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_recorded() -> None:
    subject = make_person()
    with pytest.raises(OutsideTransaction):
        record("thing.done", subject)
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_change_that_fails_leaves_no_entry() -> None:
    subject = make_person()
    with pytest.raises(ValueError), transaction.atomic():
        record("thing.done", subject)
        raise ValueError
    assert not Entry.objects.exists()


def test_nobody_is_nobody(subject) -> None:
    assert record("thing.done", subject, by=None).by is None
    assert record("thing.done", subject, by=AnonymousUser()).by is None


def test_a_subjects_own_area_is_the_default(subject) -> None:
    class Placed:
        _meta, pk, area_id = subject._meta, subject.pk, 42

    assert record("thing.done", Placed()).area_id == 42
    assert record("thing.done", Placed(), area=3).area_id == 3


def test_what_is_no_json_is_refused_loudly(subject) -> None:
    with pytest.raises(TypeError):
        record("thing.done", subject, who=subject)


def test_entries_of_a_subject_count_from_one_and_follow_each_other(subject) -> None:
    other = make_person()
    for person in (subject, other, subject, subject):
        record("thing.done", person)

    entries = list(queries.entries_about(subject))
    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert [bytes(entry.previous_hash) for entry in entries[1:]] == [
        bytes(entry.hash) for entry in entries[:-1]
    ]
    assert [entry.seq for entry in queries.entries_about(other)] == [1]
    assert not list(queries.faults())


def test_two_entries_cannot_take_the_same_place(subject) -> None:
    first = record("thing.done", subject)
    twin = Entry(
        **{f.attname: getattr(first, f.attname) for f in Entry._meta.concrete_fields if f.name != "id"}
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


@pytest.mark.parametrize(
    "data",
    [
        {"x": 1.0}, {"x": -0.0}, {"x": 1e20}, {"x": 1e-7}, {"x": 1.5e300}, {"x": 0.1 + 0.2}, {"x": 10**25},
        {"x": [1, (2, 3.0)]}, {"x": {2: "b", 10: "a"}}, {"x": {"é": None, "中": True}},
        {"x": "“引号” \\ \n \t"},
        {"x": "😀"}, {}, {"b": 1, "a": {"d": 1, "c": 2}},
    ],
    ids=str,
)  # fmt: skip
def test_what_the_database_gives_back_still_has_its_hash(subject, data) -> None:
    record("thing.done", subject, **data)
    assert not list(queries.faults())


def test_a_timeline_with_names_costs_one_query(subject, django_assert_num_queries) -> None:
    clerk = make_person("李")
    for _ in range(20):
        record("thing.done", subject, by=clerk)
    with django_assert_num_queries(1):
        assert {entry.by.name for entry in queries.entries_about(subject).whole()} == {"李"}


def test_first_entries_of_many_are_those_of_one_by_one(subject, react, jobs) -> None:
    clerk, absent, other = make_person("李"), make_person("张"), make_person("赵")
    with clock.travel(MARCH):
        record_first("thing.made", [(subject, absent, {"n": 1}), (other, None, {})], by=clerk)

    entry = queries.entries_about(subject).get()
    assert (entry.seq, entry.by, entry.on_behalf_of, entry.data) == (1, clerk, absent, {"n": 1})
    assert (entry.at, entry.day) == (MARCH, date(2023, 3, 16))
    record("thing.done", subject)
    assert not list(queries.faults())
    with pytest.raises(IntegrityError), transaction.atomic():
        record_first("thing.made", [(subject, None, {})])

    react("thing.begun", lambda entry: None)
    record_first("thing.begun", [(make_person("钱"), None, {})], by=AnonymousUser())
    assert len(jobs()) == 1
