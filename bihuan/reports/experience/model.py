"""What is told of a campaign to those who take it over, as plain values."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bihuan.ledgers.definition import Definition, Words
from bihuan.ledgers.definition.model import Rate


@dataclass(frozen=True)
class TeamWords:
    """A team of the task force: what it is called and answers for, nobody's name."""

    name: str
    name_en: str = ""
    answers_for: str = ""


@dataclass(frozen=True)
class Goal:
    """What a figure was to reach, by which day after the first."""

    figure: str
    name: str
    day: int
    amount: Decimal


@dataclass(frozen=True)
class Paper:
    """A template of reports, with its file."""

    name: str
    kind: str
    type: str
    content: bytes


@dataclass(frozen=True)
class Rates:
    """The rates that were reckoned with, and the document they rested on."""

    basis: str
    rates: tuple[Rate, ...]


@dataclass(frozen=True)
class Experience:
    definition: Definition
    name: Words
    goal: str
    lessons: str
    days: int  # how long the campaign was to last
    visibility: str
    summary_at: str  # 18:30, or empty
    origin: Words  # the area it comes from
    made_on: date
    teams: tuple[TeamWords, ...] = ()
    goals: tuple[Goal, ...] = ()
    papers: tuple[Paper, ...] = ()
    rates: Rates | None = None
    reached: tuple[tuple[str, Decimal], ...] = ()  # what its figures came to; never of a confidential one
