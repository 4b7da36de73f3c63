"""Databases with ten thousand, a hundred thousand, a million cases, made by the database itself.

What a district has after five years: nearly everything is finished, the open work is what it always was, busy
communities have many times the cases of quiet ones. Rows are those of the product; only the newest cases
have a timeline, whose hashes are none.
"""

from collections.abc import Iterator
from random import Random
from typing import Any

import psycopg
from psycopg import sql

from bench import district, sums

OPEN = (
    5_000  # unfinished: some nine days of a district that has 550 cases a day, however long it has had them
)
TEXTS = 5_000
WITH_HISTORY = 20_000  # newest cases that have a timeline
EVENTS = ("reported", "filed", "assigned", "acknowledged", "resolved", "inspected", "called_back", "closed")
COMMON, SOME, RARE = (
    "希望",
    "okapi",
    "zebra",
)  # in every seventh case, in every hundredth, in fifty altogether


def name_of(cases: int) -> str:
    return f"cases_{cases}"


def build(cases: int) -> None:
    """Make the database anew. Ends with what autovacuum would have done in the years."""
    database = name_of(cases)
    district.make_database(database)
    district.open_database(database)
    with psycopg.connect(**district.address(database), autocommit=True) as server:
        server.execute("SET session_replication_role = replica")  # rows that are right need no checking
        server.execute("SET synchronous_commit = off")
        server.execute("SET maintenance_work_mem = '512MB'")
        server.execute("SET work_mem = '128MB'")
        _choices(server)
        indexes = district.take_away_indexes(server, ("cases_case", "cases_report", "audit_entry"))
        for command in _rows(cases, min(OPEN, cases // 2)):
            server.execute(command)
        for command in indexes:
            server.execute(command)
        for table in ("cases_case", "cases_report", "audit_entry"):
            server.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) + 1 FROM {table}))")
            server.execute(f"VACUUM (ANALYZE) {table}")
        sums.fill(server)
        server.execute("CHECKPOINT")


# -- what rows are made of ----------------------------------------------------------------------------


def _choices(server: psycopg.Connection[Any]) -> None:
    """Tables of texts, spots, units and matters, from which each case takes one by chance."""
    from bihuan.accounts.models import Unit
    from bihuan.cases.models import Matter
    from bihuan.cases.queries import heading_of
    from bihuan.core.personal import encrypt
    from bihuan.core.text import segment

    words = district.Words(seed=5)
    texts = [words.report(words.address()) for _ in range(TEXTS)]
    _table(server, "bench_text", "title text, words text, told text", (
        (heading_of(text, 40), text, segment(text)) for text in texts
    ))  # fmt: skip
    _table(
        server,
        "bench_spot",
        "area bigint, community bigint, subdistrict bigint, desk bigint, names text, lon float8, lat float8",
        _spots(),
    )
    units = [unit for unit in Unit.objects.exclude(parent=None) if unit.kind != "community"]
    _table(
        server,
        "bench_unit",
        "unit bigint, units bigint[]",
        ((unit.pk, [int(part) for part in unit.path.split("/") if part]) for unit in units),
    )
    _table(server, "bench_phone", "phone bytea", [(encrypt("13900000000"),)])
    matters = Matter.objects.choosable().values_list("pk", flat=True)
    _table(server, "bench_matter", "matter bigint", ((pk,) for pk in matters))


def _spots() -> Iterator[tuple[Any, ...]]:
    """Every community as often as it is busy: a few have ten times what most have."""
    from bihuan.cases.queries.location import levels_of
    from bihuan.territory.queries import areas_by_id, trail

    chance = Random(6)
    for area in areas_by_id().values():
        if area.kind == "grid":
            levels = levels_of(area)
            names = " ".join(part.name for part in trail(area)[1:])
            for _ in range(1 + int(10 * chance.random() ** 4)):
                yield (
                    area.pk,
                    levels.community and levels.community.pk,
                    levels.subdistrict and levels.subdistrict.pk,
                    levels.desk.pk,
                    names,
                    area.lon or 114.65,
                    area.lat or 33.62,
                )


def _table(server: psycopg.Connection[Any], name: str, columns: str, rows: Any) -> None:
    server.execute(
        f"CREATE UNLOGGED TABLE {name} (n int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, {columns})"
    )
    names = ", ".join(column.split()[0] for column in columns.split(", "))
    with server.cursor() as cursor, cursor.copy(f"COPY {name} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    server.execute(f"ANALYZE {name}")


# -- rows ---------------------------------------------------------------------------------------------


def _rows(cases: int, unfinished: int) -> Iterator[sql.Composed]:
    yield from _cases(cases, unfinished)
    yield _filled("cases.Report", REPORT, "FROM cases_case c ORDER BY c.id")
    yield _filled("audit.Entry", ENTRY, ENTRIES.format(first=cases - min(WITH_HISTORY, cases // 2)))


def _cases(cases: int, unfinished: int) -> Iterator[sql.Composed]:
    yield sql.SQL(
        CHANCES.format(
            cases=cases,
            first=cases - unfinished * 5 // 4,
            texts=TEXTS,
            every=max(1, cases // 50),
            spots="(SELECT count(*) FROM bench_spot)",
            units="(SELECT count(*) FROM bench_unit)",
            matters="(SELECT count(*) FROM bench_matter)",
        )
    )  # type: ignore[arg-type]
    source = (
        "FROM bench_chance k JOIN bench_text t ON t.n = k.text JOIN bench_spot s ON s.n = k.spot"
        " JOIN bench_unit u ON u.n = k.unit JOIN bench_matter m ON m.n = k.matter ORDER BY k.i"
    )
    yield _filled("cases.Case", CASE, source)
    yield sql.Composed([sql.SQL("DROP TABLE bench_chance")])


# Finished at first; of the newest so many that about the given number is unfinished.
CHANCES = """
CREATE UNLOGGED TABLE bench_chance AS
SELECT i, 1 + floor(random() * {texts})::int AS text, 1 + floor(random() * {spots})::int AS spot,
    1 + floor(random() * {units})::int AS unit, 1 + floor(random() * {matters})::int AS matter,
    now() - ({cases} - i) * (interval '5 years' / {cases}) AS at, random() AS more, random() AS chance,
    now() + (random() * 12 - 2) * interval '1 day' AS due,
    CASE WHEN i % {every} = 0 THEN 'zebra' WHEN i % 100 = 7 THEN 'okapi' ELSE '' END AS word,
    CASE WHEN i > {first} AND random() < 0.8 THEN
        (ARRAY['reported','reported','reported','verifying','filed','filed','filed','assigned','assigned',
        'handling','handling','handling','handling','handling','handling','suspended','resolved','resolved',
        'inspected','self_handled'])[1 + floor(random() * 20)::int]
    ELSE (ARRAY['closed','closed','closed','closed','closed','closed','closed','closed','declined',
        'withdrawn'])[1 + floor(random() * 10)::int] END AS state
FROM generate_series(1, {cases}) i
"""
NUMBER = "to_char(k.at, 'YYMMDD') || '-' || lpad(k.i::text, 7, '0') || '-' || k.i % 10"
FILED = "k.state NOT IN ('reported','verifying','declined','withdrawn')"
ASSIGNED = "k.state NOT IN ('reported','verifying','declined','withdrawn','filed','self_handled')"
UNFINISHED = "k.state NOT IN ('closed','declined','withdrawn')"
CASE = {
    "id": "k.i",
    "number": NUMBER,
    "state": "k.state",
    "title": "t.title",
    "words": "t.words || k.word",
    "channel": "'web'",
    "area_id": "s.area",
    "community_id": "s.community",
    "subdistrict_id": "s.subdistrict",
    "desk_id": "s.desk",
    "lon": "s.lon + k.more / 500",
    "lat": "s.lat + k.chance / 500",
    "matter_id": f"CASE WHEN {FILED} THEN m.matter END",
    "urgency": "(ARRAY['ordinary','ordinary','ordinary','urgent','critical'])[1 + k.i % 5]",
    "unit_id": f"CASE WHEN {ASSIGNED} THEN u.unit END",
    "units": f"CASE WHEN {ASSIGNED} THEN u.units ELSE '{{}}' END",
    "stage_started_at": "k.at",
    "stage_limit": "28800",
    "running_since": f"CASE WHEN {UNFINISHED} AND k.state <> 'suspended' THEN k.at END",
    "due_at": f"CASE WHEN {UNFINISHED} THEN k.due ELSE k.at + interval '7 days' END",
    "step": f"CASE WHEN {UNFINISHED} AND k.due < now() THEN 2 ELSE ({UNFINISHED} AND chance < 0.1)::int END",
    "overdue_at": f"CASE WHEN {UNFINISHED} AND k.due < now() THEN k.due END",
    "supervision": f"CASE WHEN {UNFINISHED} AND k.due < now() THEN 'ordinary' ELSE '' END",
    "reported_at": "k.at",
    "filed_at": f"CASE WHEN {FILED} THEN k.at + interval '3 hours' END",
    "promised_at": f"CASE WHEN {FILED} THEN k.at + interval '9 days' END",
    "assigned_at": f"CASE WHEN {ASSIGNED} THEN k.at + interval '9 hours' END",
    "closed_at": "CASE WHEN k.state = 'closed' THEN k.at + interval '6 days' END",
    "changed_at": "k.at + interval '6 days'",
    "resolution": "CASE WHEN k.state = 'closed' THEN '已安排人员到场处理完毕，现场恢复正常。' ELSE '' END",
    "satisfaction": "CASE WHEN k.state = 'closed' THEN 'satisfied' ELSE '' END",
    "search": f"to_tsvector('simple', {NUMBER} || ' ' || t.told || ' ' || s.names || ' ' || k.word)",
}
REPORT = {
    "id": "c.id",
    "case_id": "c.id",
    "at": "c.reported_at",
    "channel": "c.channel",
    "words": "c.words",
    "source": "'web'",
    "source_key": "'bench-' || c.id",
    "tracking_code": "'B' || lpad(c.id::text, 11, '0')",
    "may_call": "c.id % 3 = 0",
    "phone": "CASE WHEN c.id % 3 = 0 THEN (SELECT phone FROM bench_phone) END",
    "phone_index": "CASE WHEN c.id % 3 = 0 THEN sha256(int8send(c.id)) END",
}
ENTRY = {
    "id": None,
    "at": "c.reported_at + e.n * interval '10 hours'",
    "day": "(c.reported_at + e.n * interval '10 hours')::date",
    "verb": "'case.' || e.verb",
    "subject_type": "'cases.case'",
    "subject_id": "c.id",
    "seq": "e.n",
    "area_id": "c.area_id",
    "data": "jsonb_build_object('state', e.verb)",
    "previous_hash": r"'\x00'::bytea",
    "hash": r"'\x00'::bytea",
}
ENTRIES = (
    "FROM cases_case c, unnest(ARRAY"
    + repr(list(EVENTS))
    + ") WITH ORDINALITY e(verb, n) WHERE c.id > {first} ORDER BY c.id, e.n"
)


def _filled(model: str, given: dict[str, Any], source: str) -> sql.Composed:
    """INSERT … SELECT: columns as given, all others as a new object of the model has them."""
    from django.apps import apps
    from django.db import connection

    fields = [
        field
        for field in apps.get_model(model)._meta.concrete_fields
        if given.get(field.column, "") is not None
    ]
    values = []
    for field in fields:
        if field.column in given:
            values.append(sql.SQL(given[field.column]))
        else:
            usual = field.get_db_prep_save(field.get_default(), connection)
            values.append(sql.Literal(usual) + sql.SQL(f"::{field.db_type(connection)}"))
    return sql.SQL("INSERT INTO {} ({}) SELECT {} " + source).format(
        sql.Identifier(apps.get_model(model)._meta.db_table),
        sql.SQL(", ").join(sql.Identifier(field.column) for field in fields),
        sql.SQL(", ").join(values),
    )


if __name__ == "__main__":
    import sys

    for size in map(int, sys.argv[1:]):
        build(size)
