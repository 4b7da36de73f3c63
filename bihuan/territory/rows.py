"""Areas and places that are still to be created, as imports and the demo list them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bihuan.territory.models import Area, Place


@dataclass(frozen=True)
class AreaRow:
    """An area to be created. `parent` is an Area, or the code of one that exists or stands earlier."""

    kind: str
    code: str
    name: str
    parent: Area | str | None = None
    name_en: str = ""
    aliases: Sequence[str] = ()
    boundary: Any = None  # GeoJSON or a shape
    has_desk: bool = False


@dataclass(frozen=True)
class PlaceRow:
    """A place to be created. `parent` is a Place, or the position of an earlier row in the same list."""

    kind: str
    name: str
    area: Area
    parent: Place | int | None = None
    name_en: str = ""
    address: str = ""
    aliases: Sequence[str] = ()
    lon: float | None = None
    lat: float | None = None
    facts: Mapping[str, int | None] = field(default_factory=dict)  # by the names of FACTS
