"""Reads the placeholders of one paragraph or cell: what each stands for, what repeats, what is wrong."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.core.text import listed
from bihuan.reports.documents import vocabulary
from bihuan.reports.documents.faults import say
from bihuan.reports.documents.names import CELL, FILTERS, ROWS, Meaning, Resolver
from bihuan.reports.documents.placeholders import CLOSE, NAME, OPEN, Placeholder, fold, parse
from bihuan.reports.documents.vocabulary import COUNT, KINDS

Ref = tuple[int, str]  # a table: which campaign, which kind
Report = Callable[[str, Any, Any], None]  # the placeholder as written, what is wrong, the remedy


@dataclass(frozen=True)
class Item:
    """One value: a placeholder and what it stands for, or nothing where that is not known."""

    start: int
    end: int
    written: str
    meaning: Meaning | None
    filters: tuple[str, ...] = ()

    @property
    def repeats(self) -> Ref | None:
        """The table whose rows it needs."""
        found = self.meaning
        return found.table if found and found.what == CELL and found.column != COUNT.code else None


@dataclass(frozen=True)
class Section:
    """What repeats within one text, from its opening to its closing braces."""

    start: int
    end: int
    table: Ref | None
    sign: str  # repeats, or is shown once
    body: tuple[int, int]
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Marker:
    """A text of one block sign alone: it opens or closes what repeats among its neighbours."""

    sign: str
    written: str
    table: Ref | None


@dataclass(frozen=True)
class Reading:
    items: tuple[Item | Section, ...] = ()
    marker: Marker | None = None

    def values(self) -> Iterator[Item]:
        """The values that stand outside of sections."""
        yield from (one for one in self.items if isinstance(one, Item))


EMPTY = Reading()


def quiet(_written: str, _problem: Any, _remedy: Any) -> None:
    """Who fills a template that was checked has nobody to tell."""


class Reader:
    """Reads texts with the names of one report. What is wrong is reported, and left out."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self._known: dict[tuple[str, Ref | None], Reading] = {}

    def read(self, text: str, inside: Ref | None = None, report: Report = quiet) -> Reading:
        if report is not quiet:
            return self._read(text, inside, report)
        if (text, inside) not in self._known:
            self._known[text, inside] = self._read(text, inside, report)
        return self._known[text, inside]

    def _read(self, text: str, inside: Ref | None, report: Report) -> Reading:
        found, wrong = parse(text)
        for stray in wrong:
            report(stray.written, stray.problem, stray.remedy)
        if not found:
            return EMPTY
        if len(found) == 1 and found[0].sign and text.strip() == text[found[0].start : found[0].end]:
            return Reading(marker=Marker(found[0].sign, found[0].written, self._table(found[0], report)))
        items: list[Item | Section] = []
        index = 0
        while index < len(found):
            one = found[index]
            if one.sign == NAME:
                items.append(self._item(one, inside, report))
                index += 1
                continue
            index = self._section(found, index, inside, items, report)
        return Reading(tuple(items))

    def _section(
        self,
        found: list[Placeholder],
        index: int,
        inside: Ref | None,
        items: list[Item | Section],
        report: Report,
    ) -> int:
        """Read a section within the text; gives the index of what follows it."""
        opening = found[index]
        if opening.sign == CLOSE:
            report(
                opening.written,
                _("Something is closed here that was not opened before it in the same text."),
                _("Put {{#table}} before it, or each of the two alone in its own line or row."),
            )
            return index + 1
        closing = self._closing(found, index)
        if closing is None:
            report(
                opening.written,
                _("Something is opened here that is not closed in the same text."),
                _("Put {{/table}} after it, or each of the two alone in its own line or row."),
            )
            return index + 1
        table = self._table(opening, report)
        if inside is not None:
            report(
                opening.written,
                _("A block stands within another block."),
                _("Close the first one before the second begins."),
            )
        self._matches(opening, found[closing], report)
        inner = []
        for one in found[index + 1 : closing]:
            if one.sign:
                report(
                    one.written,
                    _("A block stands within another block."),
                    _("Close the first one before the second begins."),
                )
                continue
            item = self._item(one, table if opening.sign == OPEN else None, report)
            inner.append(item)
            if item.repeats and opening.sign != OPEN:
                report(item.written, *self.misplaced(item, None))
        items.append(
            Section(
                opening.start, found[closing].end, table, opening.sign,
                (opening.end, found[closing].start), tuple(inner),
            )
        )  # fmt: skip
        return closing + 1

    @staticmethod
    def _closing(found: list[Placeholder], index: int) -> int | None:
        deep = 0
        for at in range(index, len(found)):
            deep += (found[at].sign not in (NAME, CLOSE)) - (found[at].sign == CLOSE)
            if not deep:
                return at
        return None

    def misplaced(self, item: Item, repeating: Ref | None) -> tuple[Any, Any]:
        """What to say of a column of a table that stands where its rows do not repeat."""
        return self._two_tables(repeating, item) if repeating else self._no_row(item)

    @staticmethod
    def _no_row(item: Item) -> tuple[Any, Any]:
        assert item.meaning is not None  # what repeats has a meaning
        table = KINDS[item.meaning.code].term.zh
        return (
            say(_("It is a column of “%(table)s”, and no row repeats here."), table=table),
            say(_("Put it into a row of a table, or between %(opening)s and %(closing)s."),
                opening=f"{{{{#{table}}}}}", closing=f"{{{{/{table}}}}}"),
        )  # fmt: skip

    @staticmethod
    def _two_tables(first: Ref, item: Item) -> tuple[Any, Any]:
        assert item.meaning is not None  # what repeats has a meaning
        names = {"first": KINDS[first[1]].term.zh, "other": KINDS[item.meaning.code].term.zh}
        problem = _("The row repeats for “%(first)s” and cannot repeat for “%(other)s” as well.")
        return say(problem, **names), _("Give each table rows of its own.")

    def _matches(self, opening: Placeholder, closing: Placeholder, report: Report) -> None:
        if closing.name and self.table(closing.name) != self.table(opening.name):
            report(
                closing.written,
                say(_("It closes something else than %(opening)s opened."), opening=opening.written),
                say(_("Write %(closing)s."), closing=f"{{{{/{opening.name}}}}}"),
            )

    def table(self, name: str) -> Ref | None:
        found = [one for one in self.resolver.meanings(name) if one.what == ROWS]
        return found[0].table if found else None

    def _table(self, one: Placeholder, report: Report) -> Ref | None:
        if one.sign == CLOSE and not one.name:
            return None
        table = self.table(one.name)
        if table is None:
            names = [kind.term.zh for kind in vocabulary.TABLES] + [
                kind.term.code for kind in vocabulary.TABLES
            ]
            near = next(iter(_near(one.name, names)), "")
            report(
                one.written,
                say(_("There is no table “%(name)s”."), name=one.name),
                say(_("Perhaps “%(near)s”?"), near=near)
                if near
                else say(_("Use one of: %(words)s."), words=listed(names)),
            )
        return table

    def _item(self, one: Placeholder, inside: Ref | None, report: Report) -> Item:
        meaning = self._meaning(one, inside, report)
        filters = []
        for written in one.filters:
            code = next(iter(FILTERS.get(fold(written), [])), "")
            if code:
                filters.append(code)
                continue
            report(
                one.written,
                say(_("There is no way of writing called “%(name)s”."), name=written),
                say(_("Use one of: %(words)s."), words=listed(term.zh for term in vocabulary.FILTERS)),
            )
        return Item(one.start, one.end, one.written, meaning, tuple(filters))

    def _meaning(self, one: Placeholder, inside: Ref | None, report: Report) -> Meaning | None:
        meanings = self.resolver.meanings(one.name, inside)
        if not meanings:
            near = self.resolver.nearest(one.name, inside)
            report(
                one.written,
                say(_("There is no name “%(name)s”."), name=one.name),
                say(_("Perhaps “%(near)s”?"), near=near)
                if near
                else _("Take a name from the list of this report, or delete the braces."),
            )
            return None
        first = meanings[0]
        if len(meanings) > 1:
            report(
                one.written,
                say(_("“%(name)s” may mean several things."), name=one.name),
                say(_("Write the code instead: %(codes)s."),
                    codes=listed(dict.fromkeys(meaning.column or meaning.code for meaning in meanings))),
            )  # fmt: skip
        if first.what == ROWS:
            zh = KINDS[first.code].term.zh
            report(
                one.written,
                say(_("“%(name)s” is a whole table, not one value."), name=one.name),
                say(_("Name one of its columns: %(names)s; or how many rows it has: %(count)s."),
                    names=listed(f"{zh}.{term.zh}" for term in KINDS[first.code].columns),
                    count=f"{zh}.{COUNT.zh}"),
            )  # fmt: skip
            return None
        item = Item(one.start, one.end, one.written, first)
        if inside is not None and item.repeats not in (None, inside):
            report(
                one.written,
                say(_("A row of “%(other)s” cannot stand within the rows of “%(table)s”."),
                    other=KINDS[first.code].term.zh, table=KINDS[inside[1]].term.zh),
                _("Give each table rows of its own."),
            )  # fmt: skip
            return None
        return first


def _near(name: str, names: list[str]) -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(name, names, n=1, cutoff=0.4)
