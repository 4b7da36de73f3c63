"""What follows with nobody present: watching limits, telling people, batches, steps that cases complete."""

from bihuan.ledgers.background import batches, cases, telling, watching

__all__ = ["batches", "cases", "telling", "watching"]
