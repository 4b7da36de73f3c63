"""What was recorded stays as it was; if it does not, somebody can say which row."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from bihuan.accounts.tests.factories import make_person
from bihuan.audit import actions, queries, record
from bihuan.audit.models import Entry, Seal
from bihuan.core import clock

DAY = timedelta(days=1)
NOON = datetime(2023, 3, 15, 4, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_days(subject) -> list[Entry]:
    """Three entries a day about one subject, one about another; the three days are over and sealed."""
    other, entries = make_person(), []
    for number in range(3):
        for hour in range(3):
            with clock.travel(NOON + number * DAY + timedelta(hours=hour)):
                entries.append(record("thing.done", subject, number=len(entries)))
        with clock.travel(NOON + number * DAY):
            record("thing.done", other)
    with clock.travel(NOON + 3 * DAY):
        actions.seal_days()
    return entries


def found() -> list[tuple[str, str]]:
    return [(fault.kind, fault.where) for fault in queries.faults()]


def kinds() -> set[str]:
    return {kind for kind, _where in found()}


@pytest.mark.parametrize("table", ["audit_entry", "audit_seal"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET day = day + 1", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_delete(three_days, table: str, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))
    assert not found()


@pytest.mark.parametrize("table", ["audit_entry", "audit_seal"])
def test_the_database_refuses_to_empty_the_tables(three_days, table: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL bihuan.may_truncate = off"
        )  # as outside tests
        cursor.execute(f"TRUNCATE {table} CASCADE")


def test_django_refuses_too(three_days) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        three_days[0].delete()
    three_days[0].verb = "thing.undone"
    with pytest.raises(DatabaseError), transaction.atomic():
        three_days[0].save()


def test_an_untouched_record_has_no_faults(three_days) -> None:
    assert found() == []
    assert queries.counts() == {"entries": 12, "seals": 3}


@pytest.mark.parametrize(
    "change",
    [
        "verb = 'thing.undone'",
        "at = at + interval '1 microsecond'",
        "by_id = (SELECT max(id) FROM accounts_user)",
        "on_behalf_of_id = (SELECT max(id) FROM accounts_user)",
        "area_id = 5",
        """data = '{"number": 99}'""",
        "data = data || '{\"more\": null}'",
    ],
)
def test_a_changed_row_is_named(three_days, unguarded, change: str) -> None:
    victim = three_days[4]
    unguarded(f"UPDATE audit_entry SET {change} WHERE id = %s", victim.pk)

    assert found() == [("changed", f"accounts.user/{victim.subject_id}#5 (id {victim.pk})")]


def test_a_change_with_a_fitting_hash_breaks_what_follows(three_days, unguarded) -> None:
    from bihuan.audit.queries import _hash_of

    victim = three_days[4]
    victim.data = {"number": 99}
    unguarded(
        """UPDATE audit_entry SET data = '{"number": 99}', hash = %s WHERE id = %s""",
        _hash_of(victim),
        victim.pk,
    )
    faults = found()
    assert ("inserted", f"accounts.user/{victim.subject_id}#6 (id {three_days[5].pk})") in faults
    assert ("changed", f"day {victim.day}") in faults


@pytest.mark.parametrize("position", [0, 4, 8], ids=["first", "middle", "last"])
def test_a_missing_row_is_named(three_days, unguarded, position: int) -> None:
    victim = three_days[position]
    unguarded("DELETE FROM audit_entry WHERE id = %s", victim.pk)

    faults = found()
    assert ("missing", f"entry id {victim.pk} of {victim.day}") in faults
    if position < 8:
        assert ("missing", f"accounts.user/{victim.subject_id}#{position + 1}") in faults
    assert kinds() == {"missing"}


def test_a_whole_chain_that_is_gone_is_missed_by_the_seals(three_days, unguarded) -> None:
    unguarded("DELETE FROM audit_entry WHERE subject_id = %s", three_days[0].subject_id)
    assert len([where for kind, where in found() if kind == "missing"]) == 9


def test_a_row_slipped_in_is_named(three_days, unguarded) -> None:
    last = three_days[-1]
    unguarded(
        "INSERT INTO audit_entry (at, day, verb, subject_type, subject_id, seq, data, previous_hash, hash)"
        " SELECT at, day, 'thing.forged', subject_type, subject_id, seq + 1, data, hash, hash"
        " FROM audit_entry WHERE id = %s",
        last.pk,
    )
    forged = Entry.objects.get(verb="thing.forged")
    assert set(found()) == {
        ("changed", f"accounts.user/{last.subject_id}#10 (id {forged.pk})"),
        ("inserted", f"entry id {forged.pk} of {last.day}"),
    }


def test_an_entry_moved_to_another_day_is_named(three_days, unguarded) -> None:
    victim = three_days[0]
    unguarded("UPDATE audit_entry SET day = day + 1 WHERE id = %s", victim.pk)
    assert kinds() == {"missing", "inserted"}


def test_a_seal_that_is_gone_or_changed_is_named(three_days, unguarded) -> None:
    middle = Seal.objects.all()[1]
    unguarded("UPDATE audit_seal SET hash = %s WHERE id = %s", bytes(32), middle.pk)
    assert ("changed", f"day {middle.day}") in found()
    unguarded("DELETE FROM audit_seal WHERE id = %s", middle.pk)
    assert [kind for kind, where in found() if where.startswith("seal before")] == ["missing"]


def test_a_day_is_sealed_once_it_is_over(subject) -> None:
    with clock.travel(NOON):
        entry = record("thing.done", subject)
        assert actions.seal_days() == [], "today is not over"
    with clock.travel(NOON + DAY):
        seals = actions.seal_days()
        assert [(seal.day, seal.entry_ids) for seal in seals] == [(entry.day, [entry.pk])]
        assert actions.seal_days() == [], "once is enough"


def test_days_without_entries_need_no_seal(subject) -> None:
    for number in (0, 5):
        with clock.travel(NOON + number * DAY):
            record("thing.done", subject)
    with clock.travel(NOON + 9 * DAY):
        first, second = actions.seal_days()
    assert second.day - first.day == 5 * DAY
    assert bytes(second.previous_hash) == bytes(first.hash)


def test_a_late_entry_is_moved_past_the_seal(three_days, subject) -> None:
    sealed = Seal.objects.latest("day")
    with clock.travel(NOON + DAY):  # a slow transaction of a day that is sealed already
        late = record("thing.done", subject)

    late.refresh_from_db()
    assert late.day == sealed.day + DAY
    assert late.at == NOON + DAY, "when it happened stays"
    assert not found()
    with clock.travel(NOON + 9 * DAY):
        (seal,) = actions.seal_days()
    assert seal.entry_ids == [late.pk]
    assert not found()


def test_one_day_has_one_seal(three_days) -> None:
    seal = Seal.objects.first()
    assert seal is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        Seal.objects.create(day=seal.day, sealed_at=clock.now(), entry_ids=[], previous_hash=b"", hash=b"")


def test_the_command_names_the_faults(three_days, unguarded, capsys) -> None:
    from bihuan.config.cli import auditing

    assert auditing.verify() == 0
    assert "12 entries and 3 seals checked, 0 faults." in capsys.readouterr().out
    unguarded("DELETE FROM audit_entry WHERE id = %s", three_days[4].pk)
    assert auditing.verify() == 1
    assert f"missing: accounts.user/{three_days[4].subject_id}#5" in capsys.readouterr().out
