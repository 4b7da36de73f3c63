"""What happened, kept for good; and what happens because of it.

`record()` writes one entry and queues its reactions in the same transaction. `@on(verb)` and `@every(…)`
declare the reactions, in a room's `background.py`.
"""

from typing import TYPE_CHECKING, Any

from bihuan.audit.reactions import every, on

if TYPE_CHECKING:
    from bihuan.audit.recording import record, record_first

__all__ = ["every", "on", "record", "record_first"]


def __getattr__(name: str) -> Any:
    if name in ("record", "record_first"):  # models may not load before the app registry is ready
        from bihuan.audit import recording

        return getattr(recording, name)
    raise AttributeError(name)
