"""What the page between upload and import is made of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from bihuan.core.layout import LayoutForm, columns_of
from bihuan.core.sheets import as_text
from bihuan.intake.models import SheetImport
from bihuan.intake.sheet import forms, queries, rules
from bihuan.intake.sheet.book import Book
from bihuan.intake.sheet.fields import FIELDS
from bihuan.intake.sheet.guessing import signature_of
from bihuan.intake.sheet.queries import Proposal, Survey
from bihuan.territory.models import Area


@dataclass
class Preparation:
    """A workbook with the form that says what it means, and what an import would do."""

    sheet_import: SheetImport
    book: Book
    form: forms.MeaningForm
    layout: LayoutForm
    titles: list[str]
    survey: Survey | None
    before: SheetImport | None = None

    @property
    def last_row(self) -> int:
        return self.book.last_row(self.form.setting.sheet)

    @property
    def signature(self) -> str:
        return signature_of(
            self.titles if self.form.setting.header else [f"{len(self.titles)} columns without headings"]
        )

    @property
    def shown(self) -> list[dict[str, Any]]:
        """The first rows as they would be taken in: label and value of each field."""
        assert self.survey is not None
        return [
            {
                "row": outcome.row,
                "refused": bool(outcome.faults),
                "parts": [
                    (FIELDS[name].label, _shown(outcome.report.get(name)))
                    for name in FIELDS
                    if outcome.report.get(name) not in (None, "", False)
                    and (name != "words" or outcome.report["words"])
                ],
            }
            for outcome in self.survey.first
        ]


def _shown(value: Any) -> Any:
    if value is True:
        return _("yes")
    if isinstance(value, Area):
        return value.label
    return value if isinstance(value, datetime) else as_text(value)


def prepare(sheet_import: SheetImport, user: Any, asked: QueryDict) -> Preparation:
    """The page as first seen, or for another sheet or header row that was asked for."""
    book = queries.open_book(sheet_import)
    sheet = asked.get("sheet", "")
    header = asked.get("header", "")
    known = any(choice.name == sheet for choice in book.sheets)
    proposal = queries.proposal_for(
        book,
        user,
        sheet=sheet if known else "",
        header=int(header) if header.isdecimal() and len(header) < 7 else None,
    )
    initial = {
        **forms.MeaningForm.initial_from(proposal.columns),
        "area": str(_desk(sheet_import, proposal, user)),
        "source": proposal.source,
        "datum": proposal.before.datum if proposal.before else "wgs84",
        "may_call": proposal.before.may_call if proposal.before else False,
        "sheet": proposal.sheet,
        "header": proposal.header,
    }
    form = _form(book, proposal.sheet, proposal.header, proposal.titles, user, initial=initial)
    prepared = _filled(form)
    return Preparation(
        sheet_import=sheet_import,
        book=book,
        form=form,
        layout=_layout(book, proposal.sheet, proposal.header),
        titles=proposal.titles,
        survey=queries.survey(book, prepared.setting, titles=proposal.titles)
        if prepared.is_valid()
        else None,
        before=proposal.before,
    )


def prepare_answer(sheet_import: SheetImport, user: Any, data: QueryDict, *, count: bool) -> Preparation:
    """The page with what a clerk has answered; `count` goes through the rows again."""
    book = queries.open_book(sheet_import)
    sheet, header = data.get("sheet", ""), data.get("header", "")
    if not any(choice.name == sheet for choice in book.sheets):
        sheet = book.likely_sheet
    header = header if header.isdecimal() and len(header) < 8 else str(book.likely_header(sheet))
    titles = book.titles(sheet, int(header))
    given = data.copy()
    given["sheet"], given["header"] = sheet, header
    form = _form(book, sheet, int(header), titles, user, data=given)
    valid = form.is_valid()
    return Preparation(
        sheet_import=sheet_import,
        book=book,
        form=form,
        layout=_layout(book, sheet, int(header)),
        titles=titles,
        survey=queries.survey(book, form.setting, titles=titles) if valid and count else None,
    )


def _form(
    book: Book, sheet: str, header: int, titles: list[str], user: Any, **kwargs: Any
) -> forms.MeaningForm:
    columns = columns_of(book, sheet, header, titles)
    return forms.MeaningForm(columns=columns, desks=rules.desks_for(user), **kwargs)


def _filled(form: forms.MeaningForm) -> forms.MeaningForm:
    """The same form as if it had been sent as it stands."""
    return forms.MeaningForm({**form.initial}, columns=form.columns, desks=list(form.desks.values()))


def _layout(book: Book, sheet: str, header: int) -> LayoutForm:
    initial = {"sheet": sheet, "header": header}
    return LayoutForm(
        initial=initial, book=book, sheet=sheet, headless=_("no row: the reports begin at once")
    )


def _desk(sheet_import: SheetImport, proposal: Proposal, user: Any) -> int:
    desks = [area.pk for area in rules.desks_for(user)]
    wanted = proposal.before.area_id if proposal.before else sheet_import.area_id
    return wanted if wanted in desks else desks[0]
