"""What a ledger is: fields, choices, steps, gates, figures, documents, rates and goals, as plain values."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language

Pairs = tuple[tuple[str, str], ...]

GROUP, REPEAT, NOTE, CALCULATE = "group", "repeat", "note", "calculate"
UNTOLD = ""  # of a field whose type was not understood, while a faulty workbook is read to its end
SELECT_ONE, SELECT_MULTIPLE = "select_one", "select_multiple"
TYPES = (
    "text", "integer", "decimal", "date", "time", "dateTime", SELECT_ONE, SELECT_MULTIPLE,
    "geopoint", "geotrace", "geoshape", "image", "file", "barcode", NOTE, CALCULATE, GROUP, REPEAT,
)  # fmt: skip
NUMBERS = ("integer", "decimal", CALCULATE)

# What an item of a ledger is about: a kind of place, or something that is no place, or nothing.
SUBJECTS = ("none", "compound", "building", "household", "lane", "site", "land_patch", "organisation")

# Who may take a step or sign a gate, besides the duties: people of the campaign. A role of the task force is
# written “role:legal adviser”.
TEAM, TEAM_LEADER, RESPONSIBLE, ROLE = "team", "team_leader", "responsible", "role:"

NATURAL, WORKING = "natural", "working"

EXPRESSION, NOTICE, DOCUMENT, SIGNATURE = "expression", "notice", "document", "signature"
CONDITIONS = (EXPRESSION, NOTICE, DOCUMENT, SIGNATURE)

COUNT, SUM = "count", "sum"
ITEMS, STEP, FIELD = "items", "step:", "field:"
BY_TEAM, BY_AREA, BY_STEP, BY_DAY = "team", "area", "step", "day"
DIMENSIONS = (BY_TEAM, BY_AREA, BY_STEP, BY_DAY)

DAILY, WEEKLY, MONTHLY, FINAL = "daily", "weekly", "monthly", "final"
PERIODS = (DAILY, WEEKLY, MONTHLY, FINAL)
TABLES = ("changes", "totals", "teams", "areas", "blocked", "due", "overdue", "corrections", "items")


@dataclass(frozen=True)
class Words:
    """A text in Chinese and English; at least one of them where a text is needed at all."""

    zh: str = ""
    en: str = ""

    def __str__(self) -> str:
        """In the reader's language, or in the other one where this one is missing."""
        english = (get_language() or "").startswith("en")
        return (self.en or self.zh) if english else (self.zh or self.en)

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)


NO_WORDS = Words()


@dataclass(frozen=True)
class Field:
    """One question, note, calculation, group or repeat. Expressions are texts of the XLSForm dialect."""

    name: str
    type: str
    label: Words = NO_WORDS
    hint: Words = NO_WORDS
    list: str = ""  # of a select: the name of its choices
    required: str = ""
    required_message: Words = NO_WORDS
    constraint: str = ""
    constraint_message: Words = NO_WORDS
    relevant: str = ""
    read_only: str = ""
    calculation: str = ""
    default: str = ""
    choice_filter: str = ""
    appearance: str = ""
    repeat_count: str = ""
    household: bool = False  # whether the household itself reads it in its own file
    fact: str = ""  # what of the item's place it is: known there, it is not asked
    parameters: Pairs = ()
    extras: Pairs = ()  # columns that only the author knows, by heading
    children: tuple["Field", ...] = ()

    @property
    def asks(self) -> bool:
        """Whether a person answers it."""
        return self.type not in (GROUP, REPEAT, NOTE, CALCULATE, UNTOLD)


@dataclass(frozen=True)
class Choice:
    name: str
    label: Words = NO_WORDS
    extras: Pairs = ()  # also what a choice filter compares


@dataclass(frozen=True)
class ChoiceList:
    name: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Settings:
    code: str = ""  # form_id
    default_language: str = ""
    subject: str = "none"
    confidential: bool = False
    least_count: int = 10  # figures of a confidential ledger leave only as counts of at least this
    splits: bool = False  # whether an item may be split (分户)
    extras: Pairs = ()


@dataclass(frozen=True)
class Step:
    code: str
    name: Words
    who: tuple[str, ...] = ()  # duties, team, team_leader, responsible, role:…
    limit: str = ""  # 15m, 4h, 5d, as in bihuan.cases.limits
    calendar: str = WORKING
    remind_at: int = 80  # per cent of the limit
    fields: tuple[str, ...] = ()  # what is asked at this step; nothing said: everything
    evidence: tuple[str, ...] = ()  # fields that must be there before the step is done
    gate: str = ""
    relevant: str = ""  # the step is for items of which this holds; others pass it over
    next: tuple[str, ...] = ()  # none: the item is finished
    back: tuple[str, ...] = ()  # where it may be sent back to, with a reason
    other_than: str = ""  # a step that somebody else must have done: the recheck
    opens_case: str = ""  # code of the matter
    case_completes: bool = False  # the step is done when that case closes
    blocked_when: str = ""
    locks_money: bool = False  # the signing: taking it locks the reckoning 核算, which must be checked before
    extras: Pairs = ()


@dataclass(frozen=True)
class Condition:
    """One thing that a gate asks for; `sentence` says it to people."""

    kind: str
    sentence: Words
    expression: str = ""
    grace: str = ""  # of a notice: how long it must have been given for, 15d
    calendar: str = NATURAL
    field: str = ""  # of a document: the file field that must hold it
    who: tuple[str, ...] = ()  # of a signature
    extras: Pairs = ()


@dataclass(frozen=True)
class Gate:
    code: str
    name: Words
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class Figure:
    code: str
    name: Words
    kind: str = COUNT
    of: str = (
        ITEMS  # items, step:code (items that passed it), field:name (rows of a repeat, values of a number)
    )
    where: str = ""
    by: tuple[str, ...] = ()  # team, area, step, day, field:name
    unit: str = ""
    target: Decimal | None = None
    extras: Pairs = ()


@dataclass(frozen=True)
class Document:
    code: str
    name: Words
    period: str = DAILY
    hour: str = "18:00"
    day: int = 0  # weekly: 1 Monday … 7 Sunday; monthly: day of the month, 31 the last
    template: str = ""  # name of the Word or Excel file; none: ours
    figures: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    extras: Pairs = ()


@dataclass(frozen=True)
class Rate:
    """An amount of money for one unit of something, from a day on."""

    code: str
    name: Words
    unit: str
    amount: Decimal
    valid_from: date
    quantity: str = ""  # the field that says how many; a number, or a repeat whose entries are counted
    extras: Pairs = ()


@dataclass(frozen=True)
class Goal:
    """What a figure is to reach, and by which day after the start; a campaign makes dates of it."""

    figure: str
    name: Words
    amount: Decimal
    day: int
    extras: Pairs = ()


@dataclass(frozen=True)
class ForeignSheet:
    """A sheet that only the author knows; kept as it is."""

    name: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Definition:
    name: str
    name_en: str = ""
    version: str = ""
    settings: Settings = Settings()
    fields: tuple[Field, ...] = ()
    choices: tuple[ChoiceList, ...] = ()
    steps: tuple[Step, ...] = ()
    gates: tuple[Gate, ...] = ()
    figures: tuple[Figure, ...] = ()
    documents: tuple[Document, ...] = ()
    rates: tuple[Rate, ...] = ()
    goals: tuple[Goal, ...] = ()
    foreign: tuple[ForeignSheet, ...] = ()

    def __hash__(self) -> int:
        """Reckoned once: plans are remembered by definition, and asked for with every answer."""
        found: int | None = self.__dict__.get("_hash")
        if found is None:
            found = hash(tuple(getattr(self, one.name) for one in fields(self)))
            self.__dict__["_hash"] = found
        return found

    @property
    def title(self) -> Words:
        return Words(self.name, self.name_en)

    def walk(self) -> Iterator[Field]:
        """Every field, groups and repeats before what is in them, in the order of the workbook."""
        return walk(self.fields)

    def find(self, name: str) -> Field | None:
        return next((one for one in self.walk() if one.name == name), None)

    def step(self, code: str) -> Step | None:
        return next((one for one in self.steps if one.code == code), None)

    def gate(self, code: str) -> Gate | None:
        return next((one for one in self.gates if one.code == code), None)

    def list_of(self, name: str) -> tuple[Choice, ...]:
        return next((one.choices for one in self.choices if one.name == name), ())

    @property
    def has_household(self) -> bool:
        """Whether an item is a household's, or says something that its household may read."""
        return self.settings.subject == "household" or any(one.household for one in self.walk())

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles of the task force that steps and gates speak of."""
        words = [word for step in self.steps for word in step.who]
        words += [word for gate in self.gates for one in gate.conditions for word in one.who]
        return tuple(dict.fromkeys(word.removeprefix(ROLE) for word in words if word.startswith(ROLE)))


def walk(fields: tuple[Field, ...]) -> Iterator[Field]:
    for one in fields:
        yield one
        yield from walk(one.children)
