"""What people have typed survives a sign-in that ran out and a database that is away."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError
from playwright.sync_api import expect

from bihuan.cases.models import Report
from bihuan.intake.web.views import actions

NOTE = "水管已更换，正在回填路面，明天恢复通行。𠮷"


def test_a_sign_in_that_runs_out_while_typing_loses_nothing(visit, cast, make_case) -> None:
    case = make_case(at="handling")
    cast.handler.set_password("correct horse battery")
    cast.handler.save(update_fields=["password"])
    handler = visit(cast.handler, width="phone")
    page = handler.go(f"/cases/{case.number}/resolve/")
    page.fill("#id_note", NOTE)

    Session.objects.all().delete()
    with page.expect_navigation():
        page.locator("main form button[type=submit]").last.click()
    assert "/login/" in page.url
    page.fill("#id_login", cast.handler.username)
    page.fill("#id_password", "correct horse battery")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").last.click()

    assert page.url.endswith(f"/cases/{case.number}/resolve/")
    expect(page.locator("#id_note")).to_have_value(NOTE)
    case.refresh_from_db()
    assert case.state == "handling"
    with page.expect_navigation():
        page.locator("main form button[type=submit]").last.click()
    case.refresh_from_db()
    assert (case.state, case.resolution) == ("resolved", NOTE)
    page = handler.go(f"/cases/{case.number}/")
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft:'))") == []


def test_a_report_sent_while_the_database_is_away_can_be_sent_again(
    visit: Any, places: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(**_given: Any) -> Report:
        raise OperationalError("the connection is closed")

    visitor = visit(width="phone")
    page = visitor.go("/report/")
    page.fill("#id_words", NOTE)
    page.fill("#id_address", "八一路 12 号")
    with monkeypatch.context() as patched:
        patched.setattr(actions, "report_case", away)
        with page.expect_navigation() as told:
            page.locator("main form button:not([type])").last.click()
        assert told.value.status == 503
        expect(page.locator("h1")).to_have_text("系统暂时无法使用")
        expect(page.locator("[data-back]")).to_be_visible(timeout=15_000)
    visitor.trouble.clear()  # the 503 was meant

    page.locator("[data-return]").click()
    page.wait_for_url("**/report/")
    visitor.go("/track/")  # looks at something else first
    page = visitor.go("/report/")
    expect(page.locator("#id_words")).to_have_value(NOTE)
    page.locator("main form button:not([type])").last.click()
    page.wait_for_url("**/received/")
    assert Report.objects.get().words == NOTE
