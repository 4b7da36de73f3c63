"""Reading a number is recorded and shown to its owner; they correct, take back, take along and erase."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.accounts.actions import erase_account
from bihuan.audit.models import Entry
from bihuan.audit.queries import entries_about, faults
from bihuan.cases import actions, queries
from bihuan.cases.models import Report
from bihuan.cases.queries.personal import contact_reads_of
from bihuan.cases.tests.browsing import client_of
from bihuan.core.clock import now, travel
from bihuan.core.verdicts import Refusal
from bihuan.files.models import Attachment
from bihuan.notices.models import Notice

PHONE = "13800000001"
NOBODY = AnonymousUser()


def report_of(case: Any) -> Report:
    return case.reports.get()


def show_url(report: Report, route: str = "report_data") -> str:
    return reverse(f"cases:{route}", args=[report.tracking_code])


# -- reading ------------------------------------------------------------------------------------------


def test_reading_a_number_is_recorded_without_it(anonymous: Report, cast: Any) -> None:
    report = actions.read_contact(anonymous, by=cast.clerk)

    entry = entries_about(report).get()
    assert (entry.verb, entry.by, entry.area_id) == ("report.contact_read", cast.clerk, report.case.area_id)
    assert (entry.data["purpose"], entry.data["duty"], entry.data["place_name"]) == (
        "call_back",
        "clerk",
        "人和街",
    )
    assert PHONE not in json.dumps(entry.data)
    (read,) = contact_reads_of([report])
    assert (str(read.duty), read.place) == ("Intake clerk", "人和街")
    assert list(faults()) == []


@pytest.mark.parametrize("state", ["reported", "handling", "closed"])
def test_nobody_reads_a_number_when_it_is_not_the_time_to_call(
    make_case: Any, cast: Any, state: str, unchanged: Any, refused: Any
) -> None:
    report = report_of(make_case(at=state, consenting=state != "closed"))
    with unchanged(), refused("case.wrong_state"):
        actions.read_contact(report, by=cast.clerk)


def test_nobody_else_reads_it(anonymous: Report, cast: Any, unchanged: Any) -> None:
    for who in ("resident", "grid_worker", "dispatcher", "handler", "inspector", "supervisor", "leader",
                "auditor", "administrator", "stranger"):  # fmt: skip
        with unchanged(), pytest.raises(Refusal):
            actions.read_contact(anonymous, by=getattr(cast, who))


def test_the_number_of_one_who_did_not_agree_is_not_read(
    anonymous: Report, make_case: Any, cast: Any, refused: Any
) -> None:
    other = make_case.report(by=NOBODY, phone="13800000002", may_call=False)
    Report.objects.filter(pk=other.pk).update(case=anonymous.case, first_case=other.case)
    other.refresh_from_db()
    with refused("report.not_to_be_called"):
        actions.read_contact(other, by=cast.clerk)


def test_a_stand_in_reads_it_in_the_name_of_the_absent(
    anonymous: Report, cast: Any, stand_in_for: Callable[..., Any]
) -> None:
    actions.read_contact(anonymous, by=stand_in_for(cast.clerk))
    assert entries_about(anonymous).get().on_behalf_of == cast.clerk


@pytest.mark.parametrize(
    ("deed", "code"),
    [("read_contact", ""), ("correct_report", "c"), ("withdraw_consent", "c"), ("erase_report", "c")],
)
def test_a_failure_half_way_leaves_nothing(
    anonymous: Report, cast: Any, breaking_record: Any, unchanged: Any, deed: str, code: str
) -> None:
    broken = breaking_record("bihuan.cases.actions.personal")
    more: dict[str, Any] = {"code": anonymous.tracking_code} if code else {}
    if deed in ("correct_report", "erase_report"):
        more["digits"] = "0001"
    if deed == "correct_report":
        more |= {"name": "李四", "phone": "13800000009"}
    with unchanged(), pytest.raises(broken):
        getattr(actions, deed)(anonymous, by=cast.clerk if not code else NOBODY, **more)


@pytest.mark.parametrize("count", [10, 300])
def test_many_reporters_cost_the_same(
    anonymous: Report, cast: Any, count: int, django_assert_max_num_queries: Any
) -> None:
    Report.objects.bulk_create(
        Report(case=anonymous.case, at=now(), channel="web", words="同样", first_case=anonymous.case)
        for _number in range(count)
    )
    with django_assert_max_num_queries(6):
        assert len(queries.reports_shown(anonymous.case, cast.clerk)) == count + 1


# -- its owner ----------------------------------------------------------------------------------------


def test_correcting_needs_the_last_digits_where_only_the_code_is_known(
    anonymous: Report, cast: Any, refused: Any, unchanged: Any
) -> None:
    code = anonymous.tracking_code
    for digits in ("", "0002", "00001"):
        with unchanged(), refused("report.wrong_digits"):
            actions.correct_report(anonymous, by=NOBODY, name="李四", code=code, digits=digits)
    for by, given in ((NOBODY, ""), (NOBODY, "AAAA-BBBB-CCCC"), (cast.clerk, ""), (cast.resident, "")):
        with unchanged(), refused("report.not_yours"):
            actions.correct_report(anonymous, by=by, name="李四", code=given, digits="0001")

    report = actions.correct_report(
        anonymous, by=NOBODY, name=" 李四 ", phone="138 0000 0009", code=code, digits="0001"
    )
    assert (report.name, report.phone, report.may_call) == ("李四", "13800000009", True)
    entry = entries_about(report).get()
    assert (entry.verb, entry.by, entry.data["fields"]) == ("report.corrected", None, ["name", "phone"])
    same = actions.correct_report(report, by=NOBODY, name="李四", code=code, digits="0009")
    assert same.phone == "13800000009" and entries_about(report).count() == 1


def test_whoever_is_signed_in_needs_no_digits(make_case: Any, cast: Any) -> None:
    report = report_of(make_case(at="inspected", consenting=True))
    report = actions.correct_report(report, by=cast.resident, name="李四", phone="")
    assert (report.phone, report.phone_index, report.may_call) == (None, None, False)


def test_consent_taken_back_hands_the_case_to_the_inspector(
    anonymous: Report, cast: Any, told: Any, refused: Any
) -> None:
    case, code = anonymous.case, anonymous.tracking_code
    with refused("report.not_yours"):
        actions.withdraw_consent(anonymous, by=cast.stranger, code="")
    actions.withdraw_consent(anonymous, by=NOBODY, code=code)
    with refused("report.no_consent"):
        actions.withdraw_consent(anonymous, by=NOBODY, code=code)
    with refused("case.nobody_to_call"):
        actions.read_contact(anonymous, by=cast.clerk)
    assert ("inspector", "case.nobody_to_call") in told(case)
    assert actions.close_case(case, by=cast.inspector).state == "closed"


def test_erasing_while_the_case_is_open_takes_contact_data_alone(anonymous: Report, refused: Any) -> None:
    code = anonymous.tracking_code
    with refused("report.wrong_digits"):
        actions.erase_report(anonymous, by=NOBODY, code=code, digits="1234")
    report = actions.erase_report(anonymous, by=NOBODY, code=code, digits="0001")
    assert (report.name, report.phone, report.phone_index, report.may_call) == ("", None, None, False)
    assert (report.erased, report.erased_why, bool(report.erased_at)) == (["contact"], "wish", True)
    assert report.words and report.case.words
    with refused("report.nothing_to_erase"):
        actions.erase_report(report, by=NOBODY, code=code)
    with refused("report.erased"):
        actions.correct_report(report, by=NOBODY, name="李四", code=code)


def test_erasing_a_finished_case_takes_words_photos_and_address(
    make_case: Any, cast: Any, photo: Any, settle: Any
) -> None:
    report = make_case.report(
        words="张三家楼下水管爆裂，电话十三八", address="三号楼二单元", photos=[photo(1)]
    )
    actions.decline_case(report.case, by=cast.clerk, reason="elsewhere", note="请拨打水务公司电话")
    settle()
    assert any("张三家" in str(notice.params) for notice in Notice.objects.all())

    report = actions.erase_report(report, by=cast.resident)
    settle()

    report.refresh_from_db()
    case = type(report.case).objects.get(pk=report.case_id)
    assert (report.words, report.comment, report.reporter) == ("", "", None)
    assert (case.words, case.address, case.title) == ("", "", case.number)
    assert report.erased == ["address", "contact", "photos", "words"]
    assert not Attachment.objects.filter(subject_id=case.pk, role="report").exists()
    assert not any("张三家" in str(notice.params) for notice in Notice.objects.all())
    found = queries.Filters(text="水管")
    assert case not in list(queries.cases_listed_for(cast.clerk, found))
    entry = entries_about(report).last()
    assert (entry.verb, entry.by) == ("report.erased", None)
    assert sorted(entry.data["kinds"]) == report.erased
    page = client_of(cast.clerk).get(reverse("cases:show", args=[case.number])).text
    assert "Erased on" in page and "at the wish of the person who reported" in page


def test_what_an_appeal_said_goes_too_and_so_does_one_made_since(make_case: Any, cast: Any) -> None:
    report = make_case.report()
    actions.decline_case(report.case, by=cast.clerk, reason="elsewhere", note="x")
    actions.appeal_report(report, by=cast.resident, reason="张三家仍在漏水")
    report.refresh_from_db()
    actions.erase_report(report, by=cast.resident)
    appeal = report.appeals.get()
    assert (appeal.reason, appeal.asked_by, appeal.state) == ("", None, "asked"), "it is decided all the same"

    report.appeals.update(reason="张三又写了一次")
    report = report_of(report.case)
    actions.erase_report(report, by=NOBODY, code=report.tracking_code)
    assert report.appeals.get().reason == ""


def test_the_case_is_held_before_its_report(make_case: Any, cast: Any) -> None:
    """As everywhere: whoever merges or answers at the same moment waits, and never blocks."""
    mine, theirs = make_case.report(name="张三"), make_case.report(by=NOBODY)
    actions.merge_case(theirs.case, by=cast.clerk, into=mine.case)
    case = actions.decline_case(mine.case, by=cast.clerk, reason="elsewhere", note="x")
    deeds: list[Callable[[], Any]] = [
        lambda: actions.erase_report(theirs, by=NOBODY, code=theirs.tracking_code),
        lambda: actions.unlink_reports([report_in(case, theirs), report_in(case, mine)]),
    ]
    for deed in deeds:
        with CaptureQueriesContext(connection) as asked:
            deed()
        held = tables_held(asked)
        assert held[:2] == ["cases_case", "cases_case"] and "cases_report" in held
    with travel(now() + timedelta(days=181)), CaptureQueriesContext(connection) as asked:
        make_case.report(name="李四")
        Report.objects.filter(pk=mine.pk).update(name="张三", erased=[], erased_at=None, erased_why="")
        assert actions.erase_contacts() == 1
    assert tables_held(asked)[-2:] == ["cases_case", "cases_report"]


def report_in(case: Any, report: Report) -> Report:
    found: Report = case.reports.get(pk=report.pk)
    return found


def tables_held(asked: CaptureQueriesContext) -> list[str]:
    """The tables whose rows were locked, in order."""
    locks = [query["sql"] for query in asked.captured_queries if "FOR UPDATE" in (query["sql"] or "")]
    found = [sql.rpartition("FOR UPDATE OF ")[2].split()[0].strip('"') for sql in locks]
    return [table for table in found if table in ("cases_case", "cases_report")]


def test_what_a_grid_worker_wrote_on_duty_stays(make_case: Any, cast: Any, refused: Any) -> None:
    report = make_case.report(by=cast.grid_worker, channel="grid")
    actions.decline_case(report.case, by=cast.clerk, reason="elsewhere", note="x")
    with refused("report.nothing_to_erase"):
        actions.erase_report(report, by=NOBODY, code=report.tracking_code)
    with refused("report.not_yours"):
        actions.erase_report(report, by=cast.grid_worker)


def test_the_words_of_another_reporter_stay(make_case: Any, cast: Any) -> None:
    mine = make_case.report(words="我的话")
    theirs = make_case.report(words="别人的话", by=NOBODY)
    actions.merge_case(mine.case, by=cast.clerk, into=theirs.case)
    mine.refresh_from_db()
    actions.decline_case(mine.case, by=cast.clerk, reason="elsewhere", note="x")
    actions.erase_report(mine, by=cast.resident)
    theirs.refresh_from_db()
    mine.refresh_from_db()
    assert (theirs.words, theirs.case.words) == ("别人的话", "别人的话")
    assert (mine.words, mine.own_case.words) == ("", "")


def test_an_erased_account_leaves_its_reports_without_it(make_case: Any, cast: Any, settle: Any) -> None:
    report = report_of(make_case(at="handling", consenting=True))
    erase_account(cast.resident, by=cast.resident)
    settle()
    report.refresh_from_db()
    assert (report.reporter, report.phone, report.erased) == (None, None, ["contact"])
    assert report.words
    assert not Notice.objects.filter(recipient=cast.resident).exists()


# -- at the same moment --------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.threads
def test_a_look_and_an_erasure_at_the_same_moment(make_case: Any, cast: Any) -> None:
    """Whoever comes second sees what the first one did; nobody reads a number that was erased."""
    report = report_of(make_case(at="inspected", consenting=True))
    gate = threading.Barrier(2)

    def attempt(deed: Callable[[], Any]) -> str:
        try:
            gate.wait()
            deed()
            return "done"
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    deeds = [
        lambda: actions.read_contact(report, by=cast.clerk),
        lambda: actions.erase_report(report, by=cast.resident),
    ]
    with ThreadPoolExecutor(2) as pool:
        look, erasure = pool.map(attempt, deeds)
    assert erasure == "done" and look in ("done", "case.nobody_to_call")
    verbs = list(Entry.objects.about(report).values_list("verb", flat=True))
    assert verbs[-1] == "report.erased" and len(verbs) == (2 if look == "done" else 1)
    assert list(faults()) == []
