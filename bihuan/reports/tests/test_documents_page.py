"""The page on templates says what the vocabulary says, and its example is understood."""

import re

from bihuan.reports.documents.excel_filling import MOST_ROWS as ROWS_IN_EXCEL
from bihuan.reports.documents.vocabulary import COUNT, INDEX, TABLES
from bihuan.reports.documents.word import MOST_ROWS as ROWS_IN_WORD
from bihuan.reports.tests.making import filled, texts, word
from tools import templates_table


def test_the_lists_are_those_of_the_code() -> None:
    page = templates_table.PAGE.read_text()
    assert templates_table.written(page) == page
    assert all(f"`{kind.term.zh}` `{kind.code}`" in page for kind in TABLES)
    assert f"`{INDEX.zh}` `{INDEX.code}`" in page and f"`{COUNT.zh}` `{COUNT.code}`" in page
    assert f"Word shows {ROWS_IN_WORD:,} rows, Excel {ROWS_IN_EXCEL:,}" in page


def test_the_example_is_understood() -> None:
    example = re.search(r"```\n(.*?)```", templates_table.PAGE.read_text(), re.S)
    assert example
    assert texts(filled(word(*example[1].strip().split("\n")))) == [
        "截至2026年3月5日，小菜园清理共摸排 18 处（今日 +2），完成 100.0%。",
        "受阻 2 处：1号楼东侧菜地（外出务工，联系不上）；2号楼东侧菜地（外出务工，联系不上）；",
    ]
