"""What follows with nobody present: limits, telling people, batches, money, steps that cases complete."""

from bihuan.ledgers.background import batches, cases, exports, household, money, sheets, telling, watching

__all__ = ["batches", "cases", "exports", "household", "money", "sheets", "telling", "watching"]
