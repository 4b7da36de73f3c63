"""Reactions that exist for one test, a subject to write about, and a real worker."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bihuan.accounts.models import User
from bihuan.accounts.tests.factories import make_person
from bihuan.audit import reactions
from bihuan.audit.models import Entry


@pytest.fixture
def subject(db: None) -> User:
    return make_person("王芳", username="wang")


@pytest.fixture
def react(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """`react("thing.done", function)` registers it for this test; returns the reaction's name."""
    by_verb = {verb: list(names) for verb, names in reactions._by_verb.items()}
    monkeypatch.setattr(reactions, "_by_verb", reactions.defaultdict(list, by_verb))
    monkeypatch.setattr(reactions, "_by_name", dict(reactions._by_name))

    def register(verb: str, function: Callable[[Entry], None]) -> str:
        reactions.on(verb)(function)
        return reactions._by_verb[verb][-1]

    return register


@pytest.fixture
def run_worker(transactional_db: None) -> Callable[[], None]:
    """Run a real worker until its queue is empty."""

    def run() -> None:
        from procrastinate.contrib.django import app

        with app.replace_connector(app.connector.get_worker_connector()) as running:
            running.run_worker(
                wait=False,
                queues=["reactions"],
                install_signal_handlers=False,
                listen_notify=False,
                delete_jobs="successful",
            )

    return run


@pytest.fixture
def jobs(db: None) -> Callable[..., list[Any]]:
    """Jobs of reactions in the queue, oldest first; by default those that wait."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    def find(status: str = "todo") -> list[Any]:
        return list(ProcrastinateJob.objects.filter(status=status, task_name="audit.react").order_by("id"))

    return find


@pytest.fixture
def unguarded(db: None) -> Iterator[Callable[[str], None]]:
    """Run SQL as somebody who owns the database and switched the guards off, without leaving traces."""
    from django.db import connection

    def execute(statement: str, *parameters: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(statement, parameters)
            cursor.execute("SET LOCAL session_replication_role = origin")

    yield execute
