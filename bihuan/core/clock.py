"""The one place that knows the time, so that tests and the demo can move it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from time import monotonic

from django.utils import timezone

_shift: ContextVar[tuple[datetime, float | None] | None] = ContextVar("shift", default=None)


def now() -> datetime:
    """This moment, aware, in UTC."""
    moved = _shift.get()
    if moved is None:
        return datetime.now(UTC)
    moment, since = moved
    return moment if since is None else moment + timedelta(seconds=monotonic() - since)


def real_now() -> datetime:
    """The machine's time, which no test or demo moves: for queues and time-outs."""
    return datetime.now(UTC)


def local(moment: datetime | None = None) -> datetime:
    """A moment (default: this one) on the district's clocks."""
    return timezone.localtime(moment or now(), timezone.get_default_timezone())


def today() -> date:
    """The date in the district."""
    return local().date()


@contextmanager
def travel(moment: datetime, *, tick: bool = False) -> Iterator[None]:
    """Make `moment` the present inside the block; with `tick` time goes on from there."""
    token = _shift.set((moment.astimezone(UTC), monotonic() if tick else None))
    try:
        yield
    finally:
        _shift.reset(token)
