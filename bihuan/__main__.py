"""The command `bihuan`."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.config.settings")
    from bihuan.config.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
