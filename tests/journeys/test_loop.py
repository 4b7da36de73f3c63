"""The loop once round by eight people at eight browsers, and the ways on which a case turns back."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bihuan.accounts.tests.factories import make_person
from bihuan.cases.models import Case, State
from bihuan.files.tests.samples import jpeg
from bihuan.territory.tests.factories import make_place
from tests.journeys.conftest import Visitor

WORDS = "三号楼前的绿地被人开垦成了菜园，泥土流到路上。"


@pytest.fixture
def photo(tmp_path: Path) -> Callable[[int], str]:
    """`photo(2)`: the path of a photo as phones take them."""

    def take(seed: int) -> str:
        path = tmp_path / f"IMG_{seed:04}.jpg"
        path.write_bytes(jpeg(seed=seed))
        return str(path)

    return take


@pytest.fixture
def compound(places: Any) -> Any:
    lon, lat = places.inside
    return make_place("良苑小区", area=places.community, lon=lon, lat=lat)


def waiting(visitor: Visitor, verb: str) -> int:
    """How many cases wait on somebody's desk for this verb."""
    return visitor.go("/desk/").locator(f"#group-{verb} .work-row").count()


def act(visitor: Visitor, case: Case, verb: str, fill: Callable[[Any], None] = lambda form: None) -> Page:
    """Press the verb's button on the case page, fill in its form, send it."""
    page = visitor.go(f"/cases/{case.number}/")
    page.locator(f".case-acts a[href$='/{verb}/']").click()
    form = page.locator("#act-form form[data-draft]")
    form.wait_for()
    fill(form)
    with page.expect_navigation():
        form.locator("button[type=submit]").click()
    return page


def test_once_round_by_eight_people(visit, cast, photo, compound, working) -> None:
    reporter = visit(width="phone")  # a resident without an account
    clerk, dispatcher, handler = visit(cast.clerk), visit(cast.dispatcher), visit(cast.handler)
    inspector, supervisor, leader = visit(cast.inspector), visit(cast.supervisor), visit(cast.leader)
    grid_worker = visit(cast.grid_worker, width="phone")
    assert waiting(clerk, "file") == 0  # this desk stays open: what comes must show without a reload

    page = reporter.go("/report/")
    page.fill("#id_words", WORDS)
    page.set_input_files("#id_photos", photo(1))
    expect(page.locator(".photo-choices img")).to_have_count(1)
    page.locator("#id_address").press_sequentially("liangyuan")
    page.get_by_role("option", name="良苑小区").first.click()
    assert page.input_value("#id_lon")
    page.fill("#id_phone", "138 0000 0001")
    page.check("#id_may_call")
    page.locator("main form button:not([type])").last.click()
    page.wait_for_url("**/received/")
    code = page.locator("#code").inner_text()
    case = Case.objects.get()
    assert (case.state, case.place) == (State.REPORTED, compound)
    expect(page.locator("main")).to_contain_text(case.number)

    expect(clerk.page.locator("#group-file .work-row")).to_have_count(1, timeout=25_000)  # live
    expect(clerk.page.locator("#group-file")).to_contain_text("三号楼")

    on_screen = visit(cast.supervisor).go(f"/cases/{case.number}/")  # stays open the whole time

    act(clerk, case, "file", lambda form: form.locator("#id_matter").select_option(str(cast.plots.pk)))
    assert waiting(clerk, "file") == 0
    expect(on_screen.locator(".case-now")).to_contain_text("待交办", timeout=25_000)  # live as well

    assert waiting(dispatcher, "assign") == 1
    act(dispatcher, case, "assign", lambda form: form.locator("#id_unit").select_option(str(cast.bureau.pk)))
    assert waiting(dispatcher, "assign") == 0

    expect(handler.go("/inbox/").locator("main")).to_contain_text("三号楼", timeout=15_000)
    expect(handler.page.locator(".topbar [data-live]")).to_have_text(re.compile(r"^\D*1\D*$"))  # at the bell
    assert waiting(handler, "acknowledge") == 1
    act(handler, case, "acknowledge")
    assert waiting(handler, "resolve") == 1

    def resolve(form: Any) -> None:
        form.locator("#id_note").fill("菜地已清理，补种了草皮。")
        form.locator("#id_photos").set_input_files(photo(2))
        expect(form.locator(".photo-choices img")).to_have_count(1)

    act(handler, case, "resolve", resolve)
    assert waiting(handler, "resolve") == 0

    assert waiting(inspector, "inspect") == 1
    page = inspector.go(f"/cases/{case.number}/")
    expect(page.locator("[data-compare]")).to_be_visible()  # before and after
    act(inspector, case, "inspect", lambda form: form.locator("#id_reply").fill("菜地已复绿，感谢您的反映。"))
    assert waiting(inspector, "inspect") == 0

    def call(form: Any) -> None:
        form.page.locator("#act-form .contact button").first.click()  # a look that is recorded
        expect(form.page.locator("#act-form .call")).to_contain_text("13800000001")
        form.locator("[name=answered][value=yes]").check()
        form.locator("[name=solved][value=yes]").check()

    assert waiting(clerk, "call-back") + waiting(clerk, "call_back") == 1
    act(clerk, case, "call-back", call)
    case.refresh_from_db()
    assert case.state == State.CLOSED

    page = reporter.go(f"/track/{code}/")
    expect(page.locator("main")).to_contain_text("菜地已复绿")
    expect(page.locator("#answer")).to_be_visible()
    page.locator("#answer [name=solved][value=yes]").check()
    page.locator("#answer [name=satisfaction][value=satisfied]").check()
    page.locator("#answer button").last.click()
    page.wait_for_load_state("networkidle")
    assert page.locator("#answer").count() == 0
    case.refresh_from_db()
    assert (case.state, case.satisfaction) == (State.CLOSED, "satisfied")

    expect(leader.go(f"/cases/{case.number}/").locator(".case-now")).to_contain_text("已结案")
    assert leader.page.locator(".case-acts a").count() == 0
    assert supervisor.go("/cases/?show=open").locator("main").inner_text().count(case.number) == 0
    assert waiting(grid_worker, "verify") == 0


def test_rework_and_return_lead_back(visit, cast, make_case, working) -> None:
    case = make_case("resolved")
    act(visit(cast.inspector), case, "rework", lambda form: form.locator("#id_reason").fill("路面仍有积水"))
    handler = visit(cast.handler)
    assert waiting(handler, "resolve") == 1
    expect(handler.page.locator("#group-resolve")).to_contain_text("返工")
    page = handler.go(f"/cases/{case.number}/")
    expect(page.locator(".case-story")).to_contain_text("路面仍有积水")

    other = make_case("assigned")

    def turn_back(form: Any) -> None:
        form.locator("#id_right_unit").select_option(str(cast.works.pk))
        form.locator("#id_reason").fill("属于房屋维修")

    act(handler, other, "return", turn_back)
    assert waiting(handler, "acknowledge") == 0
    dispatcher = visit(cast.dispatcher)
    assert waiting(dispatcher, "assign") == 1
    expect(dispatcher.go(f"/cases/{other.number}/").locator(".case-story")).to_contain_text("属于房屋维修")


def test_who_comes_second_is_refused_with_a_sentence(visit, cast, make_case) -> None:
    """Two clerks have the same form open; the second one reads why it no longer works, and nothing breaks."""
    case = make_case("reported")
    second = make_person("第二受理员", username="clerk2", duties=[("clerk", cast.places.street)])
    forms = []
    for person in (cast.clerk, second):
        page = visit(person).go(f"/cases/{case.number}/")
        page.locator(".case-acts a[href$='/file/']").click()
        page.locator("#act-form form").wait_for()
        page.locator("#act-form #id_matter").select_option(str(cast.pipes.pk))
        forms.append(page)
    with forms[0].expect_navigation():
        forms[0].locator("#act-form button[type=submit]").click()
    forms[1].locator("#act-form button[type=submit]").click()
    expect(forms[1].locator("[data-refusals]:not(:empty)").first).to_contain_text("待交办")
    case.refresh_from_db()
    assert case.state == State.FILED


def test_a_case_is_filed_with_the_keyboard_alone(visit, cast, make_case) -> None:
    case = make_case("reported")
    page = visit(cast.clerk).go("/desk/")

    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()

    tab_to(page, "#group-file .work-do a")
    page.keyboard.press("Enter")
    page.locator("#act-form form").wait_for()
    tab_to(page, "#id_matter")
    page.keyboard.press("ArrowDown")
    while page.input_value("#id_matter") != str(cast.pipes.pk):
        before = page.input_value("#id_matter")
        page.keyboard.press("ArrowDown")
        assert page.input_value("#id_matter") != before, "the end of the list"
    tab_to(page, "#act-form button[type=submit]")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    case.refresh_from_db()
    assert (case.state, case.matter) == (State.FILED, cast.pipes)


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the first such element has the focus."""
    wanted = page.locator(selector).first
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"No way with Tab to {selector}")
