"""The command `bihuan`."""

import os
import signal
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.config.settings")
    # Being told to end is no accident: what was started, like the embedded database, is stopped in order.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    from bihuan.config.cli import run

    try:
        sys.exit(run(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


if __name__ == "__main__":
    main()
