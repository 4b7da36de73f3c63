"""What a summary says to each name, and the texts that come of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from bihuan.ledgers.definition.glossary import unit_words
from bihuan.ledgers.definition.model import Words
from bihuan.reports.documents.names import CELL, FIGURE, HEAD, TEXT, Meaning, names_in
from bihuan.reports.documents.names import Resolver as NameResolver
from bihuan.reports.documents.placeholders import OPEN, SOME
from bihuan.reports.documents.reading import Item, Reader, Reading, Ref, Section
from bihuan.reports.documents.summary import Figure, Summary, Value
from bihuan.reports.documents.vocabulary import COUNT, INDEX, INTERIM, PERIODS, VALUE
from bihuan.reports.documents.wording import MORE, NO_ROWS, NOTHING, in_language, speak

Row = dict[str, Value]
MOST_PIECES = 250_000  # cells that rows make of one template; of Word see there
MOST_IN_A_TEXT = 500  # rows within one paragraph or cell


@dataclass
class Scope:
    """A summary in one language, asked by the names of a template."""

    summary: Summary
    language: str
    left: int = MOST_PIECES
    _rows: dict[Ref, list[Row]] = field(default_factory=dict)

    @cached_property
    def reader(self) -> Reader:
        return Reader(NameResolver(names_in(self.summary)))

    # -- values

    def value(self, meaning: Meaning, row: Row | None = None) -> Value:
        if meaning.what == HEAD:
            return self._head(meaning)
        if meaning.what == CELL:
            if meaning.column == COUNT.code:
                return Decimal(len(self.rows(meaning.table)) + self.beyond(meaning.table))
            return self._cell(meaning, row or {})
        if meaning.campaign >= len(self.summary.parts):
            return None
        part = self.summary.parts[meaning.campaign]
        if meaning.what == TEXT:
            return next((one.text for one in part.texts if one.code == meaning.code), None)
        if meaning.what == FIGURE:
            return self._figure(self._figure_of(meaning.campaign, meaning.code), meaning.attribute)
        return None

    def _head(self, meaning: Meaning) -> Value:
        summary = self.summary
        if meaning.code == "campaign" and meaning.campaign:
            return summary.parts[meaning.campaign].name
        values: dict[str, Value] = {
            "title": summary.title,
            "number": summary.number or INTERIM,
            "campaign": summary.campaign,
            "area": summary.area,
            "unit": summary.unit,
            "kind": PERIODS[summary.kind],
            "from": summary.begins,
            "to": summary.ends,
            "made_at": summary.made_at,
            "made_by": summary.made_by,
            "note": summary.note,
        }
        return values[meaning.code]

    def _figure_of(self, campaign: int, code: str) -> Figure | None:
        figures = self.summary.parts[campaign].figures if campaign < len(self.summary.parts) else ()
        return next((one for one in figures if one.code == code), None)

    @staticmethod
    def _figure(figure: Figure | None, attribute: str) -> Value:
        if figure is None:
            return None
        values: dict[str, Value] = {
            VALUE: figure.value,
            "change": figure.change,
            "target": figure.target,
            "percent": _percent(figure.percent),
            "measure": unit_words(figure.unit),
            "name": figure.name,
        }
        return values[attribute]

    def _cell(self, meaning: Meaning, row: Row) -> Value:
        attribute = meaning.attribute
        if attribute in ("measure", "name"):
            return self._figure(self._figure_of(meaning.campaign, meaning.column), attribute)
        if attribute and attribute != VALUE:
            return row.get(f"{meaning.column}.{attribute}")
        return row.get(meaning.column)

    # -- rows

    def rows(self, table: Ref) -> list[Row]:
        if table not in self._rows:
            self._rows[table] = self._rows_of(table)
        return self._rows[table]

    def _rows_of(self, table: Ref) -> list[Row]:
        campaign, code = table
        if code == "signatures":
            lines: list[Row] = [{"label": one.label, "name": one.name} for one in self.summary.signatures]
        elif campaign >= len(self.summary.parts):
            return []
        elif code == "totals":
            attributes = ("name", VALUE, "measure", "change", "target", "percent")
            lines = [
                {name: self._figure(figure, name) for name in attributes}
                for figure in self.summary.parts[campaign].figures
            ]
        else:
            found = next((one for one in self.summary.parts[campaign].tables if one.code == code), None)
            columns = [column.code for column in found.columns] if found else []
            lines = [dict(zip(columns, row, strict=True)) for row in found.rows] if found else []
        return [{INDEX.code: Decimal(number), **line} for number, line in enumerate(lines, start=1)]

    def beyond(self, table: Ref) -> int:
        """How many rows the report itself leaves out."""
        campaign, code = table
        tables = self.summary.parts[campaign].tables if campaign < len(self.summary.parts) else ()
        return next((one.beyond for one in tables if one.code == code), 0)

    def shown(self, table: Ref, most: int, size: int) -> tuple[list[Row], str]:
        """The rows that are written out, and a sentence about those that are too many.

        `size` is how much each adds. What a whole file may grow by is bounded, whatever its template repeats.
        """
        rows = self.rows(table)
        most = min(most, self.left // max(size, 1))
        self.left -= min(len(rows), most) * size
        count = max(0, len(rows) - most) + self.beyond(table)
        if not count:
            return rows, ""
        return rows[:most], in_language(MORE, self.language).format(count=count)

    def shows(self, sign: str, table: Ref | None) -> bool:
        """Whether a block that is shown once is shown."""
        return bool(table and self.rows(table)) == (sign == SOME)

    @property
    def no_rows(self) -> str:
        return in_language(NO_ROWS, self.language)

    # -- texts

    def text_of(self, item: Item, row: Row | None) -> str:
        if item.meaning is None:
            return NOTHING
        value = self.value(item.meaning, row)
        if value == "" or value == Words():
            return ""
        return speak(value, self.language, item.filters)

    def changes(self, text: str, reading: Reading, row: Row | None) -> Iterator[tuple[int, int, str]]:
        """Which places of a text become which texts."""
        for one in reading.items:
            if isinstance(one, Item):
                yield one.start, one.end, self.text_of(one, row)
            else:
                yield one.start, one.end, self._section(text, one, row)

    def _section(self, text: str, section: Section, row: Row | None) -> str:
        if section.table is None:
            return ""
        if section.sign != OPEN:
            return self._body(text, section, row) if self.shows(section.sign, section.table) else ""
        rows, more = self.shown(section.table, MOST_IN_A_TEXT, 1 + len(section.items))
        return "".join(self._body(text, section, one) for one in rows) + more

    def _body(self, text: str, section: Section, row: Row | None) -> str:
        at, end = section.body
        pieces = []
        for item in section.items:
            pieces += [text[at : item.start], self.text_of(item, row)]
            at = item.end
        return "".join([*pieces, text[at:end]])


def _percent(value: Decimal | None) -> Value:
    return None if value is None else f"{value:f}%"
