"""Matters, cases and what people reported."""

from bihuan.cases.models.case import Case, CaseQuerySet, Channel, Extension, Satisfaction, State, Supervision
from bihuan.cases.models.clocked import Clocked
from bihuan.cases.models.matter import Matter, Responsibility, Urgency
from bihuan.cases.models.report import Report

__all__ = [
    "Case",
    "CaseQuerySet",
    "Channel",
    "Clocked",
    "Extension",
    "Matter",
    "Report",
    "Responsibility",
    "Satisfaction",
    "State",
    "Supervision",
    "Urgency",
]
