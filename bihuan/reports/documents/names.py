"""Which names a template may use, and what each of them stands for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from bihuan.ledgers.definition import model
from bihuan.ledgers.definition.model import Definition, Words
from bihuan.reports.documents import vocabulary
from bihuan.reports.documents.placeholders import fold
from bihuan.reports.documents.summary import Summary
from bihuan.reports.documents.vocabulary import COUNT, INDEX, KINDS, TABLES, VALUE, Column, Term

SEPARATOR = "."


@dataclass(frozen=True)
class Campaign:
    """The names that one campaign brings."""

    code: str
    name: Words
    alias: str = ""
    figures: tuple[Column, ...] = ()
    fields: tuple[Column, ...] = ()
    texts: tuple[Column, ...] = ()
    tables: tuple[str, ...] | None = None  # those that there are; not said: all

    @property
    def spellings(self) -> tuple[str, ...]:
        names = (self.alias, self.name.zh, self.name.en, self.code)
        return tuple(dict.fromkeys(name for name in names if name))


@dataclass(frozen=True)
class Names:
    """All names of a report. Those of the first campaign need no campaign before them."""

    campaigns: tuple[Campaign, ...]

    def has(self, table: str) -> bool:
        """Whether the first campaign, whose tables our own forms show, has a table."""
        held = self.campaigns[0].tables if self.campaigns else None
        return held is None or table in held


def names_of(definition: Definition, *, code: str = "", alias: str = "", name: str = "") -> Campaign:
    """The names of a campaign that follows this definition."""
    return Campaign(
        code or definition.settings.code,
        Words(name) if name else definition.title,
        alias,
        tuple(Column(one.code, one.name) for one in definition.figures),
        tuple(
            Column(one.name, one.label)
            for one in definition.walk()
            if one.type not in (model.NOTE, model.GROUP, model.REPEAT)
        ),
    )


def names_in(summary: Summary) -> Names:
    """The names of what a summary holds."""
    return Names(
        tuple(
            Campaign(
                part.code,
                part.name,
                part.alias,
                tuple(Column(one.code, one.name) for one in part.figures),
                tuple(
                    column
                    for table in part.tables
                    if KINDS[table.code].by_field
                    for column in table.columns[len(KINDS[table.code].columns) :]
                ),
                tuple(Column(one.code, one.name) for one in part.texts),
                tuple(table.code for table in part.tables),
            )
            for part in summary.parts
        )
    )


# -- what a name stands for

HEAD, FIGURE, TEXT, ROWS, CELL = "head", "figure", "text", "rows", "cell"


@dataclass(frozen=True)
class Meaning:
    """`what` is one of the five above; `attribute` of a figure, `column` of a table's cell."""

    what: str
    code: str
    campaign: int = 0
    column: str = ""
    attribute: str = ""

    @property
    def table(self) -> tuple[int, str]:
        return self.campaign, self.code


Dictionary = dict[str, list[Any]]


def _dictionary(pairs: Iterable[tuple[Iterable[str], Any]]) -> Dictionary:
    found: Dictionary = {}
    for spellings, value in pairs:
        for spelling in spellings:
            values = found.setdefault(fold(spelling), [])
            if spelling and value not in values:
                values.append(value)
    found.pop("", None)
    return found


def _columns(columns: Iterable[Column]) -> Iterator[tuple[Iterable[str], str]]:
    for one in columns:
        yield (one.code, one.name.zh, one.name.en), one.code


def _terms(terms: Iterable[Term]) -> Iterator[tuple[Iterable[str], str]]:
    for term in terms:
        yield term.spellings, term.code


HEADS = _dictionary(_terms(vocabulary.HEAD))
ATTRIBUTES = _dictionary(_terms(vocabulary.FIGURE))
TABLE_NAMES = _dictionary(_terms(kind.term for kind in TABLES))
FILTERS = _dictionary(_terms(vocabulary.FILTERS))
FIXED_COLUMNS = {kind.code: _dictionary(_terms((*kind.columns, INDEX, COUNT))) for kind in TABLES}
FIGURES = _dictionary([(vocabulary.FIGURE_WORDS, FIGURE)])
TEXTS = _dictionary([(vocabulary.TEXT_WORDS, TEXT)])


def _take(dictionary: Dictionary, rest: str) -> Iterator[tuple[Any, str]]:
    """Ways to read the beginning of a name, the longest first: names may themselves have points in them."""
    if rest in dictionary:
        yield from ((value, "") for value in dictionary[rest])
    at = rest.rfind(SEPARATOR)
    while at > 0:
        if rest[:at] in dictionary:
            yield from ((value, rest[at + 1 :]) for value in dictionary[rest[:at]])
        at = rest.rfind(SEPARATOR, 0, at)


@dataclass
class Resolver:
    """Reads names. `meanings` gives all that a name may mean; a good name means one thing."""

    names: Names
    figures: list[Dictionary] = field(init=False)
    fields: list[Dictionary] = field(init=False)
    texts: list[Dictionary] = field(init=False)
    campaigns: Dictionary = field(init=False)
    _nearest: dict[tuple[str, tuple[int, str] | None], str] = field(init=False, default_factory=dict)
    _spelled: dict[tuple[int, str] | None, dict[str, str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        own = self.names.campaigns
        self.figures = [_dictionary(_columns(one.figures)) for one in own]
        self.fields = [_dictionary(_columns(one.fields)) for one in own]
        self.texts = [_dictionary(_columns(one.texts)) for one in own]
        self.campaigns = _dictionary((one.spellings, index) for index, one in enumerate(own))

    def meanings(self, name: str, inside: tuple[int, str] | None = None) -> list[Meaning]:
        """`inside` is the table whose rows repeat here: its columns may be named alone."""
        rest = fold(name)
        for readings in self._ways(rest, inside):
            found = list(dict.fromkeys(readings))
            if found:
                return found
        return []

    def _ways(self, rest: str, inside: tuple[int, str] | None) -> Iterator[list[Meaning]]:
        """In the order in which they count: whoever names a campaign means it."""
        if inside is not None:
            yield list(self._cells(*inside, rest))
        yield [Meaning(HEAD, code) for code, left in _take(HEADS, rest) if not left]
        yield list(self._of(0, rest)) if self.names.campaigns else []
        yield [
            meaning
            for index, left in _take(self.campaigns, rest)
            for meaning in (self._of(index, left) if left else [Meaning(HEAD, "campaign", index)])
        ]

    def _of(self, index: int, rest: str) -> Iterator[Meaning]:
        for _word, left in _take(FIGURES, rest):
            yield from self._figures(index, left)
        for _word, left in _take(TEXTS, rest):
            yield from self._texts(index, left)
        for code, left in _take(TABLE_NAMES, rest):
            of = 0 if code in vocabulary.OF_THE_HEAD else index
            yield from self._cells(of, code, left) if left else [Meaning(ROWS, code, of)]
        yield from self._figures(index, rest)
        yield from self._texts(index, rest)

    def _figures(self, index: int, rest: str) -> Iterator[Meaning]:
        for code, left in _take(self.figures[index], rest):
            for attribute in ATTRIBUTES.get(left, []) if left else [VALUE]:
                yield Meaning(FIGURE, code, index, attribute=attribute)

    def _texts(self, index: int, rest: str) -> Iterator[Meaning]:
        yield from (Meaning(TEXT, code, index) for code, left in _take(self.texts[index], rest) if not left)

    def _cells(self, index: int, table: str, rest: str) -> Iterator[Meaning]:
        kind = KINDS[table]
        for column, left in _take(FIXED_COLUMNS[table], rest):
            if not left:
                yield Meaning(CELL, table, index, column)
        if kind.by_figure:
            for code, left in _take(self.figures[index], rest):
                for attribute in ATTRIBUTES.get(left, []) if left else [VALUE]:
                    yield Meaning(CELL, table, index, code, attribute)
        if kind.by_field:
            yield from (
                Meaning(CELL, table, index, code)
                for code, left in _take(self.fields[index], rest)
                if not left
            )

    # -- what to say to somebody who mistyped

    def nearest(self, name: str, inside: tuple[int, str] | None = None) -> str:
        if (name, inside) not in self._nearest:
            self._nearest[name, inside] = self._nearest_of(name, inside)
        return self._nearest[name, inside]

    def _nearest_of(self, name: str, inside: tuple[int, str] | None) -> str:
        if inside not in self._spelled:
            self._spelled[inside] = {fold(one): one for one in reversed([*self.spellings(inside)])}
        spellings = self._spelled[inside]
        found = get_close_matches(fold(name), spellings, n=1, cutoff=0.5)
        return spellings[found[0]] if found else ""

    def spellings(self, inside: tuple[int, str] | None = None) -> Iterator[str]:
        """Names as people write them, the shortest spelling of each first."""
        if inside is not None:
            yield from self._columns_of(*inside)
        for term in vocabulary.HEAD:
            yield from term.spellings
        for index, campaign in enumerate(self.names.campaigns):
            for prefix in ("", *campaign.spellings) if index == 0 else campaign.spellings:
                before = f"{prefix}{SEPARATOR}" if prefix else ""
                for own in (*campaign.figures, *campaign.texts):
                    for name in filter(None, (own.name.zh, own.name.en, own.code)):
                        yield f"{before}{name}"
                        yield from (
                            f"{before}{name}{SEPARATOR}{term.zh}"
                            for term in vocabulary.FIGURE
                            if own in campaign.figures
                        )
                for kind in TABLES:
                    for spelling in (kind.term.zh, kind.term.code):
                        yield f"{before}{spelling}"
                        if not prefix or index:
                            yield from (
                                f"{before}{spelling}.{one}" for one in self._columns_of(index, kind.code)
                            )

    def _columns_of(self, index: int, table: str) -> Iterator[str]:
        kind = KINDS[table]
        for term in (*kind.columns, INDEX, COUNT):
            yield from term.spellings
        own = self.names.campaigns[index] if self.names.campaigns else None
        if own:
            for column in (*(own.figures if kind.by_figure else ()), *(own.fields if kind.by_field else ())):
                yield from filter(None, (column.name.zh, column.name.en, column.code))
