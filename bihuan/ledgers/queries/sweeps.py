"""Which places a look-alike sweep would look at."""

from collections.abc import Sequence

from django.db.models import Q

from bihuan.territory.models import Area, Place
from bihuan.territory.queries import district, trail


def places_to_sweep(kind: str, areas: Sequence[Area], *, most: int) -> list[Place]:
    """Every place of a kind in these areas, no more than `most`."""
    within = Q()
    for area in areas:
        within |= Q(area__path__startswith=area.path)
    rows = Place.objects.filter(within, kind=kind).select_related("area").defer("keys", "area__boundary")
    return list(rows.order_by("area__path", "name", "pk")[:most])


def common_area(areas: Sequence[Area]) -> Area:
    """The smallest area that holds all of these."""
    for candidate in reversed(trail(areas[0])):
        if all(candidate.covers(other) for other in areas):
            return candidate
    return district()
