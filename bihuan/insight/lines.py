"""From marks to sums: the lines of a case that count, the cells they count in, what a change adds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import NamedTuple

from bihuan.insight.buckets import bucket_of
from bihuan.insight.marks import Mark, names_of
from bihuan.insight.periods import KEPT, start_of
from bihuan.insight.story import Told

TOOK = "took"


class Line(NamedTuple):
    """What counts on one day at one place: the case itself (`seq` 0) or one of its transitions."""

    seq: int
    day: date
    area: int
    subdistrict: int
    unit: int
    matter: int
    marks: int
    took: int


class Place(NamedTuple):
    """A cell of the sums, without what is summed up in it; in the order of the tables' keys."""

    kind: str
    matter: int
    unit: int
    start: date
    area: int
    subdistrict: int


def lines_of(told: Told) -> dict[int, Line]:
    """The lines of a case, by their seq. A line before a unit or matter was known has the one that came."""
    cell, street = told.row.cell, told.row.subdistrict or 0
    unit, matter = told.unit or 0, told.matter or 0
    lines = {}
    if told.marks and told.due_on is not None:
        took = told.took if told.marks & Mark.RESOLVED else 0
        lines[0] = Line(0, told.due_on, cell, street, unit, matter, int(told.marks), took)
    for step in told.steps:
        if step.counted_on is not None:
            lines[step.seq] = Line(
                step.seq,
                step.counted_on,
                cell,
                street,
                step.unit or unit,
                step.matter or matter,
                int(step.marks),
                0,
            )
    return lines


@cache
def _starts(day: date) -> tuple[tuple[str, date], ...]:
    return tuple((kind, start_of(kind, day)) for kind in KEPT)


def places_of(line: Line) -> Iterable[Place]:
    """Every cell a line counts in: its day and month, its own unit and all, its own matter and all."""
    units = (0, line.unit) if line.unit else (0,)
    matters = (0, line.matter) if line.matter else (0,)
    for kind, start in _starts(line.day):
        for matter in matters:
            for unit in units:
                yield Place(kind, matter, unit, start, line.area, line.subdistrict)


class Late(NamedTuple):
    """A line as it would change a closed period; see `models.LateChange`."""

    case: int
    line: Line
    kind: str
    start: date
    lost: int
    won: int


@dataclass
class Changes:
    """What one or several cases change in the sums."""

    sums: dict[Place, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    times: Counter[tuple[Place, int]] = field(default_factory=Counter)
    lines: list[tuple[int, Line, int]] = field(default_factory=list)

    def replace(self, case: int, old: dict[int, Line], new: dict[int, Line]) -> None:
        """Take the old lines of a case out and put the new ones in, where they differ."""
        for seq in old.keys() | new.keys():
            before, after = old.get(seq), new.get(seq)
            if before != after:
                if before is not None:
                    self._count(case, before, -1)
                if after is not None:
                    self._count(case, after, 1)

    def _count(self, case: int, line: Line, sign: int) -> None:
        self.lines.append((case, line, sign))
        for place in places_of(line):
            self._add(place, line, sign)

    def _add(self, place: Place, line: Line, sign: int) -> None:
        sums = self.sums[place]
        for mark in names_of(line.marks):
            sums[mark.column] += sign
        if line.marks & Mark.RESOLVED:
            sums[TOOK] += sign * line.took
            self.times[place, bucket_of(line.took)] += sign

    def keep_out_of(self, closed: set[tuple[str, date]]) -> list[Late]:
        """Leave closed periods alone; what would have changed there."""
        for place in [place for place in self.sums if (place.kind, place.start) in closed]:
            del self.sums[place]
        for key in [key for key in self.times if (key[0].kind, key[0].start) in closed]:
            del self.times[key]
        found = []
        for case, line, sign in self.lines:
            for kind, start in _starts(line.day):
                if (kind, start) in closed:
                    lost, won = (line.marks, 0) if sign < 0 else (0, line.marks)
                    found.append(Late(case, line, kind, start, lost, won))
        return found

    def starts(self) -> set[tuple[str, date]]:
        return {(place.kind, place.start) for place in self.sums}
