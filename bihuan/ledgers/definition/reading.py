"""Reads a workbook into a definition, or says everything that is wrong with it."""

from pathlib import PurePath
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bihuan.core.sheets import Grid, as_text, read_grids
from bihuan.ledgers.definition import dialect, judge
from bihuan.ledgers.definition.columns import OWN, SheetKind
from bihuan.ledgers.definition.dialect import CHOICES, SETTINGS, SURVEY, XLSFORM
from bihuan.ledgers.definition.faults import CellFault, FaultyWorkbook, say
from bihuan.ledgers.definition.formulas import check_formulas
from bihuan.ledgers.definition.lines import fold
from bihuan.ledgers.definition.model import Definition, ForeignSheet, Settings
from bihuan.ledgers.definition.procedure import read_gates, read_steps
from bihuan.ledgers.definition.reporting import read_documents, read_figures, read_goals, read_rates
from bihuan.ledgers.definition.rows import LONGEST_CODE
from bihuan.ledgers.definition.sheets import Sheet, kind_of, misspelt
from bihuan.ledgers.definition.survey import NAME, read_survey

GUIDE_MARK = "本表说明各列的用途，不参与导入。This sheet explains the columns; it is not imported."
MOST_FOREIGN_CELLS = 20_000
KINDS = (*XLSFORM, *OWN)
REFUSED_BY_SHEET = {
    SURVEY.key: dialect.REFUSED_COLUMNS,
    CHOICES.key: {
        key: dialect.REFUSED_COLUMNS[key] for key in ("image", "audio", "video", "big-image", "media")
    },
    SETTINGS.key: dialect.REFUSED_SETTINGS,
}


def read_workbook(file: BinaryIO, name: str) -> Definition:
    """The definition that a workbook holds. `name` is the file's name.

    Raises FaultyWorkbook with every fault found, each with sheet, row, column and remedy.
    """
    try:
        grids = read_grids(file, name)
    except ValidationError as error:
        sentence = " ".join(error.messages)
        raise FaultyWorkbook([CellFault("", 0, "", "", sentence, "")]) from error
    return _Book(grids, PurePath(name).stem).definition()


class _Book:
    """One workbook on its way to becoming a definition."""

    def __init__(self, grids: list[Grid], stem: str) -> None:
        self.stem = stem
        self.faults: list[CellFault] = []
        self.sheets: dict[str, Sheet] = {}
        self.foreign: list[ForeignSheet] = []
        for grid in grids:
            self._sort(grid)
        if SURVEY.key not in self.sheets:
            self.faults.insert(
                0,
                CellFault(
                    SURVEY.key, 0, "", "",
                    _("There is no sheet survey, which lists the fields."),
                    _("Add a sheet survey (or 问题) with the columns type, name and label."),
                ),
            )  # fmt: skip

    def definition(self) -> Definition:
        survey = read_survey(self.sheets.get("survey"), self.sheets.get("choices"))
        title, title_en, version, settings = self._settings()
        if "survey" not in self.sheets:  # no other sheet can be judged without the fields
            raise FaultyWorkbook(self._in_order())
        definition = Definition(title, title_en, version, settings, survey.fields, survey.choices)
        fields = {field.name: field for field in definition.walk()}
        gates, gate_codes = read_gates(self.sheets.get("gates"), fields)
        steps = read_steps(self.sheets.get("steps"), fields, gate_codes)
        figures, figure_codes = read_figures(self.sheets.get("figures"), fields, steps)
        definition = Definition(
            title, title_en, version, settings, survey.fields, survey.choices, steps, gates, figures,
            read_documents(self.sheets.get("documents"), figure_codes),
            read_rates(self.sheets.get("rates"), fields),
            read_goals(self.sheets.get("goals"), figure_codes),
            tuple(self.foreign),
        )  # fmt: skip
        check_formulas(definition, survey, self.sheets)
        self._ask_pyxform(title)
        if self.faults:
            raise FaultyWorkbook(self._in_order())
        return definition

    def _ask_pyxform(self, title: str) -> None:
        """Its one fault counts unless we have said something of that row ourselves."""
        fault = judge.ask(self.sheets, title)
        ours = [one for one in self.faults if fault and one.sheet == fault.sheet]
        if fault and not any(one.row == fault.row or not fault.row for one in ours):
            self.faults.append(fault)

    def _in_order(self) -> list[CellFault]:
        """As a person goes through the file: sheet by sheet, row by row."""
        sheets = [sheet.grid.name for sheet in self.sheets.values()]
        place = {name: number for number, name in enumerate(sheets)}
        unique = dict.fromkeys(self.faults)
        return sorted(unique, key=lambda f: (place.get(f.sheet, -1), f.row, len(f.column), f.column))

    # -- sheets

    def _sort(self, grid: Grid) -> None:
        kind = kind_of(grid.name, KINDS)
        refused = dialect.REFUSED_SHEETS.get(fold(grid.name))
        filled = [[as_text(cell) for cell in line] for line in grid.lines]
        if kind and kind.key in self.sheets:
            other = self.sheets[kind.key].grid.name
            self._fault(
                grid,
                say(_("The sheets “%(name)s” and “%(other)s” mean the same."), name=grid.name, other=other),
                _("Put the rows into one of them, and delete the other."),
            )
        elif kind:
            self._take(grid, kind)
        elif not any(cell for line in filled for cell in line) or self._is_guide(filled):
            return
        elif refused:
            self._fault(grid, refused[0], refused[1])
        elif near := misspelt(grid.name, KINDS):
            self._fault(
                grid,
                say(_("There is no sheet of the name “%(name)s”."), name=grid.name),
                say(_("Perhaps “%(near)s”? If it is for yourself, begin its name with _."), near=near.key),
            )
        else:
            self._keep(grid, filled)

    def _take(self, grid: Grid, kind: SheetKind) -> None:
        translated = dialect.TRANSLATED.get(kind.key, ())
        if kind in OWN and not any(as_text(cell) for line in grid.lines for cell in line):
            return  # an empty sheet of ours says nothing, as a missing one
        self.sheets[kind.key] = Sheet(grid, kind, self.faults, translated, REFUSED_BY_SHEET.get(kind.key, {}))

    def _is_guide(self, filled: list[list[str]]) -> bool:
        return any(line and line[0] == GUIDE_MARK for line in filled[:2])

    def _keep(self, grid: Grid, filled: list[list[str]]) -> None:
        """A sheet that only the author knows is kept as texts, without empty rows and columns at its end."""
        while filled and not any(filled[-1]):
            filled.pop()
        rows = []
        for line in filled:
            while line and not line[-1]:
                line.pop()
            rows.append(tuple(line))
        if sum(len(row) for row in rows) > MOST_FOREIGN_CELLS:
            self._fault(
                grid,
                say(
                    _("The sheet is not one of ours, and too large to be kept (over %(most)s cells)."),
                    most=f"{MOST_FOREIGN_CELLS:,}",
                ),
                _("Delete it from this workbook."),
            )
            return
        if len(grid.name) > 31 or set(grid.name) & set("[]:*?/\\") or grid.name.strip("'") != grid.name:
            self._fault(
                grid,
                say(_("No .xlsx can hold a sheet of the name “%(name)s”."), name=grid.name),
                _("Shorten its name to 31 characters, without [ ] : * ? / \\ and quotes at its ends."),
            )
            return
        self.foreign.append(ForeignSheet(grid.name, tuple(rows)))

    def _fault(self, grid: Grid, problem: object, remedy: object) -> None:
        self.faults.append(CellFault(grid.name, 0, "", "", problem, remedy))

    # -- settings

    def _settings(self) -> tuple[str, str, str, Settings]:
        sheet = self.sheets.get("settings")
        if sheet is None or not sheet.lines:
            return self.stem, "", "", Settings()
        line = sheet.lines[0]
        if len(sheet.lines) > 1:
            second = sheet.lines[1]
            sheet.fault(
                second.number,
                "",
                _("The settings have more than one row."),
                _("Leave one row below the column names."),
            )
        code = line.text("form_id")
        if code and (not NAME.fullmatch(code) or len(code) > LONGEST_CODE):
            line.fault(
                "form_id",
                say(_("“%(code)s” cannot be a code."), code=code),
                say(
                    _("Begin with a letter or character; then letters, digits, _ - and . up to %(longest)s."),
                    longest=LONGEST_CODE,
                ),
            )
        settings = Settings(
            code=code,
            default_language=line.text("default_language"),
            subject=line.word("subject", "none") or "none",
            confidential=line.flag("confidential"),
            least_count=line.whole("least_count", 10, 1, 1_000),
            splits=line.flag("splits"),
            extras=line.extras,
        )
        name = line.text("form_title") or ("" if line.text("title_en") else self.stem)
        return name, line.text("title_en"), line.text("version"), settings
