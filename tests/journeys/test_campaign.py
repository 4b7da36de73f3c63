"""A clerk makes a ledger of a spreadsheet, a campaign of the ledger, forms its teams and lets it begin."""

import re
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from bihuan.cases.tests.factories import make_cast, make_ground
from bihuan.files.queries import content_of
from bihuan.ledgers.models import Campaign, Edition
from bihuan.ledgers.tests.books import gardens, made
from bihuan.ledgers.tests.factories import CampaignMaker, ItemMaker, people_of
from tests.journeys.conftest import Visitor


@pytest.fixture
def cast(transactional_db: None) -> Any:
    return make_cast(make_ground())


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    """`book(指标=…)`: a workbook on the clerk's own computer."""

    def write(**changed: Any) -> Path:
        path = tmp_path / "小菜园.xlsx"
        path.write_bytes(made(gardens(**changed)).getvalue())
        return path

    return write


def test_a_clerk_makes_a_campaign_of_a_spreadsheet(
    visit: Callable[..., Visitor], cast: Any, book: Callable[..., Path]
) -> None:
    clerk = visit(cast.clerk, language="en")
    page = clerk.go("/desk/")
    page.get_by_role("link", name="Campaigns").first.click()
    page.get_by_role("link", name="New ledger").click()

    wrong = gardens()["步骤"]
    wrong[2][8] = "nowhere"
    page.locator("input[type=file]").set_input_files(book(步骤=wrong))
    page.get_by_role("button", name="Check the workbook").click()
    row = page.locator("#faults tbody tr").first
    assert [cell.inner_text() for cell in row.locator("td").all()][:3] == ["步骤", "3", "I 下一步"]
    assert clerk.faults_for_disabled_people() == []
    assert not Edition.objects.exists()

    right = book()
    page.locator("input[type=file]").set_input_files(right)
    page.get_by_role("button", name="Check the workbook").click()
    page.get_by_text("The workbook has no faults").wait_for()
    assert page.get_by_text("统一清理关卡").first.is_visible() or page.get_by_text("Clear").first.is_visible()
    assert clerk.faults_for_disabled_people() == []
    page.get_by_role("button", name="Keep it for").click()
    page.wait_for_url(re.compile("/ledgers/kinds/gardens/"))
    assert content_of(Edition.objects.get().workbook) == right.read_bytes()

    page.get_by_role("link", name="New campaign").first.click()
    page.get_by_label("Ends on").fill("2099-12-31")
    page.get_by_label("Goal").fill("十八处菜园全部复绿")
    leader = page.get_by_label("Leader of the task force")
    leader.press_sequentially(cast.leader.name[:2])
    page.locator(".places [role=option]").first.click()
    assert cast.leader.username in leader.input_value()
    page.get_by_role("button", name="Prepare the campaign").click()
    page.wait_for_url(re.compile("/settings/"))

    page.get_by_role("link", name="Form the teams").click()
    page.get_by_label("Name of the team").fill("一组")
    page.get_by_role("button", name="Form the team").click()
    page.get_by_role("heading", name="一组").wait_for()
    page.get_by_label("Person").fill(cast.inspector.username)
    page.get_by_label("In", exact=True).select_option(label="一组")
    page.get_by_role("button", name="Add").click()
    page.locator(".post-line", has_text=cast.inspector.name).wait_for()
    assert clerk.faults_for_disabled_people() == []

    page.get_by_role("link", name="Settings").first.click()
    page.get_by_role("button", name="Begin the campaign").click()
    page.get_by_text("The campaign has begun").wait_for()
    campaign = Campaign.objects.get()
    assert (campaign.state, campaign.goal) == ("running", "十八处菜园全部复绿")
    assert campaign.posts.filter(person=cast.leader, role="leader", team=None).exists()


@pytest.fixture
def public_campaign(cast: Any) -> Campaign:
    """A campaign that everybody may read of, with an item at its start and one further on."""
    force = people_of(cast)
    make_campaign = CampaignMaker(cast, force)
    make_item = ItemMaker(cast, force, make_campaign)
    campaign = make_campaign(visibility="public")
    for step in ("survey", "clear"):
        make_item(step, campaign=campaign)
    return campaign


def test_everybody_can_read_how_far_it_has_come(
    visit: Callable[..., Visitor], cast: Any, public_campaign: Campaign
) -> None:
    for width, language in product(("desk", "phone"), ("zh-CN", "en")):
        clerk = visit(cast.clerk, width=width, language=language)
        its_keepers_pages(clerk, public_campaign.number)
        anybody = visit(None, width=width, language=language)
        page = anybody.go(f"/campaigns/{public_campaign.number}/")
        assert page.locator(".campaign-figures .figure-value").first.inner_text().startswith("2")
        assert page.locator(".campaign-figures a").count() == 0
        assert anybody.faults_for_disabled_people() == []


def its_keepers_pages(clerk: Visitor, number: str) -> None:
    for path in (
        "/ledgers/",
        "/ledgers/kinds/",
        "/ledgers/kinds/new/",
        "/ledgers/kinds/gardens/",
        "/ledgers/kinds/shipped/relocation/",
        "/ledgers/kinds/gardens/campaign/",
        f"/ledgers/{number}/settings/",
        f"/ledgers/{number}/teams/",
        f"/ledgers/{number}/milestones/",
        f"/ledgers/{number}/",
    ):
        page = clerk.go(path)
        assert not clerk.is_wider_than_the_screen(), path
        assert clerk.faults_for_disabled_people() == []
    page.locator("#curve").scroll_into_view_if_needed()
    page.locator("[data-chart] svg").wait_for()
    page.locator("[data-chart-table] summary").click()
    assert page.locator("#curve-table tbody tr").count() >= 1
    page.locator(".campaign-figures .figure-value a").first.click()
    page.wait_for_url(re.compile(r"/table/\?figure=sites"))


def test_it_reads_without_script(visit: Callable[..., Visitor], cast: Any) -> None:
    make_campaign = CampaignMaker(cast, people_of(cast))
    campaign = make_campaign()
    clerk = visit(cast.clerk, language="en", scripts=False)
    page = clerk.go(f"/ledgers/{campaign.number}/")
    assert page.locator("#curve-table tbody tr").count() >= 1
    page = clerk.go(f"/ledgers/{campaign.number}/teams/")
    page.get_by_label("Person").fill(cast.inspector.username)
    page.get_by_label("In", exact=True).select_option(label="一组")
    page.get_by_role("button", name="Add").click()
    assert campaign.posts.filter(person=cast.inspector, team__name="一组").exists()
