"""What journeys do on a phone: keep its pages, lose the network, look what arrived."""

import io
from typing import Any

import pytest
from playwright.sync_api import expect

from bihuan.files.tests.samples import jpeg
from bihuan.ledgers.models import Item

DONE = ".ask-go button[value='1']"
KEEP = ".ask-go button[value='0']"


# Whether so many pages come to lie on the phone within a while.
KEPT = """async (count) => {
    const there = async () => (await (await caches.open('ledgers-pages')).keys()).length >= count;
    for (let left = 150; left && !(await there()); left--) await new Promise((done) => setTimeout(done, 100));
    return there();
}"""


def path(item: Item) -> str:
    return f"/ledgers/{item.campaign.number}/{item.number}/"


def ready(visitor: Any) -> Any:
    """Today's list, once its pages are on the phone."""
    page = visitor.go("/ledgers/mine/")
    page.evaluate("navigator.serviceWorker.ready")
    links = page.locator("[data-keep]").count()
    assert page.evaluate(KEPT, links + 2)
    return page


def filled_in_offline(visit: Any, ledger: Any, press: str) -> Any:
    """An officer who answered for the first item, and pressed DONE or KEEP, where there is no network."""
    officer = visit(ledger.force.member, width="phone")
    page = ready(officer)
    officer.context.set_offline(True)
    page.goto(officer.address + path(ledger.items[0]))
    page.locator("input[name='a.owner']").fill("李某")
    page.locator(press).click()
    expect(page.locator("[data-state].is-away")).to_be_visible()
    return officer


def until(page: Any, script: str) -> None:
    """Wait until a script that takes its time says yes."""
    for _time in range(100):
        if page.evaluate(script):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"It never came true: {script}")


def faultless(visitor: Any) -> None:
    assert visitor.faults_for_disabled_people() == []
    assert not visitor.is_wider_than_the_screen()


def photo(seed: int) -> dict[str, Any]:
    return {"name": "before.jpg", "mimeType": "image/jpeg", "buffer": io.BytesIO(jpeg(seed=seed)).getvalue()}


def at(item: Item) -> Item:
    return Item.objects.get(pk=item.pk)
