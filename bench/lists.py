"""(b) Desk, list, search, case page and figures as the number of cases grows: time in the server, queries.

python -m bench.lists CASES      one line for each page and person, as JSON
"""

import importlib
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench import district, many, site

REPEATS = int(os.environ.get("BENCH_REPEATS", "30"))


@dataclass(frozen=True)
class Visit:
    """One page as one person sees it; `group` is the line of the table that it counts in."""

    group: str
    name: str
    who: str
    path: str


@dataclass(frozen=True)
class Seen:
    """How long a page took in the server, in milliseconds, and in the database; what it asked and showed."""

    group: str
    name: str
    p50: float
    p95: float
    database: float
    queries: int
    size: int
    rows: int


PEOPLE = {
    "clerk of a community": "community_clerk",
    "dispatcher of a street": "dispatcher",
    "handler of a unit": "handler",
    "leader of the district": "leader",
}
LEADER = "leader"


def visits() -> Iterator[Visit]:
    """Every page that is measured."""
    from django.urls import reverse

    for said, who in PEOPLE.items():
        yield Visit("desk", said, who, "/desk/")
        yield Visit("list", said, who, "/cases/")
        for word in (many.COMMON, many.SOME, many.RARE, f"{many.COMMON} {many.SOME}"):
            yield Visit("search", f"{word}, {said}", who, f"/cases/?q={word}")
        yield Visit("search", f"part of a number, {said}", who, "/cases/?q=00047")
        yield Visit("map", said, who, "/cases/map.json")
    for who in ("dispatcher", LEADER):
        yield Visit("supervision", who, who, reverse("cases:supervision"))
    for query in _filters():
        yield Visit("list", query, LEADER, f"/cases/?{query}")
        yield Visit("list", f"{query}, street", "dispatcher", f"/cases/?{query}")
    yield Visit("list", "page 2", LEADER, f"/cases/?cursor={_second_page()}")
    for number in _numbers():
        yield Visit("case", number, LEADER, f"/cases/{number}/")
    yield from _figures()


def _filters() -> list[str]:
    from bihuan.accounts.models import Unit
    from bihuan.cases.models import Matter
    from bihuan.territory.models import Area

    community = Area.objects.filter(kind="community").order_by("code").first()
    unit = Unit.objects.filter(kind="department").order_by("code").first()
    matter = Matter.objects.exclude(parent=None).order_by("code").first()
    assert community and unit and matter
    return [
        "show=open",
        "show=overdue",
        "show=near",
        "state=handling",
        "state=closed",
        "state=withdrawn",
        "urgency=critical",
        "supervision=any",
        "held=unit",
        f"matter={matter.pk}",
        f"matter={matter.parent_id}",
        f"area={community.pk}",
        f"unit={unit.pk}",
        "since=2025-01-01&until=2025-01-31",
        f"show=open&unit={unit.pk}",
        f"area={community.pk}&matter={matter.pk}",
    ]


def _second_page() -> str:
    from bihuan.accounts.models import User
    from bihuan.cases.queries import cases_worked_on_by
    from bihuan.core.paging import page_of

    leader = User.objects.get(username=LEADER)
    return str(page_of(cases_worked_on_by(leader), {}).next_cursor)


def _numbers() -> list[str]:
    from bihuan.cases.models import Case

    newest = Case.objects.order_by("-id").values_list("number", flat=True)
    return [newest[0], newest[1000], newest[newest.count() // 2]]


def _figures() -> Iterator[Visit]:
    """The page of numbers: of the running month, and of the last period of each kind."""
    from django.urls import reverse

    from bihuan.core.clock import today
    from bihuan.insight.periods import KINDS, Period

    path = reverse("insight:numbers")
    for who in ("dispatcher", "handler", LEADER):
        yield Visit("figures", who, who, path)
    for kind in KINDS:
        last = Period.holding(today(), kind).previous
        yield Visit("figures", f"last {kind}", LEADER, f"{path}?period={last}")


def measure(visit: Visit) -> Seen:
    """Ask for a page again and again in this process, through all middleware and templates."""
    from django.db import connection
    from django.test import Client

    from bihuan.accounts.models import User

    client = Client(HTTP_HOST="localhost")
    client.force_login(
        User.objects.get(username=visit.who), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    asked: list[float] = []

    def watch(execute: Any, command: Any, values: Any, many: Any, context: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(command, values, many, context)
        finally:
            asked.append(time.perf_counter() - start)

    times, databases = [], []
    for turn in range(REPEATS + 3):
        asked.clear()
        with connection.execute_wrapper(watch):
            start = time.perf_counter()
            response = client.get(visit.path)
            took = time.perf_counter() - start
        if response.status_code != 200:
            raise RuntimeError(f"{visit.path} for {visit.who}: {response.status_code}")
        if turn >= 3:  # the first ones load templates
            times.append(took * 1000)
            databases.append(sum(asked) * 1000)
    times.sort()
    return Seen(
        group=visit.group,
        name=visit.name,
        p50=times[len(times) // 2],
        p95=times[int(len(times) * 0.95)],
        database=sorted(databases)[len(databases) // 2],
        queries=len(asked),
        size=len(response.content),
        rows=response.content.count(b'class="work-title"'),
    )


def seen_at(cases: int) -> list[Seen]:
    """All pages at one size, measured in a process of its own."""
    told = site.run(many.name_of(cases), "-m", "bench.lists", str(cases))
    return [Seen(**line) for line in map(json.loads, told.splitlines())]


if __name__ == "__main__":
    district.open_database(many.name_of(int(sys.argv[1])))
    importlib.import_module("bihuan.config.wsgi")  # as the web server starts
    wanted = sys.argv[2:]
    for visit in visits():
        if not wanted or visit.group in wanted:
            print(json.dumps(vars(measure(visit)), ensure_ascii=False), flush=True)
