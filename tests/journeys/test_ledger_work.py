"""Working through a ledger in a browser: two officers on phones, one without a network half-way; the desk."""

import io
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import expect

from bihuan.core.clock import now
from bihuan.files.tests.samples import jpeg
from bihuan.ledgers import actions
from bihuan.ledgers.models import Item, Passage, Sending
from bihuan.ledgers.tests.factories import CampaignMaker, ItemMaker, people_of, plots, step_changed

DONE = ".ask-go button[value='1']"
KEEP = ".ask-go button[value='0']"


# Whether so many pages come to lie on the phone within a while.
KEPT = """async (count) => {
    const there = async () => (await (await caches.open('ledgers-pages')).keys()).length >= count;
    for (let left = 150; left && !(await there()); left--) await new Promise((done) => setTimeout(done, 100));
    return there();
}"""


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


def test_a_page_that_is_theirs_no_more_leaves_the_phone(visit: Any, ledger: Any) -> None:
    officer = visit(ledger.force.member, width="phone")
    page, item = ready(officer), ledger.items[0]
    kept = "async (path) => Boolean(await caches.match(path, { cacheName: 'ledgers-pages' }))"
    assert page.evaluate(kept, path(item)) is True
    ledger.campaign.posts.filter(person=ledger.force.member).update(until=now())
    page.goto(officer.address + path(item))
    assert page.evaluate(kept, path(item)) is False


def test_two_officers_work_and_one_loses_the_network(visit: Any, ledger: Any) -> None:
    first, second, third = ledger.items
    officer = visit(ledger.force.member, width="phone")
    colleague = visit(ledger.force.other_member, width="phone")
    page = ready(officer)
    faultless(officer)

    officer.context.set_offline(True)
    page.goto(officer.address + "/ledgers/mine/")
    expect(page.locator("[data-phone-bar]")).to_be_visible()
    page.locator(f"a[href='{path(first)}']").click()
    page.locator("input[name='a.owner']").fill("李某")
    page.locator("input[name='a.reason'][value=refused]").check()
    page.locator("input[name='a.before']").set_input_files(photo(3))
    page.locator("[data-more]").click()
    page.locator("input[name='a.plots[1].size']").fill("12.5")
    expect(page.locator("[data-photos] img")).to_be_visible()
    page.locator(DONE).click()
    expect(page.locator("[data-state].is-away")).to_be_visible()
    page.goto(officer.address + "/ledgers/mine/")
    page.locator(f"a[href='{path(second)}']").click()
    page.locator("input[name='a.owner']").fill("赵某")
    page.locator(KEEP).click()
    expect(page.locator("[data-state].is-away")).to_be_visible()
    page.goto(officer.address + "/ledgers/mine/")
    expect(page.locator(".outbox-row")).to_have_count(2)
    faultless(officer)
    assert not Sending.objects.exists()

    desk = colleague.go(path(ledger.other))
    desk.locator("input[name='a.owner']").fill("钱某")
    desk.locator(DONE).click()
    desk.wait_for_url(f"**{path(ledger.other)}")
    expect(desk.locator(".chain-now")).to_contain_text("统一清理")

    officer.context.set_offline(False)
    expect(page.locator(".outbox-row")).to_have_count(0)
    assert at(first).step_code == "clear"
    assert at(first).answers["plots"] == [{"size": "12.5", "price": "31.25"}]
    assert at(first).answers["before"].isdecimal()
    assert (at(second).step_code, at(second).answers["owner"]) == ("survey", "赵某")
    assert at(third).answers["owner"] == "王某"
    assert at(ledger.other).answers["owner"] == "钱某"
    assert Sending.objects.count() == 3
    assert Passage.objects.filter(item=first, left_at__isnull=False).count() == 1


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


def test_the_form_judges_while_somebody_types(visit: Any, ledger: Any) -> None:
    item = ledger.items[0]
    page = visit(ledger.force.member).go(path(item))
    expect(page.locator("[data-field=clearing]")).to_be_hidden()
    page.locator("input[name='a.reason'][value=unable]").check()
    expect(page.locator("[data-field=clearing]")).to_be_visible()
    page.locator("[data-more]").click()
    size = page.locator("input[name='a.plots[1].size']")
    size.fill("900")
    size.blur()
    expect(page.locator("[data-field=size] .field-error").first).to_contain_text("面积须在")
    page.locator(DONE).click()
    expect(size).to_be_focused()
    assert not Sending.objects.exists()


def test_it_works_without_script(visit: Any, ledger: Any) -> None:
    item = ledger.items[0]
    page = visit(ledger.force.member, scripts=False).go(path(item))
    page.locator("[data-more]").click()
    page.locator("input[name='a.plots[1].size']").fill("3")
    page.locator("input[name='a.owner']").fill("李某")
    page.locator(DONE).click()
    expect(page.locator(".chain-now")).to_contain_text("统一清理")
    assert at(item).answers["plots"][0]["size"] == "3"


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_the_desk_sees_them_on_board_table_map_and_route(
    visit: Any, ledger: Any, cast: Any, width: str
) -> None:
    visitor = visit(cast.clerk, width=width)
    base = f"/ledgers/{ledger.campaign.number}"
    for name in ("board", "table", "map", "route", "new"):
        visitor.go(f"{base}/{name}/?whose=all" if name == "route" else f"{base}/{name}/")
        faultless(visitor)
    page = visitor.go(f"{base}/table/")
    for item in ledger.items[:2]:
        page.locator(f"input[name=item][value='{item.number}']").check()
    page.locator("#batch button:not([name])").click()
    page.wait_for_url("**/batch/?*")
    faultless(visitor)
    page.locator("#id_responsible").select_option(str(ledger.force.team_leader.pk))
    page.locator(".act-form button[type=submit]").click()
    page.wait_for_url("**/batches/*/")
    faultless(visitor)
    page = visitor.go(path(ledger.items[0]))
    faultless(visitor)
    page.locator(".item-acts a[href$='/block/']").click()
    page.locator("dialog textarea").fill("门锁着")
    faultless(visitor)
    page.locator("dialog button[type=submit]").click()
    expect(page.locator(".item-next")).to_contain_text("门锁着")
