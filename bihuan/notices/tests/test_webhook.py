"""Webhooks: signed, never followed elsewhere, never led into the own network, never held up for long."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from bihuan.accounts.models import User
from bihuan.core.clock import now
from bihuan.core.personal import blind_index
from bihuan.notices import kinds
from bihuan.notices.actions import tell
from bihuan.notices.background import send_waiting
from bihuan.notices.channels import reaching, webhook
from bihuan.notices.models import Address, Delivery
from bihuan.notices.tests.factories import told

pytestmark = pytest.mark.django_db
SECRET = webhook.PREFIX + "c2VjcmV0IG9mIHRoZSB0ZXN0cywgMzIgYnl0ZXMuLi4="
DOCS = Path(__file__).resolve().parents[3] / "docs" / "webhooks.md"


class Receiver:
    """A receiver on this machine: keeps what it gets, answers as it is told."""

    def __init__(self) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.got.append((dict(self.headers.items()), body))
                self.send_response(receiver.status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        self.headers: dict[str, str] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server.server_address[1]}/hook?a=1"


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOKS_ARE_ON = settings.WEBHOOK_PRIVATE = True
    settings.WEBHOOK_URL = settings.WEBHOOK_SECRET = ""
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


def lives_at(person: User, url: str) -> Address:
    return Address.objects.create(
        person=person,
        channel="webhook",
        value=url,
        value_index=blind_index(url),
        secret=SECRET,
        confirmed_at=now(),
    )


def verify(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """As docs/webhooks.md tells the receiver to do it."""
    (example,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(), re.S)
    namespace: dict[str, Any] = {}
    exec(example, namespace)
    return bool(namespace["is_ours"](secret, {key.lower(): value for key, value in headers.items()}, body))


def test_a_notice_is_posted_and_its_signature_holds(reader: User, receiver: Receiver) -> None:
    lives_at(reader, receiver.url)
    notice = told(reader)
    send_waiting()
    ((headers, body),) = receiver.got
    delivery = Delivery.objects.get(channel="webhook")
    assert delivery.state == "delivered"
    assert headers["webhook-id"] == f"notice-{delivery.pk}"
    assert headers["host"].startswith("localhost:")
    content = json.loads(body)
    assert content["recipient"] == {"id": reader.pk, "username": "reader"}
    assert [one["id"] for one in content["notices"]] == [notice.pk]
    assert verify(SECRET, headers, body)
    assert not verify(SECRET, headers, body + b" ")
    assert not verify(webhook.PREFIX + "b3RoZXI=", headers, body)
    assert not verify(SECRET, headers | {"webhook-timestamp": "1700000000"}, body)


@pytest.mark.parametrize(
    ("status", "headers", "state"),
    [
        (200, {}, "delivered"),
        (302, {"location": "http://localhost/elsewhere"}, "failed_for_now"),
        (404, {}, "failed_for_now"),
        (410, {}, "failed_for_good"),
        (500, {}, "failed_for_now"),
        (503, {"retry-after": "7200"}, "failed_for_now"),
        (503, {"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, "failed_for_now"),
    ],
)
def test_the_answer_decides(
    reader: User, receiver: Receiver, status: int, headers: dict[str, str], state: str
) -> None:
    lives_at(reader, receiver.url)
    receiver.status, receiver.headers = status, headers
    told(reader)
    send_waiting()
    delivery = Delivery.objects.get(channel="webhook")
    assert delivery.state == state and len(receiver.got) == 1
    if headers.get("retry-after") == "7200":
        assert (delivery.next_try_at - now()).total_seconds() > 7000


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://10.0.0.1/",
        "https://192.168.1.1/x",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.64.0.1/",
        "https://[::ffff:10.0.0.1]/",
        "https://[fd00::1]/",
        "https://[64:ff9b::a00:1]/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://user:secret@example.com/",
        "ftp://example.com/",
        "https:///x",
        "https://exa mple.com/",
        "https://example.com:99999/",
        "nonsense",
    ],
)
def test_such_addresses_are_refused(url: str, settings: Any) -> None:
    settings.WEBHOOK_PRIVATE = False
    assert reaching.judge(url)


def test_a_public_address_will_do(settings: Any) -> None:
    settings.WEBHOOK_PRIVATE = False
    assert reaching.judge("https://hooks.example.com:8443/bihuan?room=1") == ""


@pytest.mark.parametrize("found", [["10.0.0.5"], ["93.184.216.34", "127.0.0.1"], ["::1"], ["fe80::1%eth0"]])
def test_a_name_that_means_a_private_machine_is_refused_before_connecting(
    found: list[str], reader: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOKS_ARE_ON, settings.WEBHOOK_PRIVATE = True, False
    asked: list[str] = []

    def look_up(host: str, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in found]

    monkeypatch.setattr(reaching.socket, "getaddrinfo", look_up)
    lives_at(reader, "https://rebind.example.com/")
    told(reader)
    send_waiting()
    delivery = Delivery.objects.get(channel="webhook")
    assert (delivery.state, asked) == ("failed_for_good", ["rebind.example.com"])
    assert "private" in delivery.error


def test_the_connection_goes_to_the_address_that_was_judged(
    reader: User, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Resolved once: what the name means a moment later does not matter."""
    monkeypatch.setattr(reaching, "resolve", lambda host, port: "127.0.0.1")
    url = receiver.url.replace("localhost", "moves.example.com")
    lives_at(reader, url)
    told(reader)
    send_waiting()
    ((headers, _body),) = receiver.got
    assert headers["host"].startswith("moves.example.com:")


def test_who_drips_the_answer_is_cut_off(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WEBHOOK_PRIVATE = True
    monkeypatch.setattr(reaching, "AT_MOST", 0.6)
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def drip() -> None:
        visitor, _address = listener.accept()
        with visitor, suppress(OSError):
            visitor.sendall(b"HTTP/1.1 200 OK\r\nx-slow: ")
            while not over.wait(0.05):
                visitor.sendall(b"a")

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    begun = monotonic()
    outcome = webhook.post({}, f"http://127.0.0.1:{listener.getsockname()[1]}/", secret=SECRET, key="slow")
    over.set()
    thread.join(5)
    listener.close()
    assert outcome.state == "failed_for_now" and monotonic() - begun < 5


def test_the_districts_gateway_is_told_of_work_but_never_of_reports(
    reader: User, receiver: Receiver, settings: Any
) -> None:
    settings.WEBHOOKS_ARE_ON = False
    settings.WEBHOOK_URL, settings.WEBHOOK_SECRET = receiver.url, SECRET
    kinds.register("report.test", title="Your report")
    told(reader)
    tell([reader], "report.test", subject=reader, url="/x/")
    send_waiting()
    assert [json.loads(body)["notices"][0]["kind"] for _headers, body in receiver.got] == ["test.told"]


def test_without_a_secret_there_is_no_gateway(reader: User, settings: Any) -> None:
    settings.WEBHOOKS_ARE_ON = False
    settings.WEBHOOK_URL, settings.WEBHOOK_SECRET = "https://example.com/", ""
    assert not told(reader).deliveries.filter(channel="webhook").exists()
