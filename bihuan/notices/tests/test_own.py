"""My notices, and the messages that failed: what people decide, and what nobody else may."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from bihuan.accounts.models import User
from bihuan.accounts.tests.factories import hold
from bihuan.audit.models import Entry
from bihuan.audit.queries import entries_about
from bihuan.core.clock import now, travel
from bihuan.notices import actions, rules
from bihuan.notices.models import Address, Delivery, Digest, Notice, Wishes
from bihuan.notices.tests.factories import told
from bihuan.territory.tests.factories import make_district

pytestmark = pytest.mark.django_db
ADDRESS = "reader@example.cn"
HERE = "/me/notices/"


@pytest.fixture(autouse=True)
def on(settings: Any) -> None:
    settings.EMAIL_IS_ON = settings.WEBHOOKS_ARE_ON = True
    settings.WEBHOOK_URL = settings.WEBHOOK_SECRET = ""
    settings.WEBHOOK_PRIVATE = False


@pytest.fixture
def administrator(reader: User) -> User:
    district = make_district()
    from bihuan.accounts.tests.factories import make_person

    person = make_person("管理员", username="administrator")
    hold(person, "administrator", district)
    return person


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["django_language"] = "en"
    return client


def named(person: User, channel: str = "email", value: str = ADDRESS) -> Address:
    return actions.name_address(person, by=person, channel=channel, value=value)


def failed(person: User, count: int = 1, *, digest: bool = False) -> list[Delivery]:
    made = []
    bundle = Digest.objects.create(recipient=person, channel="email") if digest else None
    for _number in range(count):
        notice = told(person)
        made.append(
            Delivery.objects.create(
                notice=notice, channel="pigeon" if not digest else "email", state="failed_for_good",
                failed_at=now(), attempts=9, error="lost", digest=bundle,
            )
        )  # fmt: skip
    return made


NOBODY = "reader stranger"


# -- an address ---------------------------------------------------------------------------------------


def test_an_email_address_counts_once_its_code_was_typed_in(reader: User, settle: Callable[[], int]) -> None:
    address = named(reader)
    assert not told(reader).deliveries.filter(channel="email").exists()
    settle()
    (letter,) = mail.outbox
    (code,) = re.findall(r"\b\d{6}\b", str(letter.body))
    assert letter.to == [ADDRESS] and code == address.code

    assert (
        actions.confirm_address(
            reader, by=reader, channel="email", code="000000" if code != "000000" else "1"
        )
        is None
    )
    assert actions.confirm_address(reader, by=reader, channel="email", code=code)

    address.refresh_from_db()
    assert address.confirmed_at and address.code is None
    reader.__dict__.pop("_ways", None)
    assert told(reader).deliveries.filter(channel="email").exists()
    verbs = [entry.verb for entry in entries_about(reader)]
    assert verbs == ["person.address_named", "person.address_confirmed"]
    assert ADDRESS not in str([entry.data for entry in entries_about(reader)])


def test_the_address_is_encrypted(reader: User) -> None:
    address = named(reader)
    with connection.cursor() as cursor:
        cursor.execute("SELECT value, code FROM notices_address WHERE id = %s", [address.pk])
        value, code = cursor.fetchone()
    assert ADDRESS.encode() not in bytes(value) and str(address.code).encode() not in bytes(code)


def test_codes_age_run_out_and_are_not_sent_in_a_row(reader: User, refused: Callable[[str], Any]) -> None:
    address = named(reader)
    with refused("address.too_soon"):
        named(reader, value="other@example.cn")
    with travel(now() + rules.CODE_LASTS + timedelta(seconds=1)), refused("address.code_too_old"):
        actions.confirm_address(reader, by=reader, channel="email", code=address.code)
    for _try in range(rules.CODE_TRIES):
        assert actions.confirm_address(reader, by=reader, channel="email", code="nonsense") is None
    with refused("address.too_many_tries"):
        actions.confirm_address(reader, by=reader, channel="email", code=address.code)


def test_nobody_names_confirms_or_removes_for_somebody_else(
    reader: User, stranger: User, refused: Callable[[str], Any]
) -> None:
    address = named(reader)
    with refused("notice.not_yours"):
        actions.name_address(reader, by=stranger, channel="email", value="x@example.cn")
    with refused("address.nothing_to_confirm"):
        actions.confirm_address(reader, by=stranger, channel="email", code=address.code)
    with refused("notice.not_yours"):
        actions.remove_address(reader, by=stranger, channel="email")
    with refused("notice.not_yours"):
        actions.set_wishes(
            reader,
            by=stranger,
            off=[],
            quiet_from=None,
            quiet_until=None,
            digest_hour=None,
            urgent_anyway=False,
        )
    with refused("address.none"):
        actions.remove_address(stranger, by=stranger, channel="email")
    with refused("address.nothing_to_confirm"):
        actions.confirm_address(stranger, by=stranger, channel="email", code="1")


def test_a_removed_address_is_gone(reader: User) -> None:
    named(reader)
    actions.remove_address(reader, by=reader, channel="email")
    assert not Address.objects.exists()
    assert entries_about(reader).last().verb == "person.address_removed"


@pytest.mark.parametrize("act", ["name", "confirm", "remove", "wish", "again"])
def test_a_failure_half_way_leaves_nothing(
    reader: User, breaking_record: Callable[[str], Any], act: str
) -> None:
    address = named(reader) if act != "name" else None
    (delivery,) = failed(reader)
    broken = breaking_record(
        "bihuan.notices.actions.again" if act == "again" else "bihuan.notices.actions.own"
    )
    before = (list(Address.objects.values()), list(Wishes.objects.values()), list(Delivery.objects.values()))
    deeds: dict[str, Callable[[], Any]] = {
        "name": lambda: named(reader),
        "confirm": lambda: actions.confirm_address(
            reader, by=reader, channel="email", code=address.code if address else ""
        ),
        "remove": lambda: actions.remove_address(reader, by=reader, channel="email"),
        "wish": lambda: actions.set_wishes(
            reader,
            by=reader,
            off=["a b"],
            quiet_from=None,
            quiet_until=None,
            digest_hour=1,
            urgent_anyway=True,
        ),
        "again": lambda: actions.send_again(delivery, by=reader),
    }
    with pytest.raises(broken):
        deeds[act]()
    after = (list(Address.objects.values()), list(Wishes.objects.values()), list(Delivery.objects.values()))
    assert after == before


def test_a_new_webhook_is_tried_out_and_its_owner_reads_what_came_of_it(
    reader: User, settle: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from bihuan.notices.channels import failed_for_now, webhook

    seen: list[dict[str, Any]] = []

    def post(content: dict[str, Any], *_: Any, **__: Any) -> Any:
        seen.append(content)
        return failed_for_now("HTTP 404")

    monkeypatch.setattr(webhook, "post", post)
    address = named(reader, "webhook", "https://hooks.example.com/")
    assert address.confirmed_at and address.secret.startswith("whsec_")
    settle()
    assert [content["type"] for content in seen] == ["ping"]
    assert "HTTP 404" in browser(reader).get(HERE).text


# -- the page -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_says_when_a_channel_is_not_set_up(reader: User, settings: Any, language: str) -> None:
    client = browser(reader)
    client.cookies["django_language"] = language
    assert client.get(HERE).status_code == 200
    settings.EMAIL_IS_ON = settings.WEBHOOKS_ARE_ON = False
    page = client.get(HERE)
    assert page.status_code == 200 and 'name="value"' not in page.text
    assert client.post(f"{HERE}email/", {"value": ADDRESS}).status_code == 404
    assert client.post(f"{HERE}webhook/", {"value": "https://example.com/"}).status_code == 404
    assert client.post(f"{HERE}nonsense/", {"value": ADDRESS}).status_code == 404


def test_naming_and_confirming_on_the_page(reader: User) -> None:
    client = browser(reader)
    assert client.post(f"{HERE}email/", {"value": "nonsense"}).status_code == 422
    assert client.post(f"{HERE}email/", {"value": ADDRESS}).status_code == 302
    assert ADDRESS in client.get(HERE).text
    wrong = client.post(f"{HERE}email/confirm/", {"code": "not it"})
    assert wrong.status_code == 422 and "This is not the code" in wrong.text
    code = Address.objects.get().code
    assert client.post(f"{HERE}email/confirm/", {"code": f" {code[:3]} {code[3:]} "}).status_code == 302
    assert Address.objects.get().confirmed_at
    assert client.post(f"{HERE}email/remove/").status_code == 302
    private = client.post(f"{HERE}webhook/", {"value": "https://192.168.0.1/"})
    assert private.status_code == 422 and "private network" in private.text


def test_wishes_are_kept_as_ticked(reader: User) -> None:
    client = browser(reader)
    chosen = {"quiet_from": "22:00", "quiet_until": "07:00", "digest_hour": "8", "urgent_anyway": "on"}
    assert client.post(f"{HERE}wishes/", {**chosen, "on": ["email report.closed"]}).status_code == 302
    wishes = Wishes.objects.get(person=reader)
    assert (wishes.quiet_from, wishes.quiet_until, wishes.digest_hour) == (time(22), time(7), 8)
    assert wishes.urgent_anyway and "email report.closed" not in wishes.off
    assert "email report.declined" in wishes.off
    page = client.get(HERE).text
    assert re.search(r'value="email report.closed" checked', page)
    assert not re.search(r'value="email report.declined" checked', page)
    assert "case.to_acknowledge" not in page  # who holds no duty is told of reports only
    half = client.post(f"{HERE}wishes/", {"quiet_from": "22:00"})
    assert half.status_code == 422 and "Quiet hours need a beginning and an end" in half.text


# -- what failed --------------------------------------------------------------------------------------


def test_a_failed_message_is_sent_again_from_the_beginning(reader: User) -> None:
    (delivery,) = failed(reader)
    actions.send_again(delivery, by=reader)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.failed_at) == ("created", 0, None)
    entry = entries_about(delivery).get()
    assert (entry.verb, entry.by, entry.data) == (
        "delivery.sent_again", reader, {"channel": "pigeon", "notices": 1},
    )  # fmt: skip


def test_a_failed_digest_is_sent_again_as_a_whole(reader: User) -> None:
    parts = failed(reader, 3, digest=True)
    actions.send_again(parts[1], by=reader)
    assert set(Delivery.objects.filter(channel="email").values_list("state", flat=True)) == {"created"}
    assert Entry.objects.filter(verb="delivery.sent_again").count() == 1


def test_only_what_failed_and_only_its_recipient_or_the_administrator(
    reader: User, stranger: User, administrator: User, refused: Callable[[str], Any]
) -> None:
    one, other = failed(reader, 2)
    with refused("notice.not_yours"):
        actions.send_again(one, by=stranger)
    actions.send_again(one, by=administrator)
    with refused("notice.not_failed"):
        actions.send_again(one, by=reader)
    assert actions.send_all_again(by=stranger, channel="pigeon", mine=False) == 0
    assert actions.send_all_again(by=administrator, channel="pigeon", mine=True) == 0
    assert actions.send_all_again(by=administrator, channel="pigeon", mine=False) == 1
    other.refresh_from_db()
    assert other.state == "created"


def test_the_administrators_page_names_no_case(reader: User, administrator: User) -> None:
    assert "No message has failed" in browser(administrator).get(reverse("notices:failed")).text
    failed(reader, 2)
    failed(reader, 4, digest=True)
    page = browser(administrator).get(reverse("notices:failed"))
    assert page.status_code == 200
    assert "读者" in page.text and "Digest of 4 notices" in page.text and "lost" in page.text
    assert "Liangyuan" not in page.text and "C-1" not in page.text
    assert browser(reader).get(reverse("notices:failed")).status_code == 404


def test_ones_own_failures_are_on_my_notices(reader: User, stranger: User, administrator: User) -> None:
    (delivery,) = failed(reader)
    client = browser(reader)
    assert "What did not get through" in client.get(HERE).text
    assert "What did not get through" not in browser(stranger).get(HERE).text
    address = reverse("notices:send_again", args=[delivery.pk])
    assert browser(stranger).post(address).status_code == 404
    answer = client.post(address, {"mine": "on"})
    assert (answer.status_code, answer.url) == (302, HERE)
    everything = reverse("notices:send_all_again")
    assert client.post(everything, {"channel": "pigeon"}).status_code == 404
    assert client.post(everything, {"channel": "pigeon", "mine": "on"}).url == HERE
    assert browser(administrator).post(everything, {"channel": "pigeon"}).url == reverse("notices:failed")


@pytest.mark.parametrize("count", [10, 1000])
def test_the_list_of_failures_takes_the_same_queries(
    count: int, reader: User, administrator: User, django_assert_max_num_queries: Any
) -> None:
    notices = Notice.objects.bulk_create(
        Notice(recipient=reader, kind="test.told", subject_type="x.y", subject_id=1, url="/", params={})
        for _number in range(count)
    )
    Delivery.objects.bulk_create(
        Delivery(notice=notice, channel="email", state="failed_for_good", failed_at=now())
        for notice in notices
    )
    client = browser(administrator)
    client.get(reverse("notices:failed"))
    with django_assert_max_num_queries(12):
        assert client.get(reverse("notices:failed")).status_code == 200
