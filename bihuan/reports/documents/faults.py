"""What is wrong with a template: every fault, where it stands, and the remedy, in the reader's language."""

from dataclasses import dataclass
from typing import Any

from bihuan.ledgers.definition.faults import say

__all__ = ["MOST_FAULTS", "FaultyTemplate", "TemplateFault", "say"]


@dataclass(frozen=True)
class TemplateFault:
    """One fault. In Word `text` says which paragraph; in a workbook sheet, row and column say which cell."""

    part: Any  # the sheet, or lazily “header”, “text”; "" where the whole file is meant
    problem: Any
    remedy: Any
    placeholder: str = ""
    text: str = ""
    row: int = 0
    column: str = ""

    @property
    def cell(self) -> str:
        return f"{self.column}{self.row}" if self.row else ""

    def __str__(self) -> str:
        where = " ".join(str(part) for part in (self.part, self.cell, self.text and f"“{self.text}”") if part)
        sentence = f"{self.problem} {self.remedy}"
        return f"{where}: {sentence}" if where else sentence


MOST_FAULTS = 100  # more at once help nobody


class FaultyTemplate(Exception):
    """The file cannot be a template; `faults` says why, one by one."""

    def __init__(self, faults: list[TemplateFault]):
        self.faults = tuple(faults)
        super().__init__(f"{len(faults)} faults")

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)
