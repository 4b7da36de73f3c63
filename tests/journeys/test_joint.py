"""Several units at one case: a lead and two that assist; a whistle from the call to the department's word."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bihuan.accounts.tests.factories import make_person, make_unit
from bihuan.cases.models import Case, State
from bihuan.files.tests.samples import jpeg
from tests.journeys.conftest import Visitor
from tests.journeys.test_loop import act, waiting


@pytest.fixture
def helper(cast: Any) -> Any:
    """Somebody who handles cases for the water company."""
    unit = make_unit("供水公司", code="GS", name_en="Water Company")
    return make_person("供水承办人", username="helper", duties=[("handler", unit)])


def looked_at(visitor: Visitor) -> None:
    """What holds for every page: it fits the screen, and everybody can use it."""
    assert not visitor.is_wider_than_the_screen()
    assert visitor.faults_for_disabled_people() == []


def press(visitor: Visitor, address: str, fill: Callable[[Any], None] = lambda form: None) -> Page:
    """The button on the page that leads to an address ending so; its form filled in and sent."""
    page = visitor.page
    page.locator(f"main a[href$='{address}']").first.click()
    form = page.locator("#act-form form")
    form.wait_for()
    fill(form)
    with page.expect_navigation():
        form.locator("button[type=submit]").click()
    return page


def name_assisting(row: int, unit: Any, task: str, limit: str = "") -> Callable[[Any], None]:
    """Open one more row of the form and fill it in."""

    def fill(form: Any) -> None:
        form.locator(f"details.assist:has(> .assist-fields #id_assist_{row}_unit) > summary").click()
        form.locator(f"#id_assist_{row}_unit").select_option(str(unit.pk))
        form.locator(f"#id_assist_{row}_task").fill(task)
        form.locator(f"#id_assist_{row}_limit").fill(limit)

    return fill


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_lead_and_two_units_that_assist(
    visit, cast, make_case, helper, working, tmp_path: Path, language: str
) -> None:
    photo = tmp_path / "after.jpg"
    photo.write_bytes(jpeg())
    water = helper.duties.get().unit
    case = make_case(at="filed")
    dispatcher, lead = visit(cast.dispatcher, language=language), visit(cast.handler, language=language)
    inspector = visit(cast.inspector, language=language)
    works = visit(cast.stranger, width="phone", language=language)
    pipes = visit(helper, width="phone", language=language)

    def assign(form: Any) -> None:
        form.locator("#id_unit").select_option(str(cast.bureau.pk))
        name_assisting(1, cast.works, "关闭三号楼前的阀门", "4h")(form)
        name_assisting(2, water, "更换破裂的管道")(form)
        looked_at(dispatcher)

    act(dispatcher, case, "assign", assign)
    expect(dispatcher.page.locator(".case-joint .list-group-item")).to_have_count(3)
    looked_at(dispatcher)
    act(lead, case, "acknowledge")
    expect(lead.page.locator(".case-now [data-code='case.assistance_open']")).to_be_visible()

    for visitor, words in ((works, "阀门已关闭。"), (pipes, "管道已更换，试水正常。")):
        assert waiting(visitor, "acknowledge_assistance") == 1
        looked_at(visitor)
        press(visitor, "/acknowledge/?from=desk")
        page = visitor.go(f"/cases/{case.number}/")
        expect(page.locator(".case-ours")).to_be_visible()
        looked_at(visitor)

        def finish(form: Any, visitor: Visitor = visitor, words: str = words) -> None:
            form.locator("#id_note").fill(words)
            form.locator("#id_photos").set_input_files(str(photo))
            expect(form.locator(".photo-choices img")).to_have_count(1)
            looked_at(visitor)

        press(visitor, "/finish/", finish)
        expect(visitor.page.locator(".case-ours")).to_contain_text(words)
        assert waiting(visitor, "finish_assistance") == 0

    expect(lead.go("/inbox/").locator("main")).to_contain_text(case.title, timeout=15_000)
    act(lead, case, "resolve", lambda form: form.locator("#id_note").fill("水管已修复，路面已恢复。"))
    act(inspector, case, "inspect", lambda form: form.locator("#id_reply").fill("水管已修复，感谢反映。"))
    case.refresh_from_db()
    assert (case.state, case.parts_open) == (State.INSPECTED, 0)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_whistle_from_the_call_to_the_departments_word(
    visit, cast, make_case, helper, working, language: str
) -> None:
    water = helper.duties.get().unit
    case = make_case(at="filed")
    dispatcher = visit(cast.dispatcher, language=language)
    works = visit(cast.stranger, width="phone", language=language)

    def whistle(form: Any) -> None:
        form.locator("#id_question").fill("爆裂的管道归谁维修、谁出资？")
        for unit in (cast.works, water):
            form.locator(f"input[name=units][value='{unit.pk}']").check()
        form.locator("#id_emergency").check()
        form.locator("#id_meet_where").fill("三号楼前")
        looked_at(dispatcher)

    act(dispatcher, case, "whistle", whistle)
    expect(dispatcher.page.locator(".case-joint")).to_contain_text("三号楼前")
    looked_at(dispatcher)

    assert waiting(works, "answer_whistle") == 1
    looked_at(works)

    def answer(form: Any) -> None:
        form.locator("[name=comes][value=yes]").check()
        form.locator("#id_sends").fill("市政科科长")
        looked_at(works)

    press(works, "/answer/?from=desk", answer)
    page = works.go(f"/cases/{case.number}/")
    expect(page.locator(".case-ours")).to_contain_text("三号楼前")
    looked_at(works)
    press(works, "/attend/")

    assert waiting(dispatcher, "rule_whistle") == 1

    def rule(form: Any) -> None:
        form.locator("#id_ruling").fill("供水公司主办，住建局配合开挖路面。")
        form.locator("#id_unit").select_option(str(water.pk))
        name_assisting(1, cast.works, "开挖并恢复路面")(form)
        looked_at(dispatcher)

    act(dispatcher, case, "rule-whistle", rule)
    case.refresh_from_db()
    assert (case.state, case.unit, case.parts_open) == (State.ASSIGNED, water, 1)

    assert waiting(dispatcher, "rate_department") == 2

    def rate(form: Any) -> None:
        form.locator("[name=rating][value='4']").check()
        form.locator("#id_words").fill("接哨后二十分钟到场。")
        looked_at(dispatcher)

    page = dispatcher.go("/desk/")
    page.locator("#group-rate_department .work-row", has_text=case.title).first.wait_for()
    press(dispatcher, "/rate/?from=desk", rate)

    page = works.go(f"/cases/{case.number}/")
    expect(page.locator(".case-ours").last).to_contain_text("接哨后二十分钟到场。")
    looked_at(works)
    press(works, "/answer-rating/", lambda form: form.locator("#id_words").fill("今后做到随叫随到。"))
    expect(works.page.locator(".case-ours").last).to_contain_text("今后做到随叫随到。")
    assert Case.objects.get(pk=case.pk).whistles.get().calls.get(unit=cast.works).reply
