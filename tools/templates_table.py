"""Writes the lists of names into docs/report-templates.md, from the vocabulary that templates are read with.

tools/templates_table.py            write them
tools/templates_table.py --check    fail when the lists there are not those that would be written
"""

import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

import django

PAGE = Path(__file__).resolve().parent.parent / "docs" / "report-templates.md"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _terms(terms: Iterable, *, before: str = "") -> str:
    lines = _row("中文", "English", "含义", "meaning") + "|---|---|---|---|\n"
    for term in terms:
        english = dict.fromkeys((term.code, term.en))
        lines += _row(
            f"`{before}{term.zh}`",
            " ".join(f"`{before}{one}`" for one in english if re.fullmatch(r"[\x20-\x7e]+", one)),
            term.about.zh,
            term.about.en,
        )
    return lines


def tables() -> str:
    """Every table with its columns."""
    from bihuan.reports.documents.vocabulary import TABLES

    lines = _row("表 table", "内容 what it holds", "列 columns") + "|---|---|---|\n"
    for kind in TABLES:
        columns = [f"{term.zh} `{term.code}`" for term in kind.columns]
        columns += ["每个指标一列 a column for each figure"] * kind.by_figure
        columns += ["每个字段一列 a column for each field"] * kind.by_field
        name = f"`{kind.term.zh}` `{kind.code}`"
        lines += _row(name, f"{kind.term.about.zh} {kind.term.about.en}", "、".join(columns))
    return lines


def written(page: str) -> str:
    """The page with the present lists in their places."""
    from bihuan.reports.documents.vocabulary import FIGURE, FILTERS, HEAD

    lists = {"head": _terms(HEAD), "figure": _terms(FIGURE), "tables": tables(), "filters": _terms(FILTERS)}
    for name, text in lists.items():
        place = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        page = place.sub(lambda found, text=text: found[1] + text + found[2], page)  # type: ignore[misc]
    return page


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.config.settings")
    django.setup()
    page = PAGE.read_text()
    fresh = written(page)
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(fresh)
    elif page != fresh:
        sys.exit(
            "The lists in docs/report-templates.md are out of date. Run: python -m tools.templates_table"
        )


if __name__ == "__main__":
    main()
