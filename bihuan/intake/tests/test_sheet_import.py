"""An import from upload to result: its actions, its pages, its job, its command, and who may see it."""

import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
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
    rows_of,
    upload,
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


def work() -> None:
    """Run the queued imports as a worker does."""
    for job in ProcrastinateJob.objects.filter(task_name=actions.IMPORT, status="todo"):
        running.take_in(job.args["import_id"])


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


# -- pages ----------------------------------------------------------------------------------------------


def answers_on(page: str) -> dict[str, str]:
    """What the form on the page would send."""
    found = dict(re.findall(r'<input[^>]*name="(sheet|header|source)"[^>]*value="([^"]*)"', page))
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


def test_through_the_pages(client: Any, clerk: Any, places: Any) -> None:
    clerk.language = "en"
    clerk.save(update_fields=["language"])
    client.force_login(clerk)
    rows = [*reports(3), [3, "另一", "别的话", ""], [5, "", "", "昨天"]]

    response = client.post(reverse("intake:new_sheet"), {"file": upload(workbook(rows))}, follow=True)

    assert response.status_code == 200
    page = response.content.decode()
    assert "留言编号" in page
    survey = response.context["prepared"].survey
    assert (survey.rows, survey.new, survey.refused) == (5, 3, 2)
    pk = SheetImport.objects.get().pk
    answers = answers_on(page)
    assert answers["column_0"] == "number"

    answers["column_3"] = ""
    fragment = client.post(reverse("intake:check_sheet", args=[pk]), answers, headers={"HX-Request": "true"})
    assert fragment.status_code == 200
    assert fragment.context["prepared"].survey.refused == 2
    assert "<html" not in fragment.content.decode()

    answers["column_2"] = "title"
    refused = client.post(reverse("intake:confirm_sheet", args=[pk]), answers)
    assert refused.status_code == 422
    answers["column_2"] = "words"
    assert client.post(reverse("intake:confirm_sheet", args=[pk]), answers).status_code == 302
    assert b"data-live" in client.get(reverse("intake:sheet", args=[pk])).content
    progress = client.get(reverse("intake:sheet_progress", args=[pk]))
    assert progress.status_code == 200
    etag = {"If-None-Match": progress["ETag"]}
    assert client.get(reverse("intake:sheet_progress", args=[pk]), headers=etag).status_code == 304

    work()

    assert (
        b"data-live-reload" in client.get(reverse("intake:sheet_progress", args=[pk]), headers=etag).content
    )
    shown = client.get(reverse("intake:sheet", args=[pk]))
    assert outcome(shown.context["sheet_import"]) == (3, 0, 0, 2)
    back = client.post(reverse("intake:refused_rows", args=[pk]))
    assert len(rows_of(back.content)) == 3
    assert client.get(reverse("intake:sheets")).status_code == 200
    assert client.get(queries.workbook_of(SheetImport.objects.get()).url).status_code == 200


def test_answers_of_the_last_such_file_are_proposed_again(client: Any, clerk: Any, places: Any) -> None:
    imported(
        workbook(reports(1)), by=clerk, area=places.street, source="问政", columns={"words": 1, "number": 0}
    )
    client.force_login(clerk)

    client.post(reverse("intake:new_sheet"), {"file": upload(workbook(reports(2)))})
    page = client.get(reverse("intake:sheet", args=[SheetImport.objects.latest("id").pk])).content.decode()

    answers = answers_on(page)
    assert (answers["source"], answers["column_1"], answers["column_2"]) == ("问政", "words", "")


def test_another_sheet_and_header_row_can_be_chosen(client: Any, clerk: Any, places: Any) -> None:
    client.force_login(clerk)
    second = [["某年留言"], *reports(2)]
    client.post(reverse("intake:new_sheet"), {"file": upload(workbook(reports(1), second))})
    url = reverse("intake:sheet", args=[SheetImport.objects.get().pk])

    form = client.get(url, {"sheet": "Sheet2"}).context["form"]
    assert (form.initial["sheet"], form.initial["header"]) == ("Sheet2", 2)
    prepared = client.get(url, {"sheet": "Sheet2", "header": "1"}).context["prepared"]
    assert prepared.form.initial["header"] == 1
    assert client.get(url, {"sheet": "?", "header": "x"}).status_code == 200


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("空.xlsx", b""),
        ("图.xlsx", b"\xff\xd8\xff\xe0jpeg"),
        ("坏.xlsx", b"PK\x03\x04xxxx"),
        ("空表.xlsx", workbook([])),
    ],
)
def test_what_is_no_list_is_turned_down_with_a_reason(
    client: Any, clerk: Any, places: Any, name: str, content: bytes
) -> None:
    client.force_login(clerk)

    response = client.post(reverse("intake:new_sheet"), {"file": upload(content, name)})

    assert response.status_code == 422
    assert name in str(response.context["form"].errors["file"])
    assert not SheetImport.objects.exists()


def test_only_clerks_of_the_area_see_it(client: Any, cast: Any, places: Any) -> None:
    done = imported(workbook([*reports(1), [2, "", "", ""]]), by=cast.clerk, area=places.street)
    above = make_person("区受理员", duties=[("clerk", places.district)])
    elsewhere = make_person("别处", duties=[("clerk", places.other)])
    administrator = make_person("管理员", duties=[("administrator", places.district)])
    attachment = queries.workbook_of(done)
    assert attachment is not None
    pages = [
        reverse("intake:sheet", args=[done.pk]),
        reverse("intake:sheet_progress", args=[done.pk]),
        attachment.url,
    ]
    posts = [
        reverse(f"intake:{name}", args=[done.pk])
        for name in ("confirm_sheet", "discard_sheet", "check_sheet", "refused_rows")
    ]

    for person in (elsewhere, administrator, cast.dispatcher, cast.leader, cast.resident):
        client.force_login(person)
        assert [client.get(page).status_code for page in pages] == [404, 404, 404], person
        assert [client.post(page).status_code for page in posts] == [404] * 4, person
    for person in (administrator, cast.dispatcher, cast.resident):
        client.force_login(person)
        assert client.get(reverse("intake:sheets")).status_code == 404
        assert client.get(reverse("intake:new_sheet")).status_code == 404
    for person in (cast.clerk, above):
        client.force_login(person)
        assert [client.get(page).status_code for page in pages] == [200, 200, 200], person
    client.logout()
    assert client.get(reverse("intake:sheets")).status_code == 302


def test_the_list_takes_the_same_queries_however_long(
    client: Any, clerk: Any, places: Any, django_assert_num_queries: Any
) -> None:
    def fill(count: int) -> None:
        at = now()
        SheetImport.objects.bulk_create(
            [
                SheetImport(name=f"{n}.xlsx", area=places.street, by=clerk, uploaded_at=at, changed_at=at)
                for n in range(count)
            ]
        )

    client.force_login(clerk)
    client.get(reverse("intake:sheets"))
    fill(10)
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("intake:sheets"))
    fill(990)
    with django_assert_num_queries(len(few)):
        client.get(reverse("intake:sheets"))


# -- the command ----------------------------------------------------------------------------------------


def run(*arguments: str) -> tuple[int, str]:
    """Exit status and what was said."""
    out = io.StringIO()
    try:
        call_command("import_cases", *arguments, stdout=out, stderr=io.StringIO())
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


def test_the_command_does_the_same(clerk: Any, places: Any, tmp_path: Path) -> None:
    file = tmp_path / "留言.xlsx"
    file.write_bytes(workbook([*reports(3), [9, "", "", ""]]))

    assert run(str(file), "--by", "clerk", "--dry-run")[0] == 1
    assert not SheetImport.objects.exists()
    assert run(str(file), "--by", "clerk", "--source", "问政")[0] == 1
    assert len(rows_of((tmp_path / "留言-refused.xlsx").read_bytes())) == 2
    assert (Case.objects.count(), Case.objects.first().desk) == (3, places.street)
    status, said = run(str(file), "--source", "问政")
    assert status == 1 and "3" in said
    assert Case.objects.count() == 3


def test_the_command_takes_the_meaning_it_is_told(clerk: Any, places: Any, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("甲,乙,丙\n7,路灯坏了,x\n")

    status, said = run(str(file), "--area", places.other.code, "--map", "甲=number", "B=words", "丙=")

    assert status == 0, said
    report = Report.objects.select_related("case__desk").get()
    assert (report.source_key, report.words, report.case.desk) == ("7", "路灯坏了", places.other)


@pytest.mark.parametrize(
    "arguments",
    [["--by", "nobody"], ["--area", "0"], ["--map", "x"], ["--map", "甲=words2"], ["--by", "dispatcher"],
     ["--sheet", "x"], ["--map", "留言详情=", "留言主题="]],
)  # fmt: skip
def test_the_command_says_what_it_cannot_do(cast: Any, tmp_path: Path, arguments: list[str]) -> None:
    file = tmp_path / "x.xlsx"
    file.write_bytes(workbook([HEADER, [1, "a", "b", ""]]))

    assert run(str(file), *arguments)[0] == 2
    assert run(str(tmp_path / "none.xlsx"))[0] == 2
    assert not Case.objects.exists()
