"""Matters, cases and what people reported."""

from bihuan.cases.models.case import Case, CaseQuerySet, Channel, Extension, Satisfaction, State
from bihuan.cases.models.matter import Matter, Responsibility, Urgency
from bihuan.cases.models.report import Report

__all__ = [
    "Case",
    "CaseQuerySet",
    "Channel",
    "Extension",
    "Matter",
    "Report",
    "Responsibility",
    "Satisfaction",
    "State",
    "Urgency",
]
