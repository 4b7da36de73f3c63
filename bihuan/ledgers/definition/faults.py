"""What is wrong with a workbook: every fault at once, each with its cell, in the reader's language."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import lazy


def _fill(sentence: Any, values: dict[str, Any]) -> str:
    return str(sentence) % values if values else str(sentence)


_lazily = lazy(_fill, str)


def say(sentence: Any, /, **values: Any) -> Any:
    """A lazily translated sentence with values in it, put together only when somebody reads it."""
    return _lazily(sentence, values)


@dataclass(frozen=True)
class CellFault:
    """What is wrong in one cell, and what its author can do about it."""

    sheet: str
    row: int  # as the spreadsheet program counts; 0 where the whole sheet or file is meant
    column: str  # its letter; "" where the whole row is meant
    heading: str
    problem: Any
    remedy: Any

    @property
    def cell(self) -> str:
        return f"{self.column}{self.row}" if self.row else ""

    def __str__(self) -> str:
        where = " ".join(part for part in (self.sheet, self.cell) if part)
        return f"{where}: {self.problem} {self.remedy}" if where else f"{self.problem} {self.remedy}"


class FaultyWorkbook(Exception):
    """The workbook is not understood; `faults` says why, cell by cell."""

    def __init__(self, faults: list[CellFault]):
        self.faults = tuple(faults)
        super().__init__(f"{len(faults)} faults")

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)
