"""Reads a workbook of matters against what the database holds; writes nothing."""

import re
from typing import BinaryIO

from django.utils.translation import gettext as _

from bihuan.accounts.queries import nearest
from bihuan.cases.catalogue_book.cells import CellReader, tidy
from bihuan.cases.catalogue_book.columns import CODE, COLUMNS, LEVELS, column_label, readable
from bihuan.cases.catalogue_book.plan import Change, Line, Plan
from bihuan.cases.catalogue_book.written import next_code
from bihuan.cases.models import Matter, Responsibility
from bihuan.core.sheets import Row, RowError, read_table
from bihuan.core.text import normalise


def read_plan(file: BinaryIO, name: str) -> Plan:
    """Read a workbook against what the database holds; writes nothing.

    Raises ValidationError with a sentence for the user when the file is no spreadsheet.
    """
    return _Reader().read(file, name)


class _Reader(CellReader):
    def __init__(self) -> None:
        super().__init__()
        self.matters = {matter.pk: matter for matter in Matter.objects.select_related("parent")}
        self.lines: dict[int, Line] = {}  # of matters that are there already, by their id
        self.by_code: dict[str, Line] = {}
        self.by_place: dict[tuple[int, str], Line] = {}
        self.answers: dict[int, dict[int, int]] = {}
        for matter_id, area_id, unit_id in Responsibility.objects.values_list(
            "matter_id", "area_id", "unit_id"
        ):
            self.answers.setdefault(matter_id, {})[area_id] = unit_id
        for matter in sorted(self.matters.values(), key=lambda matter: matter.retired_at is not None):
            line = Line(matter.name, matter.code, existing=matter)
            self.lines[matter.pk] = line
            self.by_code[matter.code] = line
        for pk, line in self.lines.items():
            parent_id = self.matters[pk].parent_id
            line.parent = self.lines[parent_id] if parent_id else None
            self.by_place.setdefault(self._place(line.parent, line.name), line)
        self.levels: list[str] = []

    @staticmethod
    def _place(parent: Line | None, name: str) -> tuple[int, str]:
        return (id(parent) if parent else 0, normalise(name).casefold())

    def read(self, file: BinaryIO, name: str) -> Plan:
        table = read_table(file, name)
        if not self._understand(table.header):
            return self.plan
        # Codes first: a row may name a parent that stands further down.
        rows = [(row, self._cell(row, "code")) for row in table.rows]
        for row, code in rows:
            if not code:
                continue
            if not CODE.fullmatch(code):
                self._fault(
                    row,
                    "code",
                    _("“%(code)s” is not a code.") % {"code": code},
                    _("Letters, digits, . - _ / only."),
                )
                continue
            line = self.by_code.get(code)
            if line is not None and line.row:
                self._repeated(row, "code", line)
                continue
            if line is None:
                line = self.by_code[code] = Line("", code)
            line.row = row.number
        # Matters before those below them, so that a heading finds the row that is about it.
        for row, code in sorted(rows, key=lambda pair: self._depth(pair[0])):
            line = self._line(row, code)
            if line is not None:
                self._take(row, line)
        self._look_for_rings()
        if not self.plan.faults:
            self._make_codes()
            self._compare()
            self._look_for_twins()
        self.plan.faults.sort(key=lambda fault: fault.row)
        return self.plan

    # -- the header

    def _understand(self, header: list[str]) -> bool:
        levels: dict[int, str] = {}
        for title in header:
            plain = re.sub(r"[\s*]+$", "", normalise(title)).lower()
            for number, names in enumerate(LEVELS):
                if plain in names:
                    levels.setdefault(number, title)
            for column, (chinese, others) in COLUMNS.items():
                if column not in self.headers and (plain == chinese or plain in others):
                    self.headers[column] = title
        self.levels = [levels[number] for number in sorted(levels)]
        if self.levels or "name" in self.headers:
            return True
        title = COLUMNS["name"][0]
        near = nearest(title, header)
        self.plan.faults.append(
            RowError(
                1,
                title,
                _("This column is missing."),
                _("Rename the column “%(near)s” to “%(title)s”.") % {"near": near, "title": title}
                if near
                else _("Add a column named “%(title)s”.") % {"title": title},
            )
        )
        return False

    # -- which matter a row is about

    def _line(self, row: Row, code: str) -> Line | None:
        if code and not (code in self.by_code and self.by_code[code].row == row.number):
            return None  # its fault is noted already
        name, levels, above = self._cell(row, "name"), self._level_names(row), self._cell(row, "parent")
        if levels is None:
            return None
        if levels and above:
            self._fault(
                row, "parent", _("The row has both levels and a parent's code."), _("Empty one of the two.")
            )
            return None
        if levels and (not name or normalise(name).casefold() == normalise(levels[-1]).casefold()):
            *levels, name = levels
        if not name:
            column = "name" if "name" in self.headers else self.levels[-1]
            self._fault(row, column, _("This cell is empty."), _("Fill it in."))
            return None
        places = bool(self.levels) or "parent" in self.headers
        parent: Line | None = None
        if above:
            parent = self.by_code.get(above)
            if parent is None or (not parent.row and parent.existing is None):
                known = [known for known, line in self.by_code.items() if line.existing or line.row]
                near = nearest(above, known)
                self._fault(
                    row,
                    "parent",
                    _("There is no matter with the code “%(code)s”.") % {"code": above},
                    _("Perhaps “%(near)s”?") % {"near": near} if near else _("Add a row with this code."),
                )
                return None
        for level in levels:
            parent = self._heading(row, parent, level)
        if code:
            return self._settle(self.by_code[code], row, name, parent, places)
        found = self.by_place.get(self._place(parent, name))
        if found is None:
            found = Line(name)
        elif found.row and found.row != row.number:
            self._repeated(row, "name" if "name" in self.headers else self.levels[-1], found)
            return None
        found.row = row.number
        return self._settle(found, row, name, parent, places)

    def _depth(self, row: Row) -> int:
        names = [*(row.text(title) for title in self.levels), self._cell(row, "name") if self.levels else ""]
        return sum(bool(name) for name in names)

    def _level_names(self, row: Row) -> list[str] | None:
        names = [tidy(row.text(title)) for title in self.levels]
        while names and not names[-1]:
            names.pop()
        if "" in names:
            self._fault(
                row,
                self.levels[names.index("")],
                _("A level is left out here."),
                _("Fill in the level above too."),
            )
            return None
        return names

    def _heading(self, row: Row, parent: Line | None, name: str) -> Line:
        place = self._place(parent, name)
        line = self.by_place.get(place)
        if line is None:
            line = self.by_place[place] = Line(name, parent=parent, places=True)
            self._check_length(row, self.levels[0], "name", name)
        self._note(row, line)
        return line

    def _settle(self, line: Line, row: Row, name: str, parent: Line | None, places: bool) -> Line | None:
        self._check_length(row, "name" if "name" in self.headers else self.levels[-1], "name", name)
        line.name = name
        if places or line.existing is None:
            line.parent, line.places = parent, True
            if parent is not None:
                self._note(row, parent)
        self.by_place.setdefault(self._place(line.parent, name), line)
        self._note(row, line)
        return line

    def _note(self, row: Row, line: Line) -> None:
        """Put a matter into the plan, once, and refuse one that is no longer in use."""
        if line.first_row:
            return
        line.first_row = row.number
        self.plan.lines.append(line)
        if line.existing is not None and line.existing.retired_at is not None:
            self._fault(
                row,
                "name" if "name" in self.headers else self.levels[-1],
                _("“%(name)s” has been retired.") % {"name": line.name},
                _("Bring it back on its page first, or remove the row."),
            )

    # -- the whole

    def _look_for_rings(self) -> None:
        for line in self.plan.lines:
            step, seen = line.parent, {id(line)}
            while step is not None and id(step) not in seen:
                seen.add(id(step))
                step = step.parent
            if step is not None:
                self.plan.faults.append(
                    RowError(
                        line.row or line.first_row,
                        COLUMNS["parent"][0],
                        _("The matter would stand under itself."),
                        _("Correct the code of the matter above it."),
                    )
                )
                line.parent = None

    def _make_codes(self) -> None:
        taken = set(self.by_code)
        for line in self.plan.in_order():
            if not line.code:
                line.code = next_code(line.parent.code if line.parent else "", taken)
                taken.add(line.code)

    def _compare(self) -> None:
        for line in self.plan.lines:
            matter = line.existing
            before = self.answers.get(matter.pk, {}) if matter else {}
            if line.units is not None:
                line.unit_changes = [
                    (self.area_of[pk], self.units[line.units[pk]] if pk in line.units else None)
                    for pk in dict.fromkeys([*before, *line.units])
                    if pk in self.area_of and before.get(pk) != line.units.get(pk)
                ]
            if matter is None:
                line.outcome = "new"
                continue
            line.changes = [
                Change(column_label(name), readable(getattr(matter, name)), readable(value))
                for name, value in {"name": line.name, **line.values}.items()
                if getattr(matter, name) != value
            ]
            old = self.lines.get(matter.parent_id or 0)
            if line.places and line.parent is not old:
                names = (above.name if above else "" for above in (old, line.parent))
                line.changes.append(Change(column_label("parent"), *names))
            for area, unit in line.unit_changes:
                known = self.units.get(before.get(area.pk, 0))
                label = f"{column_label('units')} · {area.label}"
                line.changes.append(Change(label, known.label if known else "", unit.label if unit else ""))
            line.outcome = "changed" if line.changes else "same"

    def _look_for_twins(self) -> None:
        """After all changes, no two matters of the same name may stand in the same place."""
        named: dict[tuple[int, str], Line] = {}
        lines = [*self.plan.lines, *(line for line in self.lines.values() if not line.first_row)]
        for line in lines:
            if line.existing is not None and line.existing.retired_at is not None:
                continue
            other = named.setdefault(self._place(line.parent, line.name), line)
            if other is line:
                continue
            late, early = (line, other) if (line.row or line.first_row) else (other, line)
            self.plan.faults.append(
                RowError(
                    late.row or late.first_row,
                    COLUMNS["name"][0],
                    _("“%(name)s” is already there, with the code %(code)s.")
                    % {"name": early.name, "code": early.code},
                    _("Write that code into the row, or give the matter another name."),
                )
            )
