"""What an expression is reckoned in: the fields of a ledger, an item's answers, the place among its repeats.

Groups do not nest here: their fields stand beside the others, as their names are unique. A repeat holds a
list of entries. `frontend/src/expressions/outline.ts` is the twin.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bihuan.ledgers.expressions import values

Answers = Mapping[str, Any]


class Outline:
    """Which fields there are, and inside which repeats: `{"name": None, "people": {"age": None}}`."""

    def __init__(self, fields: Mapping[str, Any]):
        self.around: dict[str, tuple[str, ...]] = {}
        self.repeats: dict[str, list[str]] = {}
        self._add(fields, ())

    def _add(self, fields: Mapping[str, Any], around: tuple[str, ...]) -> None:
        for name, inner in fields.items():
            self.around[name] = around
            if inner is not None:
                self.repeats[name] = list(inner)
                self._add(inner, (*around, name))


def entries(answers: Answers, repeat: str) -> list[Answers]:
    stored = answers.get(repeat)
    return stored if isinstance(stored, list) else []


@dataclass(frozen=True)
class Context:
    """Everything an expression may ask for. The same context gives the same result, anywhere and always.

    `now` is in milliseconds since 1970 (UTC), `zone` the district's offset in minutes. `at` says in which
    entry (from 1) of which repeats the field stands, the outermost first. `columns` is the choice or
    entry that a filter looks at, `position` its number; `choices` has the labels of select fields in the
    language asked for.
    """

    outline: Outline
    answers: Answers
    now: int
    zone: int = 0
    language: str = "en"
    this: Any = ""
    at: Mapping[str, int] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    columns: Answers | None = None
    position: int = 0

    @staticmethod
    def clock(moment: datetime) -> dict[str, int]:
        """The values of now and zone for an aware moment in the district's time."""
        offset = moment.utcoffset()
        assert offset is not None, "a moment without a zone"
        return {
            "now": round(moment.timestamp() * 1000),
            "zone": int(offset.total_seconds()) // 60,
        }

    def local(self) -> int:
        return self.now + self.zone * 60_000

    def within(self, repeats: Sequence[str]) -> list[Answers]:
        """The entries of nested repeats, seen from here: the own entry where one stands in it, else all."""
        found = [self.answers]
        for repeat in repeats:
            own = self.at.get(repeat)
            inner = [entries(one, repeat) for one in found]
            found = [
                one
                for rows in inner
                for one in (rows if own is None else rows[max(own - 1, 0) : max(own, 0)])
            ]
        return found

    def all_of(self, repeat: str) -> list[Answers]:
        """All entries of a repeat inside the entries around it."""
        around = self.outline.around.get(repeat, ())
        return [one for outer in self.within(around) for one in entries(outer, repeat)]

    def indexed(self, repeats: Sequence[tuple[str, float]]) -> list[Answers]:
        """The entries of nested repeats by their numbers; a number below 1 means the first."""
        found = [self.answers]
        for repeat, index in repeats:
            number = max(int(index), 1) if abs(index) < 1e9 else 1
            found = [one for outer in found for one in entries(outer, repeat)[number - 1 : number]]
        return found

    def nodes(self, name: str) -> list[str]:
        """The answers that ${name} means here."""
        if name in self.outline.repeats:
            return ["" for _entry in self.all_of(name)]
        around = self.outline.around.get(name, ())
        return [values.text(one.get(name)) for one in self.within(around)]
