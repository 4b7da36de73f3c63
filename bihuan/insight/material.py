"""What figures are reckoned from: the columns of a case's row, and what its entries say."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple


class CaseRow(NamedTuple):
    """What figures need of a case's own row; `COLUMNS` are its columns in this order."""

    pk: int
    area: int
    subdistrict: int | None
    community: int | None
    matter: int | None
    channel: str
    place: int | None
    lon: float | None
    lat: float | None
    address: str
    reported_at: datetime
    contact_due: datetime | None
    contacted_at: datetime | None

    @property
    def cell(self) -> int:
        """The community, or the deepest area above it that is known."""
        return self.community or self.subdistrict or self.area

    @property
    def spot(self) -> str:
        """Equal for two cases about the same place: a named place, some fifty metres, a written address."""
        if self.place is not None:
            return f"place {self.place}"
        if self.lon is not None and self.lat is not None:
            return f"point {round(self.lon * 2000)} {round(self.lat * 2000)}"
        if self.address:
            return f"address {sha256(f'{self.cell} {self.address}'.encode()).hexdigest()[:24]}"
        return f"case {self.pk}"


COLUMNS = (
    "id", "area_id", "subdistrict_id", "community_id", "matter_id", "channel", "place_id", "lon", "lat",
    "address", "reported_at", "contact_due", "contacted_at",
)  # fmt: skip


class Happened(NamedTuple):
    """What figures need of an entry."""

    seq: int
    verb: str
    at: datetime
    data: dict[str, Any]


def happened(rows: Iterable[Sequence[Any]]) -> list[Happened]:
    """Entries as the database gives them: seq, verb, at, and data as text or read already."""
    return [
        Happened(seq, verb, at, json.loads(data) if isinstance(data, str) else data)
        for seq, verb, at, data in rows
    ]
