"""Writes the table of settings into docs/running.md, from the list that the product reads.

tools/settings_table.py            write it
tools/settings_table.py --check    fail when the table there is not the one that would be written
"""

import re
import sys
from pathlib import Path

from bihuan.config.environment import VARIABLES

PAGE = Path(__file__).resolve().parent.parent / "docs" / "running.md"
PLACE = re.compile(r"(<!-- settings -->\n).*?(<!-- /settings -->)", re.DOTALL)


def table() -> str:
    """The settings as a Markdown table."""
    lines = ["| name | default | meaning |", "|---|---|---|"]
    for variable in VARIABLES:
        default = f"`{variable.default}`" if variable.default else ""
        lines.append(f"| `{variable.name}` | {default} | {variable.meaning.replace('|', chr(92) + '|')} |")
    return "\n".join(lines) + "\n"


def written(page: str) -> str:
    """The page with the present table in its place."""
    return PLACE.sub(lambda found: found[1] + table() + found[2], page)


def main() -> None:
    page = PAGE.read_text()
    fresh = written(page)
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(fresh)
    elif page != fresh:
        sys.exit(
            "The table of settings in docs/running.md is out of date. Run: python -m tools.settings_table"
        )


if __name__ == "__main__":
    main()
