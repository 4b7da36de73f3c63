"""The room's jobs, channel by channel."""

from bihuan.intake.sheet import background as sheet

__all__ = ["sheet"]
