"""E-mails: in the reader's language, without anything that people wrote, and honest about what failed."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from bihuan.accounts.models import User
from bihuan.core.clock import now, travel
from bihuan.core.personal import blind_index
from bihuan.notices import kinds, rules
from bihuan.notices.background import send_waiting
from bihuan.notices.models import Address, Delivery
from bihuan.notices.tests.factories import told

pytestmark = pytest.mark.django_db
ADDRESS = "reader@example.cn"


@pytest.fixture(autouse=True)
def on(settings) -> None:
    settings.EMAIL_IS_ON = True
    settings.SITE_URL = "https://bihuan.example.cn"


@pytest.fixture(autouse=True)
def address(reader: User) -> Address:
    return Address.objects.create(
        person=reader, channel="email", value=ADDRESS, value_index=blind_index(ADDRESS), confirmed_at=now()
    )


def body(message: mail.EmailMultiAlternatives) -> tuple[str, str]:
    (html,) = [text for text, kind in message.alternatives if kind == "text/html"]
    return str(message.body), str(html)


def test_an_email_names_the_kind_and_links_to_the_page(reader: User) -> None:
    notice = told(reader)
    send_waiting()
    (message,) = mail.outbox
    assert message.to == [ADDRESS]
    assert message.subject == "Yes"
    delivery = Delivery.objects.get(notice=notice, channel="email")
    assert delivery.state == "sent"
    assert message.extra_headers["Message-ID"] == f"<notice-{delivery.pk}@bihuan.example.cn>"
    for text in body(message):
        assert f"https://bihuan.example.cn/inbox/{notice.pk}/" in text
        assert "C-1 Liangyuan" in text


def test_nothing_that_people_wrote_leaves_the_house(reader: User) -> None:
    secret = "张三 13800000001 三号楼"
    kinds.register("test.said", title="New case: %(title)s", body="Case %(number)s, %(place)s")
    from bihuan.notices.actions import tell

    tell(
        [reader],
        "test.said",
        subject=reader,
        url=f"/track/{secret}/",
        params={"title": secret, "number": "C-7", "place": secret},
    )
    send_waiting()
    (message,) = mail.outbox
    assert message.subject == "New case"
    whole = "".join(body(message)) + str(message.message())
    assert "Case C-7" in whole
    for part in secret.split():
        assert part not in whole


@pytest.mark.parametrize(("language", "word"), [("en", "Yes"), ("zh-hans", "是")])
def test_it_speaks_the_readers_language(reader: User, language: str, word: str) -> None:
    User.objects.filter(pk=reader.pk).update(language=language)
    told(reader)
    send_waiting()
    assert mail.outbox[0].subject == word


def test_a_digest_lists_everything(reader: User) -> None:
    notices = [told(reader) for _number in range(30)]
    moment = now()
    send_waiting()
    with travel(moment + rules.WINDOW + timedelta(minutes=1)):
        send_waiting()
    assert len(mail.outbox) == rules.STORM + 1
    digest = mail.outbox[-1]
    assert digest.subject == "25 notices together"
    for text in body(digest):
        for notice in notices[rules.STORM :]:
            assert f"/inbox/{notice.pk}/" in text


class Refusing(EmailBackend):
    fault: Exception

    def send_messages(self, messages: list[EmailMessage]) -> int:  # type: ignore[override]
        raise self.fault


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (smtplib.SMTPRecipientsRefused({ADDRESS: (550, f"no {ADDRESS} here".encode())}), "failed_for_good"),
        (smtplib.SMTPRecipientsRefused({ADDRESS: (450, b"try later")}), "failed_for_now"),
        (smtplib.SMTPDataError(554, f"rejected {ADDRESS}".encode()), "failed_for_good"),
        (smtplib.SMTPAuthenticationError(535, b"wrong password"), "failed_for_now"),
        (smtplib.SMTPServerDisconnected("gone"), "failed_for_now"),
        (ConnectionRefusedError("refused"), "failed_for_now"),
        (TimeoutError("slow"), "failed_for_now"),
    ],
)
def test_what_the_server_says_decides_whether_it_is_tried_again(
    reader: User, settings, monkeypatch: pytest.MonkeyPatch, fault: Exception, state: str
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    monkeypatch.setattr(Refusing, "fault", fault, raising=False)
    told(reader)
    send_waiting()
    delivery = Delivery.objects.get(channel="email")
    assert delivery.state == state
    assert delivery.error and ADDRESS not in delivery.error


def test_without_a_mail_server_nothing_is_planned(reader: User, settings) -> None:
    settings.EMAIL_IS_ON = False
    assert not told(reader).deliveries.filter(channel="email").exists()


def test_an_address_that_is_not_confirmed_gets_nothing(reader: User, address: Address) -> None:
    Address.objects.update(confirmed_at=None)
    assert not told(reader).deliveries.filter(channel="email").exists()


def test_somebody_who_removed_the_address_is_not_written_to(reader: User, address: Address) -> None:
    told(reader)
    address.delete()
    send_waiting()
    assert mail.outbox == []
    assert Delivery.objects.get(channel="email").state == "failed_for_good"
