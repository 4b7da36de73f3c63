"""How one event is told."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Phrase:
    """How one verb is told: to the staff, to the public (None: not at all), with which sign."""

    staff: Any
    public: Any
    icon: str
    tone: str = "plain"
    note: str = ""  # the key of `data` that is printed below for the staff
    public_note: str = ""
    once: bool = False  # told to the public a single time, however often it happens
