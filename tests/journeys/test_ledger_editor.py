"""A clerk who never saw a workbook builds a ledger on a page, with the keyboard alone, and reads it back."""

from io import BytesIO
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bihuan.ledgers import actions
from bihuan.ledgers.definition import Field, Words, read_workbook
from bihuan.ledgers.definition.editing import Put
from bihuan.ledgers.models import Edition, LedgerDraft
from bihuan.ledgers.queries.drafts import draft_of
from bihuan.ledgers.tests.factories import plots
from tests.journeys.conftest import DESK, PHONE


def press(page: Page, selector: str) -> None:
    """Go there and press Enter, as somebody without a mouse; another page follows."""
    page.locator(selector).first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, **boxes: str) -> None:
    for name, text in boxes.items():
        page.locator(f"#id_{name}").focus()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(text)


def tick(page: Page, name: str, value: str) -> None:
    page.locator(f"input[name={name}][value='{value}']").focus()
    page.keyboard.press("Space")


def send(page: Page) -> None:
    press(page, ".part-form button.btn-primary")


def faultless(visitor: Any) -> None:
    assert visitor.faults_for_disabled_people() == []
    assert not visitor.is_wider_than_the_screen()


def test_a_clerk_builds_a_small_ledger(visit: Any, cast: Any) -> None:
    visitor = visit(cast.clerk)
    page = visitor.go("/ledgers/kinds/blank/")
    write(page, name_zh="路灯排查", code="lamps")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ledgers/kinds/blank/edit/")
    expect(page.locator(".draft-faults li")).to_have_count(2)  # neither fields nor steps
    faultless(visitor)

    press(page, "#fields .card-actions a")
    faultless(visitor)
    press(page, "a[href*='type=text']")
    write(page, label_zh="灯杆编号", name="pole")
    press(page, "button[name=again]")
    press(page, "a[href*='type=select_one']")
    write(page, label_zh="状况", name="state", choices="ok = 正常\nbroken = 不亮")
    faultless(visitor)
    send(page)
    expect(page.locator("#field-state")).to_contain_text("不亮")
    press(page, "#fields .card-actions a")
    press(page, "a[href*='type=image']")
    write(page, label_zh="修复后照片", name="after")
    page.locator("#id_relevant").focus()
    page.keyboard.type("${state} = ")
    expect(page.locator("#check-relevant .field-error")).to_be_visible()
    page.keyboard.type("'broken'")
    expect(page.locator("#check-relevant .expression-right")).to_contain_text("状况")
    send(page)

    press(page, "#steps .card-actions a")
    write(page, name_zh="排查", code="survey")
    tick(page, "who", "grid_worker")
    send(page)
    press(page, "#steps .card-actions a")
    write(page, name_zh="修复", code="repair", amount="5")
    tick(page, "who", "team")
    tick(page, "evidence", "after")
    faultless(visitor)
    send(page)
    expect(page.locator("#steps .draft-row")).to_have_count(2)
    page.set_viewport_size(PHONE)
    press(page, "a[href$='/edit/preview/survey/']")
    page.locator("input[type=radio][value=ok]").check()
    expect(page.locator("[data-field=after]")).to_be_hidden()
    page.locator("input[type=radio][value=broken]").check()
    expect(page.locator("[data-field=after]")).to_be_visible()
    faultless(visitor)
    page.set_viewport_size(DESK)
    page = visitor.go("/ledgers/kinds/blank/edit/")
    press(page, "#figures .card-actions a")
    write(page, name_zh="不亮的灯", code="broken", unit="盏", target="12")
    page.locator("#id_where").focus()
    page.locator("details.builder summary").first.focus()
    page.keyboard.press("Enter")
    page.locator("#id_build_where-field").select_option("state")
    page.locator("#id_build_where-value").focus()
    page.keyboard.type("不亮")
    press(page, "button[name=build]")
    expect(page.locator("#id_where")).to_have_value("${state} = 'broken'")
    send(page)
    expect(page.locator(".draft-whole")).to_be_visible()
    faultless(visitor)

    page.locator("#down-field-pole").focus()
    page.keyboard.press("Enter")  # with script only the section is renewed
    expect(page.locator("#fields .draft-row").first).to_have_attribute("id", "field-state")
    press(page, "a[href$='/edit/keep/']")
    faultless(visitor)
    write(page, note="第一版")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ledgers/kinds/lamps/")

    edition = Edition.objects.get()
    assert (edition.ledger.code, edition.note) == ("lamps", "第一版")
    assert [one.name for one in edition.definition.fields] == ["state", "pole", "after"]
    assert edition.definition.step("survey").next == ("repair",)
    assert not LedgerDraft.objects.exists()
    with page.expect_download() as told:
        page.locator("a[href$='/workbook/1/']").first.click()
    content = told.value.path().read_bytes()
    assert read_workbook(BytesIO(content), "lamps.xlsx") == edition.definition


def test_it_works_without_script_on_a_phone(visit: Any, cast: Any) -> None:
    ledger = actions.keep_ledger(plots(), by=cast.clerk, area=cast.places.street).ledger
    visitor = visit(cast.clerk, width="phone", scripts=False)
    page = visitor.go(f"/ledgers/kinds/{ledger.code}/edit/")
    page.locator("#down-field-owner").click()
    page.wait_for_url("**/edit/**")
    assert [one.name for one in draft_of(cast.clerk, ledger.code).definition.fields][:2] == [
        "reason",
        "owner",
    ]
    page.locator("#field-owner a.draft-what").click()
    page.locator("details.builder summary").first.click()
    page.locator("#id_build_relevant-field").select_option("reason")
    page.locator("#id_build_relevant-how").select_option("filled")
    page.locator("button[name=build][value=relevant]").click()
    assert page.locator("#id_relevant").input_value() == "${reason} != ''"
    page.locator("#id_label_zh").fill("")
    page.locator("#id_label_en").fill("")
    page.locator(".part-form button.btn-primary").click()
    expect(page.locator(".field-error").first).to_be_visible()
    page.locator("#id_label_zh").fill("种菜的人")
    page.locator(".part-form button.btn-primary").click()
    page.wait_for_url("**/edit/#field-owner")
    assert draft_of(cast.clerk, ledger.code).definition.find("owner").relevant == "${reason} != ''"


def test_two_people_lose_nothing(visit: Any, cast: Any) -> None:
    ledger = actions.keep_ledger(plots(), by=cast.clerk, area=cast.places.street).ledger
    for person, name in ((cast.clerk, "tree"), (cast.dispatcher, "pot")):
        draft = draft_of(person, ledger.code)
        actions.change_draft(draft, by=person, edit=Put("field", Field(name, "text", Words(name))))
    first, second = visit(cast.clerk), visit(cast.dispatcher)
    page = first.go(f"/ledgers/kinds/{ledger.code}/edit/")
    expect(page.locator(".notice").first).to_contain_text(cast.dispatcher.label)
    press(page, "a[href$='/edit/keep/']")
    press(page, "main form button.btn-primary")
    page = second.go(f"/ledgers/kinds/{ledger.code}/edit/")
    expect(page.locator(".notice").first).to_contain_text("tree")
    faultless(second)
    press(page, "form[action$='/rebase/'] button")
    page.wait_for_url("**/edit/keep/")
    expect(page.locator(".kind-changes li")).to_have_count(2)
    faultless(second)
    press(page, "main form button.btn-primary")
    assert [one.number for one in Edition.objects.order_by("number")] == [1, 2, 3]


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_what_is_wrong_leads_to_its_place(visit: Any, cast: Any, width: str) -> None:
    ledger = actions.keep_ledger(plots(), by=cast.clerk, area=cast.places.street).ledger
    wrong = Field("owner", "text", Words("种菜人"), constraint=". >", relevant="${nobody} = 1")
    draft = draft_of(cast.clerk, ledger.code)
    actions.change_draft(draft, by=cast.clerk, edit=Put("field", wrong, "owner"))
    visitor = visit(cast.clerk, width=width)
    page = visitor.go(f"/ledgers/kinds/{ledger.code}/edit/")
    expect(page.locator(".draft-faults li")).to_have_count(2)
    faultless(visitor)
    press(page, ".draft-faults a >> nth=1")
    expect(page.locator(".notice li")).to_have_count(2)
    faultless(visitor)
    page = visitor.go(f"/ledgers/kinds/{ledger.code}/edit/field/size/")
    expect(page.locator(".refused-why")).to_be_visible()  # figures and a calculation use it
    faultless(visitor)
