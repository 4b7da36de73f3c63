"""Takes in the rows of a confirmed workbook, a handful at a time; once killed, it goes on from there."""

from collections import Counter
from collections.abc import Callable
from itertools import islice

from django.db import connection, transaction

from bihuan.audit import record
from bihuan.audit.running import Interrupted
from bihuan.cases.actions import report_case
from bihuan.cases.models import Channel, Report
from bihuan.core.clock import now
from bihuan.intake.models import ImportState, RefusedRow, SheetImport
from bihuan.intake.sheet import queries
from bihuan.intake.sheet.rows import Outcome, RowReader
from bihuan.territory.models import Area, Place

CHUNK = 50  # rows that commit together: under a second's work


def take_in(
    pk: int,
    *,
    progress: Callable[[SheetImport], None] | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> SheetImport:
    """Take in every row that has not been dealt with yet."""
    sheet_import = SheetImport.objects.with_names().get(pk=pk)
    if not sheet_import.under_way:
        return sheet_import
    book = queries.open_book(sheet_import)
    outcomes = RowReader(queries.setting_of(sheet_import)).outcomes(book.lines(sheet_import.sheet))
    while chunk := list(islice(outcomes, CHUNK)):
        # Rows dealt with before are read all the same: later ones may repeat them.
        if chunk[-1].row > sheet_import.done_row:
            if stopping():
                raise Interrupted
            sheet_import = _take_chunk(pk, chunk)
            if progress:
                progress(sheet_import)
    return _finish(pk)


@transaction.atomic
def _take_chunk(pk: int, chunk: list[Outcome]) -> SheetImport:
    """These rows and the note of how far we are commit together, so that each is dealt with once."""
    sheet_import = SheetImport.objects.with_names().select_for_update(of=("self",)).get(pk=pk)
    if not sheet_import.under_way:
        return sheet_import
    todo = [outcome for outcome in chunk if outcome.row > sheet_import.done_row]
    _be_alone_with(sheet_import.source)
    known = queries.reports_known(sheet_import.source, todo)
    queries.refuse_taken_numbers(todo, known)
    spots = queries.spots_named(todo)
    notes: Counter[str] = Counter(sheet_import.notes)
    for outcome in todo:
        if outcome.faults:
            sheet_import.refused += 1
        elif outcome.repeats:
            sheet_import.repeated += 1
        elif outcome.key in known:
            sheet_import.known += 1
        else:
            spot = _spot(outcome, spots)
            report = _report(sheet_import, outcome, spot)
            sheet_import.created += 1
            notes.update(_noticed(report, outcome, spot))
    RefusedRow.objects.bulk_create(
        [RefusedRow(sheet_import=sheet_import, row=one.row, faults=one.faults) for one in todo if one.faults]
    )
    sheet_import.state = ImportState.RUNNING
    sheet_import.notes = dict(notes)
    sheet_import.done_row = chunk[-1].row
    sheet_import.changed_at = now()
    sheet_import.save(
        update_fields=["state", "done_row", "created", "known", "repeated", "refused", "notes", "changed_at"]
    )
    return sheet_import


def _be_alone_with(source: str) -> None:
    """Until the transaction ends, nobody else takes in rows of this source."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [f"sheet\n{source}"])


def _spot(outcome: Outcome, spots: dict[str, Place | Area]) -> Place | Area | None:
    """Where a row without coordinates says it is."""
    told = outcome.report
    if told["lon"] is not None:
        return None
    area: Area | None = told["area"]
    return area or spots.get(told["address"])


def _report(sheet_import: SheetImport, outcome: Outcome, spot: Place | Area | None) -> Report:
    told = {name: value for name, value in outcome.report.items() if name != "area"}
    return report_case(
        by=sheet_import.by,
        channel=Channel.SHEET,
        source=sheet_import.source,
        source_key=outcome.key,
        place=spot if isinstance(spot, Place) else None,
        area=spot if isinstance(spot, Area) else sheet_import.area,
        **told,
    )


def _noticed(report: Report, outcome: Outcome, spot: Place | Area | None) -> list[str]:
    """What the clerk should know about rows that were taken in all the same."""
    if report.case.is_outside:
        return [*outcome.notes, "outside"]
    if spot is None and outcome.report["lon"] is None:
        return [*outcome.notes, "unplaced"]
    return outcome.notes


@transaction.atomic
def _finish(pk: int) -> SheetImport:
    sheet_import = SheetImport.objects.locked(pk)
    if sheet_import.under_way:
        sheet_import.state = ImportState.FINISHED
        sheet_import.done_row = sheet_import.last_row
        sheet_import.finished_at = sheet_import.changed_at = now()
        sheet_import.save(update_fields=["state", "done_row", "finished_at", "changed_at"])
        record(
            "sheet.finished",
            sheet_import,
            by=sheet_import.by,
            created=sheet_import.created,
            known=sheet_import.known,
            repeated=sheet_import.repeated,
            refused=sheet_import.refused,
        )
    return sheet_import
