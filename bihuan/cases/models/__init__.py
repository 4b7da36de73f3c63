"""Matters, cases and what people reported."""

from bihuan.cases.models.appeal import Against, Appeal, AppealState, Party
from bihuan.cases.models.batch import Batch, BatchItem
from bihuan.cases.models.case import Case, CaseQuerySet, Channel, Extension, Satisfaction, State, Supervision
from bihuan.cases.models.clocked import Clocked
from bihuan.cases.models.doubt import DoubtKind, PhotoDoubt
from bihuan.cases.models.export import Export, ExportState
from bihuan.cases.models.joint import Assistance, PartState, Task
from bihuan.cases.models.matter import Matter, Responsibility, Urgency
from bihuan.cases.models.recheck import Recheck, RecheckReason
from bihuan.cases.models.reply import Reply
from bihuan.cases.models.report import ErasedWhy, Report
from bihuan.cases.models.supervision import SupervisionNotice, Why
from bihuan.cases.models.view import SavedView
from bihuan.cases.models.whistle import Answer, Call, Whistle, WhistleState

__all__ = [
    "Against",
    "Answer",
    "Appeal",
    "AppealState",
    "Assistance",
    "Batch",
    "BatchItem",
    "Call",
    "Case",
    "CaseQuerySet",
    "Channel",
    "Clocked",
    "DoubtKind",
    "ErasedWhy",
    "Export",
    "ExportState",
    "Extension",
    "Matter",
    "PartState",
    "Party",
    "PhotoDoubt",
    "Recheck",
    "RecheckReason",
    "Reply",
    "Report",
    "Responsibility",
    "Satisfaction",
    "SavedView",
    "State",
    "Supervision",
    "SupervisionNotice",
    "Task",
    "Urgency",
    "Whistle",
    "WhistleState",
    "Why",
]
