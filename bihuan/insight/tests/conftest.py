"""Cases with a random but legal life, and the figures as rows that can be compared."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction

from bihuan.audit.models import Entry
from bihuan.cases import actions, rules
from bihuan.cases.models import Case
from bihuan.cases.tests.conftest import moment
from bihuan.cases.tests.factories import CaseMaker
from bihuan.cases.tests.verbs import VERBS
from bihuan.core.clock import travel
from bihuan.core.verdicts import Refusal
from bihuan.insight import background
from bihuan.insight.events import EVENTS
from bihuan.insight.store import FACT, KEY, SUMS, TRANSITION

TABLES = {
    "insight_fact": FACT,
    "insight_transition": TRANSITION,
    "insight_tally": (*KEY, "subdistrict", *SUMS),
    "insight_handlingtime": (*KEY, "subdistrict", "bucket", "cases"),
    "insight_openday": (
        "day", "area", "subdistrict", "unit", "matter", "state", "open", "overdue",
    ),
}  # fmt: skip
START = moment("2025-09-22 09:00")  # a week before National Day with its moved working days
ENDS = ("withdraw", "decline")


def rows_of(table: str) -> list[tuple[Any, ...]]:
    """Everything in a table of figures, in an order of its own."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(TABLES[table])} FROM {table}")
        return sorted(cursor.fetchall(), key=str)


def all_rows() -> dict[str, list[tuple[Any, ...]]]:
    return {table: rows_of(table) for table in TABLES}


class District:
    """A district at work: cases are reported, and people do what the rules let them, at their own moments."""

    def __init__(self, cast: Any, seed: int) -> None:
        self.cast, self.chance, self.now = cast, Random(seed), START
        self.cases: list[Case] = []

    def live(self, cases: int, steps: int) -> None:
        for _ in range(cases):
            self.report()
            for _ in range(self.chance.randint(1, steps)):
                self.do_something()

    def report(self) -> None:
        at = self.cast.places
        lon, lat = self.chance.choice([at.inside, at.beside, at.elsewhere, at.outside])
        with travel(self.now):
            report = CaseMaker(self.cast).report(
                consenting=self.chance.random() < 0.6, lon=lon, lat=lat, place=None
            )
        self.cases.append(report.case)

    def do_something(self) -> None:
        self.now += timedelta(minutes=self.chance.choice([3, 40, 200, 1500, 4000, 30_000]))
        case = Case.objects.get(pk=self.chance.choice(self.cases).pk)
        verbs = [name for name in VERBS if case.state in rules.FLOW[name].start and name not in ENDS]
        if self.chance.random() < 0.05:
            verbs = [name for name in ENDS if case.state in rules.FLOW[name].start]
        with travel(self.now):
            actions.take_due_steps()
            if verbs:
                self.press(case, self.chance.choice(verbs))

    def press(self, case: Case, name: str) -> None:
        verb = VERBS[name]
        for who in (verb.who, "district_dispatcher", "inspector", "handler"):
            try:
                with transaction.atomic():
                    verb.do(verb.before(case, self.cast), getattr(self.cast, who), self.cast, ())
            except Refusal:
                continue
            return


def react(chance: Random) -> None:
    """Let the workers run: every reaction at least once, in any order."""
    entries = list(Entry.objects.filter(subject_type="cases.case", verb__in=EVENTS))
    again = chance.sample(entries, len(entries) // 5)
    entries += again
    chance.shuffle(entries)
    for entry in entries:
        background.count(entry)


@pytest.fixture
def live(cast: Any) -> Callable[..., District]:
    """`live(seed, cases=10, steps=12)`: a district after some weeks of work."""

    def run(seed: int = 1, *, cases: int = 10, steps: int = 12) -> District:
        district = District(cast, seed)
        district.live(cases, steps)
        return district

    return run


@pytest.fixture
def at_start() -> datetime:
    return START
