"""Opens the first account of an installation: the administrator of the whole district."""

from __future__ import annotations

from getpass import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bihuan.accounts.actions import create_first_administrator
from bihuan.core.verdicts import Refusal
from bihuan.territory.queries import district_if_any


class Command(BaseCommand):
    help = "Opens the account of the district's first administrator; asks for the password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="sign-in name")
        parser.add_argument("--name", default="", help="the person's name; default: the sign-in name")

    def handle(self, *args: Any, username: str, name: str, **options: Any) -> None:
        root = district_if_any()
        if root is None:
            raise CommandError("There is no district yet. Run: bihuan manage create_district")
        password = getpass("Password: ")
        if not password or getpass("Again: ") != password:
            raise CommandError("The two passwords differ, or are empty.")
        try:
            person = create_first_administrator(
                username=username, name=name or username, password=password, district=root
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except Refusal as refusal:
            raise CommandError(str(refusal.sentence)) from refusal
        self.stdout.write(f"{person.username} can now sign in.")
