"""Phones are forgotten 180 days after a case is finished."""

from datetime import timedelta
from typing import Any

import pytest

from bihuan.audit.queries import entries_about
from bihuan.cases.actions import erase_contacts
from bihuan.cases.tests.browsing import client_of
from bihuan.core.clock import now, travel


def test_a_phone_is_erased_180_days_after_closing(make_case: Any) -> None:
    case = make_case(at="declined", consenting=True)

    with travel(now() + timedelta(days=179)):
        assert erase_contacts() == 0
    with travel(now() + timedelta(days=181)):
        assert erase_contacts() == 1
        assert erase_contacts() == 0

    report = case.reports.get()
    assert (report.name, report.phone, report.phone_index, report.may_call) == ("", None, None, False)
    assert entries_about(case).filter(verb="case.contact_erased").count() == 1
    assert (report.erased, report.erased_why) == (["contact"], "age")
    assert report.erased_at and report.reporter is not None and report.words


def test_a_name_alone_is_erased_too_and_the_case_page_says_when(make_case: Any, cast: Any) -> None:
    case = make_case.decline(make_case.report(name="张三").case, cast.pipes)
    with travel(now() + timedelta(days=181)):
        assert erase_contacts() == 1
        page = client_of(cast.clerk).get(f"/cases/{case.number}/").text
    assert case.reports.get().name == ""
    assert "Erased on" in page and "kept as long as it was needed" in page


def test_an_open_case_keeps_its_reporters_phone(make_case: Any) -> None:
    make_case(at="handling", consenting=True)
    with travel(now() + timedelta(days=400)):
        assert erase_contacts() == 0


def test_a_failure_half_way_erases_nothing(make_case: Any, breaking_record: Any) -> None:
    case = make_case(at="declined", consenting=True)
    broken = breaking_record("bihuan.cases.actions.erasing")
    with travel(now() + timedelta(days=181)), pytest.raises(broken):
        erase_contacts()
    assert case.reports.get().phone == "13800000001"
