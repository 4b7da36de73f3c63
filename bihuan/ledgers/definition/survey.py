"""Reads the sheets survey and choices into the tree of fields and the lists of choices."""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.queries import nearest
from bihuan.core.text import listed
from bihuan.ledgers.definition import model
from bihuan.ledgers.definition.dialect import OR_OTHER, REFUSED, SELECT_WORDS, TYPE_WORDS
from bihuan.ledgers.definition.faults import say
from bihuan.ledgers.definition.lines import NO, YES, Line, fold
from bihuan.ledgers.definition.model import Choice, ChoiceList, Field, Pairs
from bihuan.ledgers.definition.sheets import Sheet

NAME = re.compile(r"[^\W\d][\w.\-]*")
OTHER = re.compile(r"(?P<type>.+?)\s+(?:or_other|or specify other|or other|有其他)")
CONTROL = re.compile(
    r"(?P<edge>begin|end|开始|结束)[ _]*(?P<kind>group|repeat|looped group|lgroup|字段组|组|重复组|重复)"
)
KINDS = {"group": model.GROUP, "字段组": model.GROUP, "组": model.GROUP}
DEEPEST, LONGEST_NAME, LONGEST_EXPRESSION = 8, 64, 4_000
EXPRESSIONS = (
    "required",
    "constraint",
    "relevant",
    "read_only",
    "calculation",
    "choice_filter",
    "repeat_count",
)
YES_OR_NO = ("required", "relevant", "read_only")


@dataclass
class Open:
    """A group or repeat that has begun and not yet ended."""

    line: Line
    of: Field
    children: list[Field] = field(default_factory=list)


@dataclass
class Survey:
    """What the two sheets say; `lines` remembers the row of every field."""

    fields: tuple[Field, ...] = ()
    choices: tuple[ChoiceList, ...] = ()
    lines: dict[str, Line] = field(default_factory=dict)
    inside: dict[str, tuple[str, ...]] = field(default_factory=dict)  # field → the repeats it lies in


def read_survey(survey: Sheet | None, choices: Sheet | None) -> Survey:
    found = Survey()
    found.choices = _read_choices(choices) if choices else ()
    if survey:
        _read_fields(survey, found, choices)
    return found


# -- choices


def _read_choices(sheet: Sheet) -> tuple[ChoiceList, ...]:
    lists: dict[str, dict[str, Choice]] = {}
    rows: dict[tuple[str, str], int] = {}
    for line in sheet.lines:
        name, value = line.text("list_name"), line.text("name")
        for key, text in (("list_name", name), ("name", value)):
            if not text:
                line.fault(key, _("The cell is empty."), _("Fill it in, or delete the row."))
        if not name or not value:
            continue
        if re.search(r"\s", value):
            line.fault(
                "name",
                say(_("The choice “%(value)s” has a space in it."), value=value),
                _("Write _ in its place; the label may have spaces."),
            )
        if re.search(r"\s", name):
            line.fault(
                "list_name", say(_("“%(name)s” has a space in it."), name=name), _("Write _ in its place.")
            )
        label = line.words("label")
        if not label:
            line.fault(
                "label",
                say(_("The choice “%(value)s” has no label."), value=value),
                _("Write what people read."),
            )
        if (name, value) in rows:
            line.fault(
                "name",
                say(
                    _("“%(value)s” is already in row %(row)s of this list."),
                    value=value,
                    row=rows[name, value],
                ),
                _("Give every choice of a list its own name."),
            )
            continue
        rows[name, value] = line.number
        lists.setdefault(name, {})[value] = Choice(value, label, line.extras)
    return tuple(ChoiceList(name, tuple(found.values())) for name, found in lists.items())


# -- fields


def _read_fields(sheet: Sheet, found: Survey, choices: Sheet | None) -> None:
    stack: list[Open] = []
    top: list[Field] = []
    for line in sheet.lines:
        written = re.sub(r"\s+", " ", line.text("type"))
        if not written:
            line.fault(
                "type", _("The row has no type."), _("Write one, as text or integer, or delete the row.")
            )
            continue
        control = CONTROL.fullmatch(fold(written))
        kind = KINDS.get(control["kind"], model.REPEAT) if control else ""
        if control and control["edge"] in ("end", "结束"):
            line.meant["type"] = f"end {kind}"
            _end(line, kind, stack, top)
            continue
        one = _field(line, kind, written, found, choices)
        if one is None:
            continue
        if control:
            stack.append(Open(line, one))
            if len(stack) == DEEPEST + 1:
                line.fault(
                    "type",
                    say(_("Groups lie in each other more than %(deepest)s deep."), deepest=DEEPEST),
                    _("Put fewer groups into each other."),
                )
        else:
            (stack[-1].children if stack else top).append(one)
        if one.name:
            found.lines[one.name] = line
            found.inside[one.name] = tuple(o.of.name for o in stack if o.of.type == model.REPEAT)
            if one.fact and found.inside[one.name]:
                line.fault(
                    "fact",
                    _("What is known of the place cannot be asked over and over."),
                    _("Put the field outside of the repeat, or empty the cell."),
                )
    while stack:
        begun = stack[-1]
        begun.line.fault(
            "type",
            say(_("“%(name)s” begins here and never ends."), name=begun.of.name),
            say(_("Write end %(kind)s after its last row."), kind=begun.of.type),
        )
        _close(stack, top)
    found.fields = tuple(top)
    if not found.lines and not sheet.faults:
        sheet.fault(1, "", _("The sheet has no fields."), _("Write at least one row with type and name."))


def _end(line: Line, kind: str, stack: list[Open], top: list[Field]) -> None:
    if not stack:
        line.fault(
            "type",
            say(_("end %(kind)s ends nothing."), kind=kind),
            say(_("Delete the row, or write begin %(kind)s before its first row."), kind=kind),
        )
        return
    begun = stack[-1]
    if begun.of.type != kind:
        line.fault(
            "type",
            say(
                _("end %(kind)s stands where the %(begun)s “%(name)s” of row %(row)s is to end."),
                kind=kind, begun=begun.of.type, name=begun.of.name, row=begun.line.number,
            ),
            say(_("Write end %(begun)s."), begun=begun.of.type),
        )  # fmt: skip
    _close(stack, top)


def _close(stack: list[Open], top: list[Field]) -> None:
    begun = stack.pop()
    if not begun.children:
        begun.line.fault(
            "type",
            say(_("There is nothing in “%(name)s”."), name=begun.of.name),
            _("Put fields between its begin and its end, or delete both rows."),
        )
    (stack[-1].children if stack else top).append(replace(begun.of, children=tuple(begun.children)))


def _field(line: Line, kind: str, written: str, found: Survey, choices: Sheet | None) -> Field | None:
    choice_list = ""
    if not kind:
        kind, choice_list = _type(line, written)
        if not kind and not line.text("name"):
            return None
        line.meant["type"] = f"{kind} {choice_list}".strip()
    else:
        line.meant["type"] = f"begin {kind}"
    name = _name(line, found)
    if choice_list:
        _check_list(line, choice_list, found, choices)
    label = line.words("label")
    if not label and not line.words("hint") and kind not in (model.GROUP, model.REPEAT, model.CALCULATE):
        line.fault("label", say(_("“%(name)s” has no label."), name=name), _label_wanted(line))
    if kind == model.CALCULATE and not line.text("calculation"):
        line.fault(
            "calculation", say(_("“%(name)s” calculates nothing."), name=name), _("Write the expression.")
        )
    texts = {key: _expression(line, key) for key in EXPRESSIONS}
    line.meant |= {key: texts[key] for key in YES_OR_NO if line.text(key)}
    for key, types in (
        ("choice_filter", (model.SELECT_ONE, model.SELECT_MULTIPLE)),
        ("repeat_count", (model.REPEAT,)),
    ):
        if texts[key] and kind not in (*types, model.UNTOLD):
            line.fault(
                key,
                say(_("A field of the type %(type)s has no %(key)s."), type=kind, key=key),
                _("Empty the cell."),
            )
            texts[key] = ""
    return Field(
        name=name,
        type=kind,
        label=label,
        hint=line.words("hint"),
        list=choice_list,
        required_message=line.words("required_message"),
        constraint_message=line.words("constraint_message"),
        default=line.text("default"),
        appearance=line.text("appearance"),
        parameters=_parameters(line),
        household=line.flag("household"),
        fact=_fact(line, kind),
        extras=line.extras,
        required=texts["required"],
        constraint=texts["constraint"],
        relevant=texts["relevant"],
        read_only=texts["read_only"],
        calculation=texts["calculation"],
        choice_filter=texts["choice_filter"],
        repeat_count=texts["repeat_count"],
    )


def _label_wanted(line: Line) -> Any:
    others = [h for h in line.sheet.foreign.values() if fold(h).startswith(("label", "标签"))]
    if others and line.sheet.place("label") is None:
        return say(
            _("The labels are only in %(others)s: add the column label::中文 (zh) or label::English (en)."),
            others=listed(others),
        )
    return _("Write the question as people read it.")


def _type(line: Line, written: str) -> tuple[str, str]:
    plain = fold(written)
    if OTHER.fullmatch(plain):
        line.fault("type", _refusal(written, OR_OTHER[0]), OR_OTHER[1])
        return "", ""
    for words, kind in sorted(SELECT_WORDS.items(), key=lambda pair: -len(pair[0])):
        if plain.startswith(f"{fold(words)} ") or plain == fold(words):
            rest = written[len(words) :].strip()
            if not rest:
                line.fault(
                    "type",
                    say(_("“%(written)s” names no list of choices."), written=written),
                    say(_("Write %(kind)s and the list's name from the sheet choices."), kind=kind),
                )
                return "", ""
            return kind, rest
    whole = plain.split(" from ")[0] if plain.startswith("begin loop") else plain
    for candidate in (whole, whole.split(" ")[0], " ".join(whole.split(" ")[:2])):
        reason = next((r for word, r in REFUSED.items() if fold(word) == candidate), None)
        if reason:
            line.fault("type", _refusal(written, reason[0]), reason[1])
            return "", ""
    kind = next((t for t in model.TYPES if fold(t) == plain and t not in ("group", "repeat")), "")
    kind = kind or TYPE_WORDS.get(plain, "")
    if not kind:
        near = nearest(plain, [*(fold(t) for t in model.TYPES), *SELECT_WORDS, *TYPE_WORDS])
        line.fault(
            "type",
            say(_("The type “%(written)s” is not known."), written=written),
            say(_("Perhaps “%(near)s”?"), near=near)
            if near
            else say(_("Use one of: %(words)s."), words=listed(model.TYPES)),
        )
    return kind, ""


def _refusal(written: str, reason: Any) -> Any:
    return say(_("The type “%(written)s” is not taken. %(reason)s"), written=written, reason=reason)


def _name(line: Line, found: Survey) -> str:
    name = line.text("name")
    if not name:
        line.fault("name", _("The row has no name."), _("Write a short one; expressions say ${name}."))
    elif not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        line.fault(
            "name",
            say(_("“%(name)s” cannot be a name."), name=name),
            say(
                _("Begin with a letter or character; then letters, digits, _ - and . up to %(longest)s."),
                longest=LONGEST_NAME,
            ),
        )
    elif name in found.lines:
        line.fault(
            "name",
            say(_("“%(name)s” is already the name of row %(row)s."), name=name, row=found.lines[name].number),
            _("Give every field of the ledger its own name, also in different groups."),
        )
    return name


def _check_list(line: Line, name: str, found: Survey, choices: Sheet | None) -> None:
    lists = [one.name for one in found.choices]
    if name in lists:
        return
    problem = say(_("There is no list of choices “%(name)s”."), name=name)
    near = nearest(name, lists)
    if choices is None:
        remedy: Any = _("Add a sheet choices with the columns list_name, name and label.")
    elif near:
        remedy = say(_("Perhaps “%(near)s”?"), near=near)
    else:
        remedy = say(_("Write its choices into the sheet choices, with list_name %(name)s."), name=name)
    line.fault("type", problem, remedy)


def _expression(line: Line, key: str) -> str:
    text = line.expression(key)
    if key in YES_OR_NO and fold(text) in YES:
        return "true()"
    if key in YES_OR_NO and fold(text) in NO:
        return ""
    if len(text) > LONGEST_EXPRESSION:
        line.fault(
            key,
            say(_("Longer than %(limit)s characters."), limit=LONGEST_EXPRESSION),
            _("Split it into calculates."),
        )
        return ""
    return text


def _fact(line: Line, kind: str) -> str:
    """What of the place a field is; places know numbers."""
    fact = line.word("fact")
    if fact and kind not in ("integer", "decimal", model.UNTOLD):
        line.fault(
            "fact",
            say(_("“%(type)s” cannot come from the place: what places know are numbers."), type=kind),
            _("Make it an integer, or empty the cell."),
        )
    return fact


def _parameters(line: Line) -> Pairs:
    found: list[tuple[str, str]] = []
    for part in re.split(r"[\s;,]+", line.text("parameters")):
        key, equals, value = part.partition("=")
        if part and not (key and equals and value):
            line.fault(
                "parameters",
                say(_("“%(part)s” is no parameter."), part=part),
                _("Write them as key=value key=value."),
            )
        elif part:
            found.append((key, value))
    return tuple(found)
