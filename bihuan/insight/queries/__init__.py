"""Reads of figures; the user is the first argument wherever rights matter."""

from bihuan.insight.queries.nights import nights_missing

__all__ = ["nights_missing"]
