"""Our own form of each report: a template like those that users make, built when it is asked for."""

from bihuan.reports.documents.defaults_excel import excel_template
from bihuan.reports.documents.defaults_word import word_template
from bihuan.reports.documents.names import Names, names_in
from bihuan.reports.documents.package import DOCX
from bihuan.reports.documents.summary import Summary
from bihuan.reports.documents.templates import check_template, fill


def default_template(kind: str, period: str, names: Names, language: str) -> bytes:
    """A .docx or .xlsx to begin with: complete, and to be altered in Word or Excel."""
    return (word_template if kind == DOCX else excel_template)(period, names, language)


def default_document(kind: str, summary: Summary, language: str) -> bytes:
    """The report in our own form."""
    names = names_in(summary)
    template = check_template(default_template(kind, summary.kind, names, language), names)
    return fill(template, summary, language)
