"""The workbook of units, people and duties: its columns, what an import would do, what an export writes."""

from bihuan.accounts.workbook.columns import COLUMNS, SHEETS
from bihuan.accounts.workbook.plan import Fault, Line, Plan
from bihuan.accounts.workbook.reading import read_plan
from bihuan.accounts.workbook.writing import write_export, write_template

__all__ = ["COLUMNS", "SHEETS", "Fault", "Line", "Plan", "read_plan", "write_export", "write_template"]
