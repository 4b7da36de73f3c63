"""What follows with nobody present: limits, telling people, batches, money, ends of cases, changed places."""

from bihuan.ledgers.background import (
    batches,
    cases,
    exports,
    household,
    money,
    places,
    sheets,
    telling,
    watching,
)

__all__ = ["batches", "cases", "exports", "household", "money", "places", "sheets", "telling", "watching"]
