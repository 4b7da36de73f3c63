"""What a report says, as plain values: one head, and what each campaign contributes to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bihuan.ledgers.definition.model import NO_WORDS, Words
from bihuan.reports.documents.vocabulary import Column, columns_of


@dataclass(frozen=True)
class Fewer:
    """A confidential count that may not be told: 少于10."""

    than: int


Amount = Decimal | Fewer | None  # None: nothing to say, “—”
Value = str | Words | Decimal | Fewer | date | datetime | None


@dataclass(frozen=True)
class Figure:
    code: str
    name: Words
    value: Amount
    unit: str = ""
    change: Amount = None  # since the summary before
    target: Decimal | None = None

    @property
    def percent(self) -> Decimal | None:
        """Of the target, with one decimal; nothing where either is not known."""
        if not self.target or not isinstance(self.value, Decimal):
            return None
        return (self.value * 100 / self.target).quantize(Decimal("0.1"))


@dataclass(frozen=True)
class Table:
    """Rows under columns. Which columns a table has says `vocabulary`; more may follow those."""

    code: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...] = ()
    beyond: int = 0  # how many more there are than these rows

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"{self.code}: a row has other columns than the table")


def table_of(code: str, rows: Iterable[Mapping[str, Value]], extra: Iterable[Column] = ()) -> Table:
    """A table of one of our kinds from rows by column; columns of its own, such as figures, come last."""
    columns = (*columns_of(code), *extra)
    known = {column.code for column in columns}
    lines = []
    for row in rows:
        if unknown := row.keys() - known:
            raise ValueError(f"{code} has no column {sorted(unknown)}")
        lines.append(tuple(row.get(column.code) for column in columns))
    return Table(code, columns, tuple(lines))


@dataclass(frozen=True)
class Text:
    """A passage that somebody wrote for this report: what comes next, a remark."""

    code: str
    name: Words
    text: str


@dataclass(frozen=True)
class Part:
    """What one campaign contributes. Placeholders name it by its alias, name or code: {{小菜园.处数}}."""

    code: str
    name: Words
    alias: str = ""
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    texts: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Signature:
    label: Words  # 制表, 审核
    name: str = ""  # left open for a pen where nothing is said


@dataclass(frozen=True)
class Summary:
    """One report: daily, weekly, monthly or final. Names without a campaign mean its first part."""

    kind: str
    title: Words
    number: str
    area: Words
    begins: date
    ends: date
    made_at: datetime
    parts: tuple[Part, ...]
    unit: Words = NO_WORDS  # whose report it is
    made_by: Words = NO_WORDS  # a role, and a name where one is to be told
    signatures: tuple[Signature, ...] = ()
    note: Words = NO_WORDS  # such as 演示数据

    @property
    def campaign(self) -> Words:
        return self.parts[0].name if self.parts else NO_WORDS
