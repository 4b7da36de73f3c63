"""Which way an item may go from its step, what must be there first, and which answers a step asks for."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.core.text import listed
from bihuan.core.verdicts import YES, Verdict, no
from bihuan.ledgers.definition import Definition, Field, Gate, Step, holds
from bihuan.ledgers.definition.faults import say
from bihuan.ledgers.definition.model import GROUP, NOTE, REPEAT, walk

Values = Mapping[str, Any]


def step_of(definition: Definition, code: str) -> Step:
    """The step with this code. One that its edition does not have cannot be stored."""
    found = definition.step(code)
    if found is None:
        raise LookupError(code)
    return found


def ways(definition: Definition, step: Step, values: Values, *, at: datetime) -> list[Step | None]:
    """Where an item may go from a step; None is the end. Steps that are not for it are passed over."""
    found: dict[str, Step | None] = {}
    _follow(definition, step, values, at, found, {step.code})
    return list(found.values())


def _follow(
    definition: Definition,
    step: Step,
    values: Values,
    at: datetime,
    found: dict[str, Step | None],
    seen: set[str],
) -> None:
    if not step.next:
        found[""] = None
    for code in step.next:
        following = step_of(definition, code)
        if holds(definition, following.relevant, values, at=at):
            found[code] = following
        elif code not in seen:
            seen.add(code)
            _follow(definition, following, values, at, found, seen)


def first_step(definition: Definition, values: Values, *, at: datetime) -> Step | None:
    """Where a new item begins: at the first step that is for it; None when none is."""
    first = definition.steps[0]
    if holds(definition, first.relevant, values, at=at):
        return first
    return next(iter(ways(definition, first, values, at=at)), None)


def chosen_way(
    definition: Definition, step: Step, values: Values, *, to: str | None, at: datetime
) -> tuple[Verdict, Step | None]:
    """Where it goes when somebody chose `to` ("" the end), or nothing because there is only one way."""
    open_ones = ways(definition, step, values, at=at)
    if to is None:
        if len(open_ones) == 1:
            return YES, open_ones[0]
        names = listed(str(one.name) if one else str(_("finished")) for one in open_ones)
        return no("item.choose_step", say(_("Choose which step comes next: %(steps)s."), steps=names)), None
    for one in open_ones:
        if (one.code if one else "") == to:
            return YES, one
    return no("item.no_such_way", _("This step does not lead there.")), None


def gates_ahead(definition: Definition, step: Step, values: Values, *, at: datetime) -> list[Gate]:
    """The gates before the steps that come next. That of the first step is asked when it is taken."""
    steps = [one for one in ways(definition, step, values, at=at) if one is not None]
    if step.code == definition.steps[0].code:
        steps = [step, *steps]
    codes = dict.fromkeys(one.gate for one in steps if one.gate)
    return [gate for code in codes if (gate := definition.gate(code)) is not None]


# -- answers --------------------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def asked_at(definition: Definition, code: str) -> frozenset[str]:
    """The names of all fields that a step asks for, with what lies in its groups and repeats."""
    step = step_of(definition, code)
    if not step.fields:
        return frozenset(one.name for one in definition.walk())
    named = [definition.find(name) for name in step.fields]
    return frozenset(one.name for field in named if field for one in walk((field,)))


@lru_cache(maxsize=256)
def _parents(definition: Definition) -> dict[str, Field]:
    return {child.name: one for one in definition.walk() for child in one.children}


def top_of(definition: Definition, name: str) -> str:
    """The name under which a field is kept: its own, or that of the outermost repeat around it."""
    parents, found = _parents(definition), name
    while name in parents:
        name = parents[name].name
        if _is_repeat(definition, name):
            found = name
    return found


def tops(definition: Definition, names: Collection[str]) -> set[str]:
    """The names under which the answers to these fields are given."""
    found = set()
    for name in names:
        one = definition.find(name)
        if one is not None and one.type not in (GROUP, NOTE):
            found.add(top_of(definition, name))
    return found


def _is_repeat(definition: Definition, name: str) -> bool:
    one = definition.find(name)
    return one is not None and one.type == REPEAT


def is_there(definition: Definition, name: str, values: Values, *, at: datetime) -> bool:
    """Whether a field, group or repeat has something in it, in every entry where it lies in a repeat."""
    one = definition.find(name)
    if one is None:
        return False
    if one.type == GROUP:
        return all(
            is_there(definition, child.name, values, at=at) for child in one.children if not _is_note(child)
        )
    top = top_of(definition, name)
    if top == name:
        return values.get(name) not in (None, "", []) or not is_for(definition, one, values, at=at)
    return bool(values.get(top)) and all(_entry_has(definition, name, entry) for entry in values[top])


def _is_note(one: Field) -> bool:
    return not one.asks and one.type not in (GROUP, REPEAT)


def _entry_has(definition: Definition, name: str, entry: Values) -> bool:
    if entry.get(name) not in (None, ""):
        return True
    inner = [value for key, value in entry.items() if _is_repeat(definition, key)]
    return any(entries and all(_entry_has(definition, name, one) for one in entries) for entries in inner)


def is_for(definition: Definition, one: Field, values: Values, *, at: datetime) -> bool:
    """Whether a field outside of repeats is asked of this item at all."""
    parents = _parents(definition)
    here: Field | None = one
    while here is not None:
        if here.relevant and not holds(definition, here.relevant, values, at=at):
            return False
        here = parents.get(here.name)
    return True


def evidence_there(definition: Definition, step: Step, values: Values, *, at: datetime) -> Verdict:
    """Whether everything is there that a step must prove before it is done."""
    missing = [name for name in step.evidence if not is_there(definition, name, values, at=at)]
    if not missing:
        return YES
    labels = [one.label or one.name for one in map(definition.find, missing) if one is not None]
    return no(
        "item.evidence_missing",
        say(_("Still missing: %(fields)s."), fields=listed(str(label) for label in labels)),
    )
