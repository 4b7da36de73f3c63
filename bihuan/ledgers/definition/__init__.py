"""What a ledger is: read from a workbook and written back, kept as JSON, compared, asked about answers."""

from bihuan.ledgers.definition.answers import AnswerFault, Checked, begin, check_answers, holds
from bihuan.ledgers.definition.changes import Change, changes
from bihuan.ledgers.definition.faults import CellFault, FaultyWorkbook
from bihuan.ledgers.definition.model import (
    Choice,
    ChoiceList,
    Condition,
    Definition,
    Document,
    Field,
    Figure,
    ForeignSheet,
    Gate,
    Goal,
    Rate,
    Settings,
    Step,
    Words,
)
from bihuan.ledgers.definition.reading import read_workbook
from bihuan.ledgers.definition.storing import UnknownFormat, digest, from_json, to_json
from bihuan.ledgers.definition.writing import write_workbook

__all__ = [
    "AnswerFault",
    "CellFault",
    "Change",
    "Checked",
    "Choice",
    "ChoiceList",
    "Condition",
    "Definition",
    "Document",
    "FaultyWorkbook",
    "Field",
    "Figure",
    "ForeignSheet",
    "Gate",
    "Goal",
    "Rate",
    "Settings",
    "Step",
    "UnknownFormat",
    "Words",
    "begin",
    "changes",
    "check_answers",
    "digest",
    "from_json",
    "holds",
    "read_workbook",
    "to_json",
    "write_workbook",
]
