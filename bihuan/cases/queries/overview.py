"""What those see who watch over cases without working on them: how many are overdue, where, at which unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from bihuan.accounts.models import Unit
from bihuan.cases.models import Case, CaseQuerySet, Supervision
from bihuan.cases.queries.lists import OVERSEERS, is_late, is_nearly_due, is_with_a_unit, overseen_by
from bihuan.cases.queries.page import ClockFace, clock_face
from bihuan.territory.models import Area
from bihuan.territory.queries import areas_by_id

ROWS = 30
UNITS = 12


@dataclass(frozen=True)
class Line:
    """One area or unit with its unfinished cases."""

    label: str
    pk: int | None
    open: int
    late: int


@dataclass(frozen=True)
class Overview:
    """The unfinished cases of the areas that somebody watches over. Units are counted, never people."""

    where: list[Area]
    open: int
    late: int
    near: int
    supervised: int
    areas: list[Line]
    units: list[Line]
    rows: list[tuple[Case, ClockFace]]


def overview_for(user: Any) -> Overview | None:
    """What is overdue where this person watches over cases; None without such a duty. Four queries."""
    condition = overseen_by(user)
    if condition is None:
        return None
    late = is_late()
    cases = Case.objects.open().filter(condition)
    sums = cases.aggregate(
        open=Count("pk"),
        late=Count("pk", filter=late),
        near=Count("pk", filter=is_nearly_due()),
        supervised=Count("pk", filter=~Q(supervision=Supervision.NONE)),
    )
    where = [held.area for held in user.duties_now() if held.area is not None and held.kind in OVERSEERS]
    level = "subdistrict" if any(area.parent_id is None for area in where) else "community"
    rows = cases.filter(late).with_names().order_by("due_at", "id")[:ROWS]
    return Overview(
        where=where,
        areas=_by_area(cases, level),
        units=_by_unit(cases),
        rows=[(case, clock_face(case)) for case in rows],
        **sums,
    )


def _by_area(cases: CaseQuerySet, level: str) -> list[Line]:
    known = areas_by_id()
    counted = cases.values(level).annotate(open=Count("pk"), late=Count("pk", filter=is_late())).order_by(level)
    lines = [
        Line(known[row[level]].label, row[level], row["open"], row["late"])
        for row in counted
        if row[level] in known
    ]
    return sorted(lines, key=lambda line: (-line.late, -line.open))


def _by_unit(cases: CaseQuerySet) -> list[Line]:
    counted = (
        cases.filter(is_with_a_unit())
        .values("unit", "unit__name", "unit__name_en")
        .annotate(open=Count("pk"), late=Count("pk", filter=is_late()))
        .filter(late__gt=0)
        .order_by("-late", "unit")[:UNITS]
    )
    return [Line(_label(row), row["unit"], row["open"], row["late"]) for row in counted]


def _label(row: Mapping[str, Any]) -> str:
    """The unit's name in the reader's language, without loading the unit."""
    return Unit(name=row["unit__name"], name_en=row["unit__name_en"]).label
