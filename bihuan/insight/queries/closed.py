"""Sums of closed days and months: they never change again, so each process reads them once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable
from datetime import date
from threading import Lock
from typing import Any

from bihuan.insight.models import ClosedPeriod

MOST = 4_000  # answers; those that nobody asked for the longest go first
Rows = list[tuple[Any, ...]]


class Memory:
    """Rows by what was asked for. The digest of the closed sums is part of that: other sums are never met."""

    def __init__(self) -> None:
        self._rows: OrderedDict[Hashable, Rows] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Rows | None:
        with self._lock:
            rows = self._rows.get(key)
            if rows is not None:
                self._rows.move_to_end(key)
            return rows

    def keep(self, key: Hashable, rows: Rows) -> None:
        with self._lock:
            self._rows[key] = rows
            while len(self._rows) > MOST:
                self._rows.popitem(last=False)


memory = Memory()


def digests_of(kind: str, starts: Iterable[date]) -> dict[date, bytes]:
    """Which of these days or months are closed, with the digest of their sums."""
    closed = ClosedPeriod.objects.filter(kind=kind, start__in=[*starts])
    return {start: bytes(digest) for start, digest in closed.values_list("start", "digest")}
