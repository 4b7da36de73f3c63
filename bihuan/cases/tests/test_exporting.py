"""Lists as workbooks: exactly what one may see, in one's language, whole or not at all."""

import io
import os
import signal
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob
from python_calamine import load_workbook

from bihuan.accounts.models import Duty
from bihuan.audit.models import Entry
from bihuan.audit.queries import entries_about, faults
from bihuan.cases import actions, exporting, queries
from bihuan.cases.models import Case, Export
from bihuan.cases.tests.browsing import client_of, multiply
from bihuan.core.clock import now, travel
from bihuan.files.actions import sweep_orphans, sweep_unattached
from bihuan.files.models import Attachment, StoredFile
from bihuan.notices.models import Notice


def ask(person, query="", language="en", rows=1):
    return actions.ask_export(query, by=person, rows=rows, filters=[], language=language)


def written(export):
    exporting.write_export(export.pk)
    export.refresh_from_db()
    return export


def table(person, export):
    """The workbook as its owner downloads it, as rows of texts."""
    response = client_of(person).post(reverse("cases:fetch_export", args=[export.pk]))
    assert response.status_code == 200, response.content
    content = b"".join(response.streaming_content)
    (sheet,) = load_workbook(io.BytesIO(content)).sheet_names
    return load_workbook(io.BytesIO(content)).get_sheet_by_name(sheet).to_python()


def numbers(person, export):
    return [row[0] for row in table(person, export)[1:]]


# -- what is in it --------------------------------------------------------------------------------------


def test_it_holds_what_the_list_shows(cast, make_case):
    filed, handled = make_case(at="filed"), make_case(at="handling")
    far = make_case.report(lon=cast.places.elsewhere[0], lat=cast.places.elsewhere[1]).case

    export = written(ask(cast.clerk))
    assert numbers(cast.clerk, export) == [handled.number, filed.number]
    assert (export.state, export.rows, export.rows_done) == ("finished", 2, 2)
    assert export.expires_at == export.finished_at + timedelta(days=7)

    assert numbers(cast.supervisor, written(ask(cast.supervisor))) == [
        far.number, handled.number, filed.number,
    ]  # fmt: skip
    assert numbers(cast.clerk, written(ask(cast.clerk, "state=filed"))) == [filed.number]
    assert numbers(cast.handler, written(ask(cast.handler))) == [handled.number]


def test_its_order_is_that_of_the_list(cast, make_case):
    cases = [make_case(at="filed") for _ in range(3)]
    for days, case in zip((3, 1, 2), cases, strict=True):
        Case.objects.filter(pk=case.pk).update(due_at=now() + timedelta(days=days))
    export = written(ask(cast.clerk, "show=open"))
    page = client_of(cast.clerk).get("/cases/?show=open").context["page"]
    assert numbers(cast.clerk, export) == [case.number for case in page]


@pytest.mark.parametrize(("language", "titles"), [("en", ("Number", "Place")), ("zh-hans", ("编号", "地点"))])
def test_it_speaks_the_readers_language(cast, make_case, language, titles):
    make_case(at="handling")
    with translation.override("en"):
        export = written(ask(cast.clerk, language=language))
    rows = table(cast.clerk, export)
    assert (rows[0][0], rows[0][10]) == titles
    assert ("City appearance" in str(rows)) is False
    assert ("Urban Management Bureau" in str(rows)) is (language == "en")


def test_no_name_and_no_phone_is_in_it(cast, make_case):
    words = "井盖坏了，请打 138-0013 8000 或 0394-8221234 找我，门牌 20250910"
    report = make_case.report(
        words=words, title="call +8613800138000", phone="13800138000", may_call=True, name="王小明"
    )
    export = written(ask(cast.clerk))
    text = str(table(cast.clerk, export))
    assert report.case.number in text
    for part in ("0013 8000", "8221234", "13800138000", "138****8000", "王小明"):
        assert part not in text
    assert "20250910" in text and "[phone left out]" in text


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_what_looks_like_a_formula_is_text(cast, make_case, sign):
    words = f"{sign}cmd|' /C calc'!A0"
    make_case.report(words=words)
    export = written(ask(cast.clerk))
    assert table(cast.clerk, export)[1][4] == words
    content = queries.workbook_of_export(export).file
    import zipfile

    from django.core.files.storage import default_storage

    with default_storage.open(content.storage_name) as file, zipfile.ZipFile(file) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert 'quotePrefix="1"' in archive.read("xl/styles.xml").decode()


def test_what_leaves_ones_sight_meanwhile_is_left_out(cast, make_case, monkeypatch):
    monkeypatch.setattr(exporting, "BATCH", 1)
    make_case(at="filed")
    last = make_case(at="filed")
    export = ask(cast.clerk)
    asked = []

    def lose_it():
        asked.append(1)
        if len(asked) == 2:
            Duty.objects.filter(person=cast.clerk).update(area=cast.places.other)
        return False

    exporting.write_export(export.pk, stopping=lose_it)
    export.refresh_from_db()
    Duty.objects.filter(person=cast.clerk).update(area=cast.places.street)
    assert numbers(cast.clerk, export) == [last.number]


# -- asking ---------------------------------------------------------------------------------------------


def test_asking_queues_one_job_and_one_entry(cast, make_case):
    make_case()
    client = client_of(cast.clerk)
    for _ in range(2):
        response = client.post(reverse("cases:ask_export"), {"query": "q=水管&state=&cursor=x&nonsense=1"})
        assert (response.status_code, response["Location"]) == (302, reverse("cases:exports"))
    export = Export.objects.get()
    assert (export.query, export.state, export.rows) == ("q=%E6%B0%B4%E7%AE%A1", "queued", 1)
    assert ProcrastinateJob.objects.filter(task_name="cases.write_export").count() == 1
    entry = entries_about(export).get()
    assert (entry.verb, entry.by, entry.data) == ("export.asked", cast.clerk, {"filters": ["q"], "rows": 1})


def test_nobody_without_work_on_cases_asks(cast, refused):
    for person in (cast.resident, cast.administrator):
        with refused("export.not_your_work"):
            ask(person)
        assert client_of(person).post(reverse("cases:ask_export")).status_code == 404
    assert not Export.objects.exists()


def test_an_empty_and_an_endless_list_are_refused(cast, refused):
    for rows, code in ((0, "export.nothing"), (100_001, "export.too_many")):
        with refused(code):
            ask(cast.clerk, rows=rows)


def test_three_lists_at_a_time(cast, refused):
    for query in ("q=a", "q=b", "q=c"):
        ask(cast.clerk, query)
    with refused("export.still_writing"):
        ask(cast.clerk, "q=d")
    ask(cast.inspector, "q=d")


def test_a_failure_while_asking_leaves_nothing(cast, breaking_record):
    broken = breaking_record("bihuan.cases.actions.exporting")
    with pytest.raises(broken):
        ask(cast.clerk)
    assert not Export.objects.exists()
    assert not ProcrastinateJob.objects.filter(task_name="cases.write_export").exists()


# -- writing --------------------------------------------------------------------------------------------


def test_it_is_told_when_it_is_ready(cast, make_case, settle):
    make_case()
    export = written(ask(cast.clerk))
    settle()
    notice = Notice.objects.get(kind="export.finished")
    assert (notice.recipient, notice.url) == (cast.clerk, reverse("cases:exports"))
    assert [entry.verb for entry in entries_about(export)] == [
        "export.asked", "file.attached", "export.finished",
    ]  # fmt: skip
    assert list(faults()) == []


def test_writing_it_again_changes_nothing(cast, make_case):
    make_case()
    export = written(ask(cast.clerk))
    before = Entry.objects.count()
    written(export)
    assert (Entry.objects.count(), Attachment.objects.count()) == (before, 1)


def test_an_interrupted_one_begins_anew(cast, make_case, monkeypatch):
    monkeypatch.setattr(exporting, "BATCH", 2)
    multiply(make_case(), 5)
    export, calls = ask(cast.clerk), []
    with pytest.raises(exporting.Interrupted):
        exporting.write_export(export.pk, stopping=lambda: calls.append(1) or len(calls) == 2)
    export.refresh_from_db()
    assert (export.state, export.rows_done) == ("running", 2)
    assert not StoredFile.objects.exists()
    assert left_over(export) == []
    assert len(numbers(cast.clerk, written(export))) == 6


def left_over(export):
    return list(Path(tempfile.gettempdir()).glob(f"{exporting.folder_prefix(export)}*"))


def test_who_no_longer_works_here_gets_nothing(cast, make_case):
    make_case()
    export = ask(cast.clerk)
    Duty.objects.filter(person=cast.clerk).delete()
    assert written(export).state == "expired"
    assert not StoredFile.objects.exists()


def test_a_failure_while_finishing_leaves_it_unfinished(cast, make_case, breaking_record):
    make_case()
    export = ask(cast.clerk)
    broken = breaking_record("bihuan.cases.actions.exporting")
    with pytest.raises(broken):
        exporting.write_export(export.pk)
    export.refresh_from_db()
    assert export.state == "running"
    assert queries.workbook_of_export(export) is None


KILLED = """
import os, sys, signal
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[2]
settings.STORAGES["default"]["OPTIONS"]["location"] = sys.argv[3]
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[2]
from bihuan.cases import exporting
exporting.BATCH = 100
seen = []
def stopping():
    seen.append(1)
    if len(seen) == 4:
        os.kill(os.getpid(), signal.SIGKILL)
    return False
exporting.write_export(int(sys.argv[1]), stopping=stopping)
"""


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_no_half_file(cast, make_case, store):
    multiply(make_case(), 999)
    export = ask(cast.clerk, rows=1_000)
    name = connection.settings_dict["NAME"]
    dead = subprocess.run(
        [sys.executable, "-c", KILLED, str(export.pk), name, str(store)],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "bihuan.config.settings"},
        check=False,
        capture_output=True,
    )
    assert dead.returncode == -signal.SIGKILL, dead.stderr
    export.refresh_from_db()
    assert (export.state, export.rows_done) == ("running", 300)
    assert not StoredFile.objects.exists()
    assert left_over(export)

    assert len(numbers(cast.clerk, written(export))) == 1_000

    assert left_over(export) == []
    assert StoredFile.objects.count() == Attachment.objects.count() == 1


# -- fetching -------------------------------------------------------------------------------------------


def test_only_its_owner_fetches_it_and_that_is_on_record(cast, make_case, refused):
    make_case()
    export = written(ask(cast.clerk))
    address = reverse("cases:fetch_export", args=[export.pk])
    for person in (cast.inspector, cast.supervisor, cast.administrator, cast.stranger):
        assert client_of(person).post(address).status_code == 404
        with refused("export.not_yours"):
            actions.fetch_export(export, by=person)
        attachment = queries.workbook_of_export(export)
        assert client_of(person).get(attachment.url).status_code == 404
    assert client_of(cast.clerk).get(queries.workbook_of_export(export).url).status_code == 404
    response = client_of(cast.clerk).post(address)
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Cache-Control"] == "no-store"
    assert entries_about(export).last().verb == "export.fetched"


def test_whoever_has_lost_an_area_cannot_fetch_it(cast, make_case, refused, hold):
    make_case()
    hold(cast.clerk, "clerk", cast.places.far)
    cast.clerk.forget_duties()
    export = written(ask(cast.clerk))
    Duty.objects.filter(person=cast.clerk, area=cast.places.far).update(ends_on=now() - timedelta(days=1))
    cast.clerk.forget_duties()
    with refused("export.rights_changed"):
        actions.fetch_export(export, by=cast.clerk)
    hold(cast.clerk, "leader", cast.places.district)
    cast.clerk.forget_duties()
    actions.fetch_export(export, by=cast.clerk)


def test_what_is_not_written_cannot_be_fetched(cast, refused, breaking_record, make_case):
    export = ask(cast.clerk)
    with refused("export.not_finished"):
        actions.fetch_export(export, by=cast.clerk)
    make_case()
    export = written(export)
    broken = breaking_record("bihuan.cases.actions.exporting")
    with pytest.raises(broken):
        actions.fetch_export(export, by=cast.clerk)


def test_after_a_week_it_is_gone(cast, make_case, refused):
    from bihuan.cases.background.exporting import put_exports_away

    make_case()
    export = written(ask(cast.clerk))
    with travel(now() + timedelta(days=7, minutes=1)):
        with refused("export.expired"):
            actions.fetch_export(export, by=cast.clerk)
        put_exports_away()
        sweep_unattached()
        export.refresh_from_db()
        assert export.state == "expired"
        assert not StoredFile.objects.exists()
        assert entries_about(export).last().verb == "export.expired"
        before = Entry.objects.count()
        put_exports_away()
        actions.expire_export(export)
        assert Entry.objects.count() == before
        sweep_orphans()


def test_its_owner_may_put_it_away_or_stop_it(cast, make_case, refused):
    make_case()
    export = ask(cast.clerk)
    with refused("export.not_yours"):
        actions.expire_export(export, by=cast.supervisor)
    response = client_of(cast.clerk).post(reverse("cases:discard_export", args=[export.pk]))
    assert response.status_code == 302
    assert written(export).state == "expired"


def test_a_failure_while_putting_away_leaves_it(cast, make_case, breaking_record):
    make_case()
    export = written(ask(cast.clerk))
    broken = breaking_record("bihuan.cases.actions.exporting")
    with pytest.raises(broken):
        actions.expire_export(export, by=cast.clerk)
    export.refresh_from_db()
    assert export.state == "finished"
    assert queries.workbook_of_export(export) is not None


# -- the page -------------------------------------------------------------------------------------------


def test_the_page_shows_progress_and_nobody_elses_lists(cast, make_case):
    make_case()
    export = ask(cast.clerk, "state=filed", rows=10)
    Export.objects.filter(pk=export.pk).update(state="running", rows_done=4)
    page = client_of(cast.clerk).get(reverse("cases:exports")).content.decode()
    assert "4 of 10 rows" in page and 'data-live="/exports/rows/"' in page
    assert "awaiting assignment" in page
    assert "4 of 10" not in client_of(cast.inspector).get(reverse("cases:exports")).content.decode()
    Export.objects.filter(pk=export.pk).update(changed_at=now() - timedelta(minutes=5))
    assert "No background worker" in client_of(cast.clerk).get(reverse("cases:export_rows")).content.decode()
