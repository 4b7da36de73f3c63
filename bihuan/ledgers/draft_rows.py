"""A draft as its page lists it: sections of rows, each with what it says and how much is wrong with it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from bihuan.cases.limits import in_words, seconds_of
from bihuan.core.text import listed
from bihuan.ledgers.definition import Definition, Field, Step, model
from bihuan.ledgers.definition.glossary import unit_words
from bihuan.ledgers.definition.parts import (
    CONDITION,
    DOCUMENT,
    FIELD,
    FIGURE,
    GATE,
    GOAL,
    LIST,
    RATE,
    SETTINGS,
    STEP,
    WHOLE,
    title_of,
)
from bihuan.ledgers.definition.tracing import PartFault
from bihuan.ledgers.forms.editing import CONDITIONS, TYPES
from bihuan.ledgers.forms.editing.base import DUTIES
from bihuan.ledgers.forms.editing.counting import PERIODS
from bihuan.ledgers.forms.editing.head import SUBJECTS

HOLDERS = (model.GROUP, model.REPEAT)


@dataclass(frozen=True)
class Row:
    """One part in its section. `inside` is what can be added into it: a field into a group."""

    kind: str
    key: str
    title: str
    detail: str
    icon: str
    depth: int = 0
    faults: int = 0
    first: bool = False
    last: bool = False
    adds: str = ""  # the kind that can be added into it
    marks: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        return f"{self.kind}-{self.key}"


@dataclass(frozen=True)
class Section:
    kind: str
    title: Any
    about: Any
    icon: str
    add: Any
    rows: tuple[Row, ...]
    faults: tuple[PartFault, ...]  # of the section as a whole
    can_add: bool = True


WORDS: dict[str, tuple[Any, Any, str, Any]] = {
    FIELD: (
        gettext_lazy("Fields"),
        gettext_lazy("What is written down about every item, in this order."),
        "list-details",
        gettext_lazy("Add a field"),
    ),
    STEP: (
        gettext_lazy("Steps"),
        gettext_lazy("What an item goes through, from the first step to its end, and who takes each."),
        "route",
        gettext_lazy("Add a step"),
    ),
    GATE: (
        gettext_lazy("Gates"),
        gettext_lazy("Lists of conditions that must all be met before a step."),
        "lock",
        gettext_lazy("Add a gate"),
    ),
    FIGURE: (
        gettext_lazy("Figures"),
        gettext_lazy("What is counted; pages, summaries and reports are made from it."),
        "chart-bar",
        gettext_lazy("Add a figure"),
    ),
    GOAL: (
        gettext_lazy("Goals"),
        gettext_lazy("What a figure is to reach, and by when."),
        "target",
        gettext_lazy("Add a goal"),
    ),
    DOCUMENT: (
        gettext_lazy("Documents"),
        gettext_lazy("Summaries and reports that write themselves."),
        "file-text",
        gettext_lazy("Add a document"),
    ),
    RATE: (
        gettext_lazy("Rates"),
        gettext_lazy("Amounts of money for one of something, from a day on."),
        "credit-card",
        gettext_lazy("Add a rate"),
    ),
    LIST: (
        gettext_lazy("Lists of choices"),
        gettext_lazy(
            "They are written with the fields that use them; here they can be changed for all at once."
        ),
        "list",
        gettext_lazy("Add a list"),
    ),
}
SHOWN = 6  # choices and names in one line


def settings_row(definition: Definition, faults: tuple[PartFault, ...]) -> Row:
    subject = dict(SUBJECTS)[definition.settings.subject]
    marks = [_("confidential")] if definition.settings.confidential else []
    marks += [_("can be split")] if definition.settings.splits else []
    wrong = sum(fault.kind == SETTINGS for fault in faults)
    title = str(definition.title) or "—"
    return Row(SETTINGS, WHOLE, title, _("About: %(subject)s") % {"subject": subject}, "settings",
               faults=wrong, marks=tuple(marks))  # fmt: skip


def sections(definition: Definition, faults: tuple[PartFault, ...]) -> list[Section]:
    """The parts of a definition section by section, in the order in which a person thinks of them."""
    wrong = Counter((fault.kind, fault.key) for fault in faults)
    rows = {
        FIELD: _fields(definition, wrong),
        STEP: _plain(STEP, definition.steps, lambda one: _step(one, definition), "circle", wrong),
        GATE: _gates(definition, wrong),
        FIGURE: _plain(FIGURE, definition.figures, lambda one: _figure(one, definition), "chart-bar", wrong),
        GOAL: _plain(GOAL, definition.goals, lambda one: _goal(one, definition), "target", wrong),
        DOCUMENT: _plain(DOCUMENT, definition.documents, _document, "file-text", wrong),
        RATE: _plain(RATE, definition.rates, _rate, "credit-card", wrong),
        LIST: _plain(LIST, definition.choices, lambda one: _names(one.choices), "list", wrong),
    }
    found = []
    for kind, (title, about, icon, add) in WORDS.items():
        own = tuple(fault for fault in faults if fault.kind == kind and not fault.key)
        can_add = bool(definition.figures) if kind == GOAL else True
        found.append(Section(kind, title, about, icon, add, tuple(rows[kind]), own, can_add))
    return found


def _fields(definition: Definition, wrong: Counter[tuple[str, str]]) -> Iterator[Row]:
    def take(fields: tuple[Field, ...], depth: int) -> Iterator[Row]:
        for number, one in enumerate(fields):
            known = TYPES[one.type]
            marks = [_("required")] if one.required else []
            marks += [_("only where …")] if one.relevant else []
            marks += [_("checked")] if one.constraint else []
            detail = (
                f"{known.label} · {_names(definition.list_of(one.list))}" if one.list else str(known.label)
            )
            yield Row(
                FIELD, one.name, title_of(one), detail, known.icon, depth, wrong[FIELD, one.name],
                number == 0, number == len(fields) - 1, FIELD if one.type in HOLDERS else "", tuple(marks),
            )  # fmt: skip
            yield from take(one.children, depth + 1)

    yield from take(definition.fields, 0)


def _plain(
    kind: str, parts: tuple[Any, ...], detail: Any, icon: str, wrong: Counter[tuple[str, str]]
) -> Iterator[Row]:
    for number, one in enumerate(parts):
        key = str(number + 1) if kind in (RATE, GOAL) else one.name if kind == LIST else one.code
        yield Row(
            kind, key, title_of(one), detail(one), icon, 0, wrong[kind, key],
            number == 0, number == len(parts) - 1,
        )  # fmt: skip


def _gates(definition: Definition, wrong: Counter[tuple[str, str]]) -> Iterator[Row]:
    for number, gate in enumerate(definition.gates):
        guarded = [str(step.name) for step in definition.steps if step.gate == gate.code]
        before = _("before %(steps)s") % {"steps": listed(guarded)} if guarded else _("before no step yet")
        yield Row(
            GATE, gate.code, title_of(gate), before, "lock", 0, wrong[GATE, gate.code],
            number == 0, number == len(definition.gates) - 1, CONDITION,
        )  # fmt: skip
        for place, one in enumerate(gate.conditions, start=1):
            key, known = f"{gate.code}:{place}", CONDITIONS[one.kind]
            yield Row(
                CONDITION, key, title_of(one), str(known.label), known.icon, 1, wrong[CONDITION, key],
                place == 1, place == len(gate.conditions),
            )  # fmt: skip


def _names(parts: tuple[Any, ...]) -> str:
    names = [str(one.label or one.name) for one in parts]
    return listed(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")


def who_named(words: tuple[str, ...]) -> str:
    return listed(str(DUTIES.get(word, word.removeprefix(model.ROLE))) for word in words)


def _step(one: Step, definition: Definition) -> str:
    parts = [who_named(one.who)] if one.who else []
    if one.limit:
        parts.append(in_words(seconds_of(one.limit, one.calendar), one.calendar))
    if one.gate:
        gate = definition.gate(one.gate)
        parts.append(_("gate: %(name)s") % {"name": gate.name if gate else one.gate})
    onward = [str(step.name) for code in one.next if (step := definition.step(code))]
    way = _("then %(steps)s") % {"steps": pgettext("either of two steps", " or ").join(onward)}
    parts.append(way if onward else _("then finished"))
    return " · ".join(parts)


def _figure(one: model.Figure, definition: Definition) -> str:
    step = definition.step(one.of.removeprefix(model.STEP)) if one.of.startswith(model.STEP) else None
    field = definition.find(one.of.removeprefix(model.FIELD)) if one.of.startswith(model.FIELD) else None
    if step is not None:
        text = _("items that passed: %(step)s") % {"step": step.name}
    elif field is not None:
        words = _("sum of “%(field)s”") if one.kind == model.SUM else _("count of “%(field)s”")
        text = words % {"field": field.label or field.name}
    else:
        text = _("items of the ledger")
    if one.target is not None:
        text += " · " + _("target %(amount)s %(unit)s") % {"amount": one.target, "unit": unit_words(one.unit)}
    return text


def _goal(one: model.Goal, definition: Definition) -> str:
    figure = next((figure for figure in definition.figures if figure.code == one.figure), None)
    return _("“%(figure)s” reaches %(amount)s by day %(day)s") % {
        "figure": figure.name if figure else one.figure, "amount": one.amount, "day": one.day,
    }  # fmt: skip


def _document(one: model.Document) -> str:
    when = f"{dict(PERIODS)[one.period]} · {one.hour}"
    return f"{when} · {one.template}" if one.template else when


def _rate(one: model.Rate) -> str:
    return _("%(amount)s yuan for one %(unit)s, from %(day)s") % {
        "amount": one.amount, "unit": unit_words(one.unit), "day": one.valid_from.isoformat(),
    }  # fmt: skip
