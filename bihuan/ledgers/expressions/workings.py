"""How each function works. Values arrive turned into the kinds of its signature, after the context.

What needs more than values (if, position, indexed-repeat, regex, jr:choice-name) is in `compiling`.
`frontend/src/expressions/workings.ts` is the twin.
"""

import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from bihuan.ledgers.expressions import moments, places, reals
from bihuan.ledgers.expressions.outline import Context
from bihuan.ledgers.expressions.values import Value, number, rounded, string, text

SPACE = re.compile(r"[ \t\r\n]+")


def _listed(said: str) -> list[str]:
    return [part for part in SPACE.split(said) if part]


def _whole(value: float) -> int:
    """A number as a place in a text or list."""
    return (
        math.trunc(value) if abs(value) < 1e9 else 0 if math.isnan(value) else int(math.copysign(1e9, value))
    )


def _selected(_context: Context, list_: str, choice: str) -> bool:
    wanted = choice.strip(" \t\r\n")
    listed = _listed(list_)
    return wanted in listed if wanted else not listed


def _selected_at(_context: Context, list_: str, index: float) -> str:
    listed, at = _listed(list_), _whole(index)
    return listed[at] if 0 <= at < len(listed) else ""


def _coalesce(_context: Context, first: Value, second: Value) -> Value:
    empty = math.isnan(first) if isinstance(first, float) else string(first) == ""
    return second if empty else first


def _once(context: Context, value: Value) -> Value:
    return text(context.this) or value


def _is_yes(answer: str) -> bool:
    return answer in ("yes", "true") or number(answer, 0) > 0


def _between(least: float, found: float, most: float) -> bool:
    return (least < 0 or found >= least) and (most < 0 or found <= most)


def _checklist(_context: Context, least: float, most: float, *answers: list[str]) -> bool:
    found = sum(1 for said in answers for answer in said if _is_yes(answer))
    return _between(least, found, most)


def _weighted_checklist(context: Context, least: float, most: float, *pairs: list[str]) -> bool:
    found = 0.0
    for answers, weights in zip(pairs[::2], pairs[1::2], strict=True):
        for answer, weight in zip(answers, weights, strict=False):
            found += number(weight, context.zone) if _is_yes(answer) else 0.0
    return _between(least, found, most)


def _numbers(context: Context, said: Sequence[list[str]]) -> list[float]:
    found = [number(one, context.zone) for group in said for one in group]
    return [value for value in found if not math.isnan(value)]


def _sum(context: Context, answers: list[str]) -> float:
    total = 0.0  # one after another: the built-in sum rounds otherwise
    for value in _numbers(context, [answers]):
        total += value
    return total


def _min(context: Context, *answers: list[str]) -> float:
    return min(_numbers(context, answers), default=math.nan) + 0.0


def _max(context: Context, *answers: list[str]) -> float:
    return max(_numbers(context, answers), default=math.nan) + 0.0


def _substr(_context: Context, said: str, start: float, end: float = math.inf) -> str:
    size = len(said)
    bounds = [size + at if at < 0 else at for at in (_whole(start), _whole(end))]
    first, last = (min(max(at, 0), size) for at in bounds)
    return said[first:last]


def _substring(_context: Context, said: str, start: float, length: float = math.inf) -> str:
    first = rounded(start, 0)
    last = first + rounded(length, 0)
    return "".join(sign for at, sign in enumerate(said, 1) if first <= at < last)


def _before(_context: Context, said: str, part: str) -> str:
    at = said.find(part)
    return said[:at] if at >= 0 else ""


def _after(_context: Context, said: str, part: str) -> str:
    at = said.find(part)
    return said[at + len(part) :] if at >= 0 else ""


def _translate(_context: Context, said: str, before: str, after: str) -> str:
    table: dict[str, str] = {}
    for at, sign in enumerate(before):
        table.setdefault(sign, after[at : at + 1])
    return "".join(table.get(sign, sign) for sign in said)


def _normalized(_context: Context, said: str) -> str:
    return " ".join(_listed(said))


def _joined(_context: Context, separator: str, *said: list[str]) -> str:
    return separator.join(part for group in said for part in group)


def _floor(_context: Context, value: float) -> float:
    return math.floor(value) + 0.0 if math.isfinite(value) else value


def _ceiling(_context: Context, value: float) -> float:
    return math.ceil(value) + 0.0 if math.isfinite(value) else value


def _int(_context: Context, value: float) -> float:
    return math.trunc(value) + 0.0 if math.isfinite(value) else value


def _sqrt(_context: Context, value: float) -> float:
    return math.sqrt(value) if value >= 0 else math.nan


def _today(context: Context) -> str:
    return moments.written_date(context.local())


def _now(context: Context) -> str:
    return moments.written_moment(context.local(), context.zone)


def _date(_context: Context, days: float) -> str:
    return moments.written_date(moments.moment_of(math.floor(days)) if math.isfinite(days) else None)


def _date_time(context: Context, days: float) -> str:
    return moments.written_moment(moments.moment_of(days), context.zone)


def _decimal_time(context: Context, time: str) -> float:
    return moments.fraction(time, context.zone)


def _formatted(signs: str) -> Callable[[Context, Value, str], str]:
    def working(context: Context, value: Value, pattern: str) -> str:
        moment = moments.read(string(value), context.zone)
        if moment is None:
            moment = moments.moment_of(number(value, context.zone))
        return moments.formatted(moment, pattern, context.language, signs)

    return working


def _real(function: Callable[..., float]) -> Callable[..., float]:
    return lambda _context, *numbers: function(*numbers)


WORKINGS: dict[str, Callable[..., Any]] = {
    "coalesce": _coalesce,
    "once": _once,
    "checklist": _checklist,
    "weighted-checklist": _weighted_checklist,
    "selected": _selected,
    "selected-at": _selected_at,
    "count-selected": lambda _context, list_: float(len(_listed(list_))),
    "count": lambda _context, entries: float(len(entries)),
    "count-non-empty": lambda _context, answers: float(sum(1 for answer in answers if answer != "")),
    "sum": _sum,
    "min": _min,
    "max": _max,
    "contains": lambda _context, said, part: part in said,
    "starts-with": lambda _context, said, part: said.startswith(part),
    "ends-with": lambda _context, said, part: said.endswith(part),
    "substr": _substr,
    "substring": _substring,
    "substring-before": _before,
    "substring-after": _after,
    "translate": _translate,
    "string-length": lambda _context, said: float(len(said)),
    "normalize-space": _normalized,
    "concat": lambda context, *said: _joined(context, "", *said),
    "join": _joined,
    "string": lambda _context, value: string(value),
    "true": lambda _context: True,
    "false": lambda _context: False,
    "not": lambda _context, value: not value,
    "boolean": lambda _context, value: value,
    "boolean-from-string": lambda _context, said: said in ("true", "1"),
    "number": lambda _context, value: value,
    "int": _int,
    "round": lambda _context, value, to=0.0: rounded(value, to),
    "floor": _floor,
    "ceiling": _ceiling,
    "abs": lambda _context, value: abs(value),
    "pow": _real(reals.power),
    "sqrt": _sqrt,
    "exp": _real(reals.exp),
    "exp10": lambda _context, value: reals.power(10.0, value),
    "log": _real(reals.log),
    "log10": _real(reals.log10),
    "pi": lambda _context: math.pi,
    "sin": _real(reals.sin),
    "cos": _real(reals.cos),
    "tan": _real(reals.tan),
    "asin": _real(reals.asin),
    "acos": _real(reals.acos),
    "atan": _real(reals.atan),
    "atan2": _real(reals.atan2),
    "today": _today,
    "now": _now,
    "date": _date,
    "date-time": _date_time,
    "decimal-date-time": lambda _context, value: value,
    "decimal-time": _decimal_time,
    "format-date": _formatted(moments.DATE_SIGNS),
    "format-date-time": _formatted(moments.TIME_SIGNS),
    "area": lambda _context, shape: places.area(shape),
    "distance": lambda _context, *path: places.distance([one for part in path for one in part]),
}
