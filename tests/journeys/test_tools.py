"""The desk's tools in a browser: several cases at once, views, exports, standard replies, photos in doubt."""

import io

import pytest
from playwright.sync_api import expect
from python_calamine import load_workbook

from bihuan.cases import actions
from bihuan.cases.exporting import write_export
from bihuan.cases.models import Case, Export, SavedView
from bihuan.core.clock import now
from bihuan.files.actions import accept_upload
from bihuan.files.tests.samples import jpeg, upload


def ticks(page, cases):
    for case in cases:
        page.locator(f"input[name=case][value='{case.number}']").check()


def faultless(visitor):
    assert visitor.faults_for_disabled_people() == []
    assert not visitor.is_wider_than_the_screen()


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_five_cases_are_assigned_at_once_and_one_is_refused(visit, cast, make_case, width) -> None:
    cases = [make_case(at="filed") for _ in range(4)]
    taken = make_case(at="filed")
    visitor = visit(cast.dispatcher, width=width)
    page = visitor.go("/cases/?state=filed")
    actions.assign_case(taken, by=cast.district_dispatcher, unit=cast.works)  # meanwhile, by somebody else
    ticks(page, [*cases, taken])
    expect(page.locator("[data-ticks-count]")).to_have_text("5")
    faultless(visitor)
    page.locator("#batch-do").select_option("assign")
    page.locator("#batch button").click()
    page.wait_for_url("**/cases/batch/?*")
    faultless(visitor)
    expect(page.locator(".batch-list .field-error")).to_contain_text("待签收")
    page.locator("#id_unit").select_option(str(cast.bureau.pk))
    page.locator(".act-form button[type=submit]").click()
    page.wait_for_url("**/batches/*/")
    faultless(visitor)
    main = page.locator("main")
    expect(main).to_contain_text(taken.number)
    expect(main.locator(".field-error")).to_have_count(1)
    assert Case.objects.filter(unit=cast.bureau, state="assigned").count() == 4
    taken.refresh_from_db()
    assert taken.unit == cast.works


def test_it_works_without_script(visit, cast, make_case) -> None:
    cases = [make_case(at="assigned") for _ in range(2)]
    page = visit(cast.handler, scripts=False).go("/cases/?state=assigned")
    ticks(page, cases)
    page.locator("#batch-do").select_option("acknowledge")
    page.locator("#batch button").click()
    page.locator(".act-form button[type=submit]").click()
    page.wait_for_url("**/batches/*/")
    assert Case.objects.filter(state="handling").count() == 2


def test_ticks_on_the_desk_outlast_its_renewal(visit, cast, make_case) -> None:
    cases = [make_case(at="assigned") for _ in range(3)]
    page = visit(cast.handler).go("/desk/")
    ticks(page, cases[:2])
    page.locator("h1").click()  # the hand leaves the box; the desk would renew itself now
    Case.objects.filter(pk=cases[2].pk).update(changed_at=now())
    page.wait_for_timeout(11_000)
    expect(page.locator("input[name=case]:checked")).to_have_count(2)
    page.locator("#batch-acknowledge button").click()
    page.wait_for_url("**/cases/batch/?*")
    expect(page.locator(".batch-list li")).to_have_count(2)


def test_filters_are_saved_and_opened_from_the_desk(visit, cast, make_case) -> None:
    case = make_case(at="filed")
    make_case(at="handling")
    visitor = visit(cast.dispatcher)
    page = visitor.go("/cases/?state=filed")
    page.locator(".chips a[href*='/views/save/']").click()
    page.fill("#id_name", "待交办案件")
    page.locator("#id_audience").select_option(f"area-{cast.places.street.pk}")
    faultless(visitor)
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/cases/?state=filed")
    assert SavedView.objects.get().area == cast.places.street

    colleague = visit(cast.clerk, width="phone")
    page = colleague.go("/desk/")
    page.locator(".saved-views a", has_text="待交办案件").click()
    page.wait_for_url("**/cases/?state=filed")
    expect(page.locator(".case-rows tbody tr")).to_have_count(1)
    expect(page.locator(".case-rows")).to_contain_text(case.number)
    faultless(colleague)


def test_a_list_is_exported_fetched_and_read(visit, cast, make_case) -> None:
    cases = [make_case(at="filed") for _ in range(3)]
    make_case(at="handling")
    visitor = visit(cast.clerk)
    page = visitor.go("/cases/?state=filed")
    page.locator("form[action='/exports/ask/'] button").click()
    page.wait_for_url("**/exports/")
    expect(page.locator(".export progress")).to_be_visible()
    faultless(visitor)
    write_export(Export.objects.get().pk)  # as a worker does
    button = page.locator("form[action$='/fetch/'] button")
    expect(button).to_be_visible(timeout=20_000)
    with page.expect_download() as download:
        button.click()
    content = download.value.path().read_bytes()
    book = load_workbook(io.BytesIO(content))
    rows = book.get_sheet_by_name(book.sheet_names[0]).to_python()
    assert rows[0][0] == "编号"
    assert [row[0] for row in rows[1:]] == [case.number for case in reversed(cases)]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_standard_reply_is_used_and_changed(visit, cast, make_case, scripts) -> None:
    case = make_case(at="resolved")
    actions.write_reply(
        "感谢反映", by=cast.dispatcher, text="案件{number}已由{unit}办理，感谢{reporter}。", verb="inspect",
        area=cast.places.street,
    )  # fmt: skip
    visitor = visit(cast.inspector, scripts=scripts)
    page = visitor.go(f"/cases/{case.number}/inspect/")
    page.fill("#id_reply", "我自己写的答复")
    page.fill("#id_note", "内部说明")
    page.locator(".replies summary").click()
    page.locator(".reply-offer").click()
    expect(page.locator(".reply-asks")).to_be_visible()
    assert page.input_value("#id_reply") == "我自己写的答复"
    if scripts:
        faultless(visitor)
    page.locator("[name=use_reply][value$=':below']").click()
    expect(page.locator("#id_reply")).to_have_value(
        f"我自己写的答复\n案件{case.number}已由城市管理局办理，感谢反映人。"
    )
    assert page.input_value("#id_note") == "内部说明"
    page.locator("#act-form form > .btn-list button").first.click()
    page.wait_for_url(f"**/cases/{case.number}/")
    case.refresh_from_db()
    assert case.state == "inspected" and case.reply.endswith("感谢反映人。")


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_an_inspector_sees_a_reused_photo(visit, cast, make_case, settle, width) -> None:
    photo = accept_upload(upload(jpeg(seed=7)))
    first = make_case.report(photos=[photo]).case
    case = make_case(at="handling")
    actions.resolve_case(case, by=cast.handler, note="已修复", photos=[photo])
    settle()
    visitor = visit(cast.inspector, width=width)
    page = visitor.go(f"/cases/{case.number}/inspect/")
    doubt = page.locator(".doubt")
    expect(doubt).to_contain_text(first.number)
    expect(doubt.locator("img")).to_have_count(2)
    faultless(visitor)
    page.fill("#id_reply", "已修复")
    page.locator("#act-form form > .btn-list button").first.click()
    expect(page.locator("#act-form .is-wrong")).to_have_count(1)
    page.fill("#id_doubt_note", "同一施工点的照片，现场已修复")
    page.locator("#act-form form > .btn-list button").first.click()
    page.wait_for_url(f"**/cases/{case.number}/")
    case.refresh_from_db()
    assert (case.state, case.doubts.get().passed) == ("inspected", True)
    page = visit(cast.handler).go(f"/cases/{case.number}/")
    expect(page.locator(".doubt")).to_have_count(0)
