"""What people and the clock do to reports, templates and forms."""

from bihuan.reports.actions.forming import (
    change_form,
    make_form,
    make_form_report,
    make_next_form_report,
    retire_form,
)
from bihuan.reports.actions.handing import keep_papers, save_experience, take_over
from bihuan.reports.actions.making import make_due_reports, make_interim_report, make_next_report
from bihuan.reports.actions.remarking import write_remark
from bihuan.reports.actions.templating import keep_template, replace_template, retire_template

__all__ = [
    "change_form",
    "keep_papers",
    "keep_template",
    "make_due_reports",
    "make_form",
    "make_form_report",
    "make_interim_report",
    "make_next_form_report",
    "make_next_report",
    "replace_template",
    "retire_form",
    "retire_template",
    "save_experience",
    "take_over",
    "write_remark",
]
