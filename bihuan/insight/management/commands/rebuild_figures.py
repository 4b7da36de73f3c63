"""`bihuan manage rebuild_figures`: count every case anew."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from bihuan.cases.models import Case
from bihuan.insight import actions


class Command(BaseCommand):
    help = "Build the figures anew from cases and entries. Those of closed periods stay as they are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--sums-only",
            action="store_true",
            help="keep facts and transitions, build what is summed from them",
        )

    def handle(self, *_args: Any, sums_only: bool = False, **_options: Any) -> None:
        if sums_only:
            actions.rebuild_sums()
            return
        with tqdm(total=Case.objects.count(), unit="", smoothing=0) as bar:

            def done(count: int) -> None:
                bar.update(count - bar.n)

            count = actions.rebuild_figures(done=done)
        self.stdout.write(f"{count} cases counted.")
