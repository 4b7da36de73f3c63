"""What those see who watch over cases without working on them: how many are overdue, where, at which unit."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case as Choose
from django.db.models import Count, F, Q, When

from bihuan.accounts.models import Unit
from bihuan.cases.models import Case, CaseQuerySet, Supervision
from bihuan.cases.queries.lists import OVERSEERS, is_late, is_nearly_due, is_with_a_unit, overseen_by
from bihuan.cases.queries.page import ClockFace, clock_face
from bihuan.territory.models import Area
from bihuan.territory.queries import areas_by_id

ROWS = 30
UNITS = 12
COUNTS = ("open", "late", "near", "supervised")


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
    """What is overdue where this person watches over cases; None without such a duty. Three queries."""
    condition = overseen_by(user)
    if condition is None:
        return None
    cases = Case.objects.open().filter(condition)
    where = [held.area for held in user.duties_now() if held.area is not None and held.kind in OVERSEERS]
    level = "subdistrict" if any(area.parent_id is None for area in where) else "community"
    counted = _counted(cases, level)
    rows = cases.filter(is_late()).with_names().order_by("due_at", "id")[:ROWS]
    return Overview(
        where=where,
        areas=_by_area(counted, level),
        units=_by_unit(counted),
        rows=[(case, clock_face(case)) for case in rows],
        **{name: sum(part[name] for part in counted) for name in COUNTS},
    )


def _counted(cases: CaseQuerySet, level: str) -> list[dict[str, Any]]:
    """The cases counted by area, unit and whether a unit holds them: the open work is read once for all."""
    held = Choose(When(is_with_a_unit(), then=F("unit")), default=None)
    counts = {
        "open": Count("pk"),
        "late": Count("pk", filter=is_late()),
        "near": Count("pk", filter=is_nearly_due()),
        "supervised": Count("pk", filter=~Q(supervision=Supervision.NONE)),
    }
    return list(cases.order_by().annotate(held=held).values(level, "held").annotate(**counts))


def _by_area(counted: list[dict[str, Any]], level: str) -> list[Line]:
    known = areas_by_id()
    found = [
        Line(known[pk].label, pk, open_, late) for pk, open_, late in _summed(counted, level) if pk in known
    ]
    return sorted(found, key=lambda line: (-line.late, -line.open))


def _by_unit(counted: list[dict[str, Any]]) -> list[Line]:
    """The units that hold most of what is late."""
    late_ones = [sums for sums in _summed(counted, "held") if sums[2]]
    most = sorted(late_ones, key=lambda sums: (-sums[2], sums[0]))[:UNITS]
    names = Unit.objects.only("name", "name_en").in_bulk([pk for pk, _open, _late in most])
    return [Line(names[pk].label, pk, open_, late) for pk, open_, late in most]


def _summed(counted: list[dict[str, Any]], name: str) -> list[tuple[int, int, int]]:
    """Open and late cases for each area or unit that is named."""
    sums: dict[int, tuple[int, int]] = {}
    for part in counted:
        if part[name] is not None:
            open_, late = sums.get(part[name], (0, 0))
            sums[part[name]] = (open_ + part["open"], late + part["late"])
    return [(pk, open_, late) for pk, (open_, late) in sums.items()]
