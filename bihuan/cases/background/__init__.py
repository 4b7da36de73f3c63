"""What follows from a case's events with nobody present: telling people, drawing checks, watching limits."""

from bihuan.cases.background import drawing, supervision, telling, watching

__all__ = ["drawing", "supervision", "telling", "watching"]
