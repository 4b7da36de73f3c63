"""Areas for lists, choices and an area's own page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from bihuan.territory.models import (
    Area,
    AreaQuerySet,
)
from bihuan.territory.queries.memory import boundaries_of, ground
from bihuan.territory.rules import RANK
from bihuan.territory.shapes import faults_between


def areas_in_tree() -> AreaQuerySet:
    """All current areas, each after the one it lies in."""
    return Area.objects.current().light().select_related("parent").order_by("path")


@dataclass(frozen=True)
class Branch:
    """An area in a list of its siblings, with what lies below it."""

    area: Area
    below: int
    drawn: bool


def branches(parent: Area | None) -> list[Branch]:
    """The areas directly in another (None: the district itself) and how many areas each holds."""
    known = ground.get().areas
    held: Counter[int] = Counter()
    for area in known.values():
        held.update(area.ids[:-1])
    parent_id = parent.pk if parent else None
    children = [area for area in known.values() if area.parent_id == parent_id]
    drawn = set(
        Area.objects.filter(pk__in=[area.pk for area in children], boundary__isnull=False).values_list(
            "pk", flat=True
        )
    )
    return [
        Branch(area, held[area.pk], area.pk in drawn) for area in sorted(children, key=lambda area: area.code)
    ]


def possible_parents(kind: str) -> AreaQuerySet:
    """Areas that an area of this kind may lie in."""
    above = [other for other, rank in RANK.items() if rank < RANK[kind]]
    return Area.objects.current().light().filter(kind__in=above).order_by("path")


def areas_for_page() -> AreaQuerySet:
    """Areas, closed ones too, with what a page about one of them shows."""
    return Area.objects.select_related("parent")


def faults_in(parent: Area) -> list[dict[str, Any]]:
    """Overlaps and gaps between the areas that lie directly in another, each with the areas' names."""
    known = ground.get().areas
    children = [area.pk for area in known.values() if area.parent_id == parent.pk]
    shapes = boundaries_of(Area.objects.filter(pk__in=[parent.pk, *children]))
    own = shapes.pop(parent.pk, None)
    return [
        {"fault": fault, "areas": [known[pk] for pk in fault.areas]}
        for fault in faults_between(shapes, parent.pk, own)
    ]
