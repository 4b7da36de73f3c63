"""Reads the sheets figures, documents, rates and goals."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.queries import nearest
from bihuan.ledgers.definition import model
from bihuan.ledgers.definition.columns import DIMENSIONS
from bihuan.ledgers.definition.faults import say
from bihuan.ledgers.definition.lines import Line, fold, meaning
from bihuan.ledgers.definition.model import Document, Field, Figure, Goal, Rate, Step
from bihuan.ledgers.definition.rows import Codes, read_amount, read_day, read_hour, read_name
from bihuan.ledgers.definition.sheets import Sheet

OF = re.compile(r"(?P<what>step|field|步骤|字段)\s*[:：]\s*(?P<name>\S+)", re.I)
OF_ITEMS = {"", "items", "件数", "台账", "item"}
TEMPLATES = (".docx", ".xlsx")


def read_figures(
    sheet: Sheet | None, fields: dict[str, Field], steps: tuple[Step, ...]
) -> tuple[tuple[Figure, ...], Codes]:
    codes = Codes(_("figure"))
    found = []
    for line in sheet.lines if sheet else ():
        code = codes.take(line)
        kind = line.word("kind", model.COUNT) or model.COUNT
        figure = Figure(
            code=code,
            name=read_name(line),
            kind=kind,
            of=_of(line, kind, fields, steps),
            where=line.expression("where"),
            by=_by(line, fields),
            unit=line.text("unit"),
            target=read_amount(line, "target"),
            extras=line.extras,
        )
        if code:
            found.append(figure)
    return tuple(found), codes


def _of(line: Line, kind: str, fields: dict[str, Field], steps: tuple[Step, ...]) -> str:
    text = line.text("of")
    if fold(text) in OF_ITEMS:
        if kind == model.SUM:
            line.fault(
                "of", _("A sum needs something to add up."), _("Name a field of numbers, or write 计数.")
            )
        return model.ITEMS
    match = OF.fullmatch(text)
    name = match["name"] if match else text
    if match and match["what"].lower() in ("step", "步骤"):
        _known(line, "of", name, [step.code for step in steps], _("There is no step “%(name)s”."))
        if kind == model.SUM:
            line.fault(
                "of", _("Steps are counted, not added up."), _("Write 计数, or name a field of numbers.")
            )
        return f"{model.STEP}{name}"
    if not _known(line, "of", name, list(fields), _("There is no field “%(name)s”.")):
        return f"{model.FIELD}{name}"
    type_ = fields[name].type
    if kind == model.SUM and type_ not in (*model.NUMBERS, model.UNTOLD):
        line.fault(
            "of",
            say(_("“%(name)s” is of the type %(type)s and cannot be added up."), name=name, type=type_),
            _("Name a field of the type integer, decimal or calculate."),
        )
    elif kind == model.COUNT and type_ in (model.NOTE, model.GROUP):
        line.fault(
            "of",
            say(_("“%(name)s” is of the type %(type)s, which nobody fills in."), name=name, type=type_),
            _("Name a field or a repeat."),
        )
    return f"{model.FIELD}{name}"


def _by(line: Line, fields: dict[str, Field]) -> tuple[str, ...]:
    found = []
    for part in line.many("by"):
        match = OF.fullmatch(part)
        ours = "" if match else meaning(DIMENSIONS, part)
        if ours:
            found.append(ours)
            continue
        name = match["name"] if match else part
        if not _known(line, "by", name, [*fields, *DIMENSIONS], _("There is no field “%(name)s”.")):
            continue
        if name in fields and fields[name].type not in (model.SELECT_ONE, "date", model.UNTOLD):
            line.fault(
                "by",
                say(
                    _("“%(name)s” is of the type %(type)s and makes no groups."),
                    name=name,
                    type=fields[name].type,
                ),
                _("Group by team, area, step, day, a select_one or a date."),
            )
        found.append(f"{model.FIELD}{name}")
    return tuple(dict.fromkeys(found))


def _known(line: Line, key: str, name: str, names: list[str], problem: Any) -> bool:
    if name in names:
        return True
    near = nearest(name, names)
    line.fault(
        key,
        say(problem, name=name),
        say(_("Perhaps “%(near)s”?"), near=near)
        if near
        else _("Write it into its sheet first, or correct the cell."),
    )
    return False


def read_documents(sheet: Sheet | None, figures: Codes) -> tuple[Document, ...]:
    codes = Codes(_("document"))
    found = []
    for line in sheet.lines if sheet else ():
        code = codes.take(line)
        period = line.word("period", model.DAILY) or model.DAILY
        template = line.text("template")
        if template and not template.lower().endswith(TEMPLATES):
            line.fault(
                "template",
                say(_("“%(template)s” is no Word or Excel file."), template=template),
                _("Name a file that ends in .docx or .xlsx."),
            )
        wanted = line.many("figures")
        document = Document(
            code=code,
            name=read_name(line),
            period=period,
            hour=read_hour(line, "hour", "18:00"),
            day=_day(line, period),
            template=template,
            figures=tuple(one for one in wanted if figures.look_up(line, "figures", one)),
            tables=tuple(word for word in (line.known("tables", one) for one in line.many("tables")) if word),
            extras=line.extras,
        )
        if code:
            found.append(document)
    return tuple(found)


def _day(line: Line, period: str) -> int:
    most = {model.WEEKLY: 7, model.MONTHLY: 31}.get(period, 0)
    if most:
        return line.whole("day", most if period == model.MONTHLY else 5, 1, most)
    if line.text("day"):
        line.fault("day", _("Only weekly and monthly documents have a day."), _("Empty the cell."))
    return 0


def read_rates(sheet: Sheet | None, fields: dict[str, Field]) -> tuple[Rate, ...]:
    codes = Codes(_("rate"))
    found: dict[tuple[str, Any], Rate] = {}
    for line in sheet.lines if sheet else ():
        code = codes.take(line, again=True)
        name = read_name(line)
        unit = line.text("unit")
        amount = read_amount(line, "amount")
        day = read_day(line, "valid_from") if line.text("valid_from") else None
        for key, value in (
            ("unit", unit),
            ("amount", line.text("amount")),
            ("valid_from", line.text("valid_from")),
        ):
            if not value:
                line.fault(key, _("The cell is empty."), _("Fill it in, or delete the row."))
        if not code or amount is None or day is None:
            continue
        earlier = next((rate for (other, _day), rate in found.items() if other == code), None)
        if earlier and earlier.unit != unit:
            line.fault(
                "unit",
                say(_("“%(code)s” has the unit %(unit)s in an earlier row."), code=code, unit=earlier.unit),
                _("Give one rate one unit, or take another code."),
            )
        if (code, day) in found:
            line.fault(
                "valid_from",
                say(
                    _("“%(code)s” has an amount from %(day)s in an earlier row."),
                    code=code,
                    day=day.isoformat(),
                ),
                _("Leave one of the two rows."),
            )
        found[code, day] = Rate(code, name, unit, amount, day, _read_quantity(line, fields), line.extras)
    return tuple(found.values())


def _read_quantity(line: Line, fields: dict[str, Field]) -> str:
    """The field that says how many of a rate an item has."""
    name = line.text("quantity")
    if not name:
        return ""
    one = fields.get(name)
    if one is None:
        near = nearest(name, list(fields))
        line.fault(
            "quantity",
            say(_("There is no field “%(name)s”."), name=name),
            say(_("Perhaps “%(near)s”?"), near=near)
            if near
            else _("Write it into survey first, or correct the name."),
        )
    elif one.type not in (*model.NUMBERS, model.REPEAT, model.UNTOLD):
        line.fault(
            "quantity",
            say(_("“%(name)s” is of the type %(type)s, which is no number."), name=name, type=one.type),
            _("Name an integer, a decimal, a calculate or a repeat."),
        )
    return name


def read_goals(sheet: Sheet | None, figures: Codes) -> tuple[Goal, ...]:
    found = []
    for line in sheet.lines if sheet else ():
        figure, amount = line.text("figure"), read_amount(line, "amount")
        if not figure:
            line.fault("figure", _("The cell is empty."), _("Fill it in, or delete the row."))
        elif figures.look_up(line, "figure", figure):
            if amount is None and not line.text("amount"):
                line.fault("amount", _("The cell is empty."), _("Fill it in, or delete the row."))
            elif amount is not None:
                day = line.whole("day", 0, 0, 3_660)
                found.append(Goal(figure, line.words("name"), amount, day, line.extras))
    return tuple(found)
