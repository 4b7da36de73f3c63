"""Every page of the permission matrix, opened by somebody who may: whole, and readable for everybody.

Each is looked at in both languages at phone width, and with axe (WCAG 2.2 A and AA) at desk width, one page
in the one language and the next in the other;
pages in Chinese must not hold English sentences; and nothing may be said on the browser's console.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page, Response

from tests.journeys.conftest import DESK, PHONE, Visitor
from tests.matrix import CAST, OPEN, TABLE, lines
from tests.world import World, make_world

LANGUAGES = {"zh": "zh-CN", "en": "en"}

# Data, downloads, and parts of other pages.
NO_PAGES = {
    "health", "territory:boundaries", "territory:place_search", "accounts:import_template",
    "files:show", "files:thumbnail", "files:kept", "notices:unread",
    "cases:desk_rows", "cases:map", "cases:live", "cases:qr",
    "cases:export_rows", "cases:matter_search", "cases:export_catalogue", "cases:catalogue_template",
    "intake:sheet_progress", "insight:export", "cases:export_report", "cases:export_my_data",
    "cases:fetch_export", "cases:supervision_live", "api_document",
    "ledgers:draft_workbook", "ledgers:shipped_workbook", "ledgers:workbook", "ledgers:blank_sheet",
    "ledgers:sheet_progress", "ledgers:refused_rows", "ledgers:export_rows", "ledgers:worker",
    "ledgers:points", "ledgers:batch_live", "ledgers:people", "ledgers:check_expression",
    "reports:word", "reports:excel", "reports:filled", "reports:beginning", "reports:try_template",
}  # fmt: skip

# Three words of Latin letters in a row, outside what people have written themselves.
ENGLISH = re.compile(r"\b[A-Za-z]{2,}(?:[ ,]+[A-Za-z]{2,}){2,}\b")
OWN_WORDS = "input, textarea, code, pre, [lang], .nums, .font-monospace, option[lang]"
VISIBLE_WORDS = """(own) => {
    const copy = document.body.cloneNode(true);
    for (const part of copy.querySelectorAll(`script, style, template, svg, ${own}`)) part.remove();
    return copy.textContent.replace(/\\s+/g, ' ');
}"""
SPOKEN_WORDS = """() => ['aria-label', 'title', 'placeholder', 'alt'].flatMap((name) =>
    [...document.querySelectorAll(`[${name}]`)].map((one) => one.getAttribute(name))).join(' | ')"""


def pages() -> Iterator[tuple[str, str]]:
    """Each route that shows a page, with one person who sees it."""
    for table, people in ((OPEN, ["visitor", "clerk"]), (TABLE, CAST)):
        for (key, method), answers in lines(table).items():
            seen = [who for who, answer in zip(people, answers, strict=True) if answer == "200"]
            if method == "GET" and seen and key not in NO_PAGES:
                yield key, seen[-1] if table is OPEN and answers[0] != "200" else seen[0]


@dataclass
class Reader:
    """Opens pages and collects what is wrong with them."""

    visit: Any
    world: World
    language: str
    visitors: dict[str, Visitor] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    read: int = 0

    def visitor(self, who: str) -> Visitor:
        if who not in self.visitors:
            person = None if who == "visitor" else getattr(self.world.cast, who)
            self.visitors[who] = self.visit(person, language=LANGUAGES[self.language])
        return self.visitors[who]

    def open(self, who: str, path: str) -> Response:
        visitor = self.visitor(who)
        response = visitor.page.goto(visitor.address + path, wait_until="load")
        assert response is not None
        return response

    def look(self, who: str, name: str) -> None:
        """Whatever is wrong with the page as it now is."""
        visitor, page = self.visitor(who), self.visitor(who).page
        self.read += 1
        if self.read % 2 == (self.language == "en"):  # what axe looks at is the same in both languages
            page.set_viewport_size(DESK)
            self.faults += [f"{name} ({who}): {fault}" for fault in visitor.faults_for_disabled_people()]
        page.set_viewport_size(PHONE)
        if visitor.is_wider_than_the_screen():
            self.faults.append(f"{name} ({who}): scrolls sideways on a phone: {self.widest(page)}")
        if self.language == "zh":
            text = (
                f"{page.title()} | {page.evaluate(VISIBLE_WORDS, OWN_WORDS)} | {page.evaluate(SPOKEN_WORDS)}"
            )
            self.faults += [
                f"{name} ({who}): English: {words}" for words in sorted(set(ENGLISH.findall(text)))
            ]

    @staticmethod
    def widest(page: Page) -> str:
        return str(
            page.evaluate(
                """() => [...document.querySelectorAll('main *')]
                    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
                    .slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).join(' … ')"""
            )
        )


@pytest.fixture
def reader(visit, transactional_db: None, settle: Any, request: Any, monkeypatch: Any) -> Reader:
    monkeypatch.setattr("secrets.randbelow", lambda _below: 0)  # what can be drawn by lot is drawn
    made = Reader(visit, make_world(), request.param)
    settle()
    return made


both = pytest.mark.parametrize("reader", LANGUAGES, indirect=True)


@both
def test_every_page(reader: Reader) -> None:
    for key, who in pages():
        response = reader.open(who, reader.world.path(key))
        if response.status != 200:
            reader.faults.append(f"{key} ({who}): {response.status}")
        reader.look(who, key)
    assert not reader.faults, report(reader)


EMPTY = """form => {
    form.noValidate = true;
    const written = '[type=text], [type=time], [type=date], textarea, select';
    for (const one of form.elements) if (one.matches(written)) one.value = '';
}"""

WRONG = {  # a page with a form, and the person who sends it empty
    "intake:report": "visitor",
    "cases:decline": "clerk",
    "cases:file": "clerk",
    "cases:verify": "grid_worker",
    "cases:assign": "dispatcher",
    "cases:suspend": "dispatcher",
    "cases:return": "handler",
    "cases:resolve": "handler",
    "cases:rework": "inspector",
    "cases:call_back": "clerk",
    "cases:new_matter": "administrator",
    "cases:import_catalogue": "administrator",
    "accounts:new_person": "administrator",
    "accounts:give_duty": "administrator",
    "accounts:import": "administrator",
    "accounts:my_leave": "clerk",
    "territory:new_area": "administrator",
    "territory:new_place": "administrator",
    "territory:set_hours": "administrator",
    "territory:import_boundaries": "administrator",
    "intake:new_sheet": "clerk",
    "account_login": "visitor",
    "account_change_password": "clerk",
}


FORM = "main form[method=post]:not([action='/language/']):has(textarea, select, input:not([type=hidden]))"
MISTAKE = "main .is-wrong, main .field-error, main [role=alert], main .errorlist"


@both
def test_forms_that_come_back(reader: Reader) -> None:
    for key, who in WRONG.items():
        page = reader.visitor(who).page
        reader.open(who, reader.world.path(key))
        form = page.locator(FORM).first
        form.evaluate(EMPTY)
        with page.expect_response(lambda answer: answer.request.method == "POST") as told:
            form.locator("button[type=submit], button:not([type])").last.click()
        page.locator(MISTAKE).first.wait_for(state="attached")  # a new page, or a part of this one
        marks = page.locator(MISTAKE)
        status, shown = told.value.status, marks.count()
        if status not in (200, 422) or not shown:
            reader.faults.append(f"{key} ({who}): {status}, {shown} mistakes shown")
        reader.look(who, f"{key}, wrong")
    assert not reader.faults, report(reader)


@both
def test_pages_that_say_no_or_have_nothing(reader: Reader) -> None:
    number = reader.world.arguments["cases:show"][0]
    for who, path, status in [
        ("clerk", f"/cases/{number}/assign/", 409),
        ("clerk", f"/cases/{reader.world.foreign.number}/", 404),
        ("visitor", "/nowhere/", 404),
        ("visitor", "/track/ABCD-2345-EFGH/", 404),
        ("visitor", f"/track/?code={number}", 404),
        ("resident", "/inbox/", 200),
        ("stranger", "/cases/?q=没有这样的词", 200),
        ("clerk", "/cases/?view=map", 200),
        ("clerk", "/cases/?q=水管&show=open", 200),
        ("administrator", "/people/?q=没有这个人", 200),
        ("administrator", "/catalogue/?q=没有", 200),
        ("administrator", "/places/?q=没有", 200),
        ("administrator", f"/calendar/{2031}/", 200),
    ]:
        response = reader.open(who, path)
        assert response.status == status, (path, response.status)
        reader.look(who, path)
    assert not reader.faults, report(reader)


def report(reader: Reader) -> str:
    return "\n".join(
        [f"{reader.read} pages in {reader.language}, {len(reader.faults)} faults:", *reader.faults]
    )
