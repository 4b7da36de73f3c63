"""How often one token may ask: counted in memory, by each web process for itself."""

from collections import Counter
from dataclasses import dataclass, field
from threading import Lock

from django.conf import settings

from bihuan.core import clock


@dataclass
class Counted:
    """So many times in so many seconds by one name. Keeps a program that has gone wild from the others."""

    times: int
    seconds: int
    _window: int = -1
    _used: Counter[str] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def take(self, name: str) -> bool:
        """Use it once if that is still allowed."""
        if not settings.VISITOR_LIMITS:
            return True
        window = int(clock.real_now().timestamp()) // self.seconds
        with self._lock:
            if window != self._window:
                self._window = window
                self._used.clear()
            self._used[name] += 1
            return self._used[name] <= self.times


TOKENS = Counted(times=1_200, seconds=60)
