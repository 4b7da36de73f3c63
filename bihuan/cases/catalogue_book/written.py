"""Time limits as people write them, and the next free code."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from bihuan.cases import limits
from bihuan.cases.catalogue_book.columns import LIMITS
from bihuan.cases.models import Matter, Urgency
from bihuan.core.text import normalise

WRITTEN_BY_PEOPLE = re.compile(
    r"(?P<amount>\d{1,4}|[一二两三四五六七八九十]{1,3}|半)\s*个?\s*"
    r"(?P<working>工作|working\s*|office\s*)?"
    r"(?P<unit>分钟|分|minutes?|mins?|m|小时|时|钟头|hours?|hrs?|h|日|天|days?|d)"
    r"(?:以?内)?"
)
UNIT_LETTERS = {
    "分": "m",
    "m": "m",
    "小": "h",
    "时": "h",
    "钟": "h",
    "h": "h",
    "日": "d",
    "天": "d",
    "d": "d",
}
DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}


class LimitError(ValueError):
    """A time limit that cannot be understood; `problem` and `remedy` are sentences for its author."""

    def __init__(self, problem: str, remedy: str):
        self.problem, self.remedy = problem, remedy
        super().__init__(problem)


def read_limit(text: str, urgency: str) -> str:
    """A limit as the catalogue keeps it: “4 小时”, “7个工作日”, “15 minutes” become 4h, 7d, 15m."""
    plain = normalise(text).lower()
    if not plain:
        return ""
    match = WRITTEN_BY_PEOPLE.fullmatch(plain)
    if not match:
        raise LimitError(
            _("“%(text)s” is not a time limit.") % {"text": text},
            _("Write a number with minutes, hours or days: 15m, 4h, 7d, 15分钟, 4小时, 7个工作日."),
        )
    letter = UNIT_LETTERS[match["unit"][0]]
    amount = _number(match["amount"])
    if amount == 0.5 and letter == "h":
        amount, letter = 30, "m"
    if amount < 1 or amount != int(amount):
        raise LimitError(
            _("“%(text)s” is no length of time.") % {"text": text}, _("Write at least one minute.")
        )
    if match["working"] and limits.DEFAULTS[Urgency(urgency)].clock == limits.NATURAL:
        raise LimitError(
            _("Matters of the urgency “%(urgency)s” run by the natural clock, not by working time.")
            % {"urgency": Urgency(urgency).label},
            _("Write plain hours or days, or choose another urgency."),
        )
    written = f"{int(amount)}{letter}"
    if limits.seconds_of(written, limits.NATURAL) > 366 * 86_400:
        raise LimitError(_("“%(text)s” is longer than a year.") % {"text": text}, _("Write a shorter limit."))
    return written


def _number(text: str) -> float:
    if text.isascii():
        return int(text)
    if text == "半":
        return 0.5
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return DIGITS[text] if len(text) == 1 else 0
    return (DIGITS.get(tens, 0) if tens else 1) * 10 + (DIGITS.get(ones, 0) if ones else 0)


def check_limits(matter: Matter) -> None:
    """Raise a ValidationError unless each limit is empty or written as 15m, 4h or 7d."""
    for name in LIMITS:
        value = getattr(matter, name)
        try:
            canonical = read_limit(value, matter.urgency)
        except LimitError as error:
            raise ValidationError({name: f"{error.problem} {error.remedy}"}) from error
        setattr(matter, name, canonical)


def next_code(parent: str, taken: set[str]) -> str:
    """The next free code under a parent's: 01.03 gives 01.03.01, then 01.03.02 and so on."""
    start = f"{parent}." if parent else ""
    endings = [code.removeprefix(start) for code in taken if code.startswith(start)]
    # Official codes of six digits and more are no count of ours.
    number = max((int(ending) for ending in endings if ending.isdecimal() and len(ending) < 5), default=0) + 1
    while f"{start}{number:02}" in taken:
        number += 1
    return f"{start}{number:02}"
