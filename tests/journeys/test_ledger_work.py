"""Working through a ledger in a browser: two officers on phones, one without a network half-way; the desk."""

from typing import Any

import pytest
from playwright.sync_api import expect

from bihuan.core.clock import now
from bihuan.ledgers.models import Passage, Sending
from tests.journeys.phones import DONE, KEEP, at, faultless, path, photo, ready


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
