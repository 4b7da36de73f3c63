"""News reaches every process that listens, when the transaction that tells it commits."""

import threading
import time

import pytest
from django.db import connection, transaction

from bihuan.core.listening import notify, on_notify

pytestmark = [pytest.mark.threads, pytest.mark.django_db(transaction=True)]


class Ear:
    def __init__(self, channel: str):
        self.heard = 0
        self.event = threading.Event()
        on_notify(channel, self)

    def __call__(self) -> None:
        self.heard += 1
        self.event.set()

    def waits(self, seconds: float = 5) -> bool:
        return self.event.wait(seconds)


def listen(channel: str) -> Ear:
    """An ear whose LISTEN is in force: it has heard one test message."""
    ear = Ear(channel)
    deadline = time.monotonic() + 10
    while not ear.event.is_set():
        notify(channel)
        ear.event.wait(0.2)
        assert time.monotonic() < deadline, "nobody listens"
    time.sleep(0.2)
    ear.heard = 0
    ear.event.clear()
    return ear


def test_news_arrives_after_the_commit_and_not_before() -> None:
    ear = listen("commit")
    with transaction.atomic():
        notify("commit")
        assert not ear.waits(0.3)
    assert ear.waits()


def test_a_rolled_back_change_is_no_news() -> None:
    ear = listen("rollback")
    with transaction.atomic():
        notify("rollback")
        transaction.set_rollback(True)
    assert not ear.waits(0.3)


def test_only_the_own_channel_is_heard() -> None:
    ear, other = listen("one"), listen("two")
    notify("one")
    assert ear.waits()
    assert not other.heard


def test_after_a_lost_connection_everything_counts_as_news() -> None:
    ear = listen("lost")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query = 'LISTEN bihuan'"
        )
    assert ear.waits(10), "the callback runs when the listener is back"
    ear.event.clear()
    notify("lost")
    assert ear.waits()
