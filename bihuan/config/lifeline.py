"""A process that must not outlive its parent."""

import os
import threading
import time

INTERVAL = 1.0  # seconds


def end_with_parent() -> None:
    """End this process soon after its parent is gone, however the parent died.

    A web worker left over from a killed server would hold the port and hinder the next start.
    """
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(INTERVAL)
        os._exit(0)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()
