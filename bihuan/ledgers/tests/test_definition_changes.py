"""Two versions of a ledger are compared in plain words."""

from typing import Any

import pytest
from django.utils import translation

from bihuan.ledgers.definition import changes
from bihuan.ledgers.tests.books import Sheets, gardens, read


def told(sheets: Sheets) -> list[tuple[str, str, str, bool]]:
    with translation.override("en"):
        found = changes(read(gardens()), read(sheets))
        return [(one.of, one.what, str(one.sentence), one.touches_items) for one in found]


def changed(sheet: str, row: int, column: int, value: Any) -> Sheets:
    sheets = gardens()
    line = sheets[sheet][row]
    line += [""] * (column + 1 - len(line))
    line[column] = value
    return sheets


def test_nothing_changed() -> None:
    assert told(gardens()) == []


@pytest.mark.parametrize(
    ("sheets", "expected"),
    [
        (
            changed("settings", 1, 1, "Plots"),
            ("setting", "changed", "The ledger is now called “Plots”.", False),
        ),
        (
            changed("settings", 1, 5, "是"),
            ("setting", "changed", "The setting “confidential” has changed.", True),
        ),
        (
            changed("survey", 8, 0, "integer"),
            (
                "field",
                "changed",
                "“Size” was decimal and is now integer; values that do not fit are left out.",
                True,
            ),
        ),
        (changed("survey", 2, 4, "yes"), ("field", "changed", "“Reason” must now be filled in.", True)),
        (changed("survey", 1, 4, ""), ("field", "changed", "“Grower” may now be left empty.", False)),
        (
            changed("survey", 1, 4, "${reason} != ''"),
            ("field", "changed", "Of “Grower” changed: whether it is required.", False),
        ),
        (
            changed("survey", 8, 5, ". > 1"),
            ("field", "changed", "Of “Size” changed: what an answer must fulfil.", True),
        ),
        (changed("survey", 1, 3, "Who"), ("field", "changed", "Of “Who” changed: label.", False)),
        (
            changed("choices", 1, 3, "Unwilling"),
            ("choice", "changed", "The choice “Refused” is now called “Unwilling”.", False),
        ),
        (changed("步骤", 1, 4, "3d"), ("step", "changed", "Of the step “Survey” changed: time limit.", True)),
        (
            changed("关卡", 2, 6, "30天"),
            ("gate", "changed", "The gate “统一清理关卡” now asks: Notice for 15 days", True),
        ),
        (changed("指标", 1, 8, 20), ("figure", "changed", "The figure “Sites” has changed.", False)),
        (
            changed("文书", 1, 3, "19:00"),
            ("document", "changed", "The document “每日小结” has changed.", False),
        ),
        (changed("单价", 2, 3, 14), ("rate", "changed", "The rate “换土” has changed.", False)),
        (changed("目标", 1, 2, 20), ("goal", "changed", "The goal “全部清完” has changed.", False)),
    ],
)
def test_one_change_is_told(sheets: Sheets, expected: tuple[str, str, str, bool]) -> None:
    assert expected in told(sheets)


def test_fields_and_choices_that_come_and_go() -> None:
    sheets = gardens()
    sheets["survey"][1] = ["text", "grower", "种植人", "Planter", "yes"]
    sheets["choices"][1] = ["reason", "absent", "外出", "Away"]
    sheets["步骤"][1][6] = "grower"
    sheets["步骤"][2][11] = ""

    found = told(sheets)

    assert (
        "field",
        "removed",
        "“Grower” is no longer asked; what was entered stays in the history.",
        True,
    ) in found
    assert ("field", "added", "“Planter” is new.", False) in found
    assert ("field", "added", "“Planter” must be filled in, also in items that are under way.", True) in found
    assert ("choice", "removed", "“Refused” can no longer be chosen.", True) in found
    assert ("choice", "added", "“Away” can now be chosen.", False) in found
    assert [touches for *_rest, touches in found] == sorted((t for *_rest, t in found), reverse=True)


def test_steps_that_come_and_go() -> None:
    sheets = gardens()
    sheets["步骤"][3] = ["replant", "复绿", "Replant", "专班成员"]
    sheets["步骤"][2][8] = "replant"
    sheets["步骤"][2][1:3] = ["清理", "Clear up"]

    found = told(sheets)

    assert (
        "step",
        "removed",
        "The step “Acceptance” is gone; items that stand there must be moved to another step.",
        True,
    ) in found
    assert ("step", "added", "The step “Replant” is new.", True) in found
    assert ("step", "changed", "Of the step “Clear up” changed: name, next steps.", True) in found


def test_a_field_that_moves_into_a_repeat_touches_items() -> None:
    sheets = gardens()
    moved = sheets["survey"].pop(12)
    sheets["survey"].insert(9, moved)

    assert ("field", "moved", "“Cleared on” stands in another group or repeat.", True) in told(sheets)
