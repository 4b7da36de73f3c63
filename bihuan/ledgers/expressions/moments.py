"""Dates and times as ODK writes them, reckoned as days in the district's own time.

A date is a whole number of days since 1970-01-01, whatever the zone; a time of day is the fraction. So a
date-time and a date can be compared, and a difference is a number of days. Zones are offsets in minutes,
given by the context: the machine's own zone is never asked. `frontend/src/expressions/moments.ts` is the
twin.
"""

import math
import re

DAY = 86_400_000  # ms
MINUTE = 60_000
FURTHEST = 4_000_000  # days; beyond the year 9999

_DATE = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
_TIME = r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?"
MOMENT = re.compile(rf"{_DATE}(?:T{_TIME})?")
TIME = re.compile(_TIME)

MONTHS = {
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "zh": ["1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"],
}
WEEKDAYS = {
    "en": ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
    "zh": ["周日", "周一", "周二", "周三", "周四", "周五", "周六"],
}
DATE_SIGNS = "Yymnbdea%"
TIME_SIGNS = DATE_SIGNS + "HhMS3"


def day_of(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 of a date in the Gregorian calendar."""
    shifted = year - 1 if month <= 2 else year
    era = shifted // 400
    of_era = shifted - era * 400
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


def date_of(day: int) -> tuple[int, int, int]:
    """Year, month and day."""
    shifted = day + 719_468
    era = shifted // 146_097
    of_era = shifted - era * 146_097
    year = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    return (
        year + era * 400 + (1 if month >= 10 else 0),
        month + 3 if month < 10 else month - 9,
        of_year - (153 * month + 2) // 5 + 1,
    )


def offset_of(text: str) -> int:
    """Minutes of an offset such as +08:00."""
    if text == "Z":
        return 0
    digits = text[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return -minutes if text[0] == "-" else minutes


def _time(found: tuple[str | None, ...], zone: int) -> int | None:
    """Milliseconds since midnight in the zone; they may lie in the day before or after."""
    hour, minute, second = (int(part or 0) for part in found[:3])
    if hour > 23 or minute > 59 or second > 59:
        return None
    given = found[4]
    offset = zone if given is None else offset_of(given)
    if abs(offset) >= 1440:
        return None
    fraction = int((found[3] or "").ljust(3, "0")[:3])
    return ((hour * 60 + minute) * 60 + second) * 1000 + fraction + (zone - offset) * MINUTE


def read(text: str, zone: int) -> int | None:
    """Local milliseconds since 1970-01-01 of a date or date-time; none when it is neither."""
    found = MOMENT.fullmatch(text)
    if not found:
        return None
    year, month, day = (int(part) for part in found.groups()[:3])
    days = day_of(year, month, day)
    if not 1 <= month <= 12 or year < 1 or date_of(days) != (year, month, day):
        return None
    if "T" not in text:
        return days * DAY
    time = _time(found.groups()[3:], zone)
    return None if time is None else days * DAY + time


def days(text: str, zone: int) -> float:
    """A date or date-time as a number of days."""
    moment = read(text, zone)
    return math.nan if moment is None else moment / DAY


def fraction(text: str, zone: int) -> float:
    """A time of day, or the time of a date-time, as a fraction of a day."""
    found = TIME.fullmatch(text)
    moment = _time(found.groups(), zone) if found else read(text, zone)
    return math.nan if moment is None else moment % DAY / DAY


def moment_of(number: float) -> int | None:
    """Local milliseconds of a number of days; none outside the years 1 to 9999."""
    if not abs(number) < FURTHEST:
        return None
    moment = math.floor(number * DAY + 0.5)
    return moment if 1 <= date_of(moment // DAY)[0] <= 9999 else None


def written_date(moment: int | None) -> str:
    if moment is None:
        return ""
    year, month, day = date_of(moment // DAY)
    return f"{year:04}-{month:02}-{day:02}"


def written_moment(moment: int | None, zone: int) -> str:
    if moment is None:
        return ""
    seconds, thousandths = divmod(moment % DAY, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    sign, away = ("-" if zone < 0 else "+"), abs(zone)
    clock = f"{hour:02}:{minute:02}:{second:02}.{thousandths:03}"
    return f"{written_date(moment)}T{clock}{sign}{away // 60:02}:{away % 60:02}"


def formatted(moment: int | None, pattern: str, language: str, signs: str) -> str:
    """A moment by a pattern such as %Y-%m-%d; what is no sign of the pattern stays as it is."""
    if moment is None:
        return ""
    tongue = "zh" if language.lower().startswith("zh") else "en"
    (year, month, day), (minutes, rest) = date_of(moment // DAY), divmod(moment % DAY, MINUTE)
    hour, minute = divmod(minutes, 60)
    said = {
        "Y": f"{year:04}",
        "y": f"{year % 100:02}",
        "m": f"{month:02}",
        "n": str(month),
        "b": MONTHS[tongue][month - 1],
        "d": f"{day:02}",
        "e": str(day),
        "a": WEEKDAYS[tongue][(moment // DAY + 4) % 7],
        "H": f"{hour:02}",
        "h": str(hour),
        "M": f"{minute:02}",
        "S": f"{rest // 1000:02}",
        "3": f"{rest % 1000:03}",
        "%": "%",
    }
    return re.sub(
        r"%([A-Za-z0-9%])", lambda found: said[found[1]] if found[1] in signs else found[0], pattern
    )
