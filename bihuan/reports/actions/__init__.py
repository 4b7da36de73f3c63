"""What people and the clock do to reports, templates and forms."""

from bihuan.reports.actions.forming import (
    change_form,
    make_form,
    make_form_report,
    make_next_form_report,
    retire_form,
)
from bihuan.reports.actions.making import make_due_reports, make_interim_report, make_next_report
from bihuan.reports.actions.remarking import write_remark

__all__ = [
    "change_form",
    "make_due_reports",
    "make_form",
    "make_form_report",
    "make_interim_report",
    "make_next_form_report",
    "make_next_report",
    "retire_form",
    "write_remark",
]
