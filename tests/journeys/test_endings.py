"""How cases end otherwise: three reports of one leak, an upheld appeal, a backlog that is reviewed."""

from datetime import timedelta

from playwright.sync_api import expect

from bihuan.cases import actions
from bihuan.cases.models import Case, State
from bihuan.core.clock import now, travel
from tests.journeys.test_loop import act

TRACK = "/track/{}/"


def say(page, answer: str, rating: str) -> None:
    """Answer on a tracking page."""
    page.locator(f"#answer [name=solved][value={answer}]").check()
    page.locator(f"#answer [name=satisfaction][value={rating}]").check()
    with page.expect_navigation():
        page.locator("#answer form button").last.click()


def test_three_reports_of_one_leak(visit, cast, make_case, working) -> None:
    said = ("三号楼水管爆裂，水流了一地。", "三号楼前水管漏水，请维修。", "路上都是水，三号楼水管坏了。")
    reports = [make_case.report(by=None, words=words) for words in said]
    first = reports[0].case
    clerk = visit(cast.clerk)
    for report in reports[1:]:
        page = clerk.go(f"/cases/{report.case.number}/")
        expect(page.locator(".case-alike")).to_contain_text(first.number)
        page.locator(".case-alike .work-row", has_text=first.number).get_by_role("link").last.click()
        expect(page.locator("main")).to_contain_text(report.words)
        expect(page.locator("main")).to_contain_text(first.words)
        assert clerk.faults_for_disabled_people() == []
        with page.expect_navigation():
            page.locator("main form button").click()
    page = clerk.go(f"/cases/{first.number}/")
    expect(page.locator(".case-merged .list-group-item")).to_have_count(2)
    page.locator(".case-merged summary").first.click()
    assert clerk.faults_for_disabled_people() == []
    assert not clerk.is_wider_than_the_screen()

    case = Case.objects.get(pk=first.pk)
    for step in ("file", "assign", "acknowledge", "resolve", "inspect", "close"):
        case = getattr(make_case, step)(case, cast.pipes)

    answers = [("yes", "satisfied"), ("yes", "fairly"), ("no", "dissatisfied")]
    for report, (answer, rating) in zip(reports, answers, strict=True):
        resident = visit(width="phone")
        page = resident.go(TRACK.format(report.tracking_code))
        expect(page.locator("main")).to_contain_text(report.words)
        expect(page.locator("main")).to_contain_text(report.own_case.title)
        assert resident.faults_for_disabled_people() == []
        assert not resident.is_wider_than_the_screen()
        say(page, answer, rating)
    case.refresh_from_db()
    assert (case.state, case.reopened) == (State.HANDLING, True), "one “not solved” is enough"


def test_an_appeal_is_upheld(visit, cast, make_case, working) -> None:
    case = make_case(at="declined")
    report = case.reports.get()
    resident = visit(width="phone")
    page = resident.go(TRACK.format(report.tracking_code))
    page.locator("#ask-appeal summary").click()
    page.locator("#ask-appeal textarea").fill("就在三号楼前，一直在漏水。")
    assert resident.faults_for_disabled_people() == []
    with page.expect_navigation():
        page.locator("#ask-appeal button").click()
    expect(page.locator("#appeal .status")).to_be_visible()

    judge = visit(cast.district_dispatcher)
    page = judge.go("/appeals/")
    expect(page.locator("main")).to_contain_text("一直在漏水")
    assert judge.faults_for_disabled_people() == []
    page.locator("main a.btn-primary").click()
    page.locator("[name=upheld][value=yes]").check()
    page.fill("#id_ruling", "现场确有漏水，应当受理。")
    assert judge.faults_for_disabled_people() == []
    with page.expect_navigation():
        page.locator("#act-form button[type=submit]").click()
    case.refresh_from_db()
    assert case.state == State.REPORTED

    page = resident.go(TRACK.format(report.tracking_code))
    expect(page.locator("#appeal")).to_contain_text("现场确有漏水，应当受理。")
    assert not resident.is_wider_than_the_screen()


def test_a_backlog_is_reviewed(visit, cast, make_case, working) -> None:
    with travel(now() - timedelta(days=100)):
        case = make_case(at="backlog")
    actions.take_due_steps()
    district = visit(cast.district_dispatcher)
    page = district.go("/backlog/")
    expect(page.locator("main")).to_contain_text("等待管网改造")
    assert district.faults_for_disabled_people() == []
    assert not district.is_wider_than_the_screen()

    def review(form) -> None:
        form.locator("[name=kept][value=no]").check()
        form.locator("#id_reason").fill("管网改造已完成。")

    act(district, case, "review-backlog", review)
    case.refresh_from_db()
    assert (case.state, case.waits_because) == (State.HANDLING, "")
    page = visit(width="phone").go(TRACK.format(case.reports.get().tracking_code))
    expect(page.locator("main")).to_contain_text("管网改造已完成。")
