"""Writes the sheets and columns of a ledger's workbook into docs/ledgers.md and its Chinese twin.

tools/workbook_table.py            write them
tools/workbook_table.py --check    fail when what stands there is not what would be written
"""

import os
import re
import sys
from pathlib import Path

import django

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGES = {DOCS / "ledgers.md": "en", DOCS / "ledgers.zh-CN.md": "zh"}
PLACE = re.compile(r"(<!-- sheets -->\n).*?(<!-- /sheets -->)", re.DOTALL)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |\n"


def sheets(language: str) -> str:
    """Every sheet with its columns, as the workbook's own guide explains them."""
    from bihuan.ledgers.definition.columns import OWN
    from bihuan.ledgers.definition.dialect import XLSFORM

    chinese = language == "zh"
    text = ""
    for kind in (*XLSFORM, *OWN):
        text += f"\n**{kind.zh}** `{kind.key}`: {kind.about_zh if chinese else kind.about_en}\n\n"
        text += _row("列", "说明") if chinese else _row("column", "what it is for")
        text += "|---|---|\n"
        for column in kind.columns:
            own = column.key if kind in XLSFORM else column.en
            words = "、".join(column.words.values()) if chinese else ", ".join(column.words)
            about = column.about_zh if chinese else column.about_en
            listed = f"可填：{words}。" if chinese else f" One of: {words}."
            text += _row(f"{column.zh} `{own}`", about + (listed if words else ""))
    return text + "\n"


def written(page: str, language: str) -> str:
    """The page with the present sheets in their place."""
    text = sheets(language)
    return PLACE.sub(lambda found: found[1] + text + found[2], page)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.config.settings")
    django.setup()
    for path, language in PAGES.items():
        page = path.read_text()
        fresh = written(page, language)
        if "--check" not in sys.argv[1:]:
            path.write_text(fresh)
        elif page != fresh:
            sys.exit(f"The sheets in {path.name} are out of date. Run: python -m tools.workbook_table")


if __name__ == "__main__":
    main()
