"""What follows from a case's events with nobody present: telling people, drawing checks, watching limits."""

from bihuan.cases.background import (
    drawing,
    endings,
    exporting,
    joint,
    personal,
    rechecking,
    supervision,
    telling,
    watching,
)

__all__ = [
    "drawing",
    "endings",
    "exporting",
    "joint",
    "personal",
    "rechecking",
    "supervision",
    "telling",
    "watching",
]
