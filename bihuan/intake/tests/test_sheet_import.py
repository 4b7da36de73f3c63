"""An import from upload to result: its actions, its pages, its job, its command, and who may see it."""

from datetime import timedelta
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.accounts.tests.factories import make_person
from bihuan.audit.models import Entry
from bihuan.cases.models import Case, Report
from bihuan.core.clock import now, travel
from bihuan.files.models import Attachment
from bihuan.intake.models import ImportState, SheetImport
from bihuan.intake.sheet import actions, background, queries, rules, running
from bihuan.intake.tests.sheets import (
    HEADER,
    confirmed,
    imported,
    outcome,
    received,
    reports,
    workbook,
)

pytestmark = pytest.mark.django_db
ANSWERS: dict[str, Any] = {
    "sheet": "Sheet1", "header": 1, "columns": {"number": 0, "words": 2}, "titles": HEADER, "signature": "s",
    "source": "留言", "last_row": 3,
}  # fmt: skip


@pytest.fixture
def waiting(clerk: Any, places: Any) -> SheetImport:
    return received(workbook(reports(2)), by=clerk, area=places.street)


def verbs(sheet_import: SheetImport) -> list[str]:
    return [entry.verb for entry in Entry.objects.about(sheet_import)]


def jobs() -> int:
    return ProcrastinateJob.objects.filter(task_name=actions.IMPORT, status="todo").count()


# -- actions --------------------------------------------------------------------------------------------


def test_receive_keeps_the_file(waiting: SheetImport, clerk: Any) -> None:
    assert waiting.state == ImportState.UPLOADED
    assert queries.workbook_of(waiting) is not None
    assert "sheet.received" in verbs(waiting)
    assert jobs() == 0


def test_receive_refuses_whoever_is_no_clerk_there(
    dispatcher: Any, clerk: Any, places: Any, refused: Any
) -> None:
    with refused("sheet.not_your_duty"):
        received(workbook(reports(1)), by=dispatcher, area=places.street)
    with refused("sheet.not_your_duty"):
        received(workbook(reports(1)), by=clerk, area=places.other)
    assert not SheetImport.objects.exists()


def test_receive_leaves_nothing_half_done(clerk: Any, places: Any, breaking_record: Any) -> None:
    broken = breaking_record("bihuan.intake.sheet.actions")
    with pytest.raises(broken):
        received(workbook(reports(1)), by=clerk, area=places.street)
    assert not SheetImport.objects.exists()
    assert not Attachment.objects.exists()


def test_confirm_queues_the_job(waiting: SheetImport, clerk: Any, places: Any) -> None:
    done = actions.confirm_sheet(waiting, by=clerk, area=places.street, **ANSWERS)

    assert (done.state, done.rows, done.rows_done) == ("queued", 2, 0)
    assert verbs(waiting)[-1] == "sheet.confirmed"
    assert jobs() == 1


def test_confirm_refuses_a_second_time(waiting: SheetImport, clerk: Any, places: Any, refused: Any) -> None:
    actions.confirm_sheet(waiting, by=clerk, area=places.street, **ANSWERS)
    with refused("sheet.wrong_state"):
        actions.confirm_sheet(waiting, by=clerk, area=places.street, **ANSWERS)
    assert jobs() == 1


def test_confirm_refuses_others_and_other_areas(
    waiting: SheetImport, clerk: Any, dispatcher: Any, places: Any, refused: Any
) -> None:
    with refused("sheet.not_your_duty"):
        actions.confirm_sheet(waiting, by=dispatcher, area=places.street, **ANSWERS)
    with refused("sheet.not_your_duty"):
        actions.confirm_sheet(waiting, by=clerk, area=places.other, **ANSWERS)
    assert jobs() == 0


def test_confirm_leaves_nothing_half_done(
    waiting: SheetImport, clerk: Any, places: Any, breaking_record: Any
) -> None:
    broken = breaking_record("bihuan.intake.sheet.actions")
    with pytest.raises(broken):
        actions.confirm_sheet(waiting, by=clerk, area=places.street, **ANSWERS)
    waiting.refresh_from_db()
    assert (waiting.state, jobs()) == ("uploaded", 0)


def test_discard_erases_the_file(waiting: SheetImport, clerk: Any) -> None:
    actions.discard_sheet(waiting, by=clerk)

    waiting.refresh_from_db()
    assert (waiting.state, queries.workbook_of(waiting)) == ("discarded", None)
    assert verbs(waiting)[-1] == "sheet.discarded"


def test_discard_refuses_what_is_under_way(clerk: Any, places: Any, refused: Any) -> None:
    under_way = confirmed(workbook(reports(1)), by=clerk, area=places.street)
    with refused("sheet.wrong_state"):
        actions.discard_sheet(under_way, by=clerk)


def test_discard_refuses_strangers(waiting: SheetImport, cast: Any, refused: Any, places: Any) -> None:
    elsewhere = make_person("别处", duties=[("clerk", places.other)])
    with refused("sheet.not_your_duty"):
        actions.discard_sheet(waiting, by=elsewhere)


def test_discard_leaves_nothing_half_done(waiting: SheetImport, clerk: Any, breaking_record: Any) -> None:
    broken = breaking_record("bihuan.intake.sheet.actions")
    with pytest.raises(broken):
        actions.discard_sheet(waiting, by=clerk)
    waiting.refresh_from_db()
    assert waiting.state == "uploaded"
    assert queries.workbook_of(waiting) is not None


def test_fetching_is_recorded_and_only_after_the_end(
    clerk: Any, places: Any, waiting: SheetImport, refused: Any, breaking_record: Any
) -> None:
    done = imported(workbook([*reports(1), [2, "", "", ""]]), by=clerk, area=places.street)
    actions.note_fetching(done, by=clerk)
    assert verbs(done)[-1] == "sheet.fetched"
    with refused("sheet.not_finished"):
        actions.note_fetching(waiting, by=clerk)
    with refused("sheet.not_your_duty"):
        actions.note_fetching(done, by=make_person("别处", duties=[("clerk", places.other)]))


def test_workbooks_are_erased_after_their_time(clerk: Any, places: Any, waiting: SheetImport) -> None:
    done = imported(workbook([*reports(1, start=9), [2, "", "", ""]]), by=clerk, area=places.street)

    background.forget_workbooks()
    assert queries.workbook_of(done) is not None
    with travel(now() + timedelta(days=rules.KEPT_AFTER + 1)):
        background.forget_workbooks()

    assert (queries.workbook_of(done), queries.workbook_of(waiting)) == (None, None)
    waiting.refresh_from_db()
    assert waiting.state == "discarded"
    assert verbs(done)[-1] == "sheet.forgotten"
    assert queries.refusals_shown(done)


# -- the job --------------------------------------------------------------------------------------------


def test_an_import_broken_half_way_goes_on_and_takes_each_row_once(
    clerk: Any, places: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = reports(130)
    rows[70] = [70, "", "", ""]  # refused, in the chunk that breaks
    rows[121] = rows[3]  # repeats a row taken in before the break
    under_way = confirmed(workbook(rows), by=clerk, area=places.street)
    real, seen = running.report_case, []

    def breaks(**told: Any) -> Report:
        seen.append(told["source_key"])
        if len(seen) == 80:
            raise ConnectionError
        return real(**told)

    monkeypatch.setattr(running, "report_case", breaks)
    with pytest.raises(ConnectionError):
        running.take_in(under_way.pk)
    under_way.refresh_from_db()
    assert (under_way.state, under_way.created, Case.objects.count()) == ("running", 50, 50)

    done = running.take_in(under_way.pk)

    assert outcome(done) == (128, 0, 1, 1)
    assert Report.objects.values("source_key").distinct().count() == Case.objects.count() == 128
    assert verbs(done)[-1] == "sheet.finished"
    assert outcome(running.take_in(under_way.pk)) == (128, 0, 1, 1)


def test_a_worker_that_goes_down_stops_between_chunks(clerk: Any, places: Any) -> None:
    under_way = confirmed(workbook(reports(60)), by=clerk, area=places.street)
    asked = iter([False, True])

    with pytest.raises(running.Interrupted):
        running.take_in(under_way.pk, stopping=lambda: next(asked))

    under_way.refresh_from_db()
    assert (under_way.created, under_way.share) == (50, 83)


def test_a_hundred_thousand_rows_are_read_in_little_room(clerk: Any, places: Any) -> None:
    import tracemalloc

    from bihuan.intake.sheet.book import Book
    from bihuan.intake.sheet.rows import RowReader, Setting

    lines = ["编号,内容", *(f"{n},第{n}盏路灯坏了，晚上很黑，请派人修理。" for n in range(100_000))]
    book = Book("\n".join(lines).encode(), "x.csv")
    setting = Setting(sheet="x.csv", header=1, columns={"number": 0, "words": 1}, source="x")
    tracemalloc.start()

    count = sum(1 for _outcome in RowReader(setting).outcomes(book.lines("x.csv")))

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 100_000
    assert peak < 80_000_000, peak
