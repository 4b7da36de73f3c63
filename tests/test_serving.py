"""The server of the journeys knows when everybody has been answered."""

import threading
from collections.abc import Callable
from typing import Any
from urllib.request import urlopen

from django.test.testcases import QuietWSGIRequestHandler

from tests.journeys.serving import Server


def test_the_server_of_the_journeys_waits_for_a_request_that_is_under_way() -> None:
    entered, enough = threading.Event(), threading.Event()

    def answer(_environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        entered.set()
        enough.wait(20)
        start("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    with Server(("127.0.0.1", 0), QuietWSGIRequestHandler) as server:
        server.set_app(answer)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        assert server.wait_until_idle(0)
        read: list[bytes] = []
        address = f"http://127.0.0.1:{server.server_port}/"
        visitor = threading.Thread(target=lambda: read.append(urlopen(address).read()), daemon=True)
        visitor.start()
        assert entered.wait(20)
        assert not server.wait_until_idle(0)
        enough.set()
        assert server.wait_until_idle(20)
        visitor.join(20)
        server.shutdown()
    assert read == [b"ok"]
