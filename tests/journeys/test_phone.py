"""A phone whose network comes and goes: what waits on it, what gives way, and what it does not keep."""

import re
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import expect

from bihuan.ledgers import actions
from bihuan.ledgers.models import Item, Passage, Sending
from bihuan.ledgers.tests.factories import plots, step_changed
from tests.journeys.phones import DONE, KEEP, at, faultless, filled_in_offline, path, photo, ready, until


def test_an_item_found_without_a_network_is_entered_once(visit: Any, ledger: Any, cast: Any) -> None:
    officer = visit(ledger.force.member, width="phone")
    lon, lat = cast.places.inside
    officer.context.grant_permissions(["geolocation"])
    officer.context.set_geolocation({"latitude": lat, "longitude": lon, "accuracy": 12})
    page = ready(officer)
    officer.context.set_offline(True)
    page.goto(officer.address + "/ledgers/mine/")
    page.locator("a[data-stamp='-']").click()
    page.locator("#id_title").fill("墙角新菜园")
    page.locator("[data-locate]").click()
    expect(page.locator(".toast-success")).to_contain_text("12")
    page.locator("form[data-ledger-new] button[type=submit]").click()
    expect(page.locator("[data-state].is-away")).to_be_in_viewport()
    page.goto(officer.address + "/ledgers/mine/")
    expect(page.locator(".outbox-row")).to_contain_text("墙角新菜园")
    officer.context.set_offline(False)
    expect(page.locator(".outbox-row")).to_have_count(0)
    item = Item.objects.get(title="墙角新菜园")
    assert (item.lon, item.lat) == pytest.approx((lon, lat))


def test_an_answer_lost_on_its_way_is_sent_again_and_done_once(visit: Any, ledger: Any) -> None:
    item = ledger.items[0]
    officer = visit(ledger.force.member, width="phone")
    page = officer.go(path(item))
    lost: list[str] = []

    def lose(route: Any) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.request.url)
        route.fetch()
        route.abort()

    officer.context.route("**/send/", lose)
    page.locator("input[name='a.owner']").fill("李某")
    page.locator(DONE).click()
    expect(page.locator("[data-state].is-away")).to_be_visible()
    assert at(item).step_code == "clear"
    page.goto(officer.address + "/ledgers/mine/")
    page.wait_for_function("() => document.querySelector('[data-outbox]').hidden")
    assert len(lost) == 1
    assert Passage.objects.filter(item=item, left_at__isnull=False).count() == 1


TYPED = """() => new Promise((done) => {
    const opening = indexedDB.open('ledgers');
    opening.onsuccess = () => {
        const asked = opening.result.transaction('drafts').objectStore('drafts').getAll();
        asked.onsuccess = () => { opening.result.close(); done(asked.result.some(({ said, fields }) =>
            said.length === 3 && fields.some(([, value]) => value instanceof File))); };
    };
})"""


def test_what_was_typed_is_there_again_on_a_page_that_the_phone_threw_away(visit: Any, ledger: Any) -> None:
    item = ledger.items[0]
    officer = visit(ledger.force.member, width="phone")
    page = ready(officer)
    page.goto(officer.address + path(item))
    officer.context.set_offline(True)
    page.locator("[data-more]").click()
    page.locator("input[name='a.plots[1].size']").fill("12.5")
    page.locator("input[name='a.reason'][value=refused]").check()
    page.locator("input[name='a.before']").set_input_files(photo(3))
    expect(page.locator("[data-photos] img")).to_be_visible()
    page.locator("input[name='a.owner']").fill("李某")
    until(page, TYPED)
    page.reload()
    expect(page.locator(".draft-note")).to_be_visible()
    expect(page.locator("input[name='a.owner']")).to_have_value("李某")
    expect(page.locator("input[name='a.plots[1].size']")).to_have_value("12.5")
    expect(page.locator("[data-photos] img")).to_be_visible()
    faultless(officer)
    page.locator(DONE).click()
    expect(page.locator("[data-state].is-away")).to_be_visible()
    officer.context.set_offline(False)
    page.wait_for_url("**/ledgers/mine/")
    assert at(item).step_code == "clear"
    assert at(item).answers["plots"][0]["size"] == "12.5"
    page.goto(officer.address + path(item))
    expect(page.locator(".item-head")).to_be_visible()
    expect(page.locator(".draft-note")).to_have_count(0)


def test_without_a_network_a_page_that_is_not_here_leads_to_todays_list(visit: Any, ledger: Any) -> None:
    officer = visit(ledger.force.member, width="phone")
    page = ready(officer)
    officer.context.set_offline(True)
    page.goto(f"{officer.address}/ledgers/{ledger.campaign.number}/")
    expect(page.locator("[data-phone-bar]")).to_contain_text(
        page.locator("[data-unkept]").get_attribute("data-unkept")
    )
    expect(page.locator(f"a[href='{path(ledger.items[0])}']")).to_be_visible()
    officer.context.set_offline(False)
    expect(page.locator("[data-phone-bar]")).to_be_hidden()


def test_what_waits_is_opened_again_and_gives_way_to_what_is_kept_after_it(visit: Any, ledger: Any) -> None:
    item = ledger.items[0]
    officer = visit(ledger.force.member, width="phone")
    page = ready(officer)
    officer.context.set_offline(True)
    for before, name in (("王某", "李某"), ("李某", "钱某")):
        page.goto(officer.address + path(item))
        expect(page.locator("input[name='a.owner']")).to_have_value(before)
        page.locator("input[name='a.owner']").fill(name)
        page.locator(KEEP).click()
        expect(page.locator("[data-state].is-away")).to_be_visible()
    page.goto(officer.address + "/ledgers/mine/")
    expect(page.locator(".outbox-row")).to_have_count(1)
    officer.context.set_offline(False)
    expect(page.locator(".outbox-row")).to_have_count(0)
    assert at(item).answers["owner"] == "钱某"
    assert Sending.objects.count() == 1


def test_a_phone_that_keeps_nothing_sends_all_the_same(visit: Any, ledger: Any) -> None:
    item = ledger.items[0]
    officer = visit(ledger.force.member, width="phone")
    full = "IDBFactory.prototype.open = () => { throw new DOMException('full', 'QuotaExceededError') }"
    officer.context.add_init_script(full)
    page = officer.go(path(item))
    page.locator("input[name='a.owner']").fill("李某")
    officer.context.set_offline(True)
    page.locator(KEEP).click()
    expect(page.locator("[data-state].is-unkept")).to_be_visible()
    faultless(officer)
    officer.context.set_offline(False)
    with page.expect_navigation():
        page.locator(KEEP).click()
    assert at(item).answers["owner"] == "李某"
    page = officer.go(f"/ledgers/{item.campaign.number}/new/")
    page.locator("input[name='title']").fill("四号菜园")
    with page.expect_navigation():
        page.locator("main form button[type='submit']").last.click()
    assert Item.objects.filter(title="四号菜园").count() == 1


def test_what_gave_way_while_it_was_on_its_way_does_not_arrive_after_it(visit: Any, ledger: Any) -> None:
    """The first sending takes long, and another page of the phone keeps and sends a later one meanwhile."""
    item = ledger.items[0]
    officer = visit(ledger.force.member, width="phone")
    page = ready(officer)
    waiting: list[Any] = []
    slow = officer.context.new_page()
    slow.route("**/send/", lambda route: waiting.append(route))
    slow.goto(officer.address + path(item))
    slow.locator("input[name='a.owner']").fill("李某")
    slow.locator(KEEP).click()
    expect(slow.locator("[data-state].is-sending")).to_be_visible()
    while not waiting:
        slow.wait_for_timeout(20)

    page.goto(officer.address + path(item))
    expect(page.locator("input[name='a.owner']")).to_have_value("李某")
    page.locator("input[name='a.owner']").fill("钱某")
    page.locator(KEEP).click()
    expect(page.locator("[data-state].is-sending")).to_be_visible()
    page.wait_for_timeout(300)
    assert not Sending.objects.exists()
    with page.expect_navigation():
        waiting.pop().continue_()
    assert at(item).answers["owner"] == "钱某"
    assert Sending.objects.count() == 2


def test_what_a_step_proves_is_asked_for_where_there_is_no_network(visit: Any, ledger: Any) -> None:
    """Else the officer would hear of the missing photo once they are back."""
    changed = step_changed(plots(), "survey", gate="", evidence=("owner", "reason"))
    item = ledger.make_item(campaign=ledger.make_item.make_campaign(definition=changed))
    officer = visit(ledger.force.member, width="phone")
    page = ready(officer)
    page.goto(officer.address + path(item))
    officer.context.set_offline(True)
    reason = page.locator("[data-field='reason']")
    expect(reason.locator(".required")).to_be_visible()
    page.locator("input[name='a.owner']").fill("李某")
    page.locator(DONE).click()
    expect(reason.locator(".field-error")).to_be_visible()
    expect(page.locator("[data-state].is-away")).to_have_count(0)
    faultless(officer)
    reason.locator("input[type='radio']").first.check()
    page.locator(DONE).click()
    expect(page.locator("[data-state].is-away")).to_be_visible()


def test_somebody_signed_out_meanwhile_signs_in_and_it_is_sent(visit: Any, ledger: Any) -> None:
    item = ledger.items[0]
    officer = filled_in_offline(visit, ledger, DONE)
    page = officer.page
    page.goto(officer.address + "/ledgers/mine/")
    officer.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    officer.context.set_offline(False)
    row = page.locator(".outbox-row.is-signed-out")
    expect(row).to_be_visible()
    faultless(officer)
    assert not Sending.objects.exists()
    officer.sign_in(ledger.force.member)  # as from the link below
    expect(row.locator("a.btn-primary")).to_have_attribute(
        "href", "/account/login/?next=%2Fledgers%2Fmine%2F"
    )
    with page.expect_response("**/send/"):
        row.locator("a.btn-primary").click()
    expect(page.locator(".outbox-row")).to_have_count(0)
    assert (at(item).step_code, Sending.objects.count()) == ("clear", 1)


def test_what_is_refused_stays_and_can_be_corrected(visit: Any, ledger: Any) -> None:
    item = ledger.items[0]
    officer = filled_in_offline(visit, ledger, DONE)
    page = officer.page
    actions.take_step(item, by=ledger.force.team_leader)  # meanwhile, by somebody else
    page.goto(officer.address + "/ledgers/mine/")
    officer.context.set_offline(False)
    row = page.locator(".outbox-row")
    expect(row.locator(".field-error")).to_be_visible()
    faultless(officer)
    assert not Sending.objects.exists()


def test_signing_out_leaves_nothing_on_the_phone(visit: Any, ledger: Any) -> None:
    officer = filled_in_offline(visit, ledger, KEEP)
    page = officer.page
    officer.context.route("**/send/", lambda route: route.abort())
    officer.context.set_offline(False)
    said: list[str] = []

    def hear(dialog: Any) -> None:
        said.append(dialog.message)
        dialog.accept()

    page.on("dialog", hear)
    page.evaluate("() => document.querySelector('form[data-forget-drafts]').requestSubmit()")
    expect(page).not_to_have_url(re.compile("/ledgers/"))
    assert "1" in said[0]
    assert page.evaluate("caches.has('ledgers-pages')") is False
    assert page.evaluate("indexedDB.databases().then((all) => all.length)") == 0
