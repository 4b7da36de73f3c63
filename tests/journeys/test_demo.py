"""The demo: everybody of the cast by one click, and the tour once round the loop."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bihuan.accounts.models import User
from bihuan.accounts.tests.factories import make_person
from bihuan.cases.models import Case, State
from bihuan.demo.cast import CAST
from bihuan.files.tests.samples import jpeg


@pytest.fixture(autouse=True)
def _demo(settings: Any) -> None:
    settings.DEMO = True


def test_everybody_of_the_cast_is_one_click_away(visit, cast) -> None:
    names = {person.username: person.name for person in User.objects.all()}
    worker = make_person("富民社区工作者", username="community_worker")
    names[worker.username] = worker.name
    visitor = visit()
    for role in CAST:
        page = visitor.go("/account/login/")
        expect(page.locator(".cast-role")).to_have_count(len(CAST))
        page.locator(f"form[action='/demo/sign-in/{role.username}/'] button").click()
        page.wait_for_url(lambda address: "/account/login/" not in address)
        expect(page.locator(".topbar .menu summary")).to_contain_text(names[role.username])
        expect(page.locator(".demo-ribbon")).to_contain_text("演示数据")
        visitor.context.clear_cookies(name="sessionid")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_sign_in_page_with_the_cast(visit, cast, language: str) -> None:
    visitor = visit(width="phone", language=language)
    visitor.go("/account/login/")
    assert not visitor.is_wider_than_the_screen()
    assert visitor.faults_for_disabled_people() == []


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_the_tour_goes_once_round(visit, cast, width: str, tmp_path: Path) -> None:
    photo = tmp_path / "after.jpg"
    photo.write_bytes(jpeg())
    visitor = visit(width=width)
    page = visitor.go("/account/login/")
    page.locator("form[action='/demo/tour/start/'] button").click()
    page.wait_for_url("**/report/")
    expect(page.locator(".tour")).to_contain_text("1")
    page.fill("#id_words", "楼下水管爆裂，水流了一地。")
    page.fill("#id_address", "人和街")
    page.locator("main form button:not([type])").last.click()
    page.wait_for_url("**/received/")

    for verb, fields in [
        ("file", {"#id_matter": str(cast.pipes.pk)}),
        ("assign", {"#id_unit": str(cast.bureau.pk)}),
        ("acknowledge", {}),
        ("resolve", {"#id_note": "已修复", "#id_photos": str(photo)}),
        ("inspect", {"#id_reply": "水管已修复，感谢反映。"}),
        ("close", {}),
    ]:
        go_there(page, f"**/{verb}/")
        assert not visitor.is_wider_than_the_screen(), verb
        for selector, value in fields.items():
            give(page, selector, value)
        with page.expect_navigation():
            page.locator("#act-form button[type=submit]").click()

    go_there(page, "**/track/**")
    expect(page.locator(".tour")).to_contain_text("8")
    page.locator("#answer [name=solved][value=yes]").check()
    page.locator("#answer button").last.click()
    page.wait_for_load_state("networkidle")
    case = Case.objects.get()
    assert (case.state, case.reports.get().solved) == (State.CLOSED, True)
    page.locator("form[action='/demo/tour/end/'] button").click()
    expect(page.locator(".tour")).to_have_count(0)


def go_there(page: Page, address: str) -> None:
    """The tour's own button, which is there unless this is the page already."""
    page.locator("form[action='/demo/tour/go-on/'] button").click()
    page.wait_for_url(address)


def give(page: Page, selector: str, value: str) -> None:
    field = page.locator(selector)
    kind = field.evaluate("field => field.type")
    if kind == "file":
        field.set_input_files(value)
        expect(page.locator(".photo-choices img")).to_have_count(1)
    elif kind.startswith("select"):
        field.select_option(value)
    else:
        field.fill(value)
