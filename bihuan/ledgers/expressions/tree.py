"""The parts an expression is made of. `frontend/src/expressions/tree.ts` is the twin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Number:
    value: float
    at: int


@dataclass(frozen=True)
class Text:
    value: str
    at: int


@dataclass(frozen=True)
class Field:
    """${name}"""

    name: str
    at: int


@dataclass(frozen=True)
class Column:
    """A bare name: a column of the choices, or a field of the repeat that is filtered."""

    name: str
    at: int


@dataclass(frozen=True)
class This:
    """The field's own value."""

    at: int


@dataclass(frozen=True)
class Parent:
    """The entry of a repeat around the field; only position() takes it."""

    at: int


@dataclass(frozen=True)
class Negative:
    of: Node
    at: int


@dataclass(frozen=True)
class Chain:
    """Operators of one level, from left to right: a − b + c."""

    first: Node
    rest: tuple[tuple[str, Node], ...]
    at: int


@dataclass(frozen=True)
class Filter:
    """${repeat}[condition]/field; without a field, the entries themselves."""

    repeat: str
    conditions: tuple[Node, ...]
    field: Column | None
    at: int


@dataclass(frozen=True)
class Call:
    name: str
    arguments: tuple[Node, ...]
    at: int


Node = Number | Text | Field | Column | This | Parent | Negative | Chain | Filter | Call


def within(node: Node) -> tuple[Node, ...]:
    """The parts directly inside."""
    if isinstance(node, Negative):
        return (node.of,)
    if isinstance(node, Chain):
        return (node.first, *(part for _sign, part in node.rest))
    if isinstance(node, Filter):
        return (*node.conditions, *([node.field] if node.field else []))
    return node.arguments if isinstance(node, Call) else ()


def walk(node: Node) -> Iterator[Node]:
    yield node
    for part in within(node):
        yield from walk(part)
