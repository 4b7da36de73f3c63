"""Bihuan 闭环: the closed loop of street-level governance."""

__version__ = "0.1.0"
