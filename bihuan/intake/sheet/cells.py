"""Reads single cells: dates in whatever form people write them, coordinates, phones, numbers."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from django.utils.timezone import get_default_timezone

from bihuan.core.clock import now
from bihuan.core.personal import normal_phone
from bihuan.core.sheets import as_text
from bihuan.core.text import normalise

FORMULA_ERRORS = frozenset(
    {"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)
YES_WORDS = frozenset(["是", "同意", "愿意", "可以", "可", "y", "yes", "true", "1", "√", "✓", "agree"])
NO_WORDS = frozenset(["否", "不同意", "不愿意", "不可以", "不", "n", "no", "false", "0", "×", "x"]) | {""}
NOTHING = frozenset(
    ["-", "--", "—", "——", "/", "\\", "无", "暂无", "null", "none", "nan", "n/a"]
)  # how people write an empty cell
EXCEL_EPOCH = datetime(1899, 12, 30)
EXACT = 2**53  # beyond this a spreadsheet's numbers lose their last digits
EARLIEST = 1980

YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
CLOCK = re.compile(r"(\d{1,2})[:时点](\d{1,2})?(?:[:分](\d{1,2})(?:\.\d+)?)?[秒分]?")
ZONE = re.compile(r"(?:(?<=\d)|\s)(z|utc|[+-]\d{2}:?\d{2})$", re.I)
AFTERNOON, MORNING = ("下午", "晚上", "pm"), ("上午", "凌晨", "早上", "am")


class CellFault(Exception):
    """A cell that cannot be understood: a code and what its sentence needs."""

    def __init__(self, code: str, **params: Any):
        super().__init__(code)
        self.code, self.params = code, params


def text_of(value: Any) -> str:
    """The cell's text; a formula that failed is no text."""
    text = as_text(value)
    if text in FORMULA_ERRORS:
        raise CellFault("formula", text=text)
    return text


def line_of(value: Any) -> str:
    """The cell as one line, full-width characters made half-width; "-" and the like are nothing."""
    text = " ".join(normalise(text_of(value)).split())
    return "" if text.lower() in NOTHING else text


def number_of(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= EXACT:
        raise CellFault("rounded", text=as_text(value))
    return line_of(value)


def moment_of(value: Any, *, month_first: bool | None = None) -> datetime | None:
    """When something was said: in the district's time unless the cell names another.

    `month_first` says how a column writes 3/4/2026; None: nobody knows.
    """
    if isinstance(value, datetime):
        return _known(value)
    if isinstance(value, date):
        return _known(datetime.combine(value, time()))
    if isinstance(value, int | float) and not isinstance(value, bool) and 20_000 < value < 80_000:
        return _known(EXCEL_EPOCH + timedelta(seconds=round(float(value) * 86_400)))
    text = line_of(value)
    return _known(*_written(text, month_first)) if text else None


def _written(text: str, month_first: bool | None) -> tuple[datetime, tzinfo | None]:
    rest, zone = text.replace("T", " ").strip(), None
    if named := ZONE.search(rest):
        zone, rest = _zone_of(named[1]), rest[: named.start()]
    day, rest = _day_of(rest, text, month_first)
    clock = CLOCK.search(rest)
    try:
        moment = datetime(*day) + _time_of(rest, clock)
    except ValueError:
        raise CellFault("date", text=text[:60]) from None
    if not clock and re.search(r"\d", rest):
        raise CellFault("date", text=text[:60])
    return moment, zone


def _day_of(rest: str, text: str, month_first: bool | None) -> tuple[tuple[int, int, int], str]:
    if found := YEAR_FIRST.match(rest):
        return (int(found[1]), int(found[2]), int(found[3])), rest[found.end() :]
    if found := YEAR_LAST.match(rest):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        if first <= 12 and second <= 12 and first != second and month_first is None:
            raise CellFault("ambiguous_date", text=text[:60])
        day_first = first > 12 or (second <= 12 and month_first is False)
        month, day = (second, first) if day_first else (first, second)
        return (year, month, day), rest[found.end() :]
    if found := COMPACT.fullmatch(rest):
        hours = ":".join(part for part in found.groups()[3:] if part)
        return (int(found[1]), int(found[2]), int(found[3])), f" {hours}"
    raise CellFault("date", text=text[:60])


def months_first(values: Iterable[Any]) -> bool | None:
    """Whether a column writes 4/25/2026 (True) or 25/4/2026 (False); None when it shows neither, or both."""
    found = [YEAR_LAST.match(line) for value in values if isinstance(value, str) and (line := value.strip())]
    day_first = any(int(date[1]) > 12 for date in found if date)
    month_first = any(int(date[2]) > 12 for date in found if date)
    return None if day_first == month_first else month_first


def _time_of(rest: str, clock: "re.Match[str] | None") -> timedelta:
    if clock is None:
        return timedelta()
    hours, minutes, seconds = int(clock[1]), int(clock[2] or 0), int(clock[3] or 0)
    lowered = rest.lower()
    if any(mark in lowered for mark in AFTERNOON) and hours < 12:
        hours += 12
    elif any(mark in lowered for mark in MORNING) and hours == 12:
        hours = 0
    time(hours, minutes, seconds)  # 25:61 is no time of the day
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _zone_of(name: str) -> tzinfo:
    if name.lower() in ("z", "utc"):
        return UTC
    return datetime.strptime(name.replace(":", ""), "%z").tzinfo or UTC


def _known(moment: datetime, zone: tzinfo | None = None) -> datetime:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone or get_default_timezone())
    if moment.year < EARLIEST:
        raise CellFault("long_ago", text=moment.strftime("%Y-%m-%d"))
    if moment > now() + timedelta(days=1):
        raise CellFault("future", text=moment.strftime("%Y-%m-%d"))
    return moment


def degrees_of(value: Any) -> float | None:
    """A coordinate; an empty cell is none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    text = line_of(value).rstrip("°ENen东北经纬 ")
    if not text:
        return None
    try:
        found = float(text)
    except ValueError:
        raise CellFault("degrees", text=text[:60]) from None
    if found != found:
        raise CellFault("degrees", text=text[:60])
    return found


def pair_of(value: Any) -> tuple[float, float] | None:
    """“114.65, 33.62”, also in brackets: longitude, then latitude; swapped ones are noticed later."""
    text = line_of(value).strip("()[]（） ")
    if text.upper().startswith("POINT"):
        text = text[5:].strip("() ")
    if not text:
        return None
    parts = [part for part in re.split(r"[,;，；\s]+", text) if part]
    if len(parts) != 2:
        raise CellFault("pair", text=text[:60])
    first, second = degrees_of(parts[0]), degrees_of(parts[1])
    if first is None or second is None:
        raise CellFault("pair", text=text[:60])
    return first, second


def phone_of(value: Any) -> tuple[str, bool]:
    """The number and whether it was masked; a masked number is none."""
    text = line_of(value)
    if "*" in text or re.search(r"\d[xX]{3,}", text):
        return "", True
    if not text:
        return "", False
    try:
        return normal_phone(re.split(r"[,;、/]| {2,}", text)[0]), False
    except ValueError:
        raise CellFault("phone", text=text[:30]) from None


def agreement_of(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    text = line_of(value).lower()
    if text in YES_WORDS:
        return True
    if text in NO_WORDS:
        return False
    raise CellFault("yes_or_no", text=text[:30])
