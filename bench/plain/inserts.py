"""Inserts the rows of given reports with psycopg alone.

    python -m bench.plain.inserts DATABASE PROCESSES THREADS SECONDS

The same rows as the product writes for a report, one transaction for each report, by as many connections.
"""

import json
import multiprocessing
import sys
import threading
import time
from itertools import count
from secrets import token_hex
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from bench.district import address

TABLES = {"cases_case": None, "cases_report": "case_id", "audit_entry": "subject_id"}
SAMPLE = 500


def _insert(server: psycopg.Connection[Any], table: str) -> tuple[sql.Composed, list[str]]:
    rows = server.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name <> 'id'"
        " ORDER BY ordinal_position", [table],
    ).fetchall()  # fmt: skip
    names = [name for (name,) in rows]
    command = sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING id").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(", ").join(sql.Placeholder() * len(names)),
    )
    return command, names


def _rows(server: psycopg.Connection[Any], table: str, names: list[str]) -> list[list[Any]]:
    """The newest rows as they are, to be inserted again. Texts and vectors stay texts; JSON stays JSON."""
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    where = sql.SQL(" WHERE verb = 'case.reported'") if table == "audit_entry" else sql.SQL("")
    found = server.execute(
        sql.SQL("SELECT {} FROM {}{} ORDER BY id DESC LIMIT {}").format(
            columns, sql.Identifier(table), where, SAMPLE
        )
    ).fetchall()
    return [[Jsonb(value) if isinstance(value, dict) else value for value in row] for row in found]


def _work(server_at: dict[str, Any], name: str, seconds: float, made: Any) -> None:
    with psycopg.connect(**server_at, autocommit=True) as server:
        statements = {table: _insert(server, table) for table in TABLES}
        rows = {table: _rows(server, table, names) for table, (_command, names) in statements.items()}
        done, end = 0, time.monotonic() + seconds
        for turn in count():
            if time.monotonic() >= end:
                break
            with server.transaction():
                case = 0
                for table, (command, names) in statements.items():
                    row = list(rows[table][turn % len(rows[table])])
                    for column, value in _fresh(table, name, turn, case):
                        row[names.index(column)] = value
                    found = server.execute(command, row, prepare=True).fetchone()
                    assert found is not None
                    case = case or found[0]
            done += 1
        with made.get_lock():
            made.value += done


def _fresh(table: str, name: str, turn: int, case: int) -> list[tuple[str, Any]]:
    """What must differ from row to row."""
    if table == "cases_case":
        return [("number", f"{name}-{turn}")]
    if table == "cases_report":
        code = f"{name}{turn}"
        return [("case_id", case), ("tracking_code", code), ("source_key", code)]
    return [("subject_id", case)]


def _threads(server_at: dict[str, Any], threads: int, seconds: float, made: Any) -> None:
    working = [
        threading.Thread(target=_work, args=(server_at, token_hex(4), seconds, made)) for _ in range(threads)
    ]
    for thread in working:
        thread.start()
    for thread in working:
        thread.join()


if __name__ == "__main__":
    database, (processes, threads) = sys.argv[1], map(int, sys.argv[2:4])
    seconds = float(sys.argv[4])
    made = multiprocessing.Value("q", 0)
    workers = [
        multiprocessing.Process(target=_threads, args=(address(database), threads, seconds, made))
        for _ in range(processes)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    json.dump({"made": made.value, "seconds": seconds}, sys.stdout)
