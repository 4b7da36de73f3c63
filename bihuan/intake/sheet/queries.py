"""Reads about imports: who sees which, what is there already, how one goes on."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef, Q, QuerySet

from bihuan.cases.models import Report
from bihuan.core.clock import now
from bihuan.core.sheets import RowError
from bihuan.files.models import Attachment
from bihuan.files.queries import attachments_of
from bihuan.intake.models import ImportState, RefusedRow, SheetImport, SheetImportQuerySet
from bihuan.intake.sheet import rules
from bihuan.intake.sheet.book import Book
from bihuan.intake.sheet.fields import FIELDS
from bihuan.intake.sheet.guessing import SAMPLE, guess_columns, signature_of
from bihuan.intake.sheet.rows import Fault, Outcome, RowReader, Setting, same_text
from bihuan.intake.sheet.wording import explain, short
from bihuan.territory.models import Area, Place
from bihuan.territory.queries import areas_by_id

CHECKED = 5_000  # rows that the page looks at before an import; the import itself looks at all
BATCH = 500
SHOWN = 5


def imports_visible_to(user: Any) -> SheetImportQuerySet:
    """A clerk's own imports and those for their area; nothing for everybody else."""
    return SheetImport.objects.visible_to(user).with_names()


def may_see_file(user: Any, _request: Any, file: Attachment) -> bool:
    return SheetImport.objects.visible_to(user).filter(pk=file.subject_id).exists()


def workbook_of(sheet_import: SheetImport) -> Attachment | None:
    """The kept file; None once it has been erased."""
    return attachments_of(sheet_import).first()


def open_book(sheet_import: SheetImport) -> Book:
    attachment = workbook_of(sheet_import)
    assert attachment is not None, "an import that waits or runs has its file"
    with default_storage.open(attachment.file.storage_name) as file:
        return Book(file.read(), sheet_import.name)


def setting_of(sheet_import: SheetImport) -> Setting:
    return Setting(
        sheet=sheet_import.sheet,
        header=sheet_import.header,
        columns=sheet_import.columns,
        source=sheet_import.source,
        datum=sheet_import.datum,
        may_call=sheet_import.may_call,
    )


# -- before the import ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Proposal:
    """What we think of a workbook before anybody has said anything."""

    sheet: str
    header: int
    titles: list[str]
    columns: dict[str, int]
    signature: str
    source: str
    before: SheetImport | None  # the last import with the same headings, whose answers are proposed again


def proposal_for(book: Book, user: Any, *, sheet: str = "", header: int | None = None) -> Proposal:
    """The likely sheet, headings and meanings; the choices of the last such import come first."""
    sheet = sheet if any(choice.name == sheet for choice in book.sheets) else book.likely_sheet
    header = book.likely_header(sheet) if header is None else header
    titles = book.titles(sheet, header)
    signature = signature_of(titles if header else [f"{len(titles)} columns without headings"])
    before = (
        imports_visible_to(user)
        .filter(signature=signature, confirmed_at__isnull=False)
        .order_by("-id")
        .first()
    )
    sample = [cells for number, cells in book.top(sheet, header + SAMPLE) if number > header]
    columns = before.columns if before else guess_columns(titles if header else [""] * len(titles), sample)
    source = before.source if before else f"sheet-{signature}"
    return Proposal(sheet, header, titles, columns, signature, source, before)


@dataclass
class Survey:
    """What an import would do: rows by what would become of them, the commonest faults, the first rows."""

    rows: int = 0
    new: int = 0
    known: int = 0
    repeated: int = 0
    refused: int = 0
    whole: bool = True
    faults: Counter[tuple[str, str]] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    examples: list[RowError] = field(default_factory=list)
    first: list[Outcome] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        self.rows += 1
        self.notes.update(outcome.notes)
        if len(self.first) < SHOWN:
            self.first.append(outcome)
        if outcome.faults:
            self.refused += 1
            self.faults.update((fault["field"], fault["code"]) for fault in outcome.faults)
        elif outcome.repeats:
            self.repeated += 1
        else:
            self.new += 1

    @property
    def commonest(self) -> list[tuple[str, str, int]]:
        """Column, what is wrong, how often."""
        return [
            (str(FIELDS[name].label), short(code), times)
            for (name, code), times in self.faults.most_common(12)
        ]


def survey(
    book: Book, setting: Setting, *, limit: int | None = CHECKED, titles: Sequence[str] = ()
) -> Survey:
    """Go through the rows as the import would, and count. Writes nothing."""
    found = Survey()
    outcomes = RowReader(setting).outcomes(book.lines(setting.sheet))
    while batch := list(islice(outcomes, BATCH)):
        refuse_taken_numbers(batch, known := reports_known(setting.source, batch))
        for outcome in batch:
            found.add(outcome)
            if not outcome.faults and not outcome.repeats and outcome.key in known:
                found.new, found.known = found.new - 1, found.known + 1
            for fault in outcome.faults[: 1 if len(found.examples) < SHOWN else 0]:
                found.examples.append(explain(outcome.row, fault, titles, setting.columns))
        if limit is not None and found.rows >= limit:
            found.whole = next(outcomes, None) is None
            break
    return found


def reports_known(source: str, outcomes: Iterable[Outcome]) -> dict[str, Report]:
    """The reports of this source that are here already, by their key."""
    keys = [outcome.key for outcome in outcomes if outcome.key and not outcome.faults]
    rows = Report.objects.filter(source=source, source_key__in=keys).select_related("case")
    return {report.source_key: report for report in rows.only("source_key", "words", "case__number")}


def refuse_taken_numbers(outcomes: Iterable[Outcome], known: dict[str, Report]) -> None:
    """A number that is here already with another text is a mistake, not the same report."""
    for outcome in outcomes:
        there = known.get(outcome.key)
        if (
            there
            and not outcome.faults
            and not outcome.repeats
            and not same_text(there, outcome.report["words"])
        ):
            outcome.faults.append(
                {
                    "field": "number",
                    "code": "number_known",
                    "text": outcome.key[:60],
                    "case": there.case.number,
                }
            )


def spots_named(outcomes: Iterable[Outcome]) -> dict[str, Place | Area]:
    """Places and areas that bear exactly the name written as an address, where only one does."""
    wanted = {
        outcome.report["address"]
        for outcome in outcomes
        if outcome.report.get("address") and outcome.report["lon"] is None and outcome.report["area"] is None
    }
    if not wanted:
        return {}
    found: dict[str, list[Place | Area]] = {}
    for place in (
        Place.objects.filter(name__in=wanted).select_related("area").defer("area__boundary", "area__keys")
    ):
        found.setdefault(place.name, []).append(place)
    for area in areas_by_id().values():
        if area.name in wanted:
            found.setdefault(area.name, []).append(area)
    return {name: spots[0] for name, spots in found.items() if len(spots) == 1}


# -- during and after -----------------------------------------------------------------------------------


def stamp_of(sheet_import: SheetImport) -> str:
    return f"{sheet_import.pk}-{sheet_import.state}-{sheet_import.done_row}-{stands_still(sheet_import)}"


def stands_still(sheet_import: SheetImport) -> bool:
    """Whether an import under way has not moved for minutes: no worker runs, or something is broken."""
    return sheet_import.under_way and (now() - sheet_import.changed_at).total_seconds() > rules.STILL


def refused_rows(sheet_import: SheetImport) -> QuerySet[RefusedRow]:
    return sheet_import.refused_rows.order_by("row")


def refusals_shown(sheet_import: SheetImport, *, limit: int = 50) -> list[RowError]:
    """The first refused rows in words."""
    return [
        explain(refused.row, fault, sheet_import.titles, sheet_import.columns)
        for refused in refused_rows(sheet_import)[:limit]
        for fault in refused.faults
    ]


def faults_counted(sheet_import: SheetImport) -> list[tuple[str, int]]:
    """What is wrong with refused rows and how often."""
    counts: Counter[str] = Counter()
    rows: Iterable[list[Fault]] = (
        refused_rows(sheet_import).values_list("faults", flat=True).iterator(chunk_size=2_000)
    )
    for faults in rows:
        counts.update({fault["code"] for fault in faults})
    return [(short(code), times) for code, times in counts.most_common(12)]


def outworn_imports() -> QuerySet[SheetImport]:
    """Imports whose workbook need not be kept any longer."""
    with_file = Attachment.objects.filter(subject_type="intake.sheetimport", subject_id=OuterRef("pk"))
    return SheetImport.objects.filter(
        Q(state=ImportState.FINISHED, finished_at__lt=now() - timedelta(days=rules.KEPT_AFTER))
        | Q(state=ImportState.UPLOADED, uploaded_at__lt=now() - timedelta(days=rules.KEPT_WAITING)),
        Exists(with_file),
    )
