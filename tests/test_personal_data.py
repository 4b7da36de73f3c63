"""Who reads a decrypted phone number: the functions named here and nothing else."""

import ast
import re
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "bihuan"

# Where `.phone` is read in the product, and why it may be.
READERS = {
    "accounts/actions/accounts.py:change_person": "compares and keeps it",
    "accounts/actions/accounts.py:_fill": "looks whether another account has it",
    "accounts/adapter.py:get_phone": "the person's own, for the sign-in",
    "accounts/models.py:masked_phone": "masks it",
    "accounts/models.py:write_phone": "has just been given it",
    "accounts/views/me.py:change": "the person's own form",
    "accounts/workbook/reading.py:_person": "keeps what a workbook leaves empty",
    "cases/queries/personal.py:masked": "masks it",
    "cases/queries/personal.py:number_of": "for who has asked to see it and was recorded, and for its owner",
    "cases/queries/personal.py:export_of_account": "the person's own",
    "cases/rules/personal.py:digits_fit": "compares the last digits",
    "intake/web/forms.py:__init__": "the person's own, filled in for them",
}
# Of templates, only the person's own pages print it; what a query hands over is masked or was recorded.
PAGES = {"accounts/templates/accounts/me.html", "cases/templates/cases/personal/export.html"}
IN_TEMPLATE = re.compile(r"\b(user|person|report|reporter|recipient)\.phone\b(?!_index)")


def readers() -> set[str]:
    found = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        if {"tests", "migrations", "demo"} & set(path.parts):
            continue
        tree = ast.parse(path.read_text())
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                for node in ast.walk(function):
                    read = (
                        isinstance(node, ast.Attribute)
                        and node.attr == "phone"
                        and isinstance(node.ctx, ast.Load)
                    )
                    if read or _asks_for_the_column(node):
                        found.add(f"{path.relative_to(PACKAGE)}:{function.name}")
    return found


def _asks_for_the_column(node: ast.AST) -> bool:
    """`.values("phone")` and its kind give the number as well."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("values", "values_list")
        and any(
            isinstance(given, ast.Constant) and str(given.value).rpartition("__")[2] == "phone"
            for given in node.args
        )
    )


def test_a_number_is_read_only_where_it_may_be() -> None:
    assert readers() - set(READERS) == set(), "reads a decrypted phone; see docs/personal-data.md"
    assert set(READERS) - readers() == set(), "no longer there: take it off the list"


def test_no_page_prints_a_number_past_the_record() -> None:
    printing = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.html")
        if IN_TEMPLATE.search(path.read_text())
    }
    assert printing == PAGES
