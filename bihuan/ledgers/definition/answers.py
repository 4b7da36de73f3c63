"""Checks what was answered for one item against the definition, and reckons what is to be reckoned."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bihuan.ledgers.definition import model
from bihuan.ledgers.definition.cleaning import Unfit, cleaned
from bihuan.ledgers.definition.faults import say
from bihuan.ledgers.definition.formulas import is_dynamic, order_of, outline_of, parsed
from bihuan.ledgers.definition.model import Definition, Field
from bihuan.ledgers.expressions import Context, Outline
from bihuan.ledgers.expressions.values import plain

MOST_ENTRIES = 1_000
At = dict[str, int]


@dataclass(frozen=True)
class AnswerFault:
    """What is wrong with one answer. `path` names it: size, or plots[2].size in an entry of a repeat."""

    field: str
    path: str
    sentence: Any


@dataclass(frozen=True)
class Checked:
    """Clean values, ready for a JSON column, and what is wrong; values with faults are left out."""

    values: dict[str, Any]
    faults: tuple[AnswerFault, ...]

    @property
    def ok(self) -> bool:
        return not self.faults


@dataclass(frozen=True)
class Plan:
    """What checking needs to know of a definition, found once."""

    outline: Outline
    fields: dict[str, Field]
    parents: dict[str, str]
    order: tuple[str, ...]
    reading: tuple[str, ...]  # as the workbook has them


@lru_cache(maxsize=256)
def plan_of(definition: Definition) -> Plan:
    parents: dict[str, str] = {}

    def take(fields: tuple[Field, ...], parent: str) -> None:
        for one in fields:
            parents[one.name] = parent
            take(one.children, one.name)

    take(definition.fields, "")
    fields = {one.name: one for one in definition.walk()}
    return Plan(outline_of(definition), fields, parents, order_of(definition), tuple(fields))


@lru_cache(maxsize=256)
def _labels(definition: Definition, _language: str) -> dict[str, dict[str, str]]:
    """What the choices of each select are called, in the language of whoever asks now."""
    return {
        one.name: {choice.name: str(choice.label) for choice in definition.list_of(one.list)}
        for one in definition.walk()
        if one.list
    }


def check_answers(
    definition: Definition,
    given: Mapping[str, Any],
    *,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    asked: Collection[str] | None = None,
) -> Checked:
    """Check answers as a form or a program sends them: flat by field name, repeats as lists of the same.

    `at` is the moment in the district's time, which now() and today() mean. `before` is what the item holds:
    fields that are only read keep it. `asked` names the fields that this step asks; only they must be filled
    in.
    """
    return _Check(definition, at, dict(before or {}), asked).run(given)


def begin(definition: Definition, *, at: datetime) -> dict[str, Any]:
    """What a new item holds before anybody answered: defaults, and what follows from them."""
    check = _Check(definition, at, {}, ())
    given = {one.name: one.default for one in definition.walk() if _begins(check.plan, one)}
    for name in given:
        if is_dynamic(given[name]):
            given[name] = parsed(given[name]).text(check.context({}))
    return check.run(given, reads=True).values


def holds(
    definition: Definition,
    expression: str,
    values: Mapping[str, Any],
    *,
    at: datetime,
    entry: Mapping[str, int] | None = None,
) -> bool:
    """Whether an expression of a step, gate or figure holds of an item; an empty one always does.

    `entry` says which entries of repeats are meant, counted from 1, where a figure counts those.
    """
    if not expression:
        return True
    check = _Check(definition, at, {}, ())
    check.spoken = _spoken(values)
    return parsed(expression).truth(check.context(dict(entry or {})))


def _begins(plan: Plan, one: Field) -> bool:
    return bool(one.default) and one.asks and not plan.outline.around.get(one.name)


class _Check:
    """One item on its way to being checked."""

    def __init__(
        self, definition: Definition, at: datetime, before: dict[str, Any], asked: Collection[str] | None
    ):
        self.definition, self.before, self.asked = definition, before, asked
        self.plan = plan_of(definition)
        self.moment = at
        self.values: dict[str, Any] = {}
        self.spoken: dict[str, Any] = {}  # the same as expressions read it
        self.faults: dict[str, AnswerFault] = {}
        self.gone: set[str] = set()  # paths that are not relevant
        self.language = get_language() or "zh-hans"
        self.choices = _labels(definition, self.language)

    def run(self, given: Mapping[str, Any], *, reads: bool = False) -> Checked:
        self.values = self._take(given, self.definition.fields, {}, self.before, reads)
        self.spoken = _spoken(self.values)
        for name in self.plan.order:
            self._reckon(self.plan.fields[name])
        for name in self.plan.reading:
            self._judge(self.plan.fields[name])
        faults = sorted(self.faults.values(), key=lambda fault: self.plan.reading.index(fault.field))
        unfit = {fault.path for fault in faults}
        return Checked(_without(self.values, unfit), tuple(faults))

    # -- first the types

    def _take(
        self,
        given: Mapping[str, Any],
        fields: tuple[Field, ...],
        at: At,
        before: Mapping[str, Any],
        reads: bool,
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for one in _level(fields):
            if one.type == model.REPEAT:
                found[one.name] = self._entries(one, given.get(one.name), at, before.get(one.name), reads)
            elif one.asks and one.read_only and not reads:
                if before.get(one.name) is not None:
                    found[one.name] = before[one.name]
            elif one.asks:
                try:
                    value = cleaned(one, given.get(one.name), self.moment.tzinfo)
                except Unfit as unfit:
                    if not one.calculation:
                        self._fault(one, at, unfit.sentence)
                    continue
                if value is not None:
                    found[one.name] = value
            elif one.type == model.CALCULATE and before.get(one.name) is not None:
                found[one.name] = before[one.name]  # what once() reckoned
        return found

    def _entries(self, one: Field, given: Any, at: At, before: Any, reads: bool) -> list[dict[str, Any]]:
        if given in (None, ""):
            return []
        if not isinstance(given, list) or not all(isinstance(entry, Mapping) for entry in given):
            self._fault(one, at, _("This is no list of entries."))
            return []
        if len(given) > MOST_ENTRIES:
            self._fault(one, at, say(_("More than %(most)s entries."), most=f"{MOST_ENTRIES:,}"))
            return []
        earlier = before if isinstance(before, list) else []
        return [
            self._take(
                entry,
                one.children,
                {**at, one.name: number},
                earlier[number - 1] if number <= len(earlier) else {},
                reads,
            )
            for number, entry in enumerate(given, start=1)
        ]

    # -- then what is relevant, and what is reckoned

    def context(self, at: At, *, this: Any = "", columns: Mapping[str, Any] | None = None) -> Context:
        return Context(
            outline=self.plan.outline,
            answers=self.spoken,
            language=self.language,
            this=_said(this),
            at=at,
            choices=self.choices,
            columns=columns,
            **Context.clock(self.moment),
        )

    def _reckon(self, one: Field) -> None:
        for at, holder, spoken in self._places(one):
            path = _path(one.name, at, self.plan.outline)
            if self._is_gone(one, at) or (one.relevant and not parsed(one.relevant).truth(self.context(at))):
                self.gone.add(path)
                self._forgive(path)
                holder.pop(one.name, None)
                spoken.pop(one.name, None)
                continue
            if one.calculation:
                own = holder.get(one.name)
                text = parsed(one.calculation).text(self.context(at, this=own))
                self._keep(one, at, holder, spoken, "" if text == "NaN" else text)

    def _forgive(self, path: str) -> None:
        """Nothing is wrong with what is not asked, or with the entries of a repeat that is not."""
        for other in [one for one in self.faults if one == path or one.startswith(f"{path}[")]:
            del self.faults[other]

    def _keep(self, one: Field, at: At, holder: dict[str, Any], spoken: dict[str, Any], text: str) -> None:
        try:
            value = cleaned(one, text, self.moment.tzinfo) if one.type != model.CALCULATE else text or None
        except Unfit as unfit:
            self._fault(one, at, unfit.sentence)
            value = None
        holder.pop(one.name, None)
        spoken.pop(one.name, None)
        if value is not None:
            holder[one.name], spoken[one.name] = value, _said(value)

    def _is_gone(self, one: Field, at: At) -> bool:
        """Whether the group or repeat around it is not relevant."""
        parent = self.plan.parents[one.name]
        return bool(parent) and _path(parent, at, self.plan.outline) in self.gone

    def _places(self, one: Field) -> Iterator[tuple[At, dict[str, Any], dict[str, Any]]]:
        """Where a field stands: once, or in each entry of the repeats around it."""
        places: list[tuple[At, dict[str, Any], dict[str, Any]]] = [({}, self.values, self.spoken)]
        for repeat in _around(one.name, self.plan):
            places = [
                ({**at, repeat: number}, entry, same)
                for at, holder, spoken in places
                for number, (entry, same) in enumerate(
                    zip(holder.get(repeat, []), spoken.get(repeat, []), strict=True), start=1
                )
            ]
        yield from places

    # -- then what must hold

    def _judge(self, one: Field) -> None:
        for at, holder, _spoken in self._places(one):
            path = _path(one.name, at, self.plan.outline)
            if path in self.gone or path in self.faults or not (one.asks or one.type == model.REPEAT):
                continue
            value = holder.get(one.name)
            if one.repeat_count:
                self._judge_count(one, at, len(value or []))
            if value is None or value == []:
                if self._must(one) and parsed(one.required).truth(self.context(at)):
                    self._fault(one, at, one.required_message or _("This must be filled in."))
                continue
            if one.list:
                self._judge_choice(one, at, value)
            allowed = not one.constraint or parsed(one.constraint).truth(self.context(at, this=value))
            if not allowed:
                self._fault(one, at, one.constraint_message or _("This answer is not allowed here."))

    def _must(self, one: Field) -> bool:
        if not one.required:
            return False
        parents, name = {one.name}, one.name
        while name := self.plan.parents[name]:
            parents.add(name)
        return self.asked is None or not parents.isdisjoint(self.asked)

    def _judge_count(self, one: Field, at: At, entries: int) -> None:
        wanted = parsed(one.repeat_count).number(self.context(at))
        if wanted == wanted and int(wanted) != entries and self._is_asked(one):
            self._fault(one, at, say(_("There must be %(wanted)s entries."), wanted=plain(wanted)))

    def _is_asked(self, one: Field) -> bool:
        return self.asked is None or one.name in self.asked

    def _judge_choice(self, one: Field, at: At, value: Any) -> None:
        offered = [choice.name for choice in self._offered(one, at)]
        for chosen in value if isinstance(value, list) else [value]:
            if chosen not in offered:
                label = self.choices[one.name].get(chosen, chosen)
                self._fault(one, at, say(_("“%(choice)s” cannot be chosen here."), choice=label))

    def _offered(self, one: Field, at: At) -> Iterator[model.Choice]:
        test = parsed(one.choice_filter) if one.choice_filter else None
        for choice in self.definition.list_of(one.list):
            columns = {"name": choice.name, **dict(choice.extras)}
            if test is None or test.truth(self.context(at, columns=columns)):
                yield choice

    def _fault(self, one: Field, at: At, sentence: Any) -> None:
        path = _path(one.name, at, self.plan.outline)
        self.faults.setdefault(path, AnswerFault(one.name, path, sentence))


def _level(fields: tuple[Field, ...]) -> Iterator[Field]:
    """The fields that stand beside each other; those of groups do."""
    for one in fields:
        if one.type == model.GROUP:
            yield from _level(one.children)
        else:
            yield one


def _around(name: str, plan: Plan) -> tuple[str, ...]:
    """The repeats around a field, group or note, the outermost first."""
    found: list[str] = []
    while name := plan.parents[name]:
        if plan.fields[name].type == model.REPEAT:
            found.append(name)
    return tuple(reversed(found))


def _path(name: str, at: At, outline: Outline) -> str:
    """How an answer is named: plots[2].size."""
    around = outline.around.get(name)
    repeats = [repeat for repeat in at if around is None or repeat in around]
    return ".".join([*(f"{repeat}[{at[repeat]}]" for repeat in repeats), name])


def _said(value: Any) -> Any:
    """A stored answer as expressions read it: several choices are one text with spaces."""
    if isinstance(value, list):
        return " ".join(value) if all(isinstance(one, str) for one in value) else value
    return value


def _spoken(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: [_spoken(entry) for entry in value] if _is_repeat(value) else _said(value)
        for name, value in values.items()
    }


def _is_repeat(value: Any) -> bool:
    return isinstance(value, list) and (not value or isinstance(value[0], Mapping))


def _without(values: Mapping[str, Any], paths: set[str], start: str = "") -> dict[str, Any]:
    """The values without those at faulty paths, and without repeats that have no entry."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if f"{start}{name}" in paths:
            continue
        if _is_repeat(value):
            entries = [
                _without(entry, paths, f"{start}{name}[{n}].") for n, entry in enumerate(value, start=1)
            ]
            if entries:
                found[name] = entries
        else:
            found[name] = value
    return found
