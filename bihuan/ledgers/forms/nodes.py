"""What the form of an item shows: each field with its name, its value, its choices and what is wrong."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as made_of
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from bihuan.core.clock import local
from bihuan.core.text import listed
from bihuan.files.access import read_ticket
from bihuan.ledgers.definition import Choice, Definition, Field, Words, holds
from bihuan.ledgers.definition.formulas import is_dynamic
from bihuan.ledgers.definition.model import CALCULATE, GROUP, NOTE, REPEAT, SELECT_MULTIPLE, SELECT_ONE

REFERENCE = re.compile(r"\$\{\s*([\w.\-]+)\s*\}")
RADIOS = 7  # choices that are all shown at once; more are a list to open
NEW = "new"  # the number of an entry that a script fills in

WIDGETS = {
    "text": "text", "integer": "whole", "decimal": "number", "date": "date", "time": "time",
    "dateTime": "moment", "barcode": "text", "geopoint": "point", "geotrace": "points", "geoshape": "points",
    "image": "image", "file": "file", NOTE: "note", CALCULATE: "output", GROUP: "group", REPEAT: "repeat",
}  # fmt: skip


@dataclass
class Option:
    value: str
    label: str
    chosen: bool
    offered: bool


@dataclass
class Entry:
    """One entry of a repeat. `origin` is the number of the stored one it was made from, 0 for a new one."""

    number: int | str
    origin: int
    name: str
    nodes: list["Node"]


@dataclass
class Node:
    """One field on the page. `name` is what it is sent as, `path` how faults name it."""

    field: Field
    widget: str
    name: str
    path: str
    value: Any = ""
    label: str = ""
    hint: str = ""
    required: bool = False
    needed: bool = False  # the step proves something by it
    relevant: bool = True
    locked: bool = False
    of_place: bool = False  # known of the place, and corrected there
    errors: list[Any] = made_of(default_factory=list)
    options: list[Option] = made_of(default_factory=list)
    children: list["Node"] = made_of(default_factory=list)
    entries: list[Entry] = made_of(default_factory=list)
    blank: Entry | None = None

    @property
    def id(self) -> str:
        return f"id_{self.name}"

    @property
    def template(self) -> str:
        return f"ledgers/fields/{self.widget}.html"

    @property
    def described_by(self) -> str:
        """The ids of what explains the field, and of what is wrong with it."""
        parts = [f"{self.id}_hint"] if self.hint else []
        return " ".join([*parts, f"{self.id}_error"])

    @property
    def is_picture(self) -> bool:
        return self.widget == "image"

    @property
    def attachment(self) -> int | None:
        """The file that is beside the item already."""
        return int(self.value) if str(self.value).isdecimal() else None

    @property
    def offered_file(self) -> str:
        """The name of a file that was sent with the last try and is kept meanwhile."""
        found = read_ticket(str(self.value)) if self.value and self.attachment is None else None
        return found[1] if found is not None else ""


class Painter:
    """Makes nodes of fields, with the values and faults of one form."""

    def __init__(
        self,
        definition: Definition,
        values: Mapping[str, Any],
        errors: Mapping[str, list[Any]],
        at: datetime,
        shows: Callable[[Field], bool],
        fixed: Collection[str] = (),
        needed: Collection[str] = (),
    ):
        self.definition, self.values, self.errors = definition, values, errors
        self.at, self.shows, self.fixed, self.needed = at, shows, fixed, needed

    def nodes(
        self,
        fields: tuple[Field, ...],
        prefix: str,
        *,
        path: str = "",
        holder: Mapping[str, Any] | None = None,
        entry: Mapping[str, int] | None = None,
    ) -> list[Node]:
        own = self.values if holder is None else holder
        return [
            self._node(one, prefix, path, own, dict(entry or {})) for one in fields if self._is_shown(one)
        ]

    def _is_shown(self, one: Field) -> bool:
        if one.type == CALCULATE:
            return bool(one.label) and self.shows(one)
        return self.shows(one)

    def _node(
        self, one: Field, prefix: str, path: str, holder: Mapping[str, Any], entry: dict[str, int]
    ) -> Node:
        node = Node(
            field=one,
            widget=self._widget(one, holder.get(one.name)),
            name=f"{prefix}{one.name}",
            path=f"{path}{one.name}",
            value=self._shown(one, holder.get(one.name)),
            locked=(bool(one.read_only) and one.asks) or one.name in self.fixed,
            of_place=one.name in self.fixed,
            label=self._said(one.label, one.name if one.type != GROUP else "", holder),
            hint=self._said(one.hint, "", holder),
            required=bool(one.required) and one.name not in self.fixed,
            needed=one.name in self.needed,
            relevant=self._holds(one.relevant, entry),
            errors=list(self.errors.get(f"{path}{one.name}", [])),
        )
        if node.locked and one.list and node.value:
            node.value = in_words(self.definition, one.name, holder.get(one.name))
        if one.list:
            node.options = list(self._options(one, holder.get(one.name), entry))
        if one.type == GROUP:
            node.children = self.nodes(one.children, prefix, path=path, holder=holder, entry=entry)
        if one.type == REPEAT:
            self._fill_repeat(node, holder, entry)
        return node

    def _fill_repeat(self, node: Node, holder: Mapping[str, Any], entry: dict[str, int]) -> None:
        one, rows = node.field, holder.get(node.field.name)
        for number, row in enumerate(rows if isinstance(rows, list) else [], start=1):
            node.entries.append(self._entry(node, number, number, row, {**entry, one.name: number}))
        blank = {
            child.name: child.default
            for child in one.children
            if child.asks and child.default and not is_dynamic(child.default)
        }
        node.blank = self._entry(node, NEW, 0, blank, {**entry, one.name: len(node.entries) + 1})

    def _entry(
        self, node: Node, number: int | str, origin: int, row: Mapping[str, Any], entry: dict[str, int]
    ) -> Entry:
        name = f"{node.name}[{number}]"
        nodes = self.nodes(
            node.field.children, f"{name}.", path=f"{node.path}[{number}].", holder=row, entry=entry
        )
        return Entry(number, origin, name, nodes)

    def _widget(self, one: Field, value: Any) -> str:
        if one.type == SELECT_MULTIPLE:
            return "several"
        if one.type == SELECT_ONE:
            few = len(self.definition.list_of(one.list)) <= RADIOS
            return "radios" if few and "minimal" not in one.appearance else "select"
        if one.type == "text" and ("multiline" in one.appearance or "\n" in str(value or "")):
            return "lines"
        return WIDGETS[one.type]

    def _options(self, one: Field, value: Any, entry: dict[str, int]) -> Iterator[Option]:
        chosen = set(value) if isinstance(value, list) else {str(value or "")}
        for choice in self.definition.list_of(one.list):
            yield Option(choice.name, str(choice.label) or choice.name, choice.name in chosen, True)

    def _holds(self, expression: str, entry: dict[str, int]) -> bool:
        return holds(self.definition, expression, self.values, at=self.at, entry=entry)

    def _said(self, words: Words, otherwise: str, holder: Mapping[str, Any]) -> str:
        """A label with the answers that it speaks of."""
        return with_answers(self.definition, str(words) or otherwise, {**self.values, **holder})

    @staticmethod
    def _shown(one: Field, value: Any) -> Any:
        """A stored answer as its input wants it."""
        if value is None:
            return ""
        if one.type == "dateTime" and (moment := parse_datetime(str(value))) is not None:
            return local(moment).strftime("%Y-%m-%dT%H:%M") if moment.tzinfo else str(value)
        if one.type == "time":
            return str(value)[:5]
        if one.type in ("geotrace", "geoshape"):
            return "\n".join(part.strip() for part in str(value).split(";") if part.strip())
        return value


def with_answers(definition: Definition, text: str, values: Mapping[str, Any]) -> str:
    """A sentence of the ledger with `${field}` replaced by what was answered."""
    return REFERENCE.sub(lambda hit: in_words(definition, hit[1], values.get(hit[1])), text)


def in_words(definition: Definition, name: str, value: Any) -> str:
    """An answer as people read it: the labels of choices, everything else as it stands."""
    one = definition.find(name)
    labels = {choice.name: str(choice.label) for choice in _choices(definition, one)}
    if isinstance(value, list):
        return listed(labels.get(part, str(part)) for part in value if isinstance(part, str))
    return labels.get(str(value), str(value)) if value is not None else "…"


def _choices(definition: Definition, one: Field | None) -> tuple[Choice, ...]:
    return definition.list_of(one.list) if one is not None and one.list else ()
