"""Changes a definition part by part, as a person does on a page: put, move, remove; references stay right."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.core.text import listed
from bihuan.ledgers.definition import model
from bihuan.ledgers.definition.faults import say
from bihuan.ledgers.definition.model import ChoiceList, Condition, Definition, Field, Gate, Step
from bihuan.ledgers.definition.parts import (
    CONDITION,
    FIELD,
    KINDS,
    LIST,
    PLACES,
    SETTINGS,
    STEP,
    Head,
    Part,
    each,
    find,
    parent_of,
    parts,
    pointed,
    referring,
    title_of,
)


@dataclass(frozen=True)
class Put:
    """A part as it is to be. Without a key it is new: in a group or gate, after another, or at the end."""

    kind: str
    part: Part
    key: str = ""
    inside: str = ""  # of a field: its group or repeat; of a new condition: its gate
    after: str | None = None  # of a new field or step; "" is the very beginning, None the end
    choices: ChoiceList | None = None  # of a field: the list it chooses from, as it is to be


@dataclass(frozen=True)
class Move:
    kind: str
    key: str
    up: bool


@dataclass(frozen=True)
class Remove:
    kind: str
    key: str


Edit = Put | Move | Remove


class NotPossible(Exception):
    """The definition cannot be changed so; `sentence` says why."""

    def __init__(self, code: str, sentence: Any):
        self.code, self.sentence = code, sentence
        super().__init__(code)


def edited(definition: Definition, edit: Edit) -> Definition:
    """The definition after a change. Raises NotPossible."""
    if isinstance(edit, Put):
        return _added(definition, edit) if not edit.key else _changed(definition, edit)
    _need(definition, edit.kind, edit.key)
    return _moved(definition, edit) if isinstance(edit, Move) else _removed(definition, edit)


def seen_of(definition: Definition, kind: str, key: str) -> str:
    """A short sum of a part with its choices and place: by it a form tells whether it has changed since."""
    part = find(definition, kind, key)
    beside: Any = ""
    if isinstance(part, Field):
        beside = definition.list_of(part.list), parent_of(definition, key)
    return hashlib.sha256(repr((part, beside)).encode()).hexdigest()[:16] if part else ""


def _need(definition: Definition, kind: str, key: str) -> Part:
    part = find(definition, kind, key)
    if part is None:
        raise NotPossible("draft.part_gone", _("This is no longer in the draft."))
    return part


def _key(kind: str, part: Any) -> str:
    name = "name" if kind == FIELD else PLACES.get(kind, ("", ""))[1]
    return getattr(part, name) if name else ""


def _rows(definition: Definition, kind: str) -> tuple[Any, ...]:
    rows: tuple[Any, ...] = getattr(definition, PLACES[kind][0])
    return rows


def _with_rows(definition: Definition, kind: str, rows: Sequence[Any]) -> Definition:
    changed: dict[str, Any] = {PLACES[kind][0]: tuple(rows)}
    return replace(definition, **changed)


def _refuse_taken(definition: Definition, kind: str, key: str) -> None:
    if key and find(definition, kind, key) is not None:
        raise NotPossible(
            "draft.code_taken",
            say(_("“%(code)s” is already the code of another %(kind)s."), code=key, kind=KINDS[kind]),
        )


# -- putting


def _added(definition: Definition, edit: Put) -> Definition:
    part, kind = edit.part, edit.kind
    _refuse_taken(definition, kind, _key(kind, part))
    if isinstance(part, Field):
        definition = _with_choices(definition, edit)
        if edit.inside:
            _need_holder(definition, edit.inside)
        return _insert_field(definition, part, edit.inside, edit.after)
    if isinstance(part, Condition):
        gate = definition.gate(edit.inside)
        if gate is None:
            raise NotPossible("draft.part_gone", _("This is no longer in the draft."))
        return _with_gate(definition, replace(gate, conditions=(*gate.conditions, part)))
    if isinstance(part, Step):
        return replace(definition, steps=_spliced(definition.steps, part, edit.after))
    return _with_rows(definition, kind, (*_rows(definition, kind), part))


def _spliced(steps: tuple[Step, ...], step: Step, after: str | None) -> tuple[Step, ...]:
    """The chain with a new step in it: what came after the step before it now comes after the new one."""
    codes = [one.code for one in steps]
    if after is None:
        after = codes[-1] if codes else ""
    place = codes.index(after) + 1 if after in codes else 0
    before = list(steps[:place])
    if before:
        step = replace(step, next=step.next or before[-1].next)
        before[-1] = replace(before[-1], next=(step.code,))
    elif steps:
        step = replace(step, next=step.next or (steps[0].code,))
    return (*before, step, *steps[place:])


def _changed(definition: Definition, edit: Put) -> Definition:
    part, kind, key = edit.part, edit.kind, edit.key
    was = _need(definition, kind, key)
    if isinstance(part, Head):
        return replace(
            definition,
            name=part.name, name_en=part.name_en, version=part.version, settings=part.settings,
        )  # fmt: skip
    new = _key(kind, part)
    if new != key and new:
        _refuse_taken(definition, kind, new)
    if isinstance(part, Field):
        definition = _changed_field(_with_choices(definition, edit), part, edit)
    elif isinstance(part, Condition):
        gate, place = _condition_at(definition, key)
        conditions = (*gate.conditions[:place], part, *gate.conditions[place + 1 :])
        definition = _with_gate(definition, replace(gate, conditions=conditions))
    else:
        rows = list(_rows(definition, kind))
        at = _index(definition, kind, key)
        rows[at] = replace(part, conditions=rows[at].conditions) if isinstance(part, Gate) else part
        definition = _with_rows(definition, kind, rows)
    if new and new != key and was is not None:
        definition = each(definition, lambda one: pointed(one, kind, key, new))
    return definition


def _changed_field(definition: Definition, part: Field, edit: Put) -> Definition:
    """A field keeps what lies inside it. In another group than before, it stands last."""
    was = definition.find(edit.key)
    assert was is not None  # asked for above
    part = replace(part, children=was.children)
    if was.children and part.type not in (model.GROUP, model.REPEAT):
        raise NotPossible(
            "draft.group_not_empty", _("There are fields in it: a field with one answer cannot hold them.")
        )
    if edit.inside == parent_of(definition, edit.key):
        return replace(definition, fields=_replaced(definition.fields, edit.key, (part,)))
    if edit.inside:
        _need_holder(definition, edit.inside)
        if edit.inside in {one.name for one in model.walk((was,))}:
            raise NotPossible("draft.group_in_itself", _("A group cannot lie in itself."))
    without = replace(definition, fields=_replaced(definition.fields, edit.key, ()))
    return _insert_field(without, part, edit.inside, None)


def _with_choices(definition: Definition, edit: Put) -> Definition:
    """The list that a field chooses from, as it is to be; in the place of the one of its name."""
    if edit.choices is None:
        return definition
    lists = list(definition.choices)
    names = [one.name for one in lists]
    if edit.choices.name in names:
        lists[names.index(edit.choices.name)] = edit.choices
    else:
        lists.append(edit.choices)
    return replace(definition, choices=tuple(lists))


def _need_holder(definition: Definition, name: str) -> None:
    holder = definition.find(name)
    if holder is None or holder.type not in (model.GROUP, model.REPEAT):
        raise NotPossible("draft.part_gone", _("This is no longer in the draft."))


def _insert_field(definition: Definition, part: Field, inside: str, after: str | None) -> Definition:
    def into(rows: tuple[Field, ...]) -> tuple[Field, ...]:
        names = [one.name for one in rows]
        at = 0 if after == "" else names.index(after) + 1 if after in names else len(rows)
        return (*rows[:at], part, *rows[at:])

    if not inside:
        return replace(definition, fields=into(definition.fields))
    holder = definition.find(inside)
    assert holder is not None  # asked for by whoever calls
    whole = replace(holder, children=into(holder.children))
    return replace(definition, fields=_replaced(definition.fields, inside, (whole,)))


def _replaced(rows: tuple[Field, ...], name: str, by: tuple[Field, ...]) -> tuple[Field, ...]:
    """The tree with others in the place of one field."""
    found: list[Field] = []
    for one in rows:
        if one.name == name:
            found += by
        else:
            found.append(replace(one, children=_replaced(one.children, name, by)) if one.children else one)
    return tuple(found)


def _condition_at(definition: Definition, key: str) -> tuple[Gate, int]:
    code, _colon, number = key.rpartition(":")
    gate = definition.gate(code)
    assert gate is not None  # asked for by whoever calls
    return gate, int(number) - 1


def _with_gate(definition: Definition, gate: Gate) -> Definition:
    gates = (gate if one.code == gate.code else one for one in definition.gates)
    return replace(definition, gates=tuple(gates))


def _index(definition: Definition, kind: str, key: str) -> int:
    return [own for of, own, _part in parts(definition) if of == kind].index(key)


# -- moving and removing


def _swap(rows: Sequence[Any], at: int, up: bool) -> tuple[Any, ...]:
    other = at - 1 if up else at + 1
    moved = list(rows)
    if 0 <= other < len(moved):
        moved[at], moved[other] = moved[other], moved[at]
    return tuple(moved)


def _moved(definition: Definition, edit: Move) -> Definition:
    """One place up or down among its own kind; at the end of the row it stays where it is."""
    if edit.kind == FIELD:
        inside = parent_of(definition, edit.key)
        holder = definition.find(inside) if inside else None
        rows = holder.children if holder else definition.fields
        swapped = _swap(rows, [one.name for one in rows].index(edit.key), edit.up)
        if holder is None:
            return replace(definition, fields=swapped)
        whole = replace(holder, children=swapped)
        return replace(definition, fields=_replaced(definition.fields, inside, (whole,)))
    if edit.kind == CONDITION:
        gate, place = _condition_at(definition, edit.key)
        return _with_gate(definition, replace(gate, conditions=_swap(gate.conditions, place, edit.up)))
    if edit.kind == SETTINGS:
        raise NotPossible("draft.stays", _("The settings stay where they are."))
    rows = _swap(_rows(definition, edit.kind), _index(definition, edit.kind, edit.key), edit.up)
    return _with_rows(definition, edit.kind, rows)


def holding_back(definition: Definition, kind: str, key: str) -> list[tuple[str, str, Part]]:
    """What stands in the way of removing a part: whatever refers to it, but not the steps before a step."""
    found = referring(definition, kind, key)
    if kind != STEP:
        return found
    return [
        (of, own, one) for of, own, one in found
        if not isinstance(one, Step) or key in (*one.back, one.other_than)
    ]  # fmt: skip


def _removed(definition: Definition, edit: Remove) -> Definition:
    kind, key = edit.kind, edit.key
    if kind == SETTINGS:
        raise NotPossible("draft.stays", _("The settings stay where they are."))
    others = holding_back(definition, kind, key)
    if others:
        names = listed(f"{KINDS[of]} “{title_of(part)}”" for of, _own, part in others)
        raise NotPossible(
            "draft.referred_to", say(_("It is still used: %(names)s. Change that first."), names=names)
        )
    if kind == FIELD:
        return _without_field(definition, key)
    if kind == CONDITION:
        gate, place = _condition_at(definition, key)
        kept = (*gate.conditions[:place], *gate.conditions[place + 1 :])
        return _with_gate(definition, replace(gate, conditions=kept))
    rows = list(_rows(definition, kind))
    gone = rows.pop(_index(definition, kind, key))
    definition = _with_rows(definition, kind, rows)
    return _closed_up(definition, gone) if isinstance(gone, Step) else definition


def _closed_up(definition: Definition, gone: Step) -> Definition:
    """The chain without a step: what came after it comes after the steps before it."""

    def mended(step: Step) -> Step:
        onward: list[str] = []
        for code in step.next:
            onward += [other for other in gone.next if other != step.code] if code == gone.code else [code]
        return replace(step, next=tuple(dict.fromkeys(onward)))

    return replace(definition, steps=tuple(map(mended, definition.steps)))


def _without_field(definition: Definition, key: str) -> Definition:
    """Lists of choices that only this field used go with it."""
    gone = definition.find(key)
    assert gone is not None  # asked for above
    lists = {one.list for one in model.walk((gone,)) if one.list}
    definition = replace(definition, fields=_replaced(definition.fields, key, ()))
    unused = {name for name in lists if not referring(definition, LIST, name)}
    return replace(definition, choices=tuple(one for one in definition.choices if one.name not in unused))


def after_key(definition: Definition, edit: Edit) -> str:
    """The key by which the part is found once the change is made; "" once it is gone."""
    if isinstance(edit, Remove):
        return ""
    if isinstance(edit, Put):
        if edit.kind == CONDITION and not edit.key:
            gate = definition.gate(edit.inside)
            return f"{edit.inside}:{len(gate.conditions) + 1 if gate else 1}"
        if edit.kind in PLACES and not PLACES[edit.kind][1]:
            return edit.key or str(len(_rows(definition, edit.kind)) + 1)
        return _key(edit.kind, edit.part) or edit.key
    return edit.key
