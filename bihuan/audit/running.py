"""Running reactions: each in one transaction with the mark that it took effect."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import close_old_connections, connection, transaction

from bihuan.audit.models import Entry
from bihuan.audit.reactions import reaction


def take_effect(entry: Entry, name: str) -> None:
    """Run one reaction to one entry, unless it already took effect."""
    with transaction.atomic():
        if _mark(entry.pk, name):
            reaction(name)(entry)


def _mark(entry_id: int, name: str) -> bool:
    """Insert the mark; False when it is there. A second worker waits here until the first one is done."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_effect (entry_id, reaction) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [entry_id, name],
        )
        return cursor.rowcount == 1


@contextmanager
def fresh_connection() -> Iterator[None]:
    """A worker's threads live long: drop a connection that broke before and after each job."""
    close_old_connections()
    try:
        yield
    finally:
        close_old_connections()
