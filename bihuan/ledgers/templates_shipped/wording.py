"""Short ways to write a ledger down in Python, so that a shipped one reads like its workbook."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from bihuan.ledgers.definition import (
    Choice,
    ChoiceList,
    Condition,
    Document,
    Field,
    Figure,
    Gate,
    Goal,
    Rate,
    Step,
    Words,
)
from bihuan.ledgers.definition.model import (
    CALCULATE,
    COUNT,
    DAILY,
    DOCUMENT,
    EXPRESSION,
    FIELD,
    FINAL,
    GROUP,
    ITEMS,
    MONTHLY,
    NATURAL,
    NOTE,
    NOTICE,
    REPEAT,
    SIGNATURE,
    STEP,
    SUM,
    WEEKLY,
    WORKING,
)

YES = "true()"
ABOVE_NOTHING = ". > 0"
NOT_BELOW = ". >= 0"
NOT_TO_COME = ". <= today()"


def _several(text: str) -> tuple[str, ...]:
    return tuple(text.replace(";", " ").split())


# -- fields ----------------------------------------------------------------------------------------------


def ask(
    kind: str,
    name: str,
    zh: str,
    en: str,
    *,
    hint: tuple[str, str] = ("", ""),
    must: bool | str = False,
    fits: str = "",
    says: tuple[str, str] = ("", ""),
    only: str = "",
    default: str = "",
    shown: bool = False,
) -> Field:
    """One question. `kind` is written as in the workbook: text, select_one reasons, …

    `must` is yes or an expression, `fits` what an answer must fulfil, `only` when it is asked; what is `shown`
    a household reads in its own file.
    """
    type_, _space, choices = kind.partition(" ")
    return Field(
        name=name,
        type=type_,
        label=Words(zh, en),
        list=choices,
        hint=Words(*hint),
        required=YES if must is True else must or "",
        constraint=fits,
        constraint_message=Words(*says),
        relevant=only,
        default=default,
        household=shown,
    )


def number(
    name: str,
    zh: str,
    en: str,
    *,
    decimals: bool = False,
    above: bool = False,
    fits: str = "",
    says: tuple[str, str] = ("", ""),
    hint: tuple[str, str] = ("", ""),
    must: bool = False,
    default: str = "",
    shown: bool = False,
    fact: str = "",
) -> Field:
    """A number of things, or a measure; never below zero, unless something else fits. `fact`: see Field."""
    if not fits:
        fits = ABOVE_NOTHING if above else NOT_BELOW
        says = ("须大于 0", "It must be more than 0") if above else ("不能小于 0", "It cannot be below 0")
    type_ = "decimal" if decimals else "integer"
    one = ask(type_, name, zh, en, fits=fits, says=says, hint=hint, must=must, default=default, shown=shown)
    return replace(one, fact=fact)


def day(name: str, zh: str, en: str, *, must: bool = False, shown: bool = False) -> Field:
    """A day that has been."""
    return ask(
        "date", name, zh, en, must=must, shown=shown, fits=NOT_TO_COME,
        says=("日期不能晚于今天", "It cannot be later than today"),
    )  # fmt: skip


def note(name: str, zh: str, en: str, *, shown: bool = False) -> Field:
    return Field(name, NOTE, Words(zh, en), household=shown)


def reckoned(name: str, expression: str) -> Field:
    return Field(name, CALCULATE, calculation=expression)


def group(name: str, zh: str, en: str, *children: Field, only: str = "") -> Field:
    return Field(name, GROUP, Words(zh, en), relevant=only, children=children)


def repeat(name: str, zh: str, en: str, *children: Field, only: str = "") -> Field:
    return Field(name, REPEAT, Words(zh, en), relevant=only, children=children)


def choices(of: str, **words: tuple[str, str]) -> ChoiceList:
    return ChoiceList(of, tuple(Choice(name, Words(*both)) for name, both in words.items()))


# -- the way ---------------------------------------------------------------------------------------------


def step(
    code: str,
    zh: str,
    en: str,
    *,
    who: tuple[str, ...],
    limit: str = "",
    natural: bool = False,
    fields: str = "",
    evidence: str = "",
    gate: str = "",
    only: str = "",
    next: str = "",
    back: str = "",
    other_than: str = "",
    blocked_when: str = "",
    locks_money: bool = False,
) -> Step:
    """One step; several names stand in one text with spaces. Without `next` the item is finished."""
    return Step(
        code=code,
        name=Words(zh, en),
        who=who,
        limit=limit,
        calendar=NATURAL if natural else WORKING,
        fields=_several(fields),
        evidence=_several(evidence),
        gate=gate,
        relevant=only,
        next=_several(next),
        back=_several(back),
        other_than=other_than,
        blocked_when=blocked_when,
        locks_money=locks_money,
    )


def gate(code: str, zh: str, en: str, *conditions: Condition) -> Gate:
    return Gate(code, Words(zh, en), conditions)


def holds(zh: str, en: str, expression: str) -> Condition:
    return Condition(EXPRESSION, Words(zh, en), expression=expression)


def told(zh: str, en: str, grace: str) -> Condition:
    """Notice was given, and the grace period in calendar days is over."""
    return Condition(NOTICE, Words(zh, en), grace=grace)


def paper(zh: str, en: str, field: str) -> Condition:
    return Condition(DOCUMENT, Words(zh, en), field=field)


def signed(zh: str, en: str, *who: str) -> Condition:
    return Condition(SIGNATURE, Words(zh, en), who=who)


# -- what is counted and written -------------------------------------------------------------------------


def count(
    code: str, zh: str, en: str, of: str = ITEMS, *, where: str = "", by: str = "team area", unit: str = ""
) -> Figure:
    """How many: items, those that passed `step:…`, or the rows of a repeat."""
    of = of if of == ITEMS or of.startswith(STEP) else f"{FIELD}{of}"
    return Figure(code, Words(zh, en), COUNT, of, where, _by(by), unit)


def total(
    code: str, zh: str, en: str, of: str, *, where: str = "", by: str = "team area", unit: str = ""
) -> Figure:
    """The sum of a number."""
    return Figure(code, Words(zh, en), SUM, f"{FIELD}{of}", where, _by(by), unit)


def _by(text: str) -> tuple[str, ...]:
    return tuple(one if one in ("team", "area", "step", "day") else f"{FIELD}{one}" for one in _several(text))


OPEN_TABLES = ("changes", "totals", "teams", "blocked", "due", "overdue", "corrections")
SUMMED_TABLES = ("totals", "teams", "areas", "blocked", "overdue", "corrections")


def daily(
    figures: tuple[Figure, ...], *, hour: str = "18:00", tables: tuple[str, ...] = OPEN_TABLES
) -> Document:
    return Document("daily", Words("每日小结", "Daily summary"), DAILY, hour, 0, "", _codes(figures), tables)


def weekly(figures: tuple[Figure, ...], *, tables: tuple[str, ...] = SUMMED_TABLES) -> Document:
    """On Friday, for the meeting of every week."""
    return Document("weekly", Words("周报", "Weekly report"), WEEKLY, "17:00", 5, "", _codes(figures), tables)


def monthly(figures: tuple[Figure, ...], *, tables: tuple[str, ...] = SUMMED_TABLES) -> Document:
    return Document(
        "monthly", Words("月报", "Monthly report"), MONTHLY, "17:00", 31, "", _codes(figures), tables
    )


def final(figures: tuple[Figure, ...], *, tables: tuple[str, ...] = ("totals", "teams", "areas")) -> Document:
    return Document(
        "final", Words("工作总结", "Final report"), FINAL, "17:00", 0, "", _codes(figures), tables
    )


def _codes(figures: tuple[Figure, ...]) -> tuple[str, ...]:
    return tuple(one.code for one in figures)


def goal(figure: str, zh: str, en: str, amount: int, day: int) -> Goal:
    """An example of a goal: whoever makes a campaign writes their own amount and day."""
    return Goal(figure, Words(zh, en), Decimal(amount), day)


def rate(code: str, zh: str, en: str, unit: str, amount: str, quantity: str, *, since: date) -> Rate:
    """An example of an amount: whoever makes a campaign writes those of their own plan."""
    return Rate(code, Words(zh, en), unit, Decimal(amount), since, quantity)
