"""`bihuan audit verify` and `bihuan audit seal`."""

import argparse
import sys
from collections.abc import Sequence

import django

from bihuan.config.cli.ready import EMPTY, is_set_up
from bihuan.config.embedded import ensure_server


def audit(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="bihuan audit")
    parser.add_argument("what", choices=["verify", "seal"])
    what = parser.parse_args(arguments).what
    ensure_server()
    django.setup()
    if not is_set_up():
        print(f"bihuan: {EMPTY}", file=sys.stderr)
        return 1
    return verify() if what == "verify" else seal()


def verify() -> int:
    """Check every chain and seal; exit status 1 and a line for each fault when something is wrong."""
    from bihuan.audit import queries

    found = 0
    for fault in queries.faults():
        found += 1
        print(f"{fault.kind}: {fault.where}: {fault.detail}")
    counts = queries.counts()
    print(f"{counts['entries']} entries and {counts['seals']} seals checked, {found} faults.")
    return 1 if found else 0


def seal() -> int:
    """Seal the days that are over, as a worker does every night."""
    from bihuan.audit import actions

    seals = actions.seal_days()
    print(f"{len(seals)} days sealed.")
    return 0
