"""What a process keeps in memory about the territory, never older than the last commit that changed it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import count
from typing import Any, Generic, TypeVar

from django.db import connection, transaction

from bihuan.core.listening import notify, on_notify

T = TypeVar("T")


class _Mine(threading.local):
    """What this thread changed and has not committed."""

    changed = False
    changes: tuple[int, ...] = ()
    value: object = None


_serial = count(1)


class _Change:
    """One uncommitted change, waiting in Django's list of what to do at the commit."""

    def __init__(self, of: Remembered[Any]):
        self.of = of
        self.number = next(_serial)

    def __call__(self) -> None:
        self.of.forget()


class Remembered(Generic[T]):
    """A value built from the database once for each process.

    An action that changes what it is built from calls `changed()` inside its transaction: every process
    forgets the value when that commits. Until then the changing thread alone sees the value with its changes,
    and if it rolls back nobody ever does.
    """

    def __init__(self, channel: str, build: Callable[[], T]):
        self._channel = channel
        self._build = build
        self._lock = threading.Lock()
        self._mine = _Mine()
        self._shared: T | None = None
        self._generation = 0
        self._listening = False

    def get(self) -> T:
        shared = self._shared
        if shared is not None and not self._mine.changed:
            return shared
        changes = self._uncommitted_changes() if self._mine.changed else ()
        return self._get_mine(changes) if changes else self._get_shared()

    def changed(self) -> None:
        """To be called in the transaction of every change."""
        self._mine.changed = True
        transaction.on_commit(_Change(self))
        notify(self._channel)

    def forget(self) -> None:
        """Build anew at the next need."""
        self._generation += 1
        self._shared = None

    def _get_shared(self) -> T:
        self._mine.changed, self._mine.value = False, None
        with self._lock:
            if self._shared is not None:
                return self._shared
            if not self._listening:
                # Not at start-up: tests and commands choose their database later than that.
                self._listening = True
                on_notify(self._channel, self.forget)
            generation = self._generation
            value = self._build()
            if generation == self._generation:  # else a change was committed while building
                self._shared = value
            return value

    def _get_mine(self, changes: tuple[int, ...]) -> T:
        mine = self._mine
        if mine.value is None or mine.changes != changes:
            mine.value, mine.changes = self._build(), changes
        return mine.value  # type: ignore[return-value]

    def _uncommitted_changes(self) -> tuple[int, ...]:
        """Changes of this thread's open transaction: Django drops the callbacks of what was rolled back."""
        waiting = [entry[1] for entry in connection.run_on_commit]
        return tuple(each.number for each in waiting if isinstance(each, _Change) and each.of is self)
