"""Reads a sheet of a known kind: finds its columns by any of their headings, gives its rows cell by cell."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.core.sheets import Grid, as_text
from bihuan.core.text import listed
from bihuan.core.xlsx import letter_of
from bihuan.ledgers.definition.columns import SheetKind
from bihuan.ledgers.definition.faults import CellFault, say
from bihuan.ledgers.definition.lines import Line, fold, language_of

MOST_ROWS = 20_000
LONGEST_CELL = 32_767  # characters, that a spreadsheet program holds
TRANSLATION = re.compile(r"(?P<base>[^:]+?)\s*::?\s*(?P<language>[^:].*)")
CHINESE = re.compile("[\u3400-\u9fff]")


@dataclass
class Sheet:
    """A sheet of a known kind. Reading it collects faults; it never stops at the first."""

    grid: Grid
    kind: SheetKind
    faults: list[CellFault]
    translated: tuple[str, ...] = ()
    refused: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    top: int = 0  # index of the heading row
    at: dict[str, int] = field(default_factory=dict)  # column → its index
    foreign: dict[int, str] = field(default_factory=dict)  # index → heading of a column only the author knows
    lines: list[Line] = field(default_factory=list)

    def __post_init__(self) -> None:
        texts = [[as_text(cell) for cell in line] for line in self.grid.lines]
        filled = [index for index, line in enumerate(texts) if any(line)]
        self._merged()
        self._failed()
        if not filled:
            self.fault(1, "", _("The sheet is empty."), self._headings_wanted())
            return
        self.top = self._heading_row(texts, filled)
        self._columns(texts)
        missing = [c for c in self.kind.columns if c.needed and not self._has(c.key)]
        if missing:
            names = listed(f"{column.zh}（{column.key}）" for column in missing)
            self.fault(
                self.top + 1,
                "",
                say(_("The column %(names)s is missing."), names=names),
                self._headings_wanted(),
            )
            return
        self._read(texts, filled)

    # -- where

    def fault(self, row: int, key: str, problem: Any, remedy: Any) -> None:
        index = self.place(key)
        heading = as_text(self._cell(self.top, index)) if index is not None else ""
        letter = letter_of(index) if index is not None else ""
        self.faults.append(CellFault(self.grid.name, row, letter, heading, problem, remedy))

    def place(self, key: str) -> int | None:
        """The index of a column, or of its version in a language."""
        return next(
            (self.at[one] for one in (key, f"{key}::zh", f"{key}::en", f"{key}_en") if one in self.at), None
        )

    def _has(self, key: str) -> bool:
        return self.place(key) is not None

    def _cell(self, row: int, column: int) -> Any:
        line = self.grid.lines[row] if row < len(self.grid.lines) else []
        return line[column] if column < len(line) else None

    def _headings_wanted(self) -> Any:
        names = listed(column.key for column in self.kind.columns if column.needed)
        return say(_("Write the column names into row 1, at least: %(names)s."), names=names)

    # -- what stands in the way of reading

    def _merged(self) -> None:
        for (row, column), (last_row, last_column) in self.grid.merged:
            self.faults.append(
                CellFault(
                    self.grid.name, row + 1, letter_of(column), "",
                    say(_("%(first)s%(row)s to %(last)s%(end)s are merged: only the first cell has a value."),
                        first=letter_of(column), row=row + 1, last=letter_of(last_column), end=last_row + 1),
                    _("Unmerge them and write the value into each cell it belongs to."),
                )
            )  # fmt: skip

    def _failed(self) -> None:
        for row, cells in sorted(self.grid.failed.items()):
            for column, shown in sorted(cells.items()):
                self.faults.append(
                    CellFault(
                        self.grid.name, row, letter_of(column), "",
                        say(_("The formula in this cell failed: %(shown)s."), shown=shown),
                        _("Correct the formula, or write the value itself."),
                    )
                )  # fmt: skip

    def _heading_row(self, texts: list[list[str]], filled: list[int]) -> int:
        """The first row with content, unless a later one of the first five is plainly the heading."""
        known = {fold(heading) for column in self.kind.columns for heading in column.headings}

        def score(index: int) -> int:
            bases = (TRANSLATION.fullmatch(fold(cell)) for cell in texts[index])
            plain = [fold(cell) for cell in texts[index]]
            return sum(cell in known for cell in plain) + sum(
                bool(m) and m["base"] in known for m in bases if m
            )

        first = filled[0]
        best = max(filled[:5], key=lambda index: (score(index), -index))
        if best != first and score(best) >= 2 and score(first) * 2 < score(best):
            self.fault(
                first + 1, "",
                say(_("Row %(first)s is above the column names, which stand in row %(best)s."),
                    first=first + 1, best=best + 1),
                say(_("Delete the rows above row %(best)s; a title belongs into settings, form_title."),
                    best=best + 1),
            )  # fmt: skip
            return best
        for other in filled[1:3]:
            pairs = zip(texts[first], texts[other], strict=False)
            same = sum(bool(cell) and self._key(name) == self._key(cell) != "" for name, cell in pairs)
            if same >= max(2, len([cell for cell in texts[other] if cell]) * 2 // 3):
                self.fault(
                    other + 1, "",
                    say(_("Row %(row)s holds column names again."), row=other + 1),
                    _("Leave one row of column names, and delete the other."),
                )  # fmt: skip
        return first

    # -- columns

    def _columns(self, texts: list[list[str]]) -> None:
        width = max(len(line) for line in texts)
        for index in range(width):
            heading = texts[self.top][index] if index < len(texts[self.top]) else ""
            below = [
                (n, line[index])
                for n, line in enumerate(texts)
                if n > self.top and index < len(line) and line[index]
            ]
            if not heading:
                if below:
                    self.faults.append(
                        CellFault(
                            self.grid.name, below[0][0] + 1, letter_of(index), "",
                            say(_("Column %(column)s has no name, but something stands in it."),
                                column=letter_of(index)),
                            _("Write the column's name into its first row, or empty the column."),
                        )
                    )  # fmt: skip
                continue
            key = self._key(heading)
            reason = self._refused(heading, key)
            if reason and below:
                self.faults.append(
                    CellFault(self.grid.name, self.top + 1, letter_of(index), heading, *reason)
                )
            elif key and key in self.at:
                self.faults.append(
                    CellFault(
                        self.grid.name, self.top + 1, letter_of(index), heading,
                        say(_("“%(heading)s” means the same as column %(other)s."),
                            heading=heading, other=letter_of(self.at[key])),
                        _("Remove or rename one of the two columns."),
                    )
                )  # fmt: skip
            elif key:
                self.at[key] = index
            elif heading in self.foreign.values():
                self.faults.append(
                    CellFault(
                        self.grid.name, self.top + 1, letter_of(index), heading,
                        say(_("There are two columns “%(heading)s”."), heading=heading),
                        _("Remove or rename one of the two columns."),
                    )
                )  # fmt: skip
            elif not reason:
                self.foreign[index] = heading
        self._settle_language(texts)

    def _key(self, heading: str) -> str:
        plain = fold(heading)
        for column in self.kind.columns:
            if plain in {fold(name) for name in column.headings}:
                return column.key
        match = TRANSLATION.fullmatch(plain)
        if match:
            for column in self.kind.columns:
                if column.key in self.translated and match["base"] in {
                    fold(name) for name in column.headings
                }:
                    language = language_of(match["language"])
                    return f"{column.key}::{language}" if language else ""
        return ""

    def _refused(self, heading: str, key: str) -> tuple[Any, Any] | None:
        plain = fold(heading)
        match = TRANSLATION.fullmatch(plain)
        return None if key else self.refused.get(plain) or self.refused.get(match["base"] if match else plain)

    def _settle_language(self, texts: list[list[str]]) -> None:
        """A translated column without a language counts as Chinese where any of its cells is."""
        for key in self.translated:
            index = self.at.get(key)
            if index is None:
                continue
            below = (line[index] for line in texts[self.top + 1 :] if index < len(line))
            language = "zh" if any(CHINESE.search(cell) for cell in below) else "en"
            if f"{key}::{language}" in self.at:
                language = "en" if language == "zh" else "zh"
            if f"{key}::{language}" in self.at:
                self.fault(
                    self.top + 1, key,
                    say(_("“%(key)s” is there in both languages and once more without one."), key=key),
                    _("Remove the column without a language."),
                )  # fmt: skip
            else:
                self.at[f"{key}::{language}"] = self.at.pop(key)

    # -- rows

    def _read(self, texts: list[list[str]], filled: list[int]) -> None:
        rows = [index for index in filled if index > self.top]
        if len(rows) > MOST_ROWS:
            self.fault(
                rows[MOST_ROWS] + 1, "",
                say(_("The sheet has more than %(most)s rows."), most=f"{MOST_ROWS:,}"),
                _("Split the ledger into several."),
            )  # fmt: skip
        for index in rows[:MOST_ROWS]:
            line = texts[index]
            cells = {key: line[at] for key, at in self.at.items() if at < len(line) and line[at]}
            self._check_lengths(index, line)
            extras = tuple(
                (heading, line[at]) for at, heading in self.foreign.items() if at < len(line) and line[at]
            )
            self.lines.append(Line(self, index + 1, cells, extras))

    def _check_lengths(self, index: int, line: list[str]) -> None:
        for at, text in enumerate(line):
            if len(text) > LONGEST_CELL:
                self.faults.append(
                    CellFault(
                        self.grid.name, index + 1, letter_of(at), "",
                        say(_("Longer than %(limit)s characters."), limit=f"{LONGEST_CELL:,}"),
                        _("Shorten it."),
                    )
                )  # fmt: skip


def kind_of(name: str, kinds: Iterable[SheetKind]) -> SheetKind | None:
    """What a sheet is, by its name in either language."""
    plain = fold(name)
    return next((kind for kind in kinds if plain in {fold(w) for w in (kind.key, kind.zh, *kind.also)}), None)


def misspelt(name: str, kinds: Iterable[SheetKind]) -> SheetKind | None:
    """The kind that a sheet's name was perhaps to be: one letter wrong, missing, or too many."""
    plain = fold(name)
    return next(
        (
            kind
            for kind in kinds
            for word in (kind.key, kind.zh)
            if len(word) > 3 and _close(plain, fold(word))
        ),
        None,
    )


def _close(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1:
        return False
    start = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    return (
        one[start + 1 :] == other[start + 1 :]
        or one[start:] == other[start + 1 :]
        or one[start + 1 :] == other[start:]
    )
