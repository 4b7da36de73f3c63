"""The district that is measured: areas, units, people and catalogue of the demo, in a database of its own."""

import os
from random import Random
from typing import Any

from bench import site


def open_database(database: str) -> None:
    """Point this process at one of the bench's databases, and load Django. Once for each process."""
    address(database)
    os.environ["DJANGO_SETTINGS_MODULE"] = "bihuan.config.settings"
    import django

    django.setup()


def make_database(database: str) -> None:
    """An empty district: migrated, settled, no case yet. A database of that name is replaced."""
    drop_database(database)
    site.run(database, "-m", "bihuan", "manage", "migrate", "--verbosity=0")
    site.run(database, "-m", "bench.district", database)


def drop_database(database: str) -> None:
    administer(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def database_exists(database: str) -> bool:
    return bool(administer("SELECT 1 FROM pg_database WHERE datname = %s", database))


def administer(command: str, *values: Any) -> list[Any]:
    """One command to the bench's server, outside every database that is measured."""
    import psycopg

    with psycopg.connect(**address("postgres"), autocommit=True) as server:
        result = server.execute(command, values)
        return result.fetchall() if result.description else []


def address(database: str) -> dict[str, Any]:
    """How psycopg reaches a database of the bench, whose server is started if need be."""
    site.DATA.mkdir(exist_ok=True)
    os.environ.update(site.environment(database))
    from bihuan.config.embedded import database_settings, ensure_server

    ensure_server()
    settings = database_settings()
    return {"host": settings["HOST"], "user": settings["USER"], "dbname": database}


def settle() -> None:
    """Areas, places, units, people and catalogue, by the actions that built the demo district."""
    from tqdm import tqdm

    from bihuan.accounts.actions import create_person, give_duty
    from bihuan.accounts.models import User
    from bihuan.demo.build import settle as settle_demo
    from bihuan.territory.models import Area

    with tqdm(disable=True) as bar:
        settle_demo(bar)
    administrator = User.objects.get(username="administrator")
    community = Area.objects.filter(kind="community").order_by("code").first()
    clerk = create_person(username="community_clerk", name="社区受理员", by=administrator)
    give_duty(clerk, kind="clerk", area=community, by=administrator)


def take_away_indexes(server: Any, tables: tuple[str, ...]) -> list[str]:
    """Drop the indexes of these tables that are no constraint, and give the commands that make them again."""
    found = server.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " WHERE i.indrelid = ANY(%s::regclass[])"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
        [list(tables)],
    ).fetchall()
    for name, _command in found:
        server.execute(f"DROP INDEX {name}")
    return [command for _name, command in found]


class Words:
    """What residents write, by chance that can be repeated: openings, things and places of the demo."""

    def __init__(self, seed: int):
        from bihuan.demo.build import ROADS
        from bihuan.demo.catalogue import GROUPS
        from bihuan.demo.story import OPENINGS

        self.chance = Random(seed)
        self.roads = ROADS
        self.openings = OPENINGS
        self.things = [
            word for _name, _english, lines in GROUPS for line in lines for word in line.words.split()
        ]

    def address(self) -> str:
        return f"{self.chance.choice(self.roads)}{self.chance.randrange(1, 400)}号"

    def report(self, place: str) -> str:
        said = self.chance.choice(self.openings).format(
            place=place, thing=self.chance.choice(self.things), days=self.chance.randrange(2, 20)
        )
        more = self.chance.sample(self.things, self.chance.randrange(0, 4))
        return said + "".join(f"旁边还有{thing}的情况。" for thing in more)

    def point(self) -> tuple[float, float]:
        return self.chance.uniform(114.61, 114.71), self.chance.uniform(33.59, 33.65)

    def phone(self) -> str:
        return f"139{self.chance.randrange(10**8):08}"


if __name__ == "__main__":
    import sys

    open_database(sys.argv[1])
    settle()
