"""The server of the journeys: a test is over when everybody has been answered."""

import threading
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer


class Server(ThreadedWSGIServer):
    """Knows whether it still answers somebody.

    A browser that is closed half-way through a page leaves requests behind. They hold locks while the tables
    are emptied for the next test, and look for files that are no longer there.
    """

    def __init__(self, *args: Any, **kwargs: Any):
        self._connections, self._changed = 0, threading.Condition()
        super().__init__(*args, **kwargs)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._changed:
            self._connections += 1
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._changed:
                self._connections -= 1
                self._changed.notify_all()

    def wait_until_idle(self, patience: float) -> bool:
        """Whether nobody is connected any longer, or was so within these seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._connections, patience)
