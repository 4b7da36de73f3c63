"""Matters, cases and what people reported."""

from bihuan.cases.models.appeal import Against, Appeal, AppealState, Party
from bihuan.cases.models.case import Case, CaseQuerySet, Channel, Extension, Satisfaction, State, Supervision
from bihuan.cases.models.clocked import Clocked
from bihuan.cases.models.joint import Assistance, PartState, Task
from bihuan.cases.models.matter import Matter, Responsibility, Urgency
from bihuan.cases.models.report import Report
from bihuan.cases.models.supervision import SupervisionNotice, Why
from bihuan.cases.models.whistle import Answer, Call, Whistle, WhistleState

__all__ = [
    "Against",
    "Answer",
    "Appeal",
    "AppealState",
    "Assistance",
    "Call",
    "Case",
    "CaseQuerySet",
    "Channel",
    "Clocked",
    "Extension",
    "Matter",
    "PartState",
    "Party",
    "Report",
    "Responsibility",
    "Satisfaction",
    "State",
    "Supervision",
    "SupervisionNotice",
    "Task",
    "Urgency",
    "Whistle",
    "WhistleState",
    "Why",
]
