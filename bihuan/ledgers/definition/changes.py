"""What differs between two versions of a ledger, in plain words: what moving items over would mean."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.core.text import listed
from bihuan.ledgers.definition.faults import say
from bihuan.ledgers.definition.model import ChoiceList, Definition, Field, Gate

FIELD, CHOICE, STEP, GATE, FIGURE, DOCUMENT, RATE, GOAL, SETTING = (
    "field", "choice", "step", "gate", "figure", "document", "rate", "goal", "setting",
)  # fmt: skip
ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"


@dataclass(frozen=True)
class Change:
    """One difference. `touches_items`: what items hold, or where they stand, is affected by it."""

    of: str
    what: str
    name: str
    sentence: Any
    touches_items: bool = False


def changes(old: Definition, new: Definition) -> list[Change]:
    """Everything that differs, what touches items first."""
    found = [
        *_settings(old, new),
        *_fields(old, new),
        *_choices(old.choices, new.choices),
        *_steps(old, new),
        *_gates(old.gates, new.gates),
        *_plain(FIGURE, old.figures, new.figures, _FIGURE),
        *_plain(DOCUMENT, old.documents, new.documents, _DOCUMENT),
        *_plain(RATE, old.rates, new.rates, _RATE, lambda one: f"{one.code} {one.valid_from}"),
        *_plain(GOAL, old.goals, new.goals, _GOAL, lambda one: f"{one.figure} {one.day}"),
    ]
    return sorted(found, key=lambda change: not change.touches_items)


def _differing(old: Any, new: Any, *, without: Iterable[str] = ()) -> list[str]:
    names = (one.name for one in fields(old))
    return [name for name in names if name not in without and getattr(old, name) != getattr(new, name)]


def _settings(old: Definition, new: Definition) -> Iterable[Change]:
    if old.title != new.title:
        yield Change(
            SETTING, CHANGED, "name", say(_("The ledger is now called “%(name)s”."), name=new.title or "—")
        )
    for name in _differing(old.settings, new.settings, without=("extras",)):
        touches = name in ("subject", "confidential")
        yield Change(
            SETTING,
            CHANGED,
            name,
            say(_("The setting “%(name)s” has changed."), name=_SETTINGS[name]),
            touches,
        )


_SETTINGS = {
    "code": _("code"),
    "default_language": _("usual language"),
    "subject": _("what an item is about"),
    "confidential": _("confidential"),
    "least_count": _("least count that leaves the ledger"),
    "splits": _("items may be split"),
}


# -- fields


def _placed(definition: Definition) -> dict[str, tuple[Field, str]]:
    """Every field with the group or repeat it lies in."""
    found: dict[str, tuple[Field, str]] = {}

    def take(fields_: tuple[Field, ...], parent: str) -> None:
        for one in fields_:
            found[one.name] = one, parent
            take(one.children, one.name)

    take(definition.fields, "")
    return found


def _fields(old: Definition, new: Definition) -> Iterable[Change]:
    before, after = _placed(old), _placed(new)
    for name, (one, _parent) in before.items():
        if name not in after:
            yield Change(
                FIELD, REMOVED, name,
                say(_("“%(label)s” is no longer asked; what was entered stays in the history."),
                    label=one.label or name),
                one.asks,
            )  # fmt: skip
    for name, (one, parent) in after.items():
        label = one.label or name
        if name not in before:
            yield Change(FIELD, ADDED, name, say(_("“%(label)s” is new."), label=label))
            if one.required:
                yield Change(
                    FIELD, ADDED, name,
                    say(_("“%(label)s” must be filled in, also in items that are under way."), label=label),
                    True,
                )  # fmt: skip
            continue
        was, was_in = before[name]
        if was.type != one.type:
            yield Change(
                FIELD, CHANGED, name,
                say(_("“%(label)s” was %(old)s and is now %(new)s; values that do not fit are left out."),
                    label=label, old=was.type, new=one.type),
                True,
            )  # fmt: skip
        if was_in != parent:
            yield Change(
                FIELD, MOVED, name, say(_("“%(label)s” stands in another group or repeat."), label=label),
                _in_repeat(before, was_in) != _in_repeat(after, parent),
            )  # fmt: skip
        if one.required and not was.required:
            yield Change(
                FIELD, CHANGED, name, say(_("“%(label)s” must now be filled in."), label=label), True
            )
        if was.required and not one.required:
            yield Change(FIELD, CHANGED, name, say(_("“%(label)s” may now be left empty."), label=label))
        told = ("required",) if not (was.required and one.required) else ()
        others = _differing(was, one, without=("name", "type", "children", "extras", *told))
        if others:
            stricter = bool({"constraint", "list", "choice_filter", "calculation"} & set(others))
            yield Change(
                FIELD, CHANGED, name,
                say(_("Of “%(label)s” changed: %(parts)s."), label=label, parts=_parts(others)), stricter,
            )  # fmt: skip


def _in_repeat(placed: dict[str, tuple[Field, str]], name: str) -> str:
    while name and placed[name][0].type != "repeat":
        name = placed[name][1]
    return name


_PARTS = {
    "label": _("label"),
    "hint": _("hint"),
    "list": _("list of choices"),
    "required": _("whether it is required"),
    "required_message": _("the sentence when it is missing"),
    "constraint": _("what an answer must fulfil"),
    "constraint_message": _("the sentence when it does not"),
    "relevant": _("when it is asked"),
    "read_only": _("whether it can be changed"),
    "calculation": _("how it is reckoned"),
    "default": _("what it begins with"),
    "choice_filter": _("which choices are shown"),
    "appearance": _("how it looks"),
    "repeat_count": _("how often it is asked"),
    "parameters": _("parameters"),
    "household": _("whether the household reads it"),
    "fact": _("what of the place it is"),
}


def _parts(names: list[str]) -> Any:
    sentence = listed("%(" + name + ")s" for name in names)
    return say(sentence, **{name: _PARTS[name] for name in names})


def _choices(old: tuple[ChoiceList, ...], new: tuple[ChoiceList, ...]) -> Iterable[Change]:
    before = {one.name: {choice.name: choice for choice in one.choices} for one in old}
    after = {one.name: {choice.name: choice for choice in one.choices} for one in new}
    for name in before.keys() & after.keys():
        was, now = before[name], after[name]
        for value in [value for value in was if value not in now]:
            yield Change(
                CHOICE, REMOVED, f"{name}/{value}",
                say(_("“%(choice)s” can no longer be chosen."), choice=was[value].label or value), True,
            )  # fmt: skip
        for value in now:
            label = now[value].label or value
            if value not in was:
                yield Change(
                    CHOICE, ADDED, f"{name}/{value}", say(_("“%(choice)s” can now be chosen."), choice=label)
                )
            elif was[value].label != now[value].label:
                yield Change(
                    CHOICE, CHANGED, f"{name}/{value}",
                    say(_("The choice “%(old)s” is now called “%(choice)s”."),
                        old=was[value].label, choice=label),
                )  # fmt: skip


# -- steps and gates


def _steps(old: Definition, new: Definition) -> Iterable[Change]:
    before = {one.code: one for one in old.steps}
    after = {one.code: one for one in new.steps}
    for code, one in before.items():
        if code not in after:
            yield Change(
                STEP, REMOVED, code,
                say(_("The step “%(name)s” is gone; items that stand there must be moved to another step."),
                    name=one.name),
                True,
            )  # fmt: skip
    for code, one in after.items():
        if code not in before:
            yield Change(STEP, ADDED, code, say(_("The step “%(name)s” is new."), name=one.name), True)
            continue
        others = _differing(before[code], one, without=("code", "extras"))
        if others:
            yield Change(
                STEP, CHANGED, code,
                say(_("Of the step “%(name)s” changed: %(parts)s."), name=one.name,
                    parts=_step_parts(others)),
                others != ["name"],
            )  # fmt: skip
    if [one.code for one in old.steps][:1] != [one.code for one in new.steps][:1]:
        yield Change(
            STEP, CHANGED, new.steps[0].code if new.steps else "",
            say(_("New items begin at the step “%(name)s”."), name=new.steps[0].name if new.steps else "—"),
        )  # fmt: skip


_STEP_PARTS = {
    "name": _("name"),
    "who": _("who may take it"),
    "limit": _("time limit"),
    "calendar": _("calendar of the limit"),
    "remind_at": _("when to remind"),
    "fields": _("what is asked"),
    "evidence": _("evidence"),
    "gate": _("gate"),
    "relevant": _("which items it is for"),
    "next": _("next steps"),
    "back": _("where it may be sent back to"),
    "other_than": _("who must be somebody else"),
    "opens_case": _("the case it opens"),
    "case_completes": _("whether its case completes it"),
    "blocked_when": _("when it counts as blocked"),
    "locks_money": _("whether it locks the reckoning"),
}


def _step_parts(names: list[str]) -> Any:
    sentence = listed("%(" + name + ")s" for name in names)
    return say(sentence, **{name: _STEP_PARTS[name] for name in names})


def _gates(old: tuple[Gate, ...], new: tuple[Gate, ...]) -> Iterable[Change]:
    before, after = {one.code: one for one in old}, {one.code: one for one in new}
    for code, one in before.items():
        if code not in after:
            yield Change(GATE, REMOVED, code, say(_("The gate “%(name)s” is gone."), name=one.name), True)
    for code, one in after.items():
        if code not in before:
            yield Change(GATE, ADDED, code, say(_("The gate “%(name)s” is new."), name=one.name), True)
            continue
        was = before[code]
        for condition in one.conditions:
            if condition not in was.conditions:
                yield Change(
                    GATE, CHANGED, code,
                    say(_("The gate “%(name)s” now asks: %(condition)s"), name=one.name,
                        condition=condition.sentence),
                    True,
                )  # fmt: skip
        for condition in was.conditions:
            if condition not in one.conditions:
                yield Change(
                    GATE, CHANGED, code,
                    say(_("The gate “%(name)s” no longer asks: %(condition)s"), name=one.name,
                        condition=condition.sentence),
                    True,
                )  # fmt: skip


# -- what is only counted or printed

_FIGURE = (
    _("The figure “%(name)s” is new."),
    _("The figure “%(name)s” is gone."),
    _("The figure “%(name)s” has changed."),
)
_DOCUMENT = (
    _("The document “%(name)s” is new."),
    _("The document “%(name)s” is gone."),
    _("The document “%(name)s” has changed."),
)
_RATE = (
    _("The rate “%(name)s” is new."),
    _("The rate “%(name)s” is gone."),
    _("The rate “%(name)s” has changed."),
)
_GOAL = (
    _("The goal “%(name)s” is new."),
    _("The goal “%(name)s” is gone."),
    _("The goal “%(name)s” has changed."),
)


def _plain(
    of: str,
    old: tuple[Any, ...],
    new: tuple[Any, ...],
    sentences: tuple[Any, Any, Any],
    key: Callable[[Any], str] = lambda one: str(one.code),
) -> Iterable[Change]:
    before, after = {key(one): one for one in old}, {key(one): one for one in new}
    for code in dict.fromkeys([*before, *after]):
        was, now = before.get(code), after.get(code)
        if was == now:
            continue
        kind, sentence = (
            (ADDED, sentences[0])
            if was is None
            else (REMOVED, sentences[1])
            if now is None
            else (CHANGED, sentences[2])
        )
        name = next(one.name for one in (now, was) if one is not None)
        yield Change(of, kind, code, say(sentence, name=name or code))
