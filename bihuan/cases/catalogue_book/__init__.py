"""The catalogue as a workbook: read into a plan of what an import would do, and written out again."""

from bihuan.cases.catalogue_book.columns import FIELDS, LIMITS
from bihuan.cases.catalogue_book.plan import Change, Line, Plan
from bihuan.cases.catalogue_book.reading import read_plan
from bihuan.cases.catalogue_book.writing import write_catalogue, write_template
from bihuan.cases.catalogue_book.written import LimitError, check_limits, next_code, read_limit

__all__ = [
    "FIELDS",
    "LIMITS",
    "Change",
    "LimitError",
    "Line",
    "Plan",
    "check_limits",
    "next_code",
    "read_limit",
    "read_plan",
    "write_catalogue",
    "write_template",
]
