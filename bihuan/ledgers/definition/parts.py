"""The parts of a definition, each by its kind and key: finding them, and what refers to what."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from bihuan.ledgers.definition import model
from bihuan.ledgers.definition.formulas import parsed
from bihuan.ledgers.definition.model import (
    ChoiceList,
    Condition,
    Definition,
    Document,
    Field,
    Figure,
    Gate,
    Goal,
    Rate,
    Settings,
    Step,
    Words,
)
from bihuan.ledgers.expressions import Fault, references, tree

FIELD, LIST, STEP, GATE, CONDITION, FIGURE, DOCUMENT, RATE, GOAL, SETTINGS = (
    "field", "list", "step", "gate", "condition", "figure", "document", "rate", "goal", "settings",
)  # fmt: skip
KINDS: dict[str, Any] = {
    SETTINGS: _("settings"),
    FIELD: _("field"),
    LIST: _("list of choices"),
    STEP: _("step"),
    GATE: _("gate"),
    CONDITION: _("condition"),
    FIGURE: _("figure"),
    DOCUMENT: _("document"),
    RATE: _("rate"),
    GOAL: _("goal"),
}
# Where each kind lies in a definition, and what its parts are called by; rates and goals go by their number.
PLACES = {
    LIST: ("choices", "name"),
    STEP: ("steps", "code"),
    GATE: ("gates", "code"),
    FIGURE: ("figures", "code"),
    DOCUMENT: ("documents", "code"),
    RATE: ("rates", ""),
    GOAL: ("goals", ""),
}
WHOLE = "all"  # the key of the settings


@dataclass(frozen=True)
class Head:
    """What holds for the whole ledger: its name and its settings."""

    name: str
    name_en: str
    version: str
    settings: Settings


Part = Field | ChoiceList | Step | Gate | Condition | Figure | Document | Rate | Goal | Head
P = TypeVar("P", bound=Part)


def head_of(definition: Definition) -> Head:
    return Head(definition.name, definition.name_en, definition.version, definition.settings)


def parts(definition: Definition) -> Iterator[tuple[str, str, Part]]:
    """Every part once, as kind, key and the part without what lies inside it."""
    yield SETTINGS, WHOLE, head_of(definition)
    for field in definition.walk():
        yield FIELD, field.name, replace(field, children=())
    for kind, (attribute, name) in PLACES.items():
        for number, one in enumerate(getattr(definition, attribute), start=1):
            key = getattr(one, name) if name else str(number)
            yield kind, key, replace(one, conditions=()) if kind == GATE else one
            if kind == GATE:
                for place, condition in enumerate(one.conditions, start=1):
                    yield CONDITION, f"{key}:{place}", condition


def find(definition: Definition, kind: str, key: str) -> Part | None:
    """The part of a kind and key, without what lies inside it."""
    return next((one for of, own, one in parts(definition) if (of, own) == (kind, key)), None)


def parent_of(definition: Definition, name: str) -> str:
    """The group or repeat a field lies in; "" where it lies in none."""
    return next((one.name for one in definition.walk() if any(c.name == name for c in one.children)), "")


def repeats_above(definition: Definition, name: str) -> tuple[str, ...]:
    """The repeats in which a field lies, the outermost first; a repeat itself counts for what lies in it."""

    def way(rows: tuple[Field, ...]) -> tuple[Field, ...]:
        for one in rows:
            if one.name == name:
                return (one,)
            if found := way(one.children):
                return (one, *found)
        return ()

    return tuple(one.name for one in way(definition.fields) if one.type == model.REPEAT)


def named_in(text: str) -> frozenset[str]:
    """The fields that an expression names; one that cannot be read names none."""
    try:
        return references(parsed(text))
    except Fault:
        return frozenset()


def title_of(part: Part) -> str:
    """What people call it."""
    if isinstance(part, Head):
        return str(Words(part.name, part.name_en))
    if isinstance(part, ChoiceList):
        return part.name
    if isinstance(part, Condition):
        return str(part.sentence)
    if isinstance(part, Goal):
        return str(part.name or part.figure)
    if isinstance(part, Field):
        return str(part.label or part.name)
    return str(part.name or part.code)


# -- what refers to what

EXPRESSIONS: dict[type, tuple[str, ...]] = {
    Field: (
        "required", "constraint", "relevant", "read_only", "calculation", "choice_filter", "repeat_count",
        "default",
    ),
    Step: ("relevant", "blocked_when"),
    Condition: ("expression",),
    Figure: ("where",),
}  # fmt: skip
SENTENCES = ("label", "hint", "required_message", "constraint_message")  # of fields, which may say ${name}
NAMES: dict[tuple[str, type], tuple[str, ...]] = {
    (FIELD, Step): ("fields", "evidence"),
    (FIELD, Condition): ("field",),
    (FIELD, Rate): ("quantity",),
    (STEP, Step): ("next", "back", "other_than"),
    (GATE, Step): ("gate",),
    (LIST, Field): ("list",),
    (FIGURE, Document): ("figures",),
    (FIGURE, Goal): ("figure",),
}
PREFIXED = {FIELD: model.FIELD, STEP: model.STEP}  # of figures: what they count, and by what they group


def pointed(part: P, kind: str, old: str, new: str) -> P:
    """The same part, with every reference to one thing turned to another."""
    changed: dict[str, Any] = {}
    for name in NAMES.get((kind, type(part)), ()):
        changed[name] = _swapped(getattr(part, name), old, new)
    if isinstance(part, Figure) and kind in PREFIXED:
        before, after = f"{PREFIXED[kind]}{old}", f"{PREFIXED[kind]}{new}"
        changed |= {name: _swapped(getattr(part, name), before, after) for name in ("of", "by")}
    if kind == FIELD:
        for name in EXPRESSIONS.get(type(part), ()):
            changed[name] = renamed(getattr(part, name), old, new)
        if isinstance(part, Field):
            for name in SENTENCES:
                words = getattr(part, name)
                changed[name] = Words(_braced(words.zh, old, new), _braced(words.en, old, new))
    return replace(part, **changed) if changed else part


def _swapped(value: Any, old: str, new: str) -> Any:
    if isinstance(value, tuple):
        return tuple(new if one == old else one for one in value)
    return new if value == old else value


def renamed(text: str, old: str, new: str) -> str:
    """An expression in which a field has another name: as ${name}, and bare within square brackets."""
    if old not in text:
        return text
    try:
        bare = [one.at for one in _bare(parsed(text).tree) if one.name == old]
    except Fault:
        bare = []
    for at in sorted(bare, reverse=True):
        text = f"{text[:at]}{new}{text[at + len(old) :]}"
    return _braced(text, old, new)


def _bare(node: tree.Node, inside: bool = False) -> Iterator[tree.Column]:
    """The bare names that mean fields; those outside of brackets are columns of the choices."""
    if inside and isinstance(node, tree.Column):
        yield node
    for part in tree.within(node):
        yield from _bare(part, inside or isinstance(node, tree.Filter))


def _braced(text: str, old: str, new: str) -> str:
    return re.sub(rf"\$\{{[ ]*{re.escape(old)}[ ]*\}}", lambda _found: f"${{{new}}}", text)


def refers(part: Part, kind: str, key: str) -> bool:
    return pointed(part, kind, key, f"{key}.") != part


def referring(definition: Definition, kind: str, key: str) -> list[tuple[str, str, Part]]:
    """Everything that refers to a part, or to what lies inside it; not what lies inside it itself."""
    inside = {key}
    if kind == FIELD:
        field = definition.find(key)
        inside = {one.name for one in model.walk((field,))} if field else inside
    own = {(kind, one) for one in inside}
    return [
        (of, own_key, part)
        for of, own_key, part in parts(definition)
        if (of, own_key) not in own and any(refers(part, kind, one) for one in inside)
    ]


def each(definition: Definition, change: Callable[[Any], Any]) -> Definition:
    """The definition with every part changed in the same way."""

    def field(one: Field) -> Field:
        return replace(change(one), children=tuple(field(child) for child in one.children))

    def gate(one: Gate) -> Gate:
        return replace(change(one), conditions=tuple(change(condition) for condition in one.conditions))

    changed: dict[str, Any] = {
        name: tuple(map(change, getattr(definition, name))) for name, _key in PLACES.values()
    }
    changed["gates"] = tuple(map(gate, definition.gates))
    return replace(definition, fields=tuple(map(field, definition.fields)), **changed)
