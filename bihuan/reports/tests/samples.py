"""Summaries for the tests: 小菜园清理 with the numbers of the page, and a second campaign beside it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from bihuan.ledgers.definition import Words
from bihuan.reports.documents import Column, Fewer, Figure, Part, Signature, Summary, Table, Text, table_of

PLACES = Words("处数", "Plots")
PEOPLE = Words("人次", "Person-times")
GREEN = Words("复绿面积", "Replanted")
EVENING = datetime(2026, 3, 5, 10, 0, tzinfo=UTC)  # 18:00 in the district


def blocked(count: int = 2) -> Table:
    return table_of(
        "blocked",
        [
            {
                "number": f"{number:03}", "title": f"{number}号楼东侧菜地",
                "area": "庆丰社区", "team": "第1组",
                "step": Words("劝导", "Persuasion"), "responsible": "张同志", "since": EVENING,
                "why": "外出务工，联系不上",
            }
            for number in range(1, count + 1)
        ],
    )  # fmt: skip


def changes(count: int = 3) -> Table:
    return table_of(
        "changes",
        [
            {
                "number": f"{number:03}", "title": f"{number}号地块", "before": Words("劝导", "Persuasion"),
                "step": Words("清运", "Clearing"), "by": Words("网格员", "Grid worker"), "at": EVENING,
            }
            for number in range(1, count + 1)
        ],
    )  # fmt: skip


def teams(count: int = 2) -> Table:
    rows = [
        {"name": f"第{number}组", "households": Decimal(2), "households.change": Decimal(number)}
        for number in range(1, count + 1)
    ]
    extra = [Column("households", PLACES), Column("households.change", Words("新增", "new"))]
    return table_of("teams", rows, extra)


def empty(*codes: str) -> list[Table]:
    return [table_of(code, []) for code in codes]


def garden(**changed: Any) -> Part:
    given: dict[str, Any] = {
        "code": "garden",
        "name": Words("小菜园清理", "Vegetable plots"),
        "alias": "小菜园",
        "figures": (
            Figure("households", PLACES, Decimal(18), "处", Decimal(2), Decimal(18)),
            Figure("people", PEOPLE, Decimal(82), "人次", Decimal(9)),
            Figure("green", GREEN, Decimal("499.50"), "平方米", Decimal("-0.5"), Decimal(500)),
        ),
        "tables": (changes(), blocked(), teams(), *empty("overdue", "due", "corrections")),
        "texts": (Text("next", Words("下一步工作", "What comes next"), "继续清运，3月6日前复绿。"),),
    }
    return Part(**{**given, **changed})


def moving(**changed: Any) -> Part:
    """A confidential campaign: figures leave it only when they are large enough."""
    given: dict[str, Any] = {
        "code": "relocation",
        "name": Words("文昌大道西延征迁", "Relocation"),
        "alias": "征迁",
        "figures": (
            Figure("households", Words("签约户数", "Signed"), Fewer(10), "户", None, Decimal(110)),
            Figure("split", Words("分户", "Split"), Decimal(17), "户"),
        ),
    }
    return Part(**{**given, **changed})


def summary(*parts: Part, **changed: Any) -> Summary:
    given: dict[str, Any] = {
        "kind": "daily",
        "title": Words("小菜园清理每日小结", "Daily summary of the vegetable plots"),
        "number": "XCY-2026-014",
        "area": Words("人和街道", "Renhe"),
        "begins": date(2026, 3, 5),
        "ends": date(2026, 3, 5),
        "made_at": EVENING,
        "parts": parts or (garden(), moving()),
        "unit": Words("人和街道办事处", "Renhe subdistrict office"),
        "made_by": Words("受理员", "Intake clerk"),
        "signatures": (
            Signature(Words("制表", "Made by"), "李同志"),
            Signature(Words("审核", "Checked by")),
        ),
        "note": Words("演示数据", "Demo data"),
    }
    return Summary(**{**given, **changed})
