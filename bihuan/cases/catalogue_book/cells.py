"""Reads single cells of the catalogue's workbook; what it cannot understand becomes a row error."""

import re
from typing import Any

from django.utils.translation import gettext as _

from bihuan.accounts.models import Unit
from bihuan.accounts.queries import nearest
from bihuan.cases.catalogue_book.columns import (
    COLUMNS,
    FLAGS,
    LIMITS,
    NO_WORDS,
    SHARE,
    TEXTS,
    URGENCY_TITLES,
    URGENCY_WORDS,
    YES_WORDS,
)
from bihuan.cases.catalogue_book.plan import Line, Plan
from bihuan.cases.catalogue_book.written import LimitError, read_limit
from bihuan.cases.models import Matter, Urgency
from bihuan.cases.models.matter import LEAST_SPOT_CHECKS, USUAL_SPOT_CHECKS
from bihuan.core.sheets import Row, RowError
from bihuan.core.text import clean, listed, normalise
from bihuan.territory.models import Area

PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)\s*%?")


class CellReader:
    """Knows the units and areas that cells may name."""

    def __init__(self) -> None:
        self.plan = Plan()
        self.headers: dict[str, str] = {}
        self.areas = list(Area.objects.current().light().order_by("path"))
        self.area_of = {area.pk: area for area in self.areas}
        self.district = next((area for area in self.areas if area.parent_id is None), None)
        self.units = {unit.pk: unit for unit in Unit.objects.all()}

    # -- what a row says

    def _take(self, row: Row, line: Line) -> None:
        for column in TEXTS:
            if column in self.headers:
                text = row.text(self.headers[column])
                text = tidy(text) if column == "name_en" else clean(text)
                self._check_length(row, column, column, text)
                line.values[column] = text
        if "urgency" in self.headers:
            line.values["urgency"] = self._urgency(row)
        urgency = line.values.get("urgency") or (line.existing.urgency if line.existing else Urgency.ORDINARY)
        for column in LIMITS:
            if column in self.headers:
                try:
                    line.values[column] = read_limit(self._cell(row, column), urgency)
                except LimitError as error:
                    self._fault(row, column, error.problem, error.remedy)
        for column in FLAGS:
            if column in self.headers:
                line.values[column] = self._flag(row, column)
        if SHARE in self.headers:
            line.values[SHARE] = self._share(row)
        if "units" in self.headers:
            line.units = self._units(row)

    def _urgency(self, row: Row) -> str:
        text = self._cell(row, "urgency")
        if not text:
            return Urgency.ORDINARY
        for urgency in Urgency:
            if text.lower() in (urgency.value, str(urgency.label).lower()):
                return urgency.value
        if text in URGENCY_WORDS:
            return URGENCY_WORDS[text].value
        near = nearest(text.lower(), [*URGENCY_WORDS, *Urgency.values])
        self._fault(
            row,
            "urgency",
            _("“%(text)s” is not known here.") % {"text": text},
            _("Perhaps “%(near)s”?") % {"near": near}
            if near
            else _("Use one of: %(words)s.") % {"words": listed(URGENCY_TITLES.values())},
        )
        return Urgency.ORDINARY

    def _flag(self, row: Row, column: str) -> bool:
        text = self._cell(row, column).lower()
        if text not in YES_WORDS | NO_WORDS:
            self._fault(
                row, column, _("“%(text)s” is not known here.") % {"text": text}, _("Write 是 or 否.")
            )
        return text in YES_WORDS

    def _share(self, row: Row) -> int:
        """Percent, however it is written: 10, 10%, or the 0.1 of a cell that shows per cent."""
        text = self._cell(row, SHARE)
        if not text:
            return USUAL_SPOT_CHECKS
        match = PERCENT.fullmatch(text)
        number = float(match[1]) if match else 0
        share = round(number * 100 if number <= 1 and "%" not in text else number)
        if not LEAST_SPOT_CHECKS <= share <= 100:
            self._fault(
                row,
                SHARE,
                _("“%(text)s” is no share of at least %(least)s %%.")
                % {"text": text, "least": LEAST_SPOT_CHECKS},
                _("Write a whole number from %(least)s to 100.") % {"least": LEAST_SPOT_CHECKS},
            )
            return USUAL_SPOT_CHECKS
        return share

    def _units(self, row: Row) -> dict[int, int]:
        found: dict[int, int] = {}
        for part in re.split(r"[;\n]", self._cell(row, "units")):
            where, equals, who = part.rpartition("=")
            if not part.strip():
                continue
            area = self._area(row, where.strip()) if equals else self.district
            unit = self._unit(row, who.strip())
            if area is None:
                if not equals:
                    self._fault(row, "units", _("There is no district yet."), _("Set up the areas first."))
                continue
            if unit is None:
                continue
            if found.setdefault(area.pk, unit.pk) != unit.pk:
                self._fault(
                    row,
                    "units",
                    _("Two units are named for “%(area)s”.") % {"area": area.name},
                    _("Leave one: exactly one unit answers."),
                )
        return found

    def _area(self, row: Row, text: str) -> Area | None:
        return self._one_of(
            row,
            text,
            self.areas,
            _("There is no area “%(text)s”.") % {"text": text},
            _("Several areas are called “%(text)s”.") % {"text": text},
        )

    def _unit(self, row: Row, text: str) -> Unit | None:
        return self._one_of(
            row,
            text,
            list(self.units.values()),
            _("There is no unit “%(text)s”.") % {"text": text},
            _("Several units are called “%(text)s”.") % {"text": text},
        )

    def _one_of(self, row: Row, text: str, rows: list[Any], none: str, several: str) -> Any:
        plain = text.casefold()
        found = [one for one in rows if one.code.casefold() == plain]
        found = found or [one for one in rows if normalise(one.name).casefold() == plain]
        found = found or [one for one in rows if one.name_en and normalise(one.name_en).casefold() == plain]
        if len(found) == 1:
            return found[0]
        if found:
            codes = listed(sorted(one.code for one in found)[:8])
            self._fault(row, "units", several, _("Use the code: %(codes)s.") % {"codes": codes})
            return None
        near = nearest(text, [name for one in rows for name in (one.name, one.code)])
        self._fault(
            row,
            "units",
            none,
            _("Perhaps “%(near)s”?") % {"near": near} if near else _("Set it up first, or correct the cell."),
        )
        return None

    # -- cells

    def _cell(self, row: Row, column: str) -> str:
        title = self.headers.get(column)
        text = row.text(title) if title else ""
        return tidy(text) if column == "name" else normalise(text)

    def _check_length(self, row: Row, column: str, model_field: str, text: str) -> None:
        limit = getattr(Matter._meta.get_field(model_field), "max_length", None) or 5_000
        if len(text) > limit:
            self._fault(
                row, column, _("Longer than %(limit)s characters.") % {"limit": limit}, _("Shorten it.")
            )

    def _repeated(self, row: Row, column: str, line: Line) -> None:
        self._fault(
            row, column, _("The same as row %(row)s.") % {"row": line.row}, _("Remove one of the two rows.")
        )

    def _fault(self, row: Row, column: str, problem: str, remedy: str) -> None:
        title = self.headers.get(column) or (COLUMNS[column][0] if column in COLUMNS else column)
        self.plan.faults.append(RowError(row.number, title, problem, remedy))


def tidy(text: str) -> str:
    return " ".join(clean(text).split())
