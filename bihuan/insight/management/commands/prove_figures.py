"""`bihuan manage prove_figures`: reckon closed periods again from what was recorded when they were closed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bihuan.insight.actions.closing import faults_in_closed
from bihuan.insight.periods import Period


class Command(BaseCommand):
    help = (
        "Prove that the figures of closed periods are what was closed and follow from the entries until then."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "period",
            nargs="?",
            default="",
            help="2025, 2025-Q3, 2025-07, 2025-W30 or 2025-07-21; without: all",
        )

    def handle(self, *_args: Any, period: str, **_options: Any) -> None:
        wanted = Period.read(period) if period else None
        if period and wanted is None:
            raise CommandError(f"{period} is no period.")
        faults = list(faults_in_closed(wanted))
        for closed, fault in faults:
            self.stdout.write(f"{closed}: {fault}")
        if faults:
            raise CommandError(f"{len(faults)} closed periods are not what they should be.")
        self.stdout.write("Every closed period is what it should be.")
