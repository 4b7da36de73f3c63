"""The pictures of ledgers and campaigns, for docs/ledgers.md; taken by tools/shots.py."""

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import xlsxwriter
from playwright.sync_api import Page, ViewportSize

if TYPE_CHECKING:
    from tools.shots import Photographer

LANES, LOOK_BACK, PLOTS = "小桥街背街小巷整治", "小桥街小菜园回头看", "人和街小菜园清理"
ENGLISH = {
    LANES: "Back lanes in Xiaoqiaojie",
    LOOK_BACK: "Vegetable plots in Xiaoqiaojie, a second look",
    PLOTS: "Vegetable plots in Renhejie",
}
ROWS = [
    ["名称", "社区", "工作组", "包保责任人"],
    ["建东南一巷", "建东社区", "建东组", "建东第1网格网格员"],
    ["建东南二巷", "建东社区", "建东组", "建东第1网格网格员"],
    ["富民西一巷", "富民社区", "富民组", "富民第1网格网格员"],
    ["", "富民社区", "富民组", ""],
    ["高庄北巷", "没有这个社区", "高庄组", ""],
]
TALL = {"width": 1440, "height": 1240}


def take(by: "Photographer", phone: ViewportSize, desk: ViewportSize) -> None:
    clerk = by.visitor(desk, "clerk")
    by.shoot(clerk, "/ledgers/kinds/", "ledgers-kinds")
    lanes = address_of(by, clerk, LANES)
    by.shoot(clerk, f"{lanes}board/", "ledgers-board")
    bring(by, clerk, lanes)
    report(by, clerk, lanes)

    worker = by.visitor(phone, "grid_worker")
    by.shoot(worker, "/ledgers/mine/", "ledgers-mine")
    step(by, worker)

    leader = by.visitor(TALL, "leader")
    gate(by, leader)
    leader.goto(by.address + address_of(by, leader, PLOTS), wait_until="networkidle")
    curve = "Replanted" if by.language == "en" else "复绿面积"
    leader.locator("main .tabs a[href^='?figure=']", has_text=curve).click()
    leader.mouse.move(0, 0)
    leader.locator(".chart canvas, .chart svg").first.wait_for()
    leader.wait_for_timeout(1_000)
    leader.evaluate("scrollTo(0, 0)")
    by.keep(leader, "ledgers-campaign")


def step(by: "Photographer", page: Page) -> None:
    """The first thing on the list that its reader can do there and then."""
    links = page.locator("main a[href^='/ledgers/2']").all()
    for address in [link.get_attribute("href") or "" for link in links]:
        page.goto(by.address + address, wait_until="networkidle")
        if page.locator("form[data-ledger-form]").count():
            by.keep(page, "ledgers-step")
            return
    sys.exit("Nobody in the demo has a step to take.")


def address_of(by: "Photographer", page: Page, name: str) -> str:
    """The page of a campaign, by its name in the language of the picture."""
    shown = ENGLISH[name] if by.language == "en" else name
    for state in ("", "?state=finished", "?state=all"):
        page.goto(f"{by.address}/ledgers/{state}", wait_until="networkidle")
        link = page.get_by_role("link", name=shown, exact=True)
        if link.count():
            return link.first.get_attribute("href") or ""
    sys.exit(f"The demo has no campaign {shown}.")


def bring(by: "Photographer", page: Page, campaign: str) -> None:
    """A workbook that waits for its columns to be confirmed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("lanes.xlsx" if by.language == "en" else "小巷.xlsx")
        book = xlsxwriter.Workbook(path)
        sheet = book.add_worksheet()
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
        book.close()
        page.goto(f"{by.address}{campaign}import/", wait_until="networkidle")
        page.set_input_files("main input[type=file]", path)
        page.locator("main form[enctype] button[type=submit]").first.click()
        page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1_500)
    by.keep(page, "ledgers-import")


def report(by: "Photographer", page: Page, campaign: str) -> None:
    """The latest daily summary."""
    page.goto(f"{by.address}{campaign.replace('/ledgers/', '/reports/')}", wait_until="networkidle")
    page.locator("main a[href^='/reports/']:not([href*='-'])").first.click()
    page.wait_for_load_state("networkidle")
    by.keep(page, "ledgers-report")


def gate(by: "Photographer", page: Page) -> None:
    """An item whose gate waits for the leader's name."""
    campaign = address_of(by, page, LOOK_BACK)
    page.goto(f"{by.address}{campaign}1/", wait_until="networkidle")
    if not page.locator("main a[href*='condition=']").count():
        sys.exit("No gate of the demo waits for the leader.")
    page.wait_for_timeout(500)
    by.keep(page, "ledgers-gate")
