"""Puts a report together: its head, the figures of the evening, its lists, and what somebody wrote for it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings

from bihuan.accounts.models import User
from bihuan.ledgers.definition import Document, Words
from bihuan.ledgers.models import Campaign
from bihuan.reports.documents import (
    PERIODS,
    Names,
    Part,
    Signature,
    Summary,
    Table,
    Text,
    from_json,
    names_of,
)
from bihuan.reports.documents import Campaign as CampaignNames
from bihuan.reports.documents.vocabulary import Column
from bihuan.reports.models import Remark, Report, ReportForm
from bihuan.reports.writing import lists, numbers
from bihuan.reports.writing.corrections import corrections
from bihuan.reports.writing.numbers import area_words
from bihuan.reports.writing.periods import Due, ends_of_day

TABLES = ("changes", "teams", "areas", "blocked", "due", "overdue", "corrections")
OF_FORMS = ("teams", "areas", "blocked", "due", "overdue")  # who reads a form reads no diary
NEXT = "next"
NEXT_STEPS = Words("下一步工作", "What comes next")
SIGNED = (Signature(Words("制表", "Made by")), Signature(Words("审核", "Checked by")))
BY_ITSELF = Words("系统自动生成", "made by the system")
DEMO = Words("演示数据", "demo data")
INTERIM = Words("中途查看，未编号", "interim, not numbered")


@dataclass(frozen=True)
class Written:
    """A report that is not frozen yet."""

    summary: Summary
    since: datetime | None
    until: datetime
    last_item: int


def write_summary(
    campaign: Campaign,
    due: Due,
    *,
    number: str,
    before: Report | None,
    remark: Remark | None,
    at: datetime,
    by: User | None = None,
) -> Written:
    """What a report of one campaign says. The caller holds the campaign: nothing of it is under way.

    Made in its hour it tells of everything until now; made late, of everything until the end of its last day.
    """
    until = min(at, ends_of_day(due.ends))
    since = before.until if before is not None else None
    said = from_json(before.content) if before is not None else None
    defined = numbers.figures_of(campaign.edition.definition, due.document)
    values = numbers.totals(campaign, due.ends, defined)
    last_item = before.last_item if before is not None else 0
    latest = campaign.items if until == at else lists.last_number(campaign, until, last_item)
    new = range(last_item + 1, latest + 1)
    part = Part(
        code=campaign.number,
        name=Words(campaign.name, campaign.name_en),
        figures=numbers.told_figures(defined, values, numbers.values_in(said), numbers.targets_of(campaign)),
        tables=tuple(_tables(campaign, due, since, until, new, said)),
        texts=(Text(NEXT, NEXT_STEPS, remark.text),) if remark is not None else (),
    )
    summary = _head(
        title=_title(campaign, due.document),
        kind=due.document.period,
        number=number,
        due=due,
        at=at,
        by=by,
        parts=(part,),
    )
    where = area_words(campaign.area)
    return Written(
        replace(summary, area=where, unit=where),
        since,
        until,
        latest,
    )


def _tables(
    campaign: Campaign,
    due: Due,
    since: datetime | None,
    until: datetime,
    new: range,
    said: Summary | None,
) -> list[Table]:
    wanted = tables_of(due.document)
    defined = numbers.figures_of(campaign.edition.definition, due.document)
    found = []
    for code in wanted:
        if code == "changes":
            found.append(lists.changes(campaign, since, until, new))
        elif code in ("teams", "areas"):
            found.append(numbers.by_group(campaign, code, due.ends, defined, said))
        elif code in lists.LISTS:
            found += lists.standing_lists(campaign, due.document, [code], due.ends, until)
        elif code == "corrections":
            found.append(corrections(campaign, due.document.code, defined, since, until))
        elif code == lists.ITEMS and not campaign.confidential:
            found.append(lists.all_items(campaign, until))
    return found


def tables_of(document: Document) -> tuple[str, ...]:
    """The tables of a document: those it names, else all but every item; corrections are never left out."""
    named = tuple(one for one in document.tables if one != "totals")
    return tuple(dict.fromkeys((*named, "corrections"))) if named else TABLES


def _title(campaign: Campaign, document: Document) -> Words:
    kind = PERIODS[document.period]
    zh, en = document.name.zh or kind.zh, document.name.en or kind.en
    return Words(f"{campaign.name}{zh}", f"{campaign.name_en or campaign.name}: {en}")


def _head(
    *,
    title: Words,
    kind: str,
    number: str,
    due: Due,
    at: datetime,
    by: User | None,
    parts: tuple[Part, ...],
) -> Summary:
    notes = [INTERIM] if not number else []
    notes += [DEMO] if settings.DEMO else []
    return Summary(
        kind=kind,
        title=title,
        number=number,
        area=Words(),
        begins=due.begins,
        ends=due.ends,
        made_at=at,
        parts=parts,
        made_by=Words(by.label) if by is not None else BY_ITSELF,
        signatures=SIGNED,
        note=Words("；".join(one.zh for one in notes), "; ".join(one.en for one in notes)),
    )


# -- across campaigns ---------------------------------------------------------------------------------


def form_part(
    campaign: Campaign, alias: str, due: Due, said: Summary | None, place: int, *, whole: bool
) -> Part:
    """What one campaign gives to a form. Lists are there only where the form's area sees its items anyway."""
    defined = numbers.figures_of(campaign.edition.definition)
    values = numbers.totals(campaign, due.ends, defined)
    part = Part(
        code=campaign.number,
        name=Words(campaign.name, campaign.name_en),
        alias=alias,
        figures=numbers.told_figures(
            defined, values, numbers.values_in(said, place), numbers.targets_of(campaign)
        ),
    )
    if not whole:
        return part
    until = min(due.at, ends_of_day(due.ends))
    tables = [numbers.by_group(campaign, code, due.ends, defined, None) for code in OF_FORMS[:2]]
    tables += lists.standing_lists(campaign, due.document, OF_FORMS[2:], due.ends, until)
    return replace(part, tables=tuple(tables))


def form_summary(
    form: ReportForm, due: Due, parts: Sequence[Part], *, number: str, at: datetime, by: User | None
) -> Summary:
    summary = _head(
        title=Words(form.name, form.name_en),
        kind=form.kind,
        number=number,
        due=due,
        at=at,
        by=by,
        parts=tuple(parts),
    )
    return replace(summary, area=area_words(form.area), unit=area_words(form.area))


# -- the names that templates may use -----------------------------------------------------------------


def names_of_campaign(campaign: Campaign, alias: str = "") -> CampaignNames:
    found = names_of(campaign.edition.definition, code=campaign.number, alias=alias, name=campaign.name)
    own = numbers.figures_of(campaign.edition.definition)
    return replace(
        found,
        figures=tuple(Column(one.code, one.name) for one in own),
        texts=(Column(NEXT, NEXT_STEPS),),
    )


def names_of_form(form: ReportForm) -> Names:
    parts = form.parts.select_related("campaign__edition").defer("campaign__edition__content")
    return Names(tuple(names_of_campaign(part.campaign, part.alias) for part in parts))
