"""Reads a workbook against what is here already; writes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from typing import Any, BinaryIO

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from bihuan.accounts.models import Duty, DutyKind, Unit, UnitKind, User
from bihuan.accounts.queries import nearest
from bihuan.accounts.workbook.columns import COLUMNS, DUTY_WORDS, NEEDED, SHEETS, UNIT_WORDS
from bihuan.accounts.workbook.plan import Fault, Line, Plan, parents_first
from bihuan.core.clock import today
from bihuan.core.personal import blind_index, normal_phone
from bihuan.core.sheets import Row, RowError, Table, read_workbook
from bihuan.core.text import listed, normalise
from bihuan.territory.models import Area


class Reader:
    """Reads one workbook against what the database holds; writes nothing."""

    def __init__(self) -> None:
        self.plan = Plan()
        self.units = {unit.code: unit for unit in Unit.objects.with_places()}
        self.areas = {area.pk: area for area in Area.objects.current().light()}
        self.people = {person.username: person for person in User.objects.all()}
        self.phones = {bytes(p.phone_index): name for name, p in self.people.items() if p.phone_index}
        duties = Duty.objects.not_over(today()).with_places().select_related("person")
        self.duties = {
            (d.person.username, d.kind, d.area_id, d.unit.code if d.unit else ""): d for d in duties
        }
        self.codes: dict[str, str] = {code: unit.name for code, unit in self.units.items()}
        self.names: set[str] = set()

    def read(self, file: BinaryIO, name: str) -> Plan:
        found: dict[str, Table] = {}
        tables = [table for table in read_workbook(file, name) if table.header]
        for table in tables:
            title = normalise(table.name).lower()
            for sheet, (chinese, others) in SHEETS.items():
                if title == chinese or title in others:
                    found[sheet] = table
        if not found:
            raise ValidationError(
                _("“%(name)s” has none of the sheets 单位, 人员 and 职责. Start from the template.")
                % {"name": name}
            )
        for sheet, reader in {"units": self._unit, "people": self._person, "duties": self._duty}.items():
            if sheet in found:
                self._sheet(sheet, found[sheet], reader)
        self.plan.lines["units"], ring = parents_first(self.plan.lines["units"])
        for line in ring:
            problem = _("These units stand under each other in a ring.")
            self._fault("units", line.row, "parent", problem, _("Correct the unit above one of them."))
        return self.plan

    def _sheet(
        self, sheet: str, table: Table, reader: Callable[[str, Row, dict[str, str]], Line | None]
    ) -> None:
        headers = {}
        for title in table.header:
            plain = re.sub(r"[\s*＊]+$", "", normalise(title)).lower()
            for column, (chinese, others) in COLUMNS[sheet].items():
                if column not in headers and (plain == chinese or plain in others):
                    headers[column] = title
        missing = [column for column in NEEDED[sheet] if column not in headers]
        for column in missing:
            title = COLUMNS[sheet][column][0]
            near = nearest(title, table.header)
            self._fault(
                sheet,
                1,
                column,
                _("This column is missing."),
                _("Rename the column “%(near)s” to “%(title)s”.") % {"near": near, "title": title}
                if near
                else _("Add a column named “%(title)s”.") % {"title": title},
            )
        if missing:
            return
        if sheet == "units":
            for row in table.rows:
                code = normalise(row.text(headers["code"]))
                if code:
                    self.codes.setdefault(code, normalise(row.text(headers["name"])))
        if sheet == "people":
            self.names.update(normalise(row.text(headers["username"])).lower() for row in table.rows)
        seen: dict[str, int] = {}
        for row in table.rows:
            before = len(self.plan.faults)
            for column in NEEDED[sheet]:
                if not row.text(headers[column]):
                    self._fault(sheet, row.number, column, _("This cell is empty."), _("Fill it in."))
            if len(self.plan.faults) > before:
                continue
            line = reader(sheet, row, headers)
            if line is None or len(self.plan.faults) > before:
                continue
            key = self._key(line)
            if key in seen:
                self._fault(
                    sheet,
                    row.number,
                    NEEDED[sheet][0],
                    _("The same as row %(row)s.") % {"row": seen[key]},
                    _("Remove one of the two rows."),
                )
                continue
            seen[key] = row.number
            self.plan.lines[sheet].append(line)

    @staticmethod
    def _key(line: Line) -> str:
        if line.sheet == "duties":
            area, values = line.values["area"], line.values
            return "|".join(
                [values["username"], values["kind"], str(area.pk if area else ""), values["unit"]]
            )
        return str(line.values[NEEDED[line.sheet][0]])

    def _unit(self, sheet: str, row: Row, headers: dict[str, str]) -> Line | None:
        cell = self._cells(row, headers)
        kind = self._word(sheet, row, "kind", cell("kind"), UNIT_WORDS, UnitKind)
        area = self._area(sheet, row, cell("area")) if cell("area") else None
        parent = self._code(sheet, row, "parent", cell("parent")) if cell("parent") else ""
        if parent and parent == cell("code"):
            self._fault(
                sheet, row.number, "parent", _("A unit cannot stand under itself."), _("Empty this cell.")
            )
        for column, limit in (("code", 32), ("name", 120), ("name_en", 160)):
            if len(cell(column)) > limit:
                self._fault(
                    sheet,
                    row.number,
                    column,
                    _("Longer than %(limit)s characters.") % {"limit": limit},
                    _("Shorten it."),
                )
        values: dict[str, Any] = {
            "code": cell("code"),
            "name": cell("name"),
            "name_en": cell("name_en"),
            "kind": kind,
            "parent": parent,
            "area": area,
        }
        unit = self.units.get(values["code"])
        if unit is None:
            return Line(sheet, row.number, values, "new")
        same = (
            unit.name == values["name"]
            and unit.name_en == values["name_en"]
            and unit.kind == kind
            and (unit.parent.code if unit.parent else "") == parent
            and unit.area_id == (area.pk if area else None)
        )
        return Line(sheet, row.number, values, "same" if same else "changed", unit)

    def _person(self, sheet: str, row: Row, headers: dict[str, str]) -> Line | None:
        cell = self._cells(row, headers)
        username, phone = cell("username").lower(), ""
        person = self.people.get(username)
        if person and not person.is_active:
            self._fault(
                sheet,
                row.number,
                "username",
                _("This account has been closed."),
                _("Open it again on its page first."),
            )
        if cell("phone"):
            try:
                phone = normal_phone(cell("phone"))
            except ValueError:
                self._fault(
                    sheet,
                    row.number,
                    "phone",
                    _("“%(text)s” is not a phone number.") % {"text": cell("phone")},
                    _("Write 11 digits, or + and the country's code."),
                )
        if phone:
            owner = self.phones.setdefault(blind_index(phone), username)
            if owner != username:
                self._fault(
                    sheet,
                    row.number,
                    "phone",
                    _("This phone already belongs to “%(name)s”.") % {"name": owner},
                    _("Correct it, or leave it empty."),
                )
        if person is None:
            self._check_new(sheet, row, username, cell("name"), cell("password"))
        values = {
            "username": username,
            "name": cell("name"),
            "phone": phone or (person.phone if person else "") or "",
            "password": cell("password") if person is None else "",
        }
        if person is None:
            return Line(sheet, row.number, values, "new")
        same = person.name == values["name"] and (person.phone or "") == values["phone"]
        return Line(sheet, row.number, values, "same" if same else "changed", person)

    def _check_new(self, sheet: str, row: Row, username: str, name: str, password: str) -> None:
        for column, value in (("username", username), ("name", name)):
            model_field = User._meta.get_field(column)
            try:
                model_field.clean(value, None)  # type: ignore[union-attr]
            except ValidationError as error:
                self._fault(
                    sheet,
                    row.number,
                    column,
                    " ".join(error.messages),
                    _("For example: %(name)s") % {"name": "zhang.san"},
                )
        if password:
            try:
                validate_password(password, User(username=username, name=name))
            except ValidationError as error:
                self._fault(
                    sheet,
                    row.number,
                    "password",
                    " ".join(error.messages),
                    _("Choose a longer, less common password."),
                )

    def _duty(self, sheet: str, row: Row, headers: dict[str, str]) -> Line | None:
        cell = self._cells(row, headers)
        username = cell("username").lower()
        person = self.people.get(username)
        if person is None and username not in self.names:
            near = nearest(username, [*self.people, *self.names])
            self._fault(
                sheet,
                row.number,
                "username",
                _("Nobody has the sign-in name “%(name)s”.") % {"name": username},
                _("Perhaps “%(near)s”?") % {"near": near} if near else _("Add the person to the sheet 人员."),
            )
        kind = self._word(sheet, row, "kind", cell("kind"), DUTY_WORDS, DutyKind)
        area, unit = None, ""
        if kind == DutyKind.HANDLER:
            if cell("unit"):
                unit = self._code(sheet, row, "unit", cell("unit"))
            else:
                self._fault(
                    sheet, row.number, "unit", _("A handler works in a unit."), _("Fill in the unit.")
                )
        elif kind:
            if cell("area"):
                area = self._area(sheet, row, cell("area"))
            else:
                self._fault(
                    sheet, row.number, "area", _("This duty is held for an area."), _("Fill in the area.")
                )
        starts_on = self._date(sheet, row, headers, "starts_on")
        ends_on = self._date(sheet, row, headers, "ends_on")
        if ends_on and ends_on < (starts_on or today()):
            self._fault(
                sheet,
                row.number,
                "ends_on",
                _("The last day lies before the first."),
                _("Correct one of the two, or leave the last day empty."),
            )
        values = {
            "username": username,
            "kind": kind,
            "area": area,
            "unit": unit,
            "starts_on": starts_on,
            "ends_on": ends_on,
        }
        duty = self.duties.get((username, kind, area.pk if area else None, unit))
        if duty is None:
            return Line(sheet, row.number, values, "new")
        outcome = "changed" if ends_on and duty.ends_on != ends_on and ends_on >= today() else "same"
        return Line(sheet, row.number, values, outcome, duty)

    def _cells(self, row: Row, headers: dict[str, str]) -> Callable[[str], str]:
        return lambda column: normalise(row.text(headers[column])) if column in headers else ""

    def _word(self, sheet: str, row: Row, column: str, text: str, words: dict[str, Any], kinds: Any) -> str:
        plain = text.lower()
        for kind in kinds:
            if plain in {kind.value, kind.value.replace("_", " "), str(kind.label).lower()}:
                return str(kind.value)
        if text in words:
            return str(words[text].value)
        near = nearest(plain, [*words, *(kind.value for kind in kinds)])
        self._fault(
            sheet,
            row.number,
            column,
            _("“%(text)s” is not known here.") % {"text": text},
            _("Perhaps “%(near)s”?") % {"near": near}
            if near
            else _("Use one of: %(words)s.") % {"words": listed(words)},
        )
        return ""

    def _code(self, sheet: str, row: Row, column: str, text: str) -> str:
        if text in self.codes:
            return text
        named = [code for code, name in self.codes.items() if name == text]
        if len(named) == 1:
            return named[0]
        if named:
            problem = _("Several units are called “%(text)s”.") % {"text": text}
            remedy = _("Use the code: %(codes)s.") % {"codes": listed(sorted(named))}
        else:
            near = nearest(text, [*self.codes, *self.codes.values()])
            problem = _("There is no unit “%(text)s”.") % {"text": text}
            remedy = (
                _("Perhaps “%(near)s”?") % {"near": near} if near else _("Add the unit to the sheet 单位.")
            )
        self._fault(sheet, row.number, column, problem, remedy)
        return ""

    def _area(self, sheet: str, row: Row, text: str) -> Area | None:
        steps = [step for step in re.split(r"\s*[/>]\s*", text) if step]
        found = [area for area in self.areas.values() if area.code == text] or [
            area for area in self.areas.values() if self._named(area, steps)
        ]
        if len(found) == 1:
            return found[0]
        if found:
            problem = _("Several areas are called “%(text)s”.") % {"text": text}
            remedy = _("Use the code: %(codes)s.") % {"codes": listed(sorted(area.code for area in found))}
        else:
            near = nearest(steps[-1] if steps else text, [area.name for area in self.areas.values()])
            problem = _("There is no area “%(text)s”.") % {"text": text}
            remedy = (
                _("Perhaps “%(near)s”?") % {"near": near} if near else _("Use the code or name of an area.")
            )
        self._fault(sheet, row.number, "area", problem, remedy)
        return None

    def _named(self, area: Area, steps: list[str]) -> bool:
        """Whether the area has the last name, and areas above it have the names before."""
        if not steps or steps[-1] not in (area.name, area.name_en):
            return False
        above = [self.areas[int(pk)] for pk in area.path.split("/") if pk and int(pk) in self.areas]
        names = {name for one in above for name in (one.name, one.name_en)}
        return all(step in names for step in steps[:-1])

    def _date(self, sheet: str, row: Row, headers: dict[str, str], column: str) -> date | None:
        value = row.cells.get(headers.get(column, ""))
        if value in (None, ""):
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        text = re.sub(r"[年月./]", "-", normalise(str(value))).rstrip("日- ")
        try:
            return datetime.strptime(text, "%Y-%m-%d").date()
        except ValueError:
            self._fault(
                sheet,
                row.number,
                column,
                _("“%(text)s” is not a date.") % {"text": value},
                _("Write it as 2026-03-15."),
            )
            return None

    def _fault(self, sheet: str, row: int, column: str, problem: str, remedy: str) -> None:
        self.plan.faults.append(
            Fault(SHEETS[sheet][0], RowError(row, COLUMNS[sheet][column][0], problem, remedy))
        )


def read_plan(content: bytes, name: str) -> Plan:
    """What an import of this file would do. Raises ValidationError when it is no such workbook at all."""
    return Reader().read(BytesIO(content), name)
