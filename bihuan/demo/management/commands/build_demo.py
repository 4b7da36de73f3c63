"""`bihuan manage build_demo`: fill an empty database with the demo district."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bihuan.demo import build
from bihuan.territory.queries import areas_by_id


class Command(BaseCommand):
    help = "Build the demo district by calling the real actions under a moved clock."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing in a database that is in use")
        parser.add_argument("--cases", type=int, default=build.CASES)
        parser.add_argument("--processes", type=int, default=None)

    def handle(
        self, *_args: Any, if_empty: bool = False, cases: int, processes: int | None, **_options: Any
    ) -> None:
        if build.is_built():
            if not if_empty:
                raise CommandError("The demo district stands already.")
            return
        if areas_by_id() and not build.is_begun():
            if not if_empty:
                raise CommandError("This database is in use: the demo would mix with real cases.")
            return
        build.build(cases=cases, processes=processes)
