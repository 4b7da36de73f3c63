"""Founds an installation's district: the area in which all others lie."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bihuan.core.text import normalise
from bihuan.core.verdicts import Refusal
from bihuan.territory.actions import create_area
from bihuan.territory.models import AreaKind
from bihuan.territory.queries import district_if_any


class Command(BaseCommand):
    help = (
        "Founds the district of a new installation. Its subdistricts and communities are imported on a page."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="official code, for example 411602")
        parser.add_argument("name", help="name in Chinese")
        parser.add_argument("--name-en", default="", help="name in English")

    def handle(self, *args: Any, code: str, name: str, name_en: str, **options: Any) -> None:
        if district_if_any() is not None:
            raise CommandError("There is a district already.")
        code, name = normalise(code), normalise(name)
        if not code or not name:
            raise CommandError("A district needs a code and a name.")
        try:
            area = create_area(
                kind=AreaKind.DISTRICT,
                code=code,
                name=name,
                name_en=name_en,
                parent=None,
                has_desk=True,
                by=None,
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except Refusal as refusal:
            raise CommandError(str(refusal.sentence)) from refusal
        self.stdout.write(
            f"{area.name} ({area.code}) stands. Next: bihuan manage create_administrator USERNAME"
        )
