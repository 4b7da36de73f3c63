"""A closed period's figures are final, follow from the entries until then, and the database guards them."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from bihuan.audit.models import Entry
from bihuan.cases import actions as loop
from bihuan.cases.models import Case
from bihuan.cases.tests.conftest import moment
from bihuan.core.clock import travel
from bihuan.insight import actions, background
from bihuan.insight.actions.closing import faults_in_closed
from bihuan.insight.models import ClosedPeriod, LateChange, Tally
from bihuan.insight.periods import DAY, MONTH, Period
from bihuan.insight.rules import closes_at
from bihuan.insight.tests.conftest import react, rows_of
from bihuan.territory.queries import district

pytestmark = pytest.mark.django_db
SEPTEMBER = Period(date(2025, 9, 1), MONTH)
DUE_DAY = Period(date(2025, 9, 10), DAY)


@pytest.fixture
def closed_case(make_case: Any, settle: Any) -> Case:
    """A case of September, closed in time by 9 September; settled, and September closed in October."""
    with travel(moment("2025-09-09 10:00")):
        case = make_case(at="closed")
        settle()
    with travel(moment("2025-10-20 03:00")):
        background.close_the_day()
    return case


def sums(period: Period) -> dict[str, int]:
    row = Tally.objects.get(
        kind=period.kind, start=period.start, unit=0, matter=0, area=Case.objects.get().community_id
    )
    return {name: getattr(row, name) for name in ("due", "ended", "in_time", "closed", "resolved")}


def test_a_period_closes_five_working_days_after_its_end() -> None:
    # October 2025 begins with eight days off and a working Saturday, the 11th.
    assert closes_at(SEPTEMBER) == moment("2025-10-14 18:00")
    assert closes_at(Period(date(2025, 9, 10), DAY)) == moment("2025-09-17 18:00")


def test_what_happens_later_does_not_change_it(make_case: Any, settle: Any, cast: Any) -> None:
    with travel(moment("2025-09-09 10:00")):
        case = make_case(at="closed")
        settle()
    with travel(moment("2025-09-20 03:00")):
        background.close_the_day()
    before, rows = sums(DUE_DAY), rows_of("insight_tally")
    assert before == {"due": 1, "ended": 1, "in_time": 1, "closed": None, "resolved": 1}

    with travel(moment("2025-09-22 09:00")):  # within fifteen days of closing
        loop.answer_report(case.reports.get(), by=cast.resident, solved=False)
        settle()

    assert sums(DUE_DAY) == before
    closed = set(ClosedPeriod.objects.values_list("kind", "start"))
    kept = [row for row in rows_of("insight_tally") if (row[0], row[3]) in closed]
    assert kept == [row for row in rows if (row[0], row[3]) in closed]
    late = LateChange.objects.filter(kind=DAY, start=DUE_DAY.start)
    assert {change.case_id for change in late} == {case.pk}
    month = Tally.objects.get(kind=MONTH, unit=0, matter=0)  # not closed yet
    assert (month.due, month.ended, month.closed) == (1, None, 1)
    assert list(faults_in_closed()) == []


def test_it_follows_from_the_entries_until_then(closed_case: Case, settle: Any, cast: Any) -> None:
    with travel(moment("2025-10-20 09:00")):
        loop.report_case(by=cast.resident, words="又漏水了", lon=closed_case.lon, lat=closed_case.lat)
        settle()

    assert ClosedPeriod.objects.count() > 20
    assert list(faults_in_closed()) == []
    call_command("prove_figures")


def test_a_district_that_lived_on_proves_every_period(live: Any) -> None:
    town = live(7, cases=6, steps=10)
    chance = Random(7)
    with travel(town.now):
        react(chance)
        background.close_the_day()
    for _ in range(2):
        town.live(3, 8)
        with travel(town.now + timedelta(minutes=1)):
            react(chance)
            background.close_the_day()
    assert ClosedPeriod.objects.count() > 50
    assert LateChange.objects.exists()
    assert list(faults_in_closed()) == []


def test_counting_anew_leaves_it(closed_case: Case) -> None:
    before = rows_of("insight_tally"), rows_of("insight_handlingtime")
    with travel(moment("2025-10-20 09:00")):
        call_command("rebuild_figures")
    assert (rows_of("insight_tally"), rows_of("insight_handlingtime")) == before


def test_the_database_refuses_to_change_it(closed_case: Case) -> None:
    for change in (
        "UPDATE insight_tally SET due = 9 WHERE kind = 'month' AND start = '2025-09-01'",
        "DELETE FROM insight_tally WHERE kind = 'month' AND start = '2025-09-01'",
        "UPDATE insight_handlingtime SET cases = 9 WHERE kind = 'month' AND start = '2025-09-01'",
        "UPDATE insight_closedperiod SET version = 9",
        "DELETE FROM insight_closedperiod",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_closing_is_recorded_with_a_digest(closed_case: Case) -> None:
    closed = ClosedPeriod.objects.get(kind=MONTH, start=SEPTEMBER.start)
    entry = Entry.objects.about(closed).get()
    assert (entry.verb, entry.data["period"], entry.data["digest"]) == (
        "period.closed",
        "2025-09",
        bytes(closed.digest).hex(),
    )
    assert district()


def test_nothing_is_closed_twice_or_too_early(closed_case: Case) -> None:
    with travel(moment("2025-10-20 04:00")):
        assert actions.close_periods() == []
    assert not ClosedPeriod.objects.filter(kind=MONTH, start=date(2025, 10, 1)).exists()


def test_a_failure_half_way_closes_nothing(make_case: Any, settle: Any, breaking_record: Any) -> None:
    with travel(moment("2025-09-09 10:00")):
        make_case(at="closed")
        settle()
    down = breaking_record("bihuan.insight.actions.closing")
    with travel(moment("2025-10-20 03:00")), pytest.raises(down):
        actions.close_periods()
    assert not ClosedPeriod.objects.exists()


def test_what_a_dead_reaction_left_is_counted_at_night(make_case: Any) -> None:
    with travel(moment("2025-09-09 10:00")):
        make_case(at="closed")
    with travel(moment("2025-09-10 01:23")):
        background.close_the_day()
        assert sums(Period(date(2025, 9, 9), DAY))["closed"] == 1
        assert actions.count_missed() == 0


def test_what_is_older_than_the_figures_is_counted_before_anything_becomes_final(make_case: Any) -> None:
    """An installation that had cases before it had figures: the first closing does not leave them out."""
    with travel(moment("2025-07-01 10:00")):
        make_case(at="closed")
    with travel(moment("2025-09-10 01:23")):
        background.close_the_day()
        assert ClosedPeriod.objects.filter(kind=DAY, start=date(2025, 7, 1)).exists()
        assert sums(Period(date(2025, 7, 1), DAY))["closed"] == 1
