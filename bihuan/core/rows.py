"""Inserting one complete row for little more than the database takes, for what is written most.

`save()` builds its statement anew for every row, which for a wide table costs more than the insert itself.
Here it is built once for each model, and the row ends up exactly as `save(force_insert=True)` leaves it.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import connection, connections, models

from bihuan.core.postgresql import prepared_cursor


def next_values(*sequences: str) -> tuple[int, ...]:
    """The next value of each sequence, in one query. Never blocks; a rolled-back number is skipped."""
    with prepared_cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(["nextval(%s)"] * len(sequences)), sequences)
        found: tuple[int, ...] = cursor.fetchone()
    return found


def insert(row: models.Model) -> None:
    """Insert a new row. Text in a search column is taken as words with spaces between them."""
    _insert(row, "")


def insert_if_new(row: models.Model) -> bool:
    """Insert a row unless a unique constraint says that it is there; waits for who is inserting it."""
    return _insert(row, " ON CONFLICT DO NOTHING")


def insert_all(rows: Sequence[models.Model]) -> None:
    """Insert many new rows of one model: one statement, sent again and again without waiting in between.

    Rows without a key get one, but are not told which.
    """
    if not rows:
        return
    fields, statement = _statement(type(rows[0]), rows[0].pk is not None)
    own: Any = connections[
        "default"
    ]  # looked up once: asking the proxy for each cell costs as much as the cell
    values = [[field.get_db_prep_save(field.pre_save(row, True), own) for field in fields] for row in rows]
    with prepared_cursor() as cursor:
        cursor.executemany(statement, values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _insert(row: models.Model, otherwise: str) -> bool:
    fields, statement = _statement(type(row), row.pk is not None)
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    with prepared_cursor() as cursor:
        cursor.execute(f"{statement}{otherwise} RETURNING id", values)
        found = cursor.fetchone()
    if found is None:
        return False
    row.pk = found[0]
    row._state.adding, row._state.db = False, connection.alias
    return True


@cache
def _statement(model: type[models.Model], with_id: bool) -> tuple[list[Any], str]:
    fields: list[Any] = [field for field in model._meta.concrete_fields if with_id or not field.primary_key]
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(field.column) for field in fields)
    places = ", ".join(
        "to_tsvector('simple', %s)" if isinstance(field, SearchVectorField) else "%s" for field in fields
    )
    table = quoted(model._meta.db_table)
    return fields, f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608  # our own names
