"""A case that nobody settles becomes red; a supervisor sees it, and its unit answers on the phone."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from playwright.sync_api import expect

from bihuan.cases.actions.ticking import catch_up
from bihuan.cases.models import Case
from bihuan.cases.tests.verbs_supervision import critical_case
from bihuan.core.clock import now


def time_passes(case: Case, **much: Any) -> None:
    """What becomes of a case when nobody does anything for so long."""
    with transaction.atomic():
        catch_up(Case.objects.locked(case.pk), now() + timedelta(**much))


def test_a_red_notice_is_seen_and_answered(visit, cast, make_case, working) -> None:
    case = make_case(at="handling")
    supervisor = visit(cast.supervisor, language="en")
    page = supervisor.go("/supervision/")
    expect(page.locator(".stat").first).to_contain_text("0")

    time_passes(case, hours=49)

    expect(page.locator(".stat").first).to_contain_text("1", timeout=25_000)  # live
    expect(page.locator(".watch-notice").first).to_contain_text(case.title)
    assert supervisor.faults_for_disabled_people() == []
    page.locator(".stat").first.click()
    expect(page.locator(".case-rows")).to_contain_text(case.number)
    inbox = supervisor.go("/inbox/")
    expect(inbox.locator("main")).to_contain_text("Red notice", timeout=15_000)

    handler = visit(cast.handler, width="phone", language="en")
    page = handler.go(f"/cases/{case.number}/")
    expect(page.locator(".case-supervision")).to_contain_text("red notice")
    assert not handler.is_wider_than_the_screen()
    page.locator(".case-acts a[href$='/answer-supervision/']").click()
    form = page.locator("#act-form form")
    form.locator("#id_words").fill("配件周四到，周五修复。")
    with page.expect_navigation():
        form.locator("button[type=submit]").click()
    expect(page.locator(".case-supervision")).to_contain_text("配件周四到，周五修复。")

    page = supervisor.go("/supervision/notices/?show=answered")
    expect(page.locator("main")).to_contain_text("配件周四到，周五修复。")
    red = case.supervision_notices.get(level="red")
    page = supervisor.go(f"/supervision/agenda/?week={red.agenda_on:%Y-%m-%d}")
    expect(page.locator("main")).to_contain_text(case.number)
    assert supervisor.faults_for_disabled_people() == []
    phone = visit(cast.leader, width="phone")
    for path in (
        "/supervision/",
        "/supervision/notices/",
        f"/supervision/agenda/?week={red.agenda_on:%Y-%m-%d}",
    ):
        phone.go(path)
        assert not phone.is_wider_than_the_screen(), path
        assert phone.faults_for_disabled_people() == []


def test_one_press_says_that_somebody_is_there(visit, cast) -> None:
    case = critical_case(cast)
    handler = visit(cast.handler, width="phone", scripts=False)
    page = handler.go(f"/cases/{case.number}/")
    page.locator(".on-site button").click()
    page.wait_for_load_state()
    assert Case.objects.get(pk=case.pk).arrived_at is not None
    expect(page.locator(".on-site")).to_have_count(0)


def test_a_message_reaches_whoever_follows_the_report(visit, cast, make_case) -> None:
    case = make_case(at="handling")
    page = visit(cast.handler).go(f"/cases/{case.number}/")
    page.locator(".case-acts a[href$='/contact/']").click()
    form = page.locator("#act-form form")
    form.locator("#id_words").fill("下午四点前来水。")
    with page.expect_navigation():
        form.locator("button[type=submit]").click()
    reporter = visit(width="phone")
    followed = reporter.go(f"/track/{case.reports.get().tracking_code}/")
    expect(followed.locator("main")).to_contain_text("下午四点前来水。")
