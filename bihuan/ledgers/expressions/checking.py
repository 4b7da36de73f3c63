"""Whether an expression fits the fields of a ledger, and in which order calculations are to be reckoned.

`frontend/src/expressions/checking.ts` is the twin.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from bihuan.ledgers.expressions import tree
from bihuan.ledgers.expressions.faults import Fault
from bihuan.ledgers.expressions.outline import Outline


def references(node: tree.Node) -> frozenset[str]:
    """The fields and repeats that an expression names, those within square brackets included."""
    found = set()
    for part in tree.walk(node):
        if isinstance(part, tree.Field | tree.Column):
            found.add(part.name)
        elif isinstance(part, tree.Filter):
            found.add(part.repeat)
    return frozenset(found)


def order_of(calculations: Mapping[str, tree.Node]) -> list[str]:
    """The names so that each comes after those it refers to; a circle is a fault that names it."""
    ordered: dict[str, None] = {}
    for name in calculations:
        _place(name, calculations, ordered)
    return list(ordered)


def _place(name: str, calculations: Mapping[str, tree.Node], ordered: dict[str, None]) -> None:
    way: dict[str, Iterator[str]] = {name: _asked(calculations, name)} if name not in ordered else {}
    while way:
        present, asked = next(reversed(way.items()))
        other = next((one for one in asked if one not in ordered), None)
        if other is None:
            ordered[present] = None
            del way[present]
        elif other in way:
            names = list(way)
            circle = [*names[names.index(other) :], other]
            raise Fault("expression.cycle", 0, circle=" → ".join(circle))
        else:
            way[other] = _asked(calculations, other)


def _asked(calculations: Mapping[str, tree.Node], name: str) -> Iterator[str]:
    asked = references(calculations[name])
    return iter([other for other in calculations if other in asked])


@dataclass(frozen=True)
class Setting:
    """Where an expression stands: the fields, the repeats around, the columns a choice filter sees."""

    outline: Outline
    around: tuple[str, ...] = ()
    columns: Collection[str] | None = None
    has_own_value: bool = True

    def faults(self, node: tree.Node, allowed: str = "") -> Iterator[Fault]:
        """What is wrong with a part, and all within it; `allowed` is what its function makes of it."""
        if isinstance(node, tree.Field):
            yield from self._field(node, allowed)
        elif isinstance(node, tree.Column):
            yield from self._column(node)
        elif isinstance(node, tree.This):
            if not self.has_own_value:
                yield Fault("expression.no_own_value", node.at)
        elif isinstance(node, tree.Parent):
            if not self.around:
                yield Fault("expression.not_in_repeat", node.at)
        elif isinstance(node, tree.Filter):
            yield from self._filter(node)
        elif isinstance(node, tree.Call):
            yield from self._call(node)
        else:
            for part in tree.within(node):
                yield from self.faults(part)

    def _unknown(self, name: str, at: int) -> Fault:
        close = get_close_matches(name, self.outline.around, 1)
        return Fault("expression.unknown_field", at, name=name, close="".join(close))

    def _field(self, node: tree.Field, allowed: str) -> Iterator[Fault]:
        if node.name not in self.outline.around:
            yield self._unknown(node.name, node.at)
        elif node.name in self.outline.repeats and allowed != "repeat":
            yield Fault("expression.repeat_has_no_value", node.at, name=node.name)
        elif node.name not in self.outline.repeats and allowed == "repeat":
            yield Fault("expression.not_a_repeat", node.at, name=node.name)

    def _column(self, node: tree.Column) -> Iterator[Fault]:
        if self.columns is None:
            yield Fault("expression.bare_name", node.at, name=node.name)
        elif node.name not in self.columns:
            known = ", ".join(self.columns)
            yield Fault("expression.unknown_column", node.at, name=node.name, known=known)

    def _filter(self, node: tree.Filter) -> Iterator[Fault]:
        inner = self.outline.repeats.get(node.repeat)
        if inner is None:
            unknown = node.repeat not in self.outline.around
            yield (
                self._unknown(node.repeat, node.at)
                if unknown
                else Fault("expression.not_a_repeat", node.at, name=node.repeat)
            )
            return
        columns = [name for name in inner if name not in self.outline.repeats]
        inside = Setting(self.outline, self.around, columns, self.has_own_value)
        for part in tree.within(node):
            yield from inside.faults(part)

    def _call(self, node: tree.Call) -> Iterator[Fault]:
        if node.name == "indexed-repeat":
            yield from self._indexed(node)
        elif node.name == "position":
            yield from self._position(node)
        else:
            for part in node.arguments:
                counts = isinstance(part, tree.Field) and part.name in self.outline.repeats
                yield from self.faults(part, "repeat" if counts and node.name == "count" else "")

    def _position(self, node: tree.Call) -> Iterator[Fault]:
        for part in node.arguments:
            wrong = list(self.faults(part, "repeat"))
            yield from wrong
            if isinstance(part, tree.Field) and not wrong and part.name not in self.around:
                yield Fault("expression.not_in_repeat", part.at)

    def _indexed(self, node: tree.Call) -> Iterator[Fault]:
        answer, *rest = node.arguments
        wrong = list(self.faults(answer))
        for part in rest[::2]:
            wrong += self.faults(part, "repeat")
        yield from wrong
        for part in rest[1::2]:
            yield from self.faults(part)
        named = tuple(part.name for part in rest[::2] if isinstance(part, tree.Field))
        if isinstance(answer, tree.Field) and not wrong and self.outline.around[answer.name] != named:
            yield Fault("expression.not_in_that_repeat", answer.at, name=answer.name)
