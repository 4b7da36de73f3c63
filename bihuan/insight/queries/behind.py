"""The cases behind a figure: exactly as many lines as the figure counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bihuan.cases.models import Case
from bihuan.cases.models.case import OPEN
from bihuan.cases.queries import cases_worked_on_by
from bihuan.insight.catalogue import INDICATORS, STOCK, Indicator
from bihuan.insight.marks import OF_CASES, Mark
from bihuan.insight.models import Fact, LateChange, Transition
from bihuan.insight.queries.figures import late_changes
from bihuan.insight.queries.scope import View
from bihuan.insight.queries.sums import inside

TOP, BOTTOM = "top", "bottom"
KEYS = {Fact: ("-case_id",), Transition: ("-case_id", "-seq")}


def lines_behind(view: View, indicator: Indicator, part: str) -> QuerySet[Any]:
    """The lines that a figure counts above or below its line: facts, or transitions."""
    if indicator.kind == STOCK:
        return _open_on(view, indicator)
    mark = indicator.bottom if part == BOTTOM and indicator.bottom is not None else indicator.top
    return _facts(view, mark) if mark & OF_CASES else _transitions(view, mark)


def _facts(view: View, mark: Mark) -> QuerySet[Fact]:
    rows: QuerySet[Fact] = Fact.objects.annotate(hit=F("marks").bitand(int(mark)))
    counts = Q(hit__gt=0, due_on__range=(view.period.start, view.last_day)) & _place(view)
    if view.unit is not None:
        counts &= Q(unit__in=view.unit_ids)
    if view.matter is not None:
        counts &= Q(matter__in=view.matter_ids)
    net = _net(view, mark)
    lost = [pk for (pk, _seq), change in net.items() if change > 0]
    won = [pk for (pk, _seq), change in net.items() if change < 0]
    return rows.filter((counts & ~Q(pk__in=won)) | Q(pk__in=lost))


def _transitions(view: View, mark: Mark) -> QuerySet[Transition]:
    facts = Fact.objects.filter(pk=OuterRef("case_id"))
    rows: QuerySet[Transition] = Transition.objects.annotate(hit=F("marks").bitand(int(mark)))
    counts = Q(hit__gt=0, counted_on__range=(view.period.start, view.last_day)) & _place(view)
    # A line from before the unit or the matter was known counts for those that came.
    if view.unit is not None:
        rows = rows.annotate(its_unit=Coalesce("unit", Subquery(facts.values("unit"))))
        counts &= Q(its_unit__in=view.unit_ids)
    if view.matter is not None:
        rows = rows.annotate(its_matter=Coalesce("matter", Subquery(facts.values("matter"))))
        counts &= Q(its_matter__in=view.matter_ids)
    lost = won = Q(pk__in=[])
    for key, change in _net(view, mark).items():
        if change > 0:
            lost |= Q(case_id=key[0], seq=key[1])
        elif change < 0:
            won |= Q(case_id=key[0], seq=key[1])
    return rows.filter((counts & ~won) | lost)


def _place(view: View) -> Q:
    if view.area.kind == "district":
        return Q()
    return Q(subdistrict=view.area.pk) if view.area.kind == "subdistrict" else Q(area=view.area.pk)


def _net(view: View, mark: Mark) -> Counter[tuple[int, int]]:
    """Lines that a closed period lost (above 0) or won (below 0) since, and counts as before."""
    net: Counter[tuple[int, int]] = Counter()
    changes: QuerySet[LateChange] = late_changes(view)
    for case, seq, lost, won in changes.values_list("case", "seq", "lost", "won"):
        net[case, seq] += bool(lost & mark) - bool(won & mark)
    return net


def _open_on(view: View, indicator: Indicator) -> QuerySet[Transition]:
    night = view.last_night
    rows = Transition.objects.filter(Q(left_on=None) | Q(left_on__gt=night), day__lte=night, state__in=OPEN)
    rows = inside(rows, view)
    if indicator.code == "overdue_at_end":
        rows = rows.filter(late_from__lte=night)
    if view.unit is not None:
        rows = rows.filter(unit__in=view.unit_ids)
    if view.matter is not None:
        rows = rows.filter(matter__in=view.matter_ids)
    return rows


@dataclass(frozen=True)
class Shown:
    """One line of the list: the case if this person may open it, and the day on which the line counts."""

    case: Case | None
    day: date | None
    verb: str = ""


def shown_for(user: Any, rows: Sequence[Any], *, night: bool = False) -> list[Shown]:
    """Lines with their cases, in one query. Who may not open a case sees that there is one, and no more."""
    cases = cases_worked_on_by(user).in_bulk([row.case_id for row in rows])
    return [
        Shown(
            cases.get(row.case_id),
            _day(row, night),
            "" if isinstance(row, Fact) else row.verb,
        )
        for row in rows
    ]


def _day(row: Any, night: bool) -> date | None:
    if isinstance(row, Fact):
        return row.due_on
    return row.day if night else row.counted_on


def indicator_named(code: str) -> Indicator | None:
    return INDICATORS.get(code)
