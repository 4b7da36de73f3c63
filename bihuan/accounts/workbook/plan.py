"""What an import would do, row by row."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from bihuan.accounts.workbook.columns import SHEETS
from bihuan.core.sheets import RowError


@dataclass(frozen=True)
class Fault:
    """A row error, and the sheet it is on."""

    sheet: str
    error: RowError


@dataclass
class Line:
    """One row of the workbook, understood."""

    sheet: str
    row: int
    values: dict[str, Any]
    outcome: str  # "new", "changed" or "same"
    existing: Any = None


@dataclass
class Plan:
    """What an import of this workbook would do."""

    lines: dict[str, list[Line]] = field(default_factory=lambda: {sheet: [] for sheet in SHEETS})
    faults: list[Fault] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(len(lines) for lines in self.lines.values())

    @property
    def changes(self) -> int:
        return sum(line.outcome != "same" for lines in self.lines.values() for line in lines)

    def tally(self) -> list[dict[str, Any]]:
        """For each sheet how many rows are new, changed, the same, and faulty."""
        faulty = Counter((fault.sheet, fault.error.row) for fault in self.faults)
        return [
            {
                "title": SHEETS[sheet][0],
                **{word: sum(line.outcome == word for line in lines) for word in ("new", "changed", "same")},
                "faulty": sum(1 for where in faulty if where[0] == SHEETS[sheet][0]),
            }
            for sheet, lines in self.lines.items()
        ]


def parents_first(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """The units, each after the one it stands under; and those that stand under each other in a ring."""
    codes = {line.values["code"] for line in lines}
    ordered: list[Line] = []
    placed: set[str] = set()
    waiting = list(lines)
    while waiting:
        ready = [
            line for line in waiting if line.values["parent"] in placed or line.values["parent"] not in codes
        ]
        if not ready:
            break
        ordered += ready
        placed |= {line.values["code"] for line in ready}
        waiting = [line for line in waiting if line.values["code"] not in placed]
    return ordered, waiting
