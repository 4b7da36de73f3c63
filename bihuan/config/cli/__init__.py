"""The command `bihuan`: one word for everything an operator does."""

import argparse
from collections.abc import Sequence

from bihuan import __version__

SUMMARY = """commands:
  demo                 open a living demo district
  serve                run web and worker together
  web                  run the web server alone
  worker               run a background worker alone
  import-cases FILE    take in reports from a spreadsheet
  backup FILE          write database and files into one file, while everything runs
  restore FILE         put such a file into an empty database
  audit verify         check that no audit entry was changed, removed or slipped in
  audit seal           seal the days that are over
  doctor               look at the installation and say what to mend
  manage …             Django's own commands (migrate, shell, …)
"""


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit status."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(f"bihuan {__version__}: the closed loop of street-level governance\n\n{SUMMARY}")
        return 0
    command, rest = arguments[0], list(arguments[1:])
    if command in ("-V", "--version"):
        print(__version__)
        return 0
    if command == "manage":
        return _manage(rest)
    if command in ("web", "worker", "serve", "demo"):
        from bihuan.config.cli import serving

        _no_arguments(command, rest)
        return int(getattr(serving, command)())
    if command == "doctor":
        from bihuan.config.cli.doctor import doctor

        _no_arguments(command, rest)
        return doctor()
    if command == "audit":
        from bihuan.config.cli.auditing import audit

        return audit(rest)
    if command in ("backup", "restore"):
        from bihuan.config.cli import backing

        return int(getattr(backing, command)(rest))
    if command == "import-cases":
        return _manage(["import_cases", *rest])
    print(f"bihuan: there is no command “{command}”.\n\n{SUMMARY}")
    return 2


def _no_arguments(command: str, rest: list[str]) -> None:
    argparse.ArgumentParser(prog=f"bihuan {command}").parse_args(rest)


def _manage(arguments: list[str]) -> int:
    from django.core.management import execute_from_command_line

    from bihuan.config.embedded import ensure_server

    if arguments and arguments[0] not in ("help", "makemessages", "compilemessages"):
        ensure_server()
    execute_from_command_line(["bihuan manage", *arguments])
    return 0
