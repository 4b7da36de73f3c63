"""Writes the tables of functions into docs/expressions.md, from the table that the parser follows.

tools/expressions_table.py            write them
tools/expressions_table.py --check    fail when the tables there are not those that would be written
"""

import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

import django

PAGE = Path(__file__).resolve().parent.parent / "docs" / "expressions.md"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def functions() -> str:
    """Every function, by groups."""
    from bihuan.ledgers.expressions.functions import FUNCTIONS, GROUP_OF, GROUPS

    lines = []
    for group, title in GROUPS.items():
        lines += [f"\n### {title}\n", "| function | gives | meaning |", "|---|---|---|"]
        lines += [
            _row(f"`{function.call}`", function.gives, str(function.meaning))
            for name, function in FUNCTIONS.items()
            if GROUP_OF[name] == group
        ]
    return "\n".join(lines) + "\n"


def refused() -> str:
    """What is refused, by reasons."""
    from bihuan.ledgers.expressions.functions import REFUSED

    names: dict[str, list[str]] = {}
    for name, reason in REFUSED.items():
        names.setdefault(str(reason), []).append(f"`{name}()`")
    rows = (_row(", ".join(found), reason) for reason, found in names.items())
    return "\n".join(["| refused | why |", "|---|---|", *rows]) + "\n"


def written(page: str) -> str:
    """The page with the present tables in their places; in the source language, whatever the reader's."""
    from django.utils import translation

    with translation.override("en"):
        parts: Iterable[tuple[str, str]] = [("functions", functions()), ("refused", refused())]
    for name, table in parts:
        place = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        page = place.sub(lambda found, table=table: found[1] + table + found[2], page)  # type: ignore[misc]
    return page


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.config.settings")
    django.setup()
    page = PAGE.read_text()
    fresh = written(page)
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(fresh)
    elif page != fresh:
        sys.exit("The tables in docs/expressions.md are out of date. Run: python -m tools.expressions_table")


if __name__ == "__main__":
    main()
