"""The nouns of this room: reports, forms across campaigns, templates, what was told of confidential work."""

from bihuan.reports.models.form import FormPart, ReportForm, ReportKind
from bihuan.reports.models.report import Remark, Report, Told
from bihuan.reports.models.template import ReportTemplate, TemplateType, TemplateVersion

__all__ = [
    "FormPart",
    "Remark",
    "Report",
    "ReportForm",
    "ReportKind",
    "ReportTemplate",
    "TemplateType",
    "TemplateVersion",
    "Told",
]
