"""Running reactions: each in one transaction with the mark that it took effect. And what long jobs share."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import close_old_connections, connection, transaction
from procrastinate import JobContext
from procrastinate.exceptions import JobAborted

from bihuan.audit.models import Entry
from bihuan.audit.reactions import reaction


class Interrupted(Exception):
    """The worker is going down: what is done stays, the next one does the rest."""


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


@contextmanager
def long_job(context: JobContext) -> Iterator[Callable[[], bool]]:
    """A job that asks now and then whether it has to stop; procrastinate queues one that did again."""
    with fresh_connection():
        try:
            yield context.should_abort
        except Interrupted as error:
            raise JobAborted from error
