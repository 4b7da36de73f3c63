"""What follows from a case's events with nobody present: telling people, drawing checks, watching limits."""

from bihuan.cases.background import drawing, joint, supervision, telling, watching

__all__ = ["drawing", "joint", "supervision", "telling", "watching"]
