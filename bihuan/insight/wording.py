"""Figures in words and strokes: percent, days, signs of change, and a line for the last periods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bihuan.insight.catalogue import DURATION, SHARE, Indicator
from bihuan.insight.queries.figures import Figure

NOTHING = "—"
WIDTH, HEIGHT = 120, 32  # of a spark line
HOUR, DAY = 3600, 86400


@dataclass(frozen=True)
class Said:
    """A figure for people: the number, and what it is in."""

    number: str
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.number}{self.unit}" if self.unit == "%" else f"{self.number} {self.unit}".strip()


def said(indicator: Indicator, value: float | None) -> Said:
    """A value as people read it; “—” where there is none."""
    if value is None:
        return Said(NOTHING)
    if indicator.kind == SHARE:
        return Said(_decimal(100 * value), "%")
    if indicator.kind == DURATION:
        return duration(value)
    return Said(whole(round(value)))


def whole(number: int) -> str:
    """A whole number in the reader's language."""
    return number_format(number, use_l10n=True, force_grouping=True)


def _decimal(value: float) -> str:
    # Rounded here: Django cuts off what it has no room for.
    return number_format(round(value, 1), decimal_pos=1, use_l10n=True, force_grouping=True)


def duration(seconds: float) -> Said:
    """A length of natural time in the unit that suits it."""
    if seconds < HOUR:
        return Said(whole(round(seconds / 60)), pgettext("unit of time", "min"))
    if seconds < 2 * DAY:
        return Said(_decimal(seconds / HOUR), pgettext("unit of time", "h"))
    return Said(_decimal(seconds / DAY), pgettext("unit of time", "days"))


def change(figure: Figure) -> str:
    """How much it changed from the period before, with a sign; empty when that cannot be said."""
    if figure.change is None:
        return ""
    size = abs(figure.change)
    sign = "+" if figure.change > 0 else "−"
    if figure.indicator.kind == SHARE:
        if size < 0.0005:
            return _("as before")
        return _("%(sign)s%(points)s points") % {"sign": sign, "points": _decimal(100 * size)}
    if not figure.change:
        return _("as before")
    return f"{sign}{said(figure.indicator, size)}"


def spark(trend: list[tuple[Any, float | None]]) -> dict[str, Any]:
    """Strokes through the values of the last periods, broken where there is none, and the last point."""
    values = [value for _period, value in trend]
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return {}
    low, high = min(known), max(known)
    reach = high - low or 1
    step = (WIDTH - 8) / max(1, len(values) - 1)
    points = [
        None if value is None else (4 + step * place, 4 + (HEIGHT - 8) * (1 - (value - low) / reach))
        for place, value in enumerate(values)
    ]
    strokes: list[list[str]] = [[]]
    for point in points:
        if point is None:
            strokes.append([])
        else:
            strokes[-1].append(f"{point[0]:.1f},{point[1]:.1f}")
    last = next(point for point in reversed(points) if point is not None)
    return {
        "strokes": [" ".join(stroke) for stroke in strokes if stroke],
        "x": f"{last[0]:.1f}",
        "y": f"{last[1]:.1f}",
        "width": WIDTH,
        "height": HEIGHT,
    }


def measure(indicator: Indicator) -> str:
    """What a plotted value is in."""
    if indicator.kind == SHARE:
        return "%"
    return pgettext("unit of time", "h") if indicator.kind == DURATION else pgettext("measure", "number")
