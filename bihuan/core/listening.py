"""Telling every process at once: LISTEN/NOTIFY with one listening thread for each process."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable

import psycopg
from django.db import connection, connections

_callbacks: dict[str, list[Callable[[], None]]] = defaultdict(list)
_lock = threading.Lock()
_thread: threading.Thread | None = None
_stopping = threading.Event()

ATTENTION = 1.0  # seconds between two looks at whether to stop


def on_notify(channel: str, callback: Callable[[], None]) -> None:
    """Call `callback` in this process whenever `notify(channel)` commits in any process.

    Also called after the listening connection was lost and came back, since news may have been missed.
    The callback runs in the listening thread: it should only mark something as stale.
    """
    global _thread
    with _lock:
        _callbacks[channel].append(callback)
        if _thread is None:
            _thread = threading.Thread(target=_listen, name="listening", daemon=True)
            _thread.start()


def notify(channel: str) -> None:
    """Tell every listening process when the current transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('bihuan', %s)", [channel])


def _listen() -> None:
    parameters = connections["default"].get_connection_params()
    parameters.pop("cursor_factory", None)
    parameters.pop("context", None)
    while not _stopping.is_set():
        try:
            with psycopg.connect(**parameters, autocommit=True) as listener:
                listener.execute("LISTEN bihuan")
                for callbacks in list(_callbacks.values()):
                    for callback in callbacks:
                        callback()
                while not _stopping.is_set():
                    for message in listener.notifies(timeout=ATTENTION):
                        for callback in list(_callbacks.get(message.payload, ())):
                            callback()
        except psycopg.OperationalError:
            time.sleep(1)  # the database is away; everything is told again when it is back


def stop_listening() -> None:
    """End the listening thread and its connection, so that nothing holds a database that is to go."""
    global _thread
    with _lock:
        thread, _thread = _thread, None
    if thread is not None:
        _stopping.set()
        thread.join(2 * ATTENTION)
        _stopping.clear()
