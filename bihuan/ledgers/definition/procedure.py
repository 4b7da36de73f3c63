"""Reads the sheets steps and gates, and looks whether the way through the steps holds together."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.queries import nearest
from bihuan.ledgers.definition import model
from bihuan.ledgers.definition.faults import say
from bihuan.ledgers.definition.lines import Line
from bihuan.ledgers.definition.model import Condition, Field, Gate, Step, Words
from bihuan.ledgers.definition.rows import Codes, read_name, read_time, read_who
from bihuan.ledgers.definition.sheets import Sheet

MATTER = re.compile(r"[\w.\-/]{1,40}")
HOLDING = ("file", "image")

# A workbook of XLSForm alone has no steps: then an item is done when its fields are filled in.
ONLY_STEP = Step("done", Words("办理", "Do it"), who=(model.RESPONSIBLE, model.TEAM))


def read_gates(sheet: Sheet | None, fields: dict[str, Field]) -> tuple[tuple[Gate, ...], Codes]:
    codes = Codes(_("gate"))
    names: dict[str, Words] = {}
    conditions: dict[str, list[Condition]] = {}
    for line in sheet.lines if sheet else ():
        code = codes.take(line, again=True)
        name = line.words("name")
        if code and name and names.setdefault(code, name) != name:
            line.fault("name", _("The gate has another name in an earlier row."), _("Give it one name."))
        condition = _condition(line, fields)
        if code and condition:
            conditions.setdefault(code, []).append(condition)
    for code, line in codes.lines.items():
        if code not in names:
            line.fault(
                "name",
                say(_("The gate “%(code)s” has no name."), code=code),
                _("Write one in its first row."),
            )
    gates = (Gate(code, names.get(code, Words()), tuple(found)) for code, found in conditions.items())
    return tuple(gates), codes


def _condition(line: Line, fields: dict[str, Field]) -> Condition | None:
    kind = line.word("kind")
    if not kind:
        if not line.text("kind"):
            line.fault("kind", _("The condition has no kind."), _("Write 条件式, 告知期满, 材料 or 签字."))
        return None
    sentence = Words(line.text("sentence"), line.text("sentence_en"))
    if not sentence:
        line.fault("sentence", _("The condition is not put into words."), _("Say it in a sentence."))
    grace, calendar = read_time(line, "grace", "calendar", model.NATURAL)
    condition = Condition(
        kind=kind,
        sentence=sentence,
        expression=line.expression("expression"),
        grace=grace,
        calendar=calendar,
        field=line.text("field"),
        who=read_who(line, "who"),
        extras=line.extras,
    )
    needs = {
        model.EXPRESSION: "expression",
        model.NOTICE: "grace",
        model.DOCUMENT: "field",
        model.SIGNATURE: "who",
    }
    for of, key in needs.items():
        if of == kind and not line.text(key):
            line.fault(
                key,
                say(_("A condition of the kind “%(kind)s” needs this cell."), kind=line.text("kind")),
                _("Fill it in."),
            )
        elif of != kind and line.text(key):
            line.fault(
                key,
                say(_("A condition of the kind “%(kind)s” does not use this cell."), kind=line.text("kind")),
                _("Empty it, or make another row of it."),
            )
    if condition.field:
        held = _find(line, "field", condition.field, fields)
        if held and held.type not in (*HOLDING, model.UNTOLD):
            line.fault(
                "field",
                say(_("“%(name)s” is of the type %(type)s."), name=held.name, type=held.type),
                _("Name a field of the type file or image."),
            )
    return condition


def _find(line: Line, key: str, name: str, fields: dict[str, Field]) -> Field | None:
    if name in fields:
        return fields[name]
    near = nearest(name, list(fields))
    line.fault(
        key,
        say(_("There is no field “%(name)s”."), name=name),
        say(_("Perhaps “%(near)s”?"), near=near)
        if near
        else _("Write it into survey first, or correct the name."),
    )
    return None


def read_steps(sheet: Sheet | None, fields: dict[str, Field], gates: Codes) -> tuple[Step, ...]:
    codes = Codes(_("step"))
    if sheet is None:
        _check_gates((), gates)
        return (ONLY_STEP,)
    steps = [step for step in (_step(line, codes, fields) for line in sheet.lines) if step]
    for step in steps:
        _check_references(codes.lines[step.code], step, codes, gates)
    _check_gates(steps, gates)
    if not steps and not sheet.faults:
        sheet.fault(
            sheet.top + 1, "", _("The sheet has no steps."), _("Write at least one, or remove the sheet.")
        )
    _check_way(steps, codes)
    return tuple(steps)


def _step(line: Line, codes: Codes, fields: dict[str, Field]) -> Step | None:
    code = codes.take(line)
    limit, calendar = read_time(line, "limit", "calendar", model.WORKING)
    for key in ("fields", "evidence"):
        for name in line.many(key):
            found = _find(line, key, name, fields)
            if found and key == "evidence" and found.type in (model.NOTE, model.GROUP, model.CALCULATE):
                line.fault(
                    key,
                    say(
                        _("“%(name)s” is of the type %(type)s, which nobody fills in."),
                        name=name,
                        type=found.type,
                    ),
                    _("Name the fields themselves."),
                )
    who = read_who(line, "who")
    if not line.text("who"):
        line.fault("who", _("Nobody may take this step."), _("Write who: 专班成员, 包保责任人, or a duty."))
    matter = line.text("opens_case")
    if matter and not MATTER.fullmatch(matter):
        line.fault(
            "opens_case",
            say(_("“%(code)s” is no code of a matter."), code=matter),
            _("Write the code of one matter, as in the matter catalogue."),
        )
    completes = line.flag("case_completes")
    if completes and not matter:
        line.fault(
            "case_completes",
            _("No case is opened whose closing could complete the step."),
            _("Write the matter's code into the column before, or empty this cell."),
        )
    step = Step(
        code=code,
        name=read_name(line),
        who=who,
        limit=limit,
        calendar=calendar,
        remind_at=line.whole("remind_at", 80, 1, 100),
        fields=line.many("fields"),
        evidence=line.many("evidence"),
        gate=line.text("gate"),
        relevant=line.expression("relevant"),
        next=line.many("next"),
        back=line.many("back"),
        other_than=line.text("other_than"),
        opens_case=matter,
        case_completes=completes,
        blocked_when=line.expression("blocked_when"),
        locks_money=line.flag("locks_money"),
        extras=line.extras,
    )
    return step if code else None


def _check_gates(steps: Iterable[Step], gates: Codes) -> None:
    used = {step.gate for step in steps}
    for code, line in gates.lines.items():
        if code not in used:
            line.fault(
                "code",
                say(_("No step has the gate “%(code)s”: it would hold nobody back."), code=code),
                _("Write it into the column gate of the step it guards, or delete it."),
            )


def _check_references(line: Line, step: Step, codes: Codes, gates: Codes) -> None:
    if step.gate:
        gates.look_up(line, "gate", step.gate)
    pointed: dict[str, tuple[str, ...]] = {
        "next": step.next, "back": step.back, "other_than": (step.other_than,) if step.other_than else (),
    }  # fmt: skip
    for key, targets in pointed.items():
        for target in targets:
            if target == step.code:
                line.fault(key, _("The step points to itself."), _("Name another step, or empty the cell."))
            else:
                codes.look_up(line, key, target)


def _check_way(steps: list[Step], codes: Codes) -> None:
    """Every step can be reached from the first, and from every step there is a way to an end."""
    if not steps:
        return
    onward = {step.code: [code for code in step.next if code in codes.lines] for step in steps}
    if any(set(step.next) - onward.keys() or step.code in step.next for step in steps):
        return  # said already; what follows from it would only confuse
    reached = _reached([steps[0].code], onward)
    # A step that an item can only be sent back to is reached as well.
    backward = {step.code: [*onward[step.code], *(c for c in step.back if c in onward)] for step in steps}
    reached |= _reached(reached, backward)
    for step in steps:
        if step.code not in reached:
            codes.lines[step.code].fault(
                "code",
                say(_("No way leads to the step “%(code)s”."), code=step.code),
                _("Name it under next of the step before it, or delete the row."),
            )
    before: dict[str, list[str]] = {code: [] for code in onward}
    for code, following in onward.items():
        for other in following:
            before[other].append(code)
    ending = _reached([step.code for step in steps if not step.next], before)
    lost = [step for step in steps if step.code not in ending and step.code in reached]
    rows = {code: line.number for code, line in codes.lines.items()}
    # Of a ring, the step that leads back up is the one to mend.
    upward = [step for step in lost if any(rows[target] < rows[step.code] for target in step.next)]
    for step in upward or lost:
        codes.lines[step.code].fault(
            "next",
            say(_("From the step “%(code)s” no way leads to an end."), code=step.code),
            _("Leave next empty at the step that finishes an item; use back for sending back."),
        )


def _reached(start: Iterable[str], onward: dict[str, list[str]]) -> set[str]:
    found, waiting = set(start), list(start)
    while waiting:
        for code in onward[waiting.pop()]:
            if code not in found:
                found.add(code)
                waiting.append(code)
    return found
