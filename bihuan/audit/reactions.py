"""The registry of reactions: what answers to which verb, what runs every minute, hour or day."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, TypeVar

from procrastinate.contrib.django import app

if TYPE_CHECKING:
    from bihuan.audit.models import Entry

Reaction = Callable[["Entry"], None]
R = TypeVar("R", bound=Reaction)
P = TypeVar("P", bound=Callable[[], None])

REACT = "audit.react"  # the task that runs one reaction to one entry
CRON = {"minute": "* * * * *", "hour": "7 * * * *", "day": "23 1 * * *"}

_by_verb: dict[str, list[str]] = defaultdict(list)
_by_name: dict[str, Reaction] = {}
periodic: dict[str, Callable[[], None]] = {}
_at_once: ContextVar[Callable[[str], bool] | None] = ContextVar("at_once", default=None)


def on(*verbs: str) -> Callable[[R], R]:
    """Call the function once for every entry with one of these verbs, in a transaction of its own.

    It runs in a worker soon after the entry commits, and again with growing pauses when it fails; its
    effects in the database commit at most once for each entry. It must not act on the world outside except
    in a way that may be repeated.
    """

    def register(function: R) -> R:
        name = f"{function.__module__.removeprefix('bihuan.')}.{function.__name__}"
        _by_name[name] = function
        for verb in verbs:
            _by_verb[verb].append(name)
        return function

    return register


def every(interval: str) -> Callable[[P], P]:
    """Call the function every "minute", "hour" or "day" (at night), in one worker whatever their number."""

    def register(function: P) -> P:
        name = f"{function.__module__.removeprefix('bihuan.')}.{function.__name__}"
        periodic[name] = function

        def run(timestamp: int) -> None:
            from bihuan.audit.running import fresh_connection

            with fresh_connection():
                function()

        run.__name__ = function.__name__
        task = app.task(name=name, queue="periodic", queueing_lock=name)(run)
        app.periodic(cron=CRON[interval])(task)
        return function

    return register


def reactions_to(verb: str) -> list[str]:
    return _by_verb.get(verb, [])


def reaction(name: str) -> Reaction:
    return _by_name[name]


def running_at_once() -> Callable[[str], bool] | None:
    """Which reactions are run at once, by name; None when they are queued as usual."""
    return _at_once.get()


@contextmanager
def at_once(wanted: Callable[[str], bool] = lambda _name: True) -> Iterator[None]:
    """Run reactions at the moment of their entry instead of queueing them.

    For building history under a moved clock: a notice of March must carry a date in March.
    """
    token = _at_once.set(wanted)
    try:
        yield
    finally:
        _at_once.reset(token)


def known_verbs() -> dict[str, list[str]]:
    return dict(_by_verb)
