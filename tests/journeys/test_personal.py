"""A number is looked at and its owner sees it; they correct, take back and erase what they left."""

import pytest
from playwright.sync_api import expect

from bihuan.audit.queries import entries_about
from bihuan.cases.models import Report

PHONE = "13800000001"


@pytest.fixture
def waiting(make_case) -> Report:
    """A report without an account, whose case waits for the call."""
    report = make_case.report(by=None, consenting=True, name="张三")
    case = report.case
    for step in make_case.way_to("inspected"):
        case = getattr(make_case, step)(case, make_case.cast.pipes)
    return report


def test_a_look_at_the_number_shows_on_the_reporters_page(visit, cast, waiting) -> None:
    clerk, reporter = visit(cast.clerk), visit(width="phone", language="en")
    page = clerk.go(f"/cases/{waiting.case.number}/")
    page.locator(".case-acts a[href$='/call-back/']").click()
    form = page.locator("#act-form")
    expect(form).to_contain_text("138****0001")
    expect(page.locator("body")).not_to_contain_text(PHONE)

    form.locator(".contact button").click()
    expect(form.locator(f"a[href='tel:{PHONE}']")).to_be_visible()
    assert clerk.faults_for_disabled_people() == []
    assert entries_about(waiting).count() == 1

    track = reporter.go(f"/track/{waiting.tracking_code}/")
    expect(track.locator("#your-data")).to_contain_text("Intake clerk of 人和街")
    expect(track.locator("body")).not_to_contain_text(cast.clerk.name)
    assert reporter.faults_for_disabled_people() == []

    form.locator("[name=answered][value=yes]").check()
    form.locator("[name=solved][value=yes]").check()
    with page.expect_navigation():
        form.locator("form[data-draft] button[type=submit]").click()
    expect(page.locator("body")).not_to_contain_text(PHONE)


def test_a_look_without_scripts(visit, cast, waiting) -> None:
    page = visit(cast.clerk, scripts=False).go(f"/cases/{waiting.case.number}/")
    page.locator(".case-reporters .contact button").click()
    expect(page.locator(f".case-reporters a[href='tel:{PHONE}']")).to_be_visible()


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_the_owner_corrects_takes_back_and_erases(visit, waiting, width) -> None:
    reporter = visit(width=width, language="en")
    page = reporter.go(f"/track/{waiting.tracking_code}/")
    page.locator("#your-data a").click()
    expect(page.locator("main")).to_contain_text("138********")
    assert not reporter.is_wider_than_the_screen()
    assert reporter.faults_for_disabled_people() == []

    page.fill("#correct_name", "李四")
    page.fill("#correct_digits", "9999")
    page.locator("#correct button[type=submit]").click()
    expect(page.locator("#correct")).to_contain_text("not the last four digits")
    assert reporter.faults_for_disabled_people() == []
    page.fill("#correct_digits", "0001")
    page.locator("#correct button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("李四")

    page.get_by_role("button", name="I do not want to be called").click()
    expect(page.locator("main")).to_contain_text("Nobody calls you.")

    with page.expect_download() as taken:
        page.get_by_role("link", name="As data (JSON)").click()
    assert taken.value.suggested_filename == f"{waiting.case.number}.json"

    page.fill("#erase_digits", "0001")
    page.check("#erase_sure")
    page.locator("#erase button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("Erased on")
    assert reporter.faults_for_disabled_people() == []
    waiting.refresh_from_db()
    assert (waiting.name, waiting.phone, waiting.erased) == ("", None, ["contact"])


def test_my_notices_on_a_phone(visit, cast, settings, working) -> None:
    settings.EMAIL_IS_ON = settings.WEBHOOKS_ARE_ON = True
    clerk = visit(cast.clerk, width="phone", language="en")
    page = clerk.go("/inbox/")
    page.get_by_role("link", name="My notices").click()
    page.fill("#email input[name=value]", "clerk@example.cn")
    page.locator("#email button[type=submit]").click()
    expect(page.locator("#email")).to_contain_text("waits for the code")
    page.locator(".wish-group summary").nth(1).click()
    page.uncheck("input[value='email case.reminded']")
    page.uncheck("input[value='email @reports']")
    page.fill("#id_quiet_from", "22:00")
    page.fill("#id_quiet_until", "07:00")
    page.locator("#wishes button.btn-primary").click()
    expect(page.locator("input[value='email case.reminded']")).not_to_be_checked()
    expect(page.locator("input[value='email @reports']")).not_to_be_checked()
    expect(page.locator("#id_quiet_from")).to_have_value("22:00")
    assert not clerk.is_wider_than_the_screen()
    assert clerk.faults_for_disabled_people() == []
