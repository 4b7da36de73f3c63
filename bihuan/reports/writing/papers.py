"""A report as a Word or Excel file: in our own form, or in one that somebody uploaded."""

from dataclasses import replace

from bihuan.files.queries import content_of
from bihuan.ledgers.definition import Definition
from bihuan.reports.documents import (
    Names,
    Summary,
    Template,
    check_template,
    default_template,
    fill,
    names_in,
    names_of,
)
from bihuan.reports.documents.templates import specimen
from bihuan.reports.documents.vocabulary import Column
from bihuan.reports.models import ReportForm, TemplateVersion
from bihuan.reports.writing.numbers import figures_of
from bihuan.reports.writing.summaries import NEXT, NEXT_STEPS, names_of_form


def own_paper(kind: str, summary: Summary, language: str) -> bytes:
    """Our own form. Across campaigns it shows figures: whose a list is would not be seen in it."""
    names = names_in(summary)
    shown = names
    if len(names.campaigns) > 1:
        shown = Names(tuple(replace(one, tables=()) for one in names.campaigns))
    template = check_template(default_template(kind, summary.kind, shown, language), names)
    return fill(template, summary, language)


def filled(version: TemplateVersion, summary: Summary, language: str) -> bytes:
    """The report in an uploaded form. What it lacks is written as “—”: it never fails to appear."""
    return fill(template_of(version), summary, language)


def template_of(version: TemplateVersion) -> Template:
    return Template(version.type, content_of(version.file), tuple(version.names))


def tried(version: TemplateVersion, names: Names, language: str) -> bytes:
    """The form filled with made-up values, to see how it looks before there is a report."""
    return fill(template_of(version), specimen(names), language)


def beginning(kind: str, period: str, names: Names, language: str) -> bytes:
    """Our own form as a file to be altered in Word or Excel."""
    return default_template(kind, period, names, language)


def names_of_ledger(definition: Definition) -> Names:
    own = replace(
        names_of(definition),
        figures=tuple(Column(one.code, one.name) for one in figures_of(definition)),
        texts=(Column(NEXT, NEXT_STEPS),),
    )
    return Names((own,))


def names_for(definition: Definition | None, form: ReportForm | None) -> Names:
    """The names that a template of a ledger, or of a form, may use."""
    if form is not None:
        return names_of_form(form)
    assert definition is not None  # a template is of a ledger or of a form
    return names_of_ledger(definition)
