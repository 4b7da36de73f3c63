"""Time limits: how they are written, what the district promises by default, and what a case was promised."""

import re
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils.translation import ngettext

from bihuan.cases.models.matter import Matter, Urgency
from bihuan.core.calendar import Clock, NaturalClock
from bihuan.territory.queries import working_calendar

WRITTEN = re.compile(r"\s*(\d{1,4})\s*([mhd])\s*")
NATURAL, WORKING = "natural", "working"


def clock_of(kind: str) -> Clock:
    return working_calendar() if kind == WORKING else NaturalClock()


class Limits(NamedTuple):
    """The three limits of an urgency, as written."""

    clock: str
    assign: str
    acknowledge: str
    resolve: str
    on_site: str = ""


# domain.md section 2; a matter may shorten or lengthen each.
DEFAULTS = {
    Urgency.CRITICAL: Limits(NATURAL, "1h", "15m", "24h", on_site="2h"),
    Urgency.URGENT: Limits(NATURAL, "2h", "1h", "24h"),
    Urgency.ORDINARY: Limits(WORKING, "1d", "4h", "7d"),
    Urgency.DIFFICULT: Limits(WORKING, "1d", "1d", "15d"),
}

# Stages that no urgency governs; all in working time.
ACCEPT, VERIFY, SPOT_CHECK, INSPECT, CALL_BACK = "1d", "1d", "2d", "2d", "3d"

# How soon after acknowledging the unit or the desk writes to the reporters 响应, by the urgency's clock.
CONTACT = {NATURAL: "2h", WORKING: "1d"}


def seconds_of(written: str, clock: str) -> int:
    """Seconds on that clock. A working day is as long as the district's normal office day."""
    match = WRITTEN.fullmatch(written)
    if not match:
        raise ValueError(written)
    amount, unit = int(match[1]), match[2]
    day = clock_of(clock).day_length if clock == WORKING else 86_400
    return amount * {"m": 60, "h": 3_600, "d": day}[unit]


@dataclass(frozen=True)
class Promise:
    """What was promised when a case was filed; it stays, whatever the catalogue becomes. In seconds."""

    matter: str
    matter_en: str
    urgency: str
    clock: str
    assign: int
    acknowledge: int
    resolve: int
    on_site: int
    needs_before_photo: bool
    needs_after_photo: bool
    closing_standard: str

    @classmethod
    def of(cls, matter: Matter, urgency: str) -> "Promise":
        default = DEFAULTS[Urgency(urgency)]

        def seconds(own: str, usual: str) -> int:
            return seconds_of(own if own and urgency == matter.urgency else usual, default.clock)

        return cls(
            matter=matter.name,
            matter_en=matter.name_en,
            urgency=urgency,
            clock=default.clock,
            assign=seconds(matter.assign_limit, default.assign),
            acknowledge=seconds(matter.acknowledge_limit, default.acknowledge),
            resolve=seconds(matter.resolve_limit, default.resolve),
            on_site=seconds("", default.on_site) if default.on_site else 0,
            needs_before_photo=matter.needs_before_photo,
            needs_after_photo=matter.needs_after_photo,
            closing_standard=matter.closing_standard,
        )

    @classmethod
    def read(cls, stored: dict[str, Any]) -> "Promise":
        return cls(**stored)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def on_site_by(self, acknowledged_at: datetime) -> datetime | None:
        """The moment by which somebody must be there; None where no such thing was promised."""
        return acknowledged_at + timedelta(seconds=self.on_site) if self.on_site else None

    def contact_by(self, acknowledged_at: datetime) -> datetime:
        """The moment by which the reporters must have heard from somebody."""
        return clock_of(self.clock).add(acknowledged_at, seconds_of(CONTACT[self.clock], self.clock))

    def kept_by(self, filed_at: datetime) -> datetime:
        """The moment by which all of it together must be done."""
        return clock_of(self.clock).add(filed_at, self.assign + self.acknowledge + self.resolve)


def in_words(seconds: int, clock: str) -> str:
    """A length of time on a clock, for people: “7 working days”, “3 hours”."""
    working = clock == WORKING
    day = clock_of(clock).day_length if working else 86_400
    if seconds >= day and (seconds % day == 0 or seconds >= 3 * day):
        count = round(seconds / day)
        if working:
            return ngettext("%(count)s working day", "%(count)s working days", count) % {"count": count}
        return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}
    if seconds >= 3_600:
        hours = f"{seconds / 3_600:.1f}".removesuffix(".0")
        number = 1 if hours == "1" else 2
        if working:
            return ngettext("%(count)s working hour", "%(count)s working hours", number) % {"count": hours}
        return ngettext("%(count)s hour", "%(count)s hours", number) % {"count": hours}
    minutes = max(0, round(seconds / 60))
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
