"""A ledger of ten thousand and of a million items: a real one of a thousand items, as often as is needed.

The items of the sample went their way by the product's own actions; the others are copies of their rows made
by the database, and every figure is multiplied by as much, so that figures and items agree.
"""

import json
import sys
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import psycopg
from psycopg import sql

from bench import district, site
from bench.lists import Seen, Visit, measure
from bench.timing import timed

SAMPLE = 1_000
TEAMS = 9
COPIED = ("ledgers_item", "ledgers_passage", "ledgers_revision")
# What a copy has of its own: {n} is the number of the copy, {gap} what keys are apart.
OWN: dict[str, dict[str, str | None]] = {
    "ledgers_item": {
        "id": "id + {n} * {gap}",
        "number": "number + {n} * {sample}",
        "own_code": "'B' || lpad((id + {n} * {gap})::text, 11, '0')",
        "title": "title || ' ' || {n}",
        "source_key": "''",
    },
    "ledgers_passage": {"id": None, "item_id": "item_id + {n} * {gap}"},
    "ledgers_revision": {"id": None, "item_id": "item_id + {n} * {gap}"},
}
LEADER, MEMBER = "leader", "grid_worker"
PORTS, TIDY, WHERE = ("ports",), ("tidy",), ("team", "area")


def name_of(items: int) -> str:
    return f"items_{items}"


def build(items: int) -> None:
    """Make the database anew."""
    database = name_of(items)
    district.make_database(database)
    district.open_database(database)
    campaign = sample()
    times = items // SAMPLE
    with psycopg.connect(**district.address(database), autocommit=True) as server:
        server.execute("SET session_replication_role = replica")  # rows that are right need no checking
        server.execute("SET synchronous_commit = off")
        server.execute("SET maintenance_work_mem = '512MB'")
        indexes = district.take_away_indexes(server, COPIED)
        gap = server.execute("SELECT max(id) + 1 FROM ledgers_item").fetchall()[0][0]
        for table in COPIED:
            server.execute(_copies(server, table, times=times, gap=gap))
        for command in indexes:
            server.execute(command)
        server.execute("UPDATE ledgers_change SET amount = amount * %s", [times])
        server.execute("UPDATE ledgers_campaign SET items = %s WHERE id = %s", [items, campaign])
        server.execute("SELECT setval('ledgers_item_id_seq', (SELECT max(id) + 1 FROM ledgers_item))")
        for table in (*COPIED, "ledgers_change"):
            server.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table)))
        server.execute("CHECKPOINT")


def _copies(server: psycopg.Connection[Any], table: str, *, times: int, gap: int) -> sql.Composed:
    own = OWN[table]
    found = server.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " AND attgenerated = ''",
        [table],
    )
    names = [row[0] for row in found.fetchall() if own.get(row[0], "") is not None]
    number = {"n": "copy.n", "gap": gap, "sample": SAMPLE}
    values = [
        sql.SQL(given.format(**number)) if (given := own.get(name)) else sql.Identifier(name)
        for name in names
    ]
    return sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}, generate_series(1, {}) copy(n)").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(", ").join(values),
        sql.Identifier(table),
        sql.Literal(times - 1),
    )


# -- the sample ---------------------------------------------------------------------------------------


def definition() -> Any:
    """Charging ports, building by building: three steps, and figures by team, area and kind."""
    from bihuan.ledgers.definition import (
        Choice,
        ChoiceList,
        Definition,
        Document,
        Field,
        Figure,
        Settings,
        Step,
        Words,
    )

    kinds = (Choice("box", Words("充电箱")), Choice("shed", Words("充电棚")), Choice("pile", Words("充电桩")))
    return Definition(
        name="充电端口安装",
        settings=Settings(code="bench"),
        fields=(
            Field("kind", "select_one", Words("形式"), list="kinds", required="yes"),
            Field("households", "integer", Words("户数")),
            Field("ports", "integer", Words("端口数")),
            Field("tidy", "select_one", Words("整齐有序"), list="answers"),
        ),
        choices=(
            ChoiceList("kinds", kinds),
            ChoiceList("answers", (Choice("yes", Words("是")), Choice("no", Words("否")))),
        ),
        steps=(
            Step("survey", Words("勘察"), limit="5d", fields=("kind", "households"), next=("install",)),
            Step("install", Words("安装"), limit="10d", fields=PORTS, evidence=PORTS, next=("check",)),
            Step("check", Words("验收"), limit="3d", fields=TIDY, evidence=TIDY, back=("install",)),
        ),
        figures=(
            Figure("buildings", Words("楼栋"), by=(*WHERE, "field:kind"), unit="栋"),
            Figure("households", Words("户数"), "sum", "field:households", by=WHERE, unit="户"),
            Figure("ports", Words("端口"), "sum", "field:ports", by=WHERE, unit="个"),
            Figure("installed", Words("已安装"), "count", "step:install", by=(*WHERE, "day"), unit="栋"),
            Figure("accepted", Words("已验收"), "count", "step:check", by=(*WHERE, "day"), unit="栋"),
        ),
        documents=(
            Document(
                "day", Words("每日小结"),
                figures=("buildings", "households", "ports", "installed", "accepted"),
                tables=("changes", "totals", "teams", "blocked", "due", "overdue", "corrections"),
            ),
        ),
    )  # fmt: skip


def sample() -> int:
    """A campaign of a thousand items that was worked on for a month; its key."""
    from bihuan.accounts.models import User
    from bihuan.core.clock import now, today, travel
    from bihuan.ledgers import actions
    from bihuan.ledgers.drafts import Draft
    from bihuan.territory.models import Area

    chance, start = Random(4), now() - timedelta(days=30)
    people = {one.username: one for one in User.objects.all()}
    leader, member = people[LEADER], people[MEMBER]
    communities = list(Area.objects.filter(kind="community").order_by("code"))
    top = Area.objects.get(parent=None)
    with travel(start):
        edition = actions.keep_ledger(definition(), by=people["administrator"], area=top)
        campaign = actions.make_campaign(
            edition, by=people["administrator"], name="充电端口安装", area=top, leader=leader,
            starts_on=today(), ends_on=today() + timedelta(days=90),
        )  # fmt: skip
        teams = [
            actions.add_team(campaign, by=leader, name=f"第{number}组", area=None)
            for number in range(1, TEAMS + 1)
        ]
        actions.join_campaign(campaign, by=leader, person=member, team=None, role="member")
        campaign = actions.begin_campaign(campaign, by=leader)
        items = actions.add_items(
            campaign,
            by=leader,
            drafts=[
                Draft(
                    f"{chance.choice(communities).name}{number}号楼",
                    area=chance.choice(communities),
                    team=teams[number % TEAMS],
                    responsible=member if number % 10 == 0 else None,
                    answers={"kind": chance.choice(["box", "shed", "pile"]), "households": 26},
                )
                for number in range(SAMPLE)
            ],
        )
    for day in range(1, 31):
        with travel(start + timedelta(days=day)):
            for item in items:
                if chance.random() < 0.08:
                    _forward(item, actions, member, chance)
            if day == 29:
                for item in chance.sample(items, 20):
                    item.refresh_from_db()
                    if item.is_open:
                        actions.block_item(item, by=leader, why="配电容量不足")
            actions.take_due_item_steps()
    return int(campaign.pk)


def _forward(item: Any, actions: Any, member: Any, chance: Random) -> None:
    item.refresh_from_db()
    if not item.is_open:
        return
    answers: dict[str, Any] = {"install": {"ports": chance.randrange(10, 30)}, "check": {"tidy": "yes"}}
    actions.take_step(item, by=member, answers=answers.get(item.step_code, {}))


# -- pages --------------------------------------------------------------------------------------------


def visits() -> Iterator[Visit]:
    """Every page of a campaign that is measured."""
    from bihuan.ledgers.models import Campaign, Team
    from bihuan.reports.models import Report

    campaign = Campaign.objects.get()
    home, team = f"/ledgers/{campaign.number}/", Team.objects.earliest("pk")
    for who in (LEADER, MEMBER):
        yield Visit("ledger: figures", who, who, home)
        yield Visit("ledger: board", who, who, f"{home}board/")
        yield Visit("ledger: table", who, who, f"{home}table/")
        yield Visit("ledger: item", who, who, f"{home}{campaign.items // 2}/")
    for query in ("step=install", "state=finished", f"team={team.pk}", "late=1", "blocked=1", "q=500号楼"):
        yield Visit("ledger: table", query, LEADER, f"{home}table/?{query}")
    yield Visit("ledger: today's list", MEMBER, MEMBER, "/ledgers/mine/")
    yield Visit("ledger: summary", LEADER, LEADER, f"/reports/{Report.objects.latest('ends').pk}/")


def summaries() -> Seen | None:
    """Make every evening summary that is due; how long one takes, if any was due."""
    from bihuan.ledgers.models import Campaign
    from bihuan.reports.actions import make_next_report

    campaign, times = Campaign.objects.get(), []
    while True:
        seconds, report = timed(lambda: make_next_report(campaign))
        if report is None:
            break
        times.append(seconds * 1000)
    times.sort()
    if not times:
        return None
    p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
    return Seen("ledger: making a summary", "an evening's", p50, p95, 0, 0, 0, 0)


def seen_at(items: int) -> list[Seen]:
    """All pages at one size, measured in a process of its own."""
    told = site.run(name_of(items), "-m", "bench.ledgers", "visit", str(items))
    return [Seen(**line) for line in map(json.loads, told.splitlines())]


if __name__ == "__main__":
    import importlib

    if sys.argv[1] == "build":
        build(int(sys.argv[2]))
    else:
        district.open_database(name_of(int(sys.argv[2])))
        importlib.import_module("bihuan.config.wsgi")  # as the web server starts
        made = summaries()
        if made is not None:
            print(json.dumps(vars(made), ensure_ascii=False), flush=True)
        for visit in visits():
            print(json.dumps(vars(measure(visit)), ensure_ascii=False), flush=True)
