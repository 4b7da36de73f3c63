"""Reporting as residents do it: without script, with mistakes, with an impatient finger."""

from typing import Any

from playwright.sync_api import expect

from bihuan.cases.models import Case, Report
from bihuan.files.tests.samples import jpeg


def test_without_script(visit, places, tmp_path) -> None:
    photo = tmp_path / "现场.jpg"
    photo.write_bytes(jpeg())
    page = visit(width="phone", scripts=False).go("/report/")
    page.fill("#id_words", "路灯三天不亮了。")
    page.fill("#id_address", "人和街")
    page.set_input_files("#id_photos", str(photo))
    send(page)

    page.wait_for_url("**/received/")
    report = Report.objects.get()
    assert page.locator("#code").inner_text() == report.tracking_code
    assert report.case.area == places.street
    page.locator(f"a[href='/track/{report.tracking_code}/']").first.click()
    expect(page.locator("main")).to_contain_text("路灯三天不亮了。")
    expect(page.locator("main img[src^='/files/']").first).to_be_visible()

    page.locator("#withdraw summary").click()
    page.locator("#withdraw button").click()
    assert Case.objects.get().state == "withdrawn"


def test_mistakes_keep_what_was_typed(visit, places) -> None:
    visitor = visit(width="phone")
    page = visitor.go("/report/")
    page.fill("#id_words", "井盖破损，很危险。")
    page.fill("#id_phone", "138")
    page.check("#id_may_call")
    send(page)

    page.wait_for_load_state("networkidle")
    assert page.locator(".field.is-wrong").count() == 2  # no place, and no number that exists
    assert page.input_value("#id_words") == "井盖破损，很危险。"
    assert page.input_value("#id_phone") == "138"
    assert page.is_checked("#id_may_call")
    assert not visitor.is_wider_than_the_screen()
    assert visitor.faults_for_disabled_people() == []
    assert not Case.objects.exists()

    page.fill("#id_address", "人和街")
    page.fill("#id_phone", "13800000001")
    send(page)
    page.wait_for_url("**/received/")
    assert Report.objects.get().may_call


def test_a_double_click_makes_one_case(visit, places) -> None:
    page = visit(width="phone").go("/report/")
    page.fill("#id_words", "下水道堵了。")
    page.fill("#id_address", "人和街")
    page.locator("main form button:not([type])").last.dblclick()
    page.wait_for_url("**/received/")
    assert Case.objects.count() == 1


def send(page: Any) -> None:
    page.locator("main form button:not([type])").last.click()
