"""What an import of a catalogue would do, matter by matter."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bihuan.accounts.models import Unit
from bihuan.cases.models import Matter
from bihuan.core.sheets import RowError
from bihuan.territory.models import Area


@dataclass(frozen=True)
class Change:
    """One field that an import would change, as people read it."""

    label: str
    before: str
    after: str


@dataclass(eq=False)
class Line:
    """One matter of the workbook, understood. A level that is only a heading has no row of its own."""

    name: str
    code: str = ""
    row: int = 0
    first_row: int = 0
    parent: "Line | None" = None
    places: bool = False  # whether the workbook says where the matter stands
    values: dict[str, Any] = field(default_factory=dict)
    units: dict[int, int] | None = None  # area -> unit
    unit_changes: list[tuple[Area, Unit | None]] = field(default_factory=list)
    existing: Matter | None = None
    outcome: str = "same"  # "new", "changed" or "same"
    changes: list[Change] = field(default_factory=list)

    def trail(self) -> list["Line"]:
        """From the topmost matter down to this one."""
        found, step = [], self
        while True:
            found.append(step)
            if step.parent is None:
                return found[::-1]
            step = step.parent

    @property
    def depth(self) -> int:
        return len(self.trail()) - 1


@dataclass
class Plan:
    """What an import of this workbook would do."""

    lines: list[Line] = field(default_factory=list)
    faults: list[RowError] = field(default_factory=list)

    def count(self, outcome: str) -> int:
        return sum(line.outcome == outcome for line in self.lines)

    @property
    def new(self) -> list[Line]:
        return [line for line in self.in_order() if line.outcome == "new"]

    @property
    def changed(self) -> list[Line]:
        return [line for line in self.in_order() if line.outcome == "changed"]

    @property
    def same(self) -> int:
        return self.count("same")

    @property
    def changes(self) -> int:
        return len(self.lines) - self.same

    def in_order(self) -> Iterator[Line]:
        """Every line after the one it stands under."""
        done: set[int] = set()
        for line in self.lines:
            for step in line.trail():
                if id(step) not in done:
                    done.add(id(step))
                    yield step
