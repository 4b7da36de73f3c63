"""Reports as somebody may read them: the list of a campaign, one report, and what its page shows of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language

from bihuan.ledgers import queries as ledgers
from bihuan.ledgers import rules as ledger_rules
from bihuan.ledgers.definition import Words
from bihuan.ledgers.definition.glossary import unit_words
from bihuan.ledgers.definition.model import DAILY
from bihuan.ledgers.models import Campaign
from bihuan.reports import rules
from bihuan.reports.documents import PERIODS, Summary, Table, from_json
from bihuan.reports.documents.layout import AREAS, TEAMS, all_chapters, title
from bihuan.reports.documents.vocabulary import KINDS
from bihuan.reports.documents.wording import in_language, speak
from bihuan.reports.models import Remark, Report, ReportForm, TemplateVersion
from bihuan.reports.queries.dues import last_ends
from bihuan.reports.writing.outside import figures_alone
from bihuan.reports.writing.periods import document_of, documents_of, next_due

SHOWN_ROWS = 50  # of each table; the files have the others
LONG = ("content", "outside")


def reports_of(user: Any, campaign: Campaign) -> QuerySet[Report]:
    """The reports of a campaign that this person may read, the newest first."""
    version = rules.version_for(user, campaign)
    if not version:
        return Report.objects.none()
    rows = Report.objects.filter(campaign=campaign).defer(*LONG).select_related("made_by")
    if version == rules.FIGURES:
        rows = rows.filter(interim=False)
        rows = rows.filter(outside__isnull=False) if campaign.confidential else rows
    return rows.order_by("-pk")


def reports_of_form(user: Any, form: ReportForm) -> QuerySet[Report]:
    rows = Report.objects.filter(form=form) if sees_form(user, form) else Report.objects.none()
    return rows.defer(*LONG).select_related("made_by").order_by("-pk")


def sees_form(user: Any, form: ReportForm) -> bool:
    return bool(ledger_rules.may_keep(form.area, user))


def report_for(user: Any, pk: int) -> Report | None:
    """The report with this id, if this person may read it in one version or other."""
    rows = Report.objects.select_related("campaign__edition__ledger", "form__area", "made_by")
    report = rows.defer("campaign__edition__content", *LONG).filter(pk=pk).first()
    if report is None:
        return None
    if report.form is not None:
        return report if sees_form(user, report.form) else None
    campaign = report.campaign
    if campaign is None or not ledgers.campaigns_for(user).filter(pk=campaign.pk).exists():
        return None
    version = rules.version_for(user, campaign)
    if version == rules.WHOLE or (version and not report.interim):
        return report
    return None


def summary_for(user: Any, report: Report, *, most: int | None = None) -> Summary:
    """What this person may read of a report that they see; `most` rows of each table."""
    campaign = report.campaign
    if campaign is None or rules.version_for(user, campaign) == rules.WHOLE:
        return from_json(_shortened(report.content, most))
    if campaign.confidential:
        return from_json(report.outside or {})
    return figures_alone(from_json(_shortened(report.content, 0)))


def digest_for(user: Any, report: Report) -> str:
    """The check sum of the version that this person reads."""
    cut = report.campaign is not None and rules.version_for(user, report.campaign) != rules.WHOLE
    digest = report.outside_digest if cut and report.outside_digest is not None else report.digest
    return bytes(digest).hex()


def _shortened(content: Mapping[str, Any], most: int | None) -> Mapping[str, Any]:
    """Without the rows that a page does not show: they need not even be read."""
    if most is None:
        return content
    summary = dict(content["summary"])
    summary["parts"] = [
        part | {"tables": [_first(table, most) for table in part.get("tables", ())]}
        for part in summary["parts"]
    ]
    return {**content, "summary": summary}


def _first(table: dict[str, Any], most: int) -> dict[str, Any]:
    rows = table.get("rows", [])
    if len(rows) <= most:
        return table
    return table | {"rows": rows[:most], "beyond": table.get("beyond", 0) + len(rows) - most}


# -- one report as a page -----------------------------------------------------------------------------


@dataclass(frozen=True)
class TableShown:
    """A table with those of its columns that say anything."""

    code: str
    title: str
    headings: list[tuple[str, bool]]  # and whether numbers stand below
    rows: list[list[tuple[str, str, bool]]]  # heading, text, whether it is a number
    beyond: int

    @property
    def total(self) -> int:
        return len(self.rows) + self.beyond


@dataclass(frozen=True)
class FigureShown:
    name: str
    value: str
    unit: str
    change: str
    target: str
    percent: str


@dataclass(frozen=True)
class PartShown:
    name: str
    figures: list[FigureShown]
    tables: list[TableShown]
    texts: list[tuple[str, str]]


@dataclass(frozen=True)
class ReportShown:
    """A report in the reader's language."""

    summary: Summary
    title: str
    kind: str
    note: str
    made_by: str
    parts: list[PartShown]


def shown(summary: Summary) -> ReportShown:
    language = get_language() or ""
    return ReportShown(
        summary=summary,
        title=in_language(summary.title, language),
        kind=in_language(PERIODS[summary.kind], language),
        note=in_language(summary.note, language),
        made_by=in_language(summary.made_by, language),
        parts=[
            PartShown(
                name=in_language(part.name, language),
                figures=[_figure(one, language) for one in part.figures],
                tables=[_table(one, summary.kind, language) for one in part.tables],
                texts=[(in_language(one.name, language), one.text) for one in part.texts],
            )
            for part in summary.parts
        ],
    )


def _figure(figure: Any, language: str) -> FigureShown:
    return FigureShown(
        name=in_language(figure.name, language) or figure.code,
        value=speak(figure.value, language, ("thousands",)),
        unit=in_language(unit_words(figure.unit), language),
        change=speak(figure.change, language, ("signed", "thousands")) if figure.change is not None else "",
        target=speak(figure.target, language, ("thousands",)) if figure.target is not None else "",
        percent=f"{figure.percent:f}%" if figure.percent is not None else "",
    )


def _table(table: Table, kind: str, language: str) -> TableShown:
    used = [
        place
        for place, _column in enumerate(table.columns)
        if any(row[place] not in (None, Decimal(0)) for row in table.rows)
    ]
    numeric = {place: any(isinstance(row[place], Decimal) for row in table.rows) for place in used}
    fixed = {term.code for term in KINDS[table.code].columns}
    headings = []
    for place in used:
        column = table.columns[place]
        text = (
            title(table.code, column.code, language)
            if column.code in fixed
            else in_language(column.name, language) or column.code
        )
        headings.append((text, numeric[place]))
    rows = []
    for row in table.rows:
        signed = [_ways(table.columns[place].code, kind) for place in used]
        cells = zip(headings, used, signed, strict=True)
        rows.append([(head, speak(row[place], language, sign), num) for (head, num), place, sign in cells])
    return TableShown(table.code, _named(table.code, kind, language), headings, rows, table.beyond)


def _ways(code: str, kind: str) -> tuple[str, ...]:
    """A change with its sign; of a single day the hour is enough."""
    if code.endswith(".change"):
        return ("signed",)
    return ("time",) if code == "at" and kind == DAILY else ()


def _named(code: str, kind: str, language: str) -> str:
    own = {"teams": TEAMS, "areas": AREAS}
    if code in own:
        return in_language(own[code], language)
    for chapter in all_chapters(kind):
        if chapter.table == code:
            return in_language(chapter.heading, language)
    return in_language(KINDS[code].term.name, language)


# -- the page of a campaign's reports -----------------------------------------------------------------


@dataclass(frozen=True)
class DocumentShown:
    """One document of a campaign: when its next report comes, and what is written for it."""

    code: str
    name: Words
    kind: str
    next_at: Any
    remark: Remark | None


def documents_shown(user: Any, campaign: Campaign) -> list[DocumentShown]:
    """The documents of a campaign, for who may write something for their next report."""
    last = last_ends(campaign)
    waiting = {
        one.document: one
        for one in Remark.objects.filter(campaign=campaign, report=None).select_related("by")
    }
    seen = rules.version_for(user, campaign) == rules.WHOLE
    return [
        DocumentShown(
            one.code,
            one.name if one.name else PERIODS[one.period],
            one.period,
            next_due(campaign, one, last.get(one.code)),
            waiting.get(one.code) if seen else None,
        )
        for one in documents_of(campaign)
    ]


def templates_for(report: Report) -> list[TemplateVersion]:
    """The newest version of each template that fits a report, the one that its document names first."""
    rows = TemplateVersion.objects.filter(template__retired_at=None, template__kind__in=("", report.kind))
    if report.form_id is not None:
        rows = rows.filter(template__form=report.form_id)
    else:
        rows = rows.filter(template__ledger__editions__campaigns=report.campaign_id)
    rows = rows.order_by("template_id", "-number").distinct("template_id")
    document = document_of(report.campaign, report.document) if report.campaign is not None else None
    wanted = document.template.rpartition(".")[0] or document.template if document is not None else ""
    found = list(rows.select_related("template", "file"))
    return sorted(found, key=lambda one: (one.template.name not in (wanted, f"{wanted}.{one.type}"), one.pk))
