"""The seam to the expressions: reads those of a definition, checks them, says in which order they run."""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from bihuan.ledgers import expressions
from bihuan.ledgers.definition import model
from bihuan.ledgers.definition.cleaning import Unfit, cleaned
from bihuan.ledgers.definition.faults import say
from bihuan.ledgers.definition.lines import Line
from bihuan.ledgers.definition.model import Definition, Field
from bihuan.ledgers.definition.sheets import Sheet
from bihuan.ledgers.definition.survey import EXPRESSIONS, Survey
from bihuan.ledgers.expressions import Expression, Fault, Outline

DYNAMIC = re.compile(r"\s*[a-z][a-z0-9-]*\(.*\)\s*", re.S)
OWN_VALUE = (
    "constraint",
    "calculation",
)  # where “.” means the field's value; once() asks for it in calculations
OF_ITEMS = {"steps": ("relevant", "blocked_when"), "gates": ("expression",), "figures": ("where",)}
SHOWN = 24  # characters of the place that is wrong


@lru_cache(maxsize=8_192)
def parsed(text: str) -> Expression:
    return expressions.parse(text)


def is_dynamic(default: str) -> bool:
    """Whether a default is reckoned when an item begins, and not taken as it stands."""
    return "${" in default or bool(DYNAMIC.fullmatch(default))


def outline_of(definition: Definition) -> Outline:
    """The fields as expressions see them: repeats in each other, groups not at all."""

    def inner(fields: Iterable[Field]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for one in fields:
            if one.type == model.GROUP:
                found |= inner(one.children)
            elif one.type != model.NOTE:
                found[one.name] = inner(one.children) if one.type == model.REPEAT else None
        return found

    return Outline(inner(definition.fields))


def order_of(definition: Definition) -> tuple[str, ...]:
    """Every field after those its value or its relevance depends on. A circle is raised as a Fault."""
    asked = dependencies(definition)
    ordered: dict[str, None] = {}
    for name in asked:
        _place(name, asked, ordered)
    return tuple(ordered)


def dependencies(definition: Definition) -> dict[str, tuple[str, ...]]:
    """What each field waits for; expressions that cannot be read wait for nothing."""
    found: dict[str, tuple[str, ...]] = {}

    def take(fields: Iterable[Field], parent: str) -> None:
        for one in fields:
            asked = {parent} if parent else set()
            for text in (one.relevant, one.calculation):
                asked |= _named(text)
            own = asked - {one.name} if "once(" in one.calculation else asked
            found[one.name] = tuple(sorted(own))
            take(one.children, one.name)

    take(definition.fields, "")
    return {name: tuple(other for other in asked if other in found) for name, asked in found.items()}


def _named(text: str) -> frozenset[str]:
    if not text:
        return frozenset()
    try:
        return expressions.references(parsed(text))
    except Fault:
        return frozenset()


def _place(name: str, asked: Mapping[str, tuple[str, ...]], ordered: dict[str, None]) -> None:
    way: dict[str, Any] = {name: iter(asked[name])} if name not in ordered else {}
    while way:
        present = next(reversed(way))
        other = next((one for one in way[present] if one not in ordered), None)
        if other is None:
            ordered[present] = None
            del way[present]
        elif other in way:
            names = list(way)
            raise Fault("expression.cycle", 0, circle=" → ".join([*names[names.index(other) :], other]))
        else:
            way[other] = iter(asked[other])


# -- checking a workbook


def check_formulas(definition: Definition, survey: Survey, sheets: dict[str, Sheet]) -> None:
    """Say what is wrong with any expression or default, in its cell."""
    outline = outline_of(definition)
    fields = {one.name: one for one in definition.walk()}
    for name, line in survey.lines.items():
        _check_field(fields[name], line, survey.inside[name], outline, definition)
    figures = {figure.code: figure for figure in definition.figures}
    for key, columns in OF_ITEMS.items():
        for line in sheets[key].lines if key in sheets else ():
            figure = figures.get(line.text("code")) if key == "figures" else None
            around = _rows_of(figure.of, survey, outline) if figure else ()
            for column in columns:
                _check(line, column, line.expression(column), outline, around=around)
    _check_circles(definition, survey)


def _rows_of(of: str, survey: Survey, outline: Outline) -> tuple[str, ...]:
    """The repeats among whose entries a figure counts."""
    name = of.removeprefix(model.FIELD)
    around = survey.inside.get(name, ())
    return (*around, name) if name in outline.repeats else around


def _check_field(
    one: Field, line: Line, around: tuple[str, ...], outline: Outline, definition: Definition
) -> None:
    for key in EXPRESSIONS:
        columns = None
        if key == "choice_filter":
            choices = definition.list_of(one.list)
            columns = list(
                dict.fromkeys(["name", *(heading for c in choices for heading, _text in c.extras)])
            )
        text = getattr(one, key)
        _check(line, key, text, outline, around=around, columns=columns, own_value=key in OWN_VALUE)
    if not one.default:
        return
    if is_dynamic(one.default):
        _check(line, "default", one.default, outline, around=around)
    elif one.asks:
        _check_default(one, line, definition)


def _check_default(one: Field, line: Line, definition: Definition) -> None:
    try:
        value = cleaned(one, one.default, None)
    except Unfit as unfit:
        line.fault("default", unfit.sentence, _("Correct it, or leave the cell empty."))
        return
    names = {choice.name for choice in definition.list_of(one.list)}
    chosen = value if isinstance(value, list) else [value]
    if one.list and names and not names.issuperset(chosen):
        line.fault(
            "default",
            say(_("“%(value)s” is not in the list “%(list)s”."), value=one.default, list=one.list),
            _("Write the name of one of its choices."),
        )


def _check(
    line: Line,
    key: str,
    text: str,
    outline: Outline,
    *,
    around: tuple[str, ...] = (),
    columns: Collection[str] | None = None,
    own_value: bool = False,
) -> None:
    if not text:
        return
    try:
        found = expressions.check(
            parsed(text), outline, around=around, columns=columns, has_own_value=own_value
        )
    except Fault as fault:
        found = [fault]
    for one in found:
        line.fault(key, _what(one, text), lazystr(_Remedy(one)))


class _What:
    def __init__(self, fault: Fault):
        self.fault = fault

    def __str__(self) -> str:
        return self.fault.what


class _Remedy(_What):
    def __str__(self) -> str:
        return self.fault.remedy


def _what(fault: Fault, text: str) -> Any:
    """The sentence, and where in the cell."""
    near = text[fault.position : fault.position + SHOWN]
    if not fault.position or not near:
        return lazystr(_What(fault))
    return say(
        _("%(what)s It is at “%(near)s”, character %(at)s."),
        what=_What(fault),
        near=near,
        at=fault.position + 1,
    )


def _check_circles(definition: Definition, survey: Survey) -> None:
    try:
        order_of(definition)
    except Fault as fault:
        name = str(fault.given["circle"]).split(" → ")[0]
        one = definition.find(name)
        key = next((key for key in ("calculation", "relevant") if one and getattr(one, key)), "name")
        survey.lines[name].fault(key, lazystr(_What(fault)), lazystr(_Remedy(fault)))
