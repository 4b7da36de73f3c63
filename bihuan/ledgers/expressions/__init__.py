"""Expressions of XLSForm: what ODK and Kobo write in relevant, constraint and calculation.

`parse` reads a text once; the expression it gives is reckoned in a `Context` as often as needed, here and
in the browser (frontend/src/expressions) with the same result. See docs/expressions.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bihuan.ledgers.expressions import checking, tree, values
from bihuan.ledgers.expressions.compiling import Run, compiled
from bihuan.ledgers.expressions.faults import Fault
from bihuan.ledgers.expressions.outline import Context, Outline
from bihuan.ledgers.expressions.parser import Parser

__all__ = ["Context", "Expression", "Fault", "Outline", "check", "order_of", "parse", "references"]


@dataclass(frozen=True)
class Expression:
    """An expression that has been read and made ready."""

    source: str
    tree: tree.Node
    run: Run

    def value(self, context: Context) -> values.Value:
        return self.run(context)

    def text(self, context: Context) -> str:
        """What a calculation or default stores."""
        return values.string(self.run(context))

    def number(self, context: Context) -> float:
        """How many times something repeats."""
        return values.number(self.run(context), context.zone)

    def truth(self, context: Context) -> bool:
        """Whether something is relevant, required, allowed or offered."""
        return values.boolean(self.run(context))


def parse(text: str) -> Expression:
    """Read an expression; what is wrong with it is raised as a Fault."""
    node = Parser(text).read()
    return Expression(text, node, compiled(node))


def references(expression: Expression) -> frozenset[str]:
    return checking.references(expression.tree)


def order_of(calculations: Mapping[str, Expression]) -> list[str]:
    """In which order calculations are reckoned; a circle among them is raised as a Fault."""
    return checking.order_of({name: expression.tree for name, expression in calculations.items()})


def check(
    expression: Expression,
    outline: Outline,
    *,
    around: tuple[str, ...] = (),
    columns: Collection[str] | None = None,
    has_own_value: bool = True,
) -> list[Fault]:
    """What does not fit the fields: unknown names, repeats used as values, positions outside a repeat.

    `around` names the repeats around the expression's field; `columns` those of the choices, for a choice
    filter.
    """
    setting = checking.Setting(outline, around, columns, has_own_value)
    return list(setting.faults(expression.tree))
