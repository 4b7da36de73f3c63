"""Checks a template that somebody uploads, and fills it with a summary."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from lxml import etree

from bihuan.ledgers.definition.model import Words
from bihuan.reports.documents import excel, excel_filling, word
from bihuan.reports.documents.faults import FaultyTemplate, say
from bihuan.reports.documents.names import Names, Resolver
from bihuan.reports.documents.package import DOCX, Package, open_package, refuse
from bihuan.reports.documents.reading import Reader
from bihuan.reports.documents.scope import Scope
from bihuan.reports.documents.summary import Figure, Part, Signature, Summary, Table, Text, Value
from bihuan.reports.documents.vocabulary import DERIVED, TABLES, Column, columns_of
from bihuan.reports.documents.wording import clean, in_language

CORE = "docProps/core.xml"
TRIED = datetime(2026, 3, 5, tzinfo=UTC)
PERSONAL = ("creator", "lastModifiedBy", "description", "keywords")
MIME = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# What our reading runs into where attributes are missing, or are no numbers where the format has numbers.
UNFORESEEN = (ValueError, LookupError, AttributeError, TypeError, StopIteration, RecursionError)


@dataclass(frozen=True)
class Template:
    """A file that was checked. `names` are the placeholders that it uses, as they are written."""

    kind: str  # docx or xlsx
    content: bytes
    names: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def check_template(file: bytes, names: Names) -> Template:
    """The template, or FaultyTemplate with everything that is wrong with it.

    It is filled once for trial: what no office program would have written is found now, not in the evening.
    """
    try:
        template = _checked(file, names)
        fill(template, specimen(names), "en")
    except UNFORESEEN as error:
        raise refuse(
            say(
                _("The file is damaged, or was not written by an office program (%(error)s)."),
                error=repr(error)[:80],
            ),
            _("Open it in Word, Excel or WPS, save it anew and send that copy."),
        ) from error
    return template


def _checked(file: bytes, names: Names) -> Template:
    package = open_package(file)
    reader = Reader(Resolver(names))
    checker = word.Checker(reader) if package.kind == DOCX else excel.Checker(reader)
    checker.check(package)
    if checker.faults:
        raise FaultyTemplate(checker.faults)
    return Template(package.kind, file, tuple(dict.fromkeys(item.written for item in checker.items)))


def specimen(names: Names) -> Summary:
    """A summary that has something to say to every name, and each kind of value to every column."""
    parts = tuple(
        Part(
            one.code,
            one.name,
            one.alias,
            tuple(Figure(column.code, column.name, Decimal(1)) for column in one.figures),
            tuple(
                _sample(kind.code, one.figures if kind.by_figure else one.fields if kind.by_field else ())
                for kind in TABLES
                if kind.code not in DERIVED
            ),
            tuple(Text(column.code, column.name, column.code) for column in one.texts),
        )
        for one in names.campaigns
    )
    day = TRIED.date()
    return Summary(
        "daily", Words("0"), "0", Words("0"), day, day, TRIED, parts, signatures=(Signature(Words("0")),)
    )


def _sample(code: str, own: tuple[Column, ...]) -> Table:
    """A row of moments, one of numbers, one of texts that look like formulas, and an empty one."""
    columns = (*columns_of(code), *own)
    kinds: tuple[Value, ...] = (TRIED, Decimal(1), "=1", None)
    return Table(code, columns, tuple((value,) * len(columns) for value in kinds))


def fill(template: Template, summary: Summary, language: str) -> bytes:
    """The document. Where this summary has no value for a name stands “—”: a report never fails to appear."""
    package = open_package(template.content)
    scope = Scope(summary, language)
    filler = word.Filler(scope) if template.kind == DOCX else excel_filling.Filler(scope)
    filler.fill(package)
    _sign(package, summary, language)
    return package.to_bytes()


def _sign(package: Package, summary: Summary, language: str) -> None:
    """The file's properties tell of the report, not of who once made the template."""
    if CORE not in package.parts:
        return
    tree = package.tree(CORE)
    for element in tree:
        name = etree.QName(element).localname
        if name in PERSONAL:
            element.text = ""
        elif name == "title":
            element.text = clean(in_language(summary.title, language))
        elif name in ("created", "modified"):
            element.text = summary.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
