"""The figures of a view: each with what it is reckoned from, what it was before, and how it went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from bihuan.accounts.models import Unit
from bihuan.cases.models import Matter
from bihuan.core.clock import today
from bihuan.insight.catalogue import (
    COUNT,
    DEFAULT_WEIGHTS,
    GROUPS,
    HIGHER,
    INDICATORS,
    LEAST_TO_RANK,
    LOWER,
    NEITHER,
    SHARE,
    STOCK,
    Indicator,
)
from bihuan.insight.models import ClosedPeriod, LateChange, Weighting
from bihuan.insight.periods import Period
from bihuan.insight.queries.scope import View
from bihuan.insight.queries.sums import Sums, add_nights, inside, sums_of
from bihuan.territory.models import Area
from bihuan.territory.queries import areas_by_id

PERIODS = 12


@dataclass(frozen=True)
class Figure:
    """One indicator of one view. `value` is None where there is nothing to divide by, or nothing known."""

    indicator: Indicator
    top: int | None
    bottom: int | None
    value: float | None
    before: float | None = None
    trend: list[tuple[Period, float | None]] = field(default_factory=list)

    @property
    def change(self) -> float | None:
        """How much it changed from the period before."""
        return None if self.value is None or self.before is None else self.value - self.before

    @property
    def turn(self) -> str:
        """Whether that is better or worse; nothing when it is neither."""
        if not self.change or self.indicator.better == NEITHER:
            return ""
        return "better" if (self.change > 0) == (self.indicator.better == HIGHER) else "worse"


@dataclass(frozen=True)
class Closing:
    """When the figures of a period became final, and how many cases have changed since then."""

    at: datetime
    version: int
    later: int


@dataclass
class Figures:
    """Everything that one view shows."""

    view: View
    figures: dict[str, Figure]
    periods: list[Period]
    closing: Closing | None

    def groups(self) -> list[tuple[Any, list[Figure]]]:
        """The figures under the headings of the catalogue."""
        by_group: dict[str, list[Figure]] = defaultdict(list)
        for figure in self.figures.values():
            by_group[figure.indicator.group].append(figure)
        return [(name, by_group[code]) for code, name in GROUPS.items() if by_group[code]]


def shown_in(view: View) -> list[Indicator]:
    """The indicators that say something about this view."""
    return [found for found in INDICATORS.values() if found.of_units or view.unit is None]


def figures_for(view: View, *, periods: int = PERIODS) -> Figures:
    """All indicators of a view with their last periods."""
    past = view.period.back(max(2, periods))
    sums = sums_of(view, past)
    add_nights(view, {period.start: _night(period) for period in past}, sums)
    here, before = sums[view.period.start], sums[past[-2].start]
    figures = {
        indicator.code: Figure(
            indicator,
            here.top(indicator),
            here.bottom(indicator),
            here.value(indicator),
            before.value(indicator),
            [(period, sums[period.start].value(indicator)) for period in past],
        )
        for indicator in shown_in(view)
    }
    return Figures(view, figures, past, closing_of(view))


def _night(period: Period) -> date:
    return min(period.end, today() - timedelta(days=1))


def closing_of(view: View) -> Closing | None:
    """When this period was closed, if it was."""
    kind, last = view.period.parts[-1]
    closed = ClosedPeriod.objects.filter(kind=kind, start=last).first()
    if closed is None:
        return None
    late = late_changes(view).values("case").distinct().count()
    return Closing(closed.closed_at, closed.version, late)


def late_changes(view: View) -> Any:
    """What would have changed the figures of this view, had its period not been closed."""
    parts = view.period.parts
    found = LateChange.objects.filter(kind=parts[0][0], start__in=[start for _kind, start in parts])
    found = inside(found, view)
    if view.unit is not None:
        found = found.filter(unit__in=view.unit_ids)
    if view.matter is not None:
        found = found.filter(matter__in=view.matter_ids)
    return found


# -- tables ---------------------------------------------------------------------------------------------


@dataclass
class Line:
    """An area, a unit or a matter in a table. `rank` only where there is enough to compare.

    The rest of an area is what lies in none of those that are listed.
    """

    place: Area | Unit | Matter
    sums: Sums
    score: float | None = None
    rank: int | None = None
    is_rest: bool = False

    @property
    def label(self) -> str:
        return _("elsewhere in %(area)s") % {"area": self.place.label} if self.is_rest else self.place.label

    @property
    def is_few(self) -> bool:
        return self.sums.counts["due"] < LEAST_TO_RANK

    def compares_by(self, sort: str) -> bool:
        """Whether a rank means anything: ten cases were due, and ten go into this very indicator."""
        indicator = INDICATORS.get(sort)
        if self.is_few or indicator is None or indicator.kind in (COUNT, STOCK):
            return not self.is_few
        parts = self.sums.bottom(indicator) if indicator.kind == SHARE else self.sums.top(indicator)
        return (parts or 0) >= LEAST_TO_RANK

    def figure(self, code: str) -> Figure:
        indicator = INDICATORS[code]
        return Figure(
            indicator, self.sums.top(indicator), self.sums.bottom(indicator), self.sums.value(indicator)
        )


SCORE = "score"


def lines_by_area(view: View, sort: str = "") -> list[Line]:
    """The areas directly in the area of a view; none below a community."""
    level = {"district": "subdistrict", "subdistrict": "area"}.get(view.area.kind)
    if level is None:
        return []
    sums = sums_of(view, [view.period], level, times=False)
    inner = [area for area in areas_by_id().values() if area.parent_id == view.area.pk]
    for area in inner:
        sums[area.pk]  # a line each, also where nothing was due
    add_nights(view, {"night": view.last_night}, sums, level)
    lines = [Line(area, sums.pop(area.pk)) for area in inner]
    rest = Sums()  # what lies in no area below this one, as far as is known, or in one that is no more
    for left in sums.values():
        rest += left
    if any(rest.counts.values()) or rest.open:
        lines.append(Line(view.area, rest, is_rest=True))
    return ranked(lines, sort)


def lines_by_unit(view: View, sort: str = "", *, units: Iterable[Unit]) -> list[Line]:
    """The units that had cases, each with everything under it, and its composite score."""
    known = {unit.pk: unit for unit in units if view.unit is None or unit.path.startswith(view.unit.path)}
    wanted = None if view.unit is None else [*known]
    sums = sums_of(view, [view.period], "unit", units=wanted, times=False)
    add_nights(view, {"night": view.last_night}, sums, "unit", units=wanted)
    lines = {pk: Line(known[pk], Sums()) for pk in sums if pk in known}
    for pk in lines:
        for above in (int(part) for part in known[pk].path.split("/") if part):
            if above in lines:
                lines[above].sums += sums[pk]
    weights = weights_of(view)
    for line in lines.values():
        line.score = None if line.is_few else score_of(line.sums, weights)
    return ranked(list(lines.values()), sort)


def lines_by_matter(view: View, sort: str = "") -> list[Line]:
    """The matters directly below the matter of a view that had cases, each with everything below it."""
    known = Matter.objects.in_bulk()
    top = view.matter.pk if view.matter else None
    heads = {pk: head for pk in known if (head := _below(top, pk, known)) is not None}
    if not heads:
        return []
    sums = sums_of(view, [view.period], "matter", matters=[*heads], times=False)
    add_nights(view, {"night": view.last_night}, sums, "matter", matters=[*heads])
    lines: dict[int, Line] = {}
    for pk, found in sums.items():
        group = known[heads[pk]]
        lines.setdefault(group.pk, Line(group, Sums())).sums += found
    return ranked(list(lines.values()), sort)


def _below(top: int | None, pk: int, known: dict[int, Matter]) -> int | None:
    """The matter directly below `top` that this one lies in, or is; None when it lies elsewhere."""
    step: int | None = pk
    while step is not None and known[step].parent_id != top:
        step = known[step].parent_id
    return step


def ranked(lines: list[Line], sort: str) -> list[Line]:
    """In the order of an indicator, the best first.

    What is too few to compare comes last, without a rank; so does the rest of an area, which is none itself.
    """
    most = sorted(lines, key=lambda line: (-line.sums.counts["due"], line.place.pk))
    if sort == SCORE:
        values = {line.place.pk: line.score for line in most}
    elif sort in INDICATORS:
        sign = -1 if INDICATORS[sort].better == LOWER else 1
        found = {line.place.pk: line.sums.value(INDICATORS[sort]) for line in most}
        values = {pk: None if value is None else sign * value for pk, value in found.items()}
    else:
        return most
    comparable = {pk: value for pk, value in values.items() if value is not None}
    first = [line for line in most if line.place.pk in comparable and line.compares_by(sort)]
    first = sorted((line for line in first if not line.is_rest), key=lambda line: -comparable[line.place.pk])
    for line in first:
        better = [other for other in first if comparable[other.place.pk] > comparable[line.place.pk]]
        line.rank = 1 + len(better)
    return first + [line for line in most if line not in first]


# -- the composite score --------------------------------------------------------------------------------


def weights_of(view: View) -> dict[str, float]:
    """The weights of a view's period: those in force when it began, which nobody changes afterwards."""
    return weights_on(view.period.start)


def weights_on(day: date) -> dict[str, float]:
    """The weights in force for a period that begins on this day."""
    weighting = Weighting.objects.filter(starts_on__lte=day).order_by("-starts_on").first()
    return weighting.weights if weighting else DEFAULT_WEIGHTS


def score_of(sums: Sums, weights: dict[str, float]) -> float | None:
    """The weighted mean of the shares that are known, from 0 to 100; of what is better low, the rest to 1."""
    total = weight = 0.0
    for code, part in weights.items():
        indicator = INDICATORS.get(code)
        value = sums.value(indicator) if indicator is not None and indicator.kind == SHARE else None
        if value is not None and indicator is not None:
            total += part * (1 - value if indicator.better == LOWER else value)
            weight += part
    return 100 * total / weight if weight else None


@dataclass(frozen=True)
class Version:
    """One version of the weights, in words."""

    weighting: Weighting
    weights: list[tuple[Any, float]]


def weightings() -> list[Version]:
    """Every version of the weights, the latest first."""
    versions = Weighting.objects.select_related("made_by").order_by("-starts_on")
    return [
        Version(
            found,
            [(INDICATORS[code].name, part) for code, part in found.weights.items() if code in INDICATORS],
        )
        for found in versions
    ]
