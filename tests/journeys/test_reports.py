"""The evening summary appears by itself, is read, downloaded and opened; experience goes to another area."""

import io
from collections.abc import Callable
from datetime import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from docx import Document

from bihuan.cases.tests.factories import make_cast, make_ground
from bihuan.core.clock import today, travel
from bihuan.ledgers import actions
from bihuan.ledgers.models import Campaign
from bihuan.ledgers.tests.factories import CampaignMaker, ItemMaker, people_of, plots, step_changed
from bihuan.reports.actions import write_remark
from bihuan.reports.background import make_reports
from bihuan.reports.models import Report, ReportTemplate
from bihuan.reports.tests import making
from bihuan.reports.writing.periods import moment_of
from tests.journeys.conftest import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def cast(transactional_db: None) -> Any:
    return make_cast(make_ground())


@pytest.fixture
def gardens(transactional_db: None, cast: Any) -> Any:
    """A campaign in which something was done today, something is blocked and something overdue."""
    force = people_of(cast)
    make_campaign = CampaignMaker(cast, force)
    definition = step_changed(plots(), "survey", limit="1d", calendar="natural")
    with travel(moment_of(today(), time(9))):
        campaign = make_campaign(definition=definition, summary_at=time(18))
        make_item = ItemMaker(cast, force, make_campaign)
        make_item(campaign=campaign, at="clear", answers={"owner": "王某", "plots": [{"size": "28"}]})
        blocked, _rest = (make_item(campaign=campaign) for _ in range(2))
        actions.block_item(blocked, by=force.member, why="外出务工，联系不上")
        write_remark(campaign, by=cast.clerk, document="day", text="明日继续清运，三月底前复绿。")
    return SimpleNamespace(campaign=campaign, force=force)


def faultless(visitor: Visitor) -> None:
    assert visitor.faults_for_disabled_people() == []
    assert not visitor.is_wider_than_the_screen()


def fetched(page: Any, name: str) -> tuple[str, bytes]:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).first.click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def test_the_evening_summary_is_downloaded_opened_and_read_back(
    visit: Visit, gardens: Any, cast: Any, settle: Callable[[], int]
) -> None:
    with travel(moment_of(today(), time(18))):
        make_reports()
        make_reports()
        settle()
    report = Report.objects.get()
    clerk = visit(cast.clerk, language="en")
    page = clerk.go("/inbox/")
    assert page.get_by_text("The report is there").count()
    page = clerk.go(f"/reports/{gardens.campaign.number}/")
    faultless(clerk)
    page.get_by_role("link", name="daily summary").first.click()
    page.get_by_text("外出务工，联系不上").first.wait_for()
    faultless(clerk)

    name, content = fetched(page, "Word file")
    assert name == f"{report.number}.docx"
    texts = [one.text for one in Document(io.BytesIO(content)).element.body.iter() if one.text]
    for said in ("外出务工，联系不上", "明日继续清运，三月底前复绿。", report.number):
        assert any(said in text for text in texts), said
    name, content = fetched(page, "Excel file")
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = {cell.value for row in book.worksheets[0].iter_rows() for cell in row}
    assert name == f"{report.number}.xlsx" and {"Sites", 3, 28} <= cells

    for person in (cast.stranger, cast.resident):
        other = visit(person, language="en")
        other.go(f"/reports/{report.pk}/")
        assert other.page.get_by_text("外出务工").count() == 0


def test_it_reads_well_on_a_phone_and_in_chinese(visit: Visit, gardens: Any, cast: Any) -> None:
    with travel(moment_of(today(), time(18))):
        make_reports()
    reader = visit(gardens.force.member, width="phone")
    page = reader.go(f"/reports/{Report.objects.get().pk}/")
    page.get_by_text("外出务工，联系不上").first.wait_for()
    faultless(reader)


def test_a_template_is_mended_and_used_and_experience_passed_on(
    visit: Visit, gardens: Any, cast: Any, tmp_path: Path
) -> None:
    with travel(moment_of(today(), time(18))):
        make_reports()
    clerk = visit(cast.clerk, language="en")
    page = clerk.go("/reports/")
    faultless(clerk)
    page.get_by_role("link", name="Report templates").first.click()
    faultless(clerk)
    page.get_by_role("link", name="Upload a template").first.click()
    faultless(clerk)
    file = tmp_path / "上级表.docx"
    file.write_bytes(making.word("共{{处树}}处"))
    page.locator("input[name=name]").fill("区里要的表")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Check and keep").click()
    page.get_by_text("{{处树}}").first.wait_for()
    faultless(clerk)
    file.write_bytes(making.word("共{{处数}}处"))
    page.locator("input[name=name]").fill("区里要的表")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Check and keep").click()
    page.get_by_text("Fill it for trial").wait_for()
    faultless(clerk)
    assert ReportTemplate.objects.count() == 1
    page = clerk.go(f"/reports/{Report.objects.get().pk}/")
    _name, content = fetched(page, "区里要的表")
    assert making.texts(content)[-1] == "共3处"

    page = clerk.go("/reports/forms/new/")
    faultless(clerk)
    page.locator("input[name=name]").fill("区级日报")
    page.locator(f"input[name=take_{gardens.campaign.pk}]").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Fill it now").click()
    page.get_by_text("区级日报").first.wait_for()
    faultless(clerk)

    page = clerk.go(f"/reports/{gardens.campaign.number}/experience/")
    faultless(clerk)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the file").click()
    saved = tmp_path / "x.bihuan"
    saved.write_bytes(Path(waiting.value.path()).read_bytes())
    page = clerk.go("/reports/experience/")
    faultless(clerk)
    page.locator("input[type=file]").set_input_files(saved)
    page.get_by_role("button", name="Look into the file").click()
    page.get_by_text("What is in the file").wait_for()
    faultless(clerk)
    page.get_by_role("button", name="Take it over").click()
    page.get_by_text("The campaign is prepared").wait_for()
    assert Campaign.objects.count() == 2
