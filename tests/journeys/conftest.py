"""A real browser on a real server, at phone and desk width, in both languages, with a worker beside it."""

import os
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from bihuan.ledgers import actions
from bihuan.ledgers.tests.factories import CampaignMaker, ItemMaker, people_of, plots, step_changed
from tests.journeys.serving import Server
from tools import browser as finding

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}
PATIENCE = 15_000  # ms
LEAVING = 30.0  # s


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser, and commits."""
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session", autouse=True)
def _the_browsers_loop_is_no_reason_to_refuse_the_database() -> Iterator[None]:
    """Playwright keeps an event loop in this thread, which Django takes for asynchronous code."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session", autouse=True)
def _a_server_to_wait_for() -> None:
    LiveServerThread.server_class = Server


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = finding.find()
    if path is None:
        pytest.fail(finding.NO_BROWSER)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=finding.OPTIONS)
        yield browser
        browser.close()


class Visitor:
    """One person at one browser. `page` is a Playwright page; trouble on it fails the test."""

    def __init__(self, context: BrowserContext, address: str):
        self.context = context
        self.address = address
        self.trouble: list[str] = []
        self.page = context.new_page()
        self._watch(self.page)

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.trouble.append(f"script error on {page.url}: {error}"))
        page.on("console", lambda message: self._heard(page, message))
        page.on("response", lambda response: self._answered(response))

    def _heard(self, page: Page, message: Any) -> None:
        # A refused request (404, 409, 422) is an answer; the browser reports it as an error all the same.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.trouble.append(f"console on {page.url}: {message.text}")

    def _answered(self, response: Any) -> None:
        if response.status >= 500:
            self.trouble.append(f"{response.status} of {response.url}")

    def go(self, path: str) -> Page:
        """Open a path of the site and wait until it is there, its charts included."""
        self.page.goto(self.address + path, wait_until="load")
        if self.page.locator("[data-chart]").count():
            self.page.wait_for_load_state("networkidle")
        return self.page

    def sign_in(self, user: Any) -> "Visitor":
        """Be that person, as after a sign-in."""
        from django.test import Client

        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        name = settings.SESSION_COOKIE_NAME
        self.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.address}])
        return self

    def faults_for_disabled_people(self) -> list[str]:
        """What axe finds on the page as it is now (WCAG 2.2 A and AA), one line each."""
        from axe_playwright_python.sync_playwright import Axe

        rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        found = Axe().run(self.page, options={"runOnly": rules, "resultTypes": ["violations"]})
        return [
            f"{self.page.url}: {violation['id']}: {violation['help']}: {node['target']} {node['html'][:160]}"
            for violation in found.response["violations"]
            for node in violation["nodes"]
        ]

    def is_wider_than_the_screen(self) -> bool:
        """Whether the page scrolls sideways, once it is laid out for the width it was just given."""
        wide = """async () => {
            for (const _frame of [1, 2]) await new Promise(requestAnimationFrame);
            return document.documentElement.scrollWidth > document.documentElement.clientWidth;
        }"""
        return bool(self.page.evaluate(wide))


@pytest.fixture
def visit(chromium: Browser, live_server: Any, transactional_db: None) -> Iterator[Callable[..., Visitor]]:
    """`visit(user, width="phone", language="en")`: another person at another browser."""
    visitors: list[Visitor] = []

    def come(
        user: Any = None, *, width: str = "desk", language: str = "zh-CN", scripts: bool = True
    ) -> Visitor:
        context = chromium.new_context(
            viewport=PHONE if width == "phone" else DESK,
            is_mobile=width == "phone",
            has_touch=width == "phone",
            locale=language,
            timezone_id=settings.TIME_ZONE,
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        name = settings.LANGUAGE_COOKIE_NAME
        value = "en" if language.startswith("en") else "zh-hans"
        context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        visitor = Visitor(context, live_server.url)
        visitors.append(visitor)
        return visitor.sign_in(user) if user is not None else visitor

    yield come
    trouble = [line for visitor in visitors for line in visitor.trouble]
    for visitor in visitors:
        visitor.context.close()
    assert live_server.thread.httpd.wait_until_idle(LEAVING), "a request does not end"
    assert not trouble, "\n".join(trouble)


@pytest.fixture
def working(transactional_db: None, settle: Callable[[], int]) -> Iterator[None]:
    """A worker beside the test: reactions take effect soon after their entry."""
    from django.db import connection

    enough, failed = threading.Event(), []

    def work() -> None:
        while not enough.wait(0.1):
            try:
                settle()
            except Exception as error:  # noqa: BLE001  # handed to the test below
                failed.append(error)
                break
        connection.close()

    thread = threading.Thread(target=work, name="worker", daemon=True)
    thread.start()
    yield
    enough.set()
    thread.join(20)
    if failed:
        raise failed[0]


@pytest.fixture
def ledger(transactional_db: None, cast: Any) -> Any:
    """A campaign whose first step needs no gate, with three items of one officer and one of another."""
    force = people_of(cast)
    make_campaign = CampaignMaker(cast, force)
    campaign = make_campaign(definition=step_changed(plots(), "clear", gate=""))
    make_item = ItemMaker(cast, force, make_campaign)
    items = [make_item(campaign=campaign) for _ in range(3)]
    other = make_item(campaign=campaign, responsible=False)
    team = campaign.teams.get(name="二组")
    other = actions.assign_item(other, by=cast.clerk, team=team, responsible=force.other_member)
    return SimpleNamespace(campaign=campaign, items=items, other=other, force=force, make_item=make_item)
