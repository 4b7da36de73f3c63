"""What is known of an item before it is one: from a form, a phone, or a row of a spreadsheet."""

from dataclasses import dataclass, field
from typing import Any

from bihuan.accounts.models import User
from bihuan.ledgers.models import Team
from bihuan.territory.models import Area, Place


@dataclass(frozen=True)
class Draft:
    """`source_key` names the row or the phone's draft it comes from: the same one again is the same item.

    Answers are flat by field name, repeats lists of the same; files are StoredFiles, or tickets of them.
    """

    title: str
    place: Place | None = None
    area: Area | None = None  # where there is neither place nor point
    lon: float | None = None
    lat: float | None = None
    team: Team | None = None
    responsible: User | None = None
    answers: dict[str, Any] = field(default_factory=dict)
    source_key: str = ""
    parent_key: str = ""  # of a part 分户: the source key of the item that it comes from
