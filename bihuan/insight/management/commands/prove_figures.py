"""`bihuan manage prove_figures`: reckon closed periods again from what was recorded when they were closed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bihuan.insight.actions.closing import faults_in_closed
from bihuan.insight.models import ClosedPeriod


class Command(BaseCommand):
    help = (
        "Prove that the figures of closed periods are what was closed and follow from the entries until then."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        faults = list(faults_in_closed())
        for closed, fault in faults:
            self.stdout.write(f"{closed}: {fault}")
        if faults:
            raise CommandError(f"{len(faults)} closed periods are not what they should be.")
        self.stdout.write(f"{ClosedPeriod.objects.count()} closed periods proved.")
