"""The four kinds of value and how XPath 1.0 turns one into another and compares them.

Text, number, truth and nodes (the answers that a reference finds, as texts). An unanswered field is an
empty text. `frontend/src/expressions/values.ts` is the twin.
"""

import math
import operator
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from bihuan.ledgers.expressions import moments

Value = str | float | bool | list[str]

NUMBER = re.compile(r"[ \t\r\n]*(-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))[ \t\r\n]*")
MOST_PLACES = 30

EQUALITIES: dict[str, Callable[[Any, Any], bool]] = {"=": operator.eq, "!=": operator.ne}
ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def digits(value: float) -> tuple[int, int]:
    """Whole number and power of ten of the shortest decimal that means this double."""
    sign, figures, power = Decimal(repr(value)).as_tuple()
    whole = int("".join(map(str, figures)))
    return (-whole if sign else whole), int(power)


def plain(value: float) -> str:
    """A number in XPath's way: whole numbers without a point, never an exponent."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    whole, power = digits(value)
    if whole == 0:
        return "0"
    figures, sign = str(abs(whole)), "-" if whole < 0 else ""
    if power >= 0:
        return sign + figures + "0" * power
    figures = figures.rjust(1 - power, "0")
    before, after = figures[:power], figures[power:].rstrip("0")
    return f"{sign}{before}.{after}" if after else sign + before


def rounded(value: float, places: float) -> float:
    """Rounded as it is written, halves upwards: 1.005 to two places is 1.01, −2.5 is −2."""
    if not math.isfinite(value):
        return value
    if not abs(places) <= MOST_PLACES:
        return math.nan
    kept = math.trunc(places)
    whole, power = digits(value)
    away = -power - kept
    if away <= 0:
        return value + 0.0
    unit = 10**away
    return float(f"{(whole + unit // 2) // unit}e{-kept}") + 0.0


def text(stored: Any) -> str:
    """What is stored of an answer, as text; several choices with spaces between them."""
    if isinstance(stored, str):
        return stored
    if isinstance(stored, bool):
        return "true" if stored else "false"
    if isinstance(stored, int | float):
        return plain(float(stored))
    return " ".join(map(text, stored)) if isinstance(stored, list) else ""


def string(value: Value) -> str:
    if isinstance(value, list):
        return value[0] if value else ""
    return text(value)


def number(value: Value, zone: int) -> float:
    """XPath's number, and as ODK has it: a date or date-time is its number of days."""
    if isinstance(value, float):
        return value
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    said = string(value)
    found = NUMBER.fullmatch(said)
    return float(found[1]) if found else moments.days(said, zone)


def boolean(value: Value) -> bool:
    """As ODK has it: nodes are true when one of them is answered."""
    if isinstance(value, list):
        return any(value)
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    return bool(value)


def nodes(value: Value) -> list[str]:
    return value if isinstance(value, list) else [string(value)]


def compared(sign: str, left: Value, right: Value, zone: int) -> bool:
    """Nodes compare as XPath has it: it is true when it is true of one of them."""
    equality = EQUALITIES.get(sign)
    test = equality or ORDERS[sign]
    if isinstance(left, bool) or isinstance(right, bool):
        # Only equality asks whether nodes are true; an order asks for their numbers.
        if equality:
            return test(boolean(left), boolean(right))
    elif equality and not isinstance(left, float) and not isinstance(right, float):
        return any(test(one, other) for one in nodes(left) for other in nodes(right))
    others = _numbers(right, zone)
    return any(test(one, other) for one in _numbers(left, zone) for other in others)


def _numbers(value: Value, zone: int) -> list[float]:
    return [number(one, zone) for one in value] if isinstance(value, list) else [number(value, zone)]
