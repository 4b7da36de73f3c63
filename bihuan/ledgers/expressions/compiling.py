"""Makes a tree ready to be reckoned: closures, built once.

`frontend/src/expressions/compiling.ts` is the twin.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bihuan.ledgers.expressions import tree
from bihuan.ledgers.expressions.functions import FUNCTIONS
from bihuan.ledgers.expressions.outline import Answers, Context
from bihuan.ledgers.expressions.patterns import Pattern
from bihuan.ledgers.expressions.values import Value, boolean, compared, nodes, number, string, text
from bihuan.ledgers.expressions.workings import WORKINGS

Run = Callable[[Context], Value]


def _divided(one: float, other: float) -> float:
    if other != 0:
        return one / other
    if one == 0 or math.isnan(one) or math.isnan(other):
        return math.nan
    return math.copysign(math.inf, math.copysign(1, one) * math.copysign(1, other))


def _remainder(one: float, other: float) -> float:
    """With the sign of the dividend, as XPath has it."""
    return math.nan if math.isinf(one) or other == 0 else math.fmod(one, other)


ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
    "div": _divided,
    "mod": _remainder,
}

TURNED: dict[str, Callable[[Value, Context], Any]] = {
    "any": lambda value, _context: value,
    "text": lambda value, _context: string(value),
    "format": lambda value, _context: string(value),
    "number": lambda value, context: number(value, context.zone),
    "boolean": lambda value, _context: boolean(value),
    "nodes": lambda value, _context: nodes(value),
}


def compiled(node: tree.Node) -> Run:
    if isinstance(node, tree.Number | tree.Text):
        value: Value = node.value
        return lambda _context: value
    if isinstance(node, tree.Field):
        name = node.name
        return lambda context: context.nodes(name)
    if isinstance(node, tree.Column):
        name = node.name
        return lambda context: [text((context.columns or {}).get(name))]
    if isinstance(node, tree.This):
        return lambda context: [text(context.this)]
    if isinstance(node, tree.Negative):
        of = compiled(node.of)
        return lambda context: -number(of(context), context.zone)
    if isinstance(node, tree.Chain):
        return _chain(node)
    if isinstance(node, tree.Filter):
        return _filter(node)
    if isinstance(node, tree.Call):
        return SPECIAL[node.name](node) if node.name in SPECIAL else _call(node)
    raise TypeError(node)  # position() alone takes what is left


# -- operators


def _chain(node: tree.Chain) -> Run:
    first = compiled(node.first)
    rest = [(sign, compiled(part)) for sign, part in node.rest]
    sign = node.rest[0][0]
    if sign in ("and", "or"):
        every = [first, *(run for _sign, run in rest)]
        ends = sign == "or"
        return lambda context: ends if any(boolean(run(context)) is ends for run in every) else not ends
    if sign in ARITHMETIC:
        steps = [(ARITHMETIC[sign], run) for sign, run in rest]

        def reckoned(context: Context) -> Value:
            total = number(first(context), context.zone)
            for step, run in steps:
                total = step(total, number(run(context), context.zone))
            return total

        return reckoned

    def tested(context: Context) -> Value:
        value = first(context)
        for sign, run in rest:
            value = compared(sign, value, run(context), context.zone)
        return value

    return tested


# -- repeats


def _filter(node: tree.Filter) -> Run:
    conditions = [compiled(condition) for condition in node.conditions]
    column = node.field.name if node.field else None

    def found(context: Context) -> Value:
        rows = context.all_of(node.repeat)
        for condition in conditions:
            rows = [row for at, row in enumerate(rows, 1) if _holds(condition, context, row, at)]
        return ["" if column is None else text(row.get(column)) for row in rows]

    return found


def _holds(condition: Run, context: Context, row: Answers, at: int) -> bool:
    value = condition(replace(context, columns=row, position=at))
    return value == at if isinstance(value, float) else boolean(value)


def _position(node: tree.Call) -> Run:
    if not node.arguments:
        return lambda context: float(context.position)
    entry = node.arguments[0]
    name = entry.name if isinstance(entry, tree.Field) else None

    def found(context: Context) -> Value:
        numbers = list(context.at.values())
        own = numbers[-1] if name is None and numbers else context.at.get(name or "")
        return math.nan if own is None else float(own)

    return found


def _indexed_repeat(node: tree.Call) -> Run:
    named = (node.arguments[0], *node.arguments[1::2])
    field, *repeats = [part.name for part in named if isinstance(part, tree.Field)]
    indexes = [compiled(part) for part in node.arguments[2::2]]

    def found(context: Context) -> Value:
        numbers = [number(index(context), context.zone) for index in indexes]
        rows = context.indexed(list(zip(repeats, numbers, strict=True)))
        return text(rows[0].get(field)) if rows else ""

    return found


# -- functions


def _call(node: tree.Call) -> Run:
    function, working = FUNCTIONS[node.name], WORKINGS[node.name]
    steps = [(TURNED[function.kind(at)], compiled(part)) for at, part in enumerate(node.arguments)]
    return lambda context: working(context, *[turn(run(context), context) for turn, run in steps])


def _if(node: tree.Call) -> Run:
    condition, then, otherwise = (compiled(part) for part in node.arguments)
    return lambda context: then(context) if boolean(condition(context)) else otherwise(context)


def _regex(node: tree.Call) -> Run:
    said, written = node.arguments
    assert isinstance(written, tree.Text)
    value, pattern = compiled(said), Pattern(written.value, written.at + 1)
    return lambda context: pattern.matches(string(value(context)))


def _choice_name(node: tree.Call) -> Run:
    said, question = node.arguments
    assert isinstance(question, tree.Field)
    choice, name = compiled(said), question.name
    return lambda context: context.choices.get(name, {}).get(string(choice(context)), "")


SPECIAL: dict[str, Callable[[tree.Call], Run]] = {
    "if": _if,
    "position": _position,
    "indexed-repeat": _indexed_repeat,
    "regex": _regex,
    "jr:choice-name": _choice_name,
}
