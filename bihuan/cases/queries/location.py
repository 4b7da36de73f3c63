"""Where a report belongs: its area, the levels above it, the desk that takes it in."""

import re
from dataclasses import dataclass

from bihuan.territory.models import Area, Place
from bihuan.territory.queries import desk_of, district, locate, trail

SENTENCE_END = re.compile(r"[。！？!?\n；;]")


@dataclass(frozen=True)
class Levels:
    """An area's chain, by what a case stores of it."""

    district: Area
    subdistrict: Area | None
    community: Area | None
    desk: Area


def area_of(*, place: Place | None, lon: float | None, lat: float | None) -> Area | None:
    """The deepest area of a point, else the area of the place, else None: nobody knows."""
    if lon is not None and lat is not None:
        found = locate(lon, lat)
        if found is not None:
            return found
    return place.area if place is not None else None


def levels_of(area: Area | None) -> Levels:
    """The levels above an area, from memory; without one, the district's own."""
    root = district()
    chain = trail(area or root)
    by_kind = {step.kind: step for step in chain}
    return Levels(
        district=root,
        subdistrict=by_kind.get("subdistrict"),
        community=by_kind.get("community") or by_kind.get("village"),
        desk=desk_of(area or root),
    )


def heading_of(words: str, length: int) -> str:
    """A heading made of the first sentence."""
    first = SENTENCE_END.split(words.strip(), maxsplit=1)[0].strip() or words.strip()
    return first if len(first) <= length else first[: length - 1] + "…"
