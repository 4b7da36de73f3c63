"""What an import of items would do: the first rows are read and tried, and nothing is written."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from bihuan.core.layout import LayoutForm, columns_of
from bihuan.core.verdicts import Refusal
from bihuan.intake.sheet.guessing import signature_of
from bihuan.ledgers.actions.intake import Intake
from bihuan.ledgers.forms.sheets import ItemColumnsForm
from bihuan.ledgers.models import ItemSheet
from bihuan.ledgers.queries.sheets import Refused, columns_at_fault, open_items, sheet_before
from bihuan.ledgers.sheets.columns import ItemBook, guess
from bihuan.ledgers.sheets.rows import Outcome, RowReader

CHECKED = 1_000  # rows that the page looks at before an import; the import itself looks at all
SHOWN = 5


@dataclass
class ItemSurvey:
    """Rows by what would become of them, in which columns they are wrong, and the first ones."""

    rows: int = 0
    new: int = 0
    known: int = 0
    refused: int = 0
    whole: bool = True
    untitled: bool = False  # no column is the heading
    faults: Counter[str] = field(default_factory=Counter)
    examples: list[Refused] = field(default_factory=list)
    first: list[Outcome] = field(default_factory=list)

    @property
    def commonest(self) -> list[tuple[str, int]]:
        return self.faults.most_common(12)


@dataclass
class ItemPreparation:
    """A workbook with the form that says what it means, and what an import would do."""

    sheet: ItemSheet
    book: ItemBook
    form: ItemColumnsForm
    layout: LayoutForm
    titles: list[str]
    name: str
    header: int
    survey: ItemSurvey | None = None
    before: ItemSheet | None = None

    @property
    def last_row(self) -> int:
        return self.book.last_row(self.name)

    @property
    def signature(self) -> str:
        return _signature(self.titles, self.header)


def prepare(sheet: ItemSheet, user: Any, asked: QueryDict) -> ItemPreparation:
    """The page as first seen, or for another sheet or header row that was asked for."""
    found = _laid_out(sheet, asked)
    before = sheet_before(sheet.campaign, found.signature)
    columns = before.columns if before is not None else guess(found.book.definition, found.titles)
    initial = {**ItemColumnsForm.initial_from(columns), "sheet": found.name, "header": found.header}
    found.form = _form(found, initial=initial)
    filled = _form(found, data=initial)  # the same as if it had been sent as it stands
    if filled.is_valid():
        found.survey = survey_of(found, filled.meanings, user)
    found.before = before
    return found


def prepare_answer(sheet: ItemSheet, user: Any, data: QueryDict, *, count: bool) -> ItemPreparation:
    """The page with what somebody has answered; `count` goes through the rows again."""
    found = _laid_out(sheet, data)
    given = data.copy()
    given["sheet"], given["header"] = found.name, str(found.header)
    found.form = _form(found, data=given)
    if found.form.is_valid() and count:
        found.survey = survey_of(found, found.form.meanings, user)
    return found


def _laid_out(sheet: ItemSheet, asked: QueryDict) -> ItemPreparation:
    book = open_items(sheet)
    name, header = asked.get("sheet", ""), asked.get("header", "")
    if not any(choice.name == name for choice in book.sheets):
        name = book.likely_sheet
    row = int(header) if header.isdecimal() and len(header) < 8 else book.likely_header(name)
    titles = book.titles(name, row)
    layout = LayoutForm(
        initial={"sheet": name, "header": row},
        book=book,
        sheet=name,
        headless=_("no row: the items begin at once"),
    )
    columns = columns_of(book, name, row, titles)
    form = ItemColumnsForm(columns=columns, definition=book.definition)
    return ItemPreparation(sheet, book, form, layout, titles, name, row)


def _form(found: ItemPreparation, **kwargs: Any) -> ItemColumnsForm:
    return ItemColumnsForm(columns=found.form.columns, definition=found.book.definition, **kwargs)


def _signature(titles: list[str], header: int) -> str:
    return signature_of(titles if header else [f"{len(titles)} columns without headings"])


def survey_of(
    prepared: ItemPreparation, columns: dict[str, int], user: Any, *, most: int = CHECKED
) -> ItemSurvey:
    """Read rows as the import would, ask the rules of each, and count. Writes nothing."""
    campaign = prepared.sheet.campaign
    reader = RowReader(campaign, prepared.header, columns)
    found = ItemSurvey(untitled="title" not in columns)
    outcomes: list[Outcome] = []
    for chunk in reader.chunks(prepared.book.lines(prepared.name)):
        if len(outcomes) >= most:
            found.whole = False
            break
        outcomes += reader.outcomes(chunk)
    drafts = [one.draft for one in outcomes if one.draft is not None]
    intake = Intake(campaign, user, drafts, trial=True)
    there = set(intake.known)
    for outcome in outcomes:
        if outcome.draft is not None:
            tried = intake.attempt(outcome.draft)
            if isinstance(tried, Refusal):
                reader.refuse(outcome, tried)
        _count(found, outcome, there, prepared.titles)
    found.first = outcomes[:SHOWN]
    return found


def _count(found: ItemSurvey, outcome: Outcome, there: set[str], titles: list[str]) -> None:
    found.rows += 1
    if not outcome.faults:
        if outcome.key in there:
            found.known += 1
        else:
            found.new += 1
        return
    found.refused += 1
    columns = columns_at_fault(titles, outcome.faults)
    found.faults.update(column for column in columns if column)
    if len(found.examples) < SHOWN:
        column, fault = columns[0], outcome.faults[0]
        found.examples.append(Refused(outcome.row, column, fault["problem"], fault["remedy"]))
