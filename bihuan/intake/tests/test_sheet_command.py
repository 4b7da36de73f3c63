"""`bihuan import-cases`: the same steps as on the page, in the foreground."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from bihuan.cases.models import Case, Report
from bihuan.intake.models import SheetImport
from bihuan.intake.tests.sheets import HEADER, reports, rows_of, workbook

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[int, str]:
    """Exit status and what was said."""
    out = io.StringIO()
    try:
        call_command("import_cases", *arguments, stdout=out, stderr=io.StringIO())
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


def test_the_command_does_the_same(clerk: Any, places: Any, tmp_path: Path) -> None:
    file = tmp_path / "留言.xlsx"
    file.write_bytes(workbook([*reports(3), [9, "", "", ""]]))

    assert run(str(file), "--by", "clerk", "--dry-run")[0] == 1
    assert not SheetImport.objects.exists()
    assert run(str(file), "--by", "clerk", "--source", "问政")[0] == 1
    assert len(rows_of((tmp_path / "留言-refused.xlsx").read_bytes())) == 2
    assert (Case.objects.count(), Case.objects.first().desk) == (3, places.street)
    status, said = run(str(file), "--source", "问政")
    assert status == 1 and "3" in said
    assert Case.objects.count() == 3


def test_the_command_takes_the_meaning_it_is_told(clerk: Any, places: Any, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("甲,乙,丙\n7,路灯坏了,x\n")

    status, said = run(str(file), "--area", places.other.code, "--map", "甲=number", "B=words", "丙=")

    assert status == 0, said
    report = Report.objects.select_related("case__desk").get()
    assert (report.source_key, report.words, report.case.desk) == ("7", "路灯坏了", places.other)


@pytest.mark.parametrize(
    "arguments",
    [["--by", "nobody"], ["--area", "0"], ["--map", "x"], ["--map", "甲=words2"], ["--by", "dispatcher"],
     ["--sheet", "x"], ["--map", "留言详情=", "留言主题="]],
)  # fmt: skip
def test_the_command_says_what_it_cannot_do(cast: Any, tmp_path: Path, arguments: list[str]) -> None:
    file = tmp_path / "x.xlsx"
    file.write_bytes(workbook([HEADER, [1, "a", "b", ""]]))

    assert run(str(file), *arguments)[0] == 2
    assert run(str(tmp_path / "none.xlsx"))[0] == 2
    assert not Case.objects.exists()
