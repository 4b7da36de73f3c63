"""The database goes away for a while: pages say so, nothing acknowledged is lost, work goes on by itself."""

import http.cookiejar
import re
import shutil
import socket
import socketserver
import tempfile
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.test_cli import Site

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]


class Door(socketserver.ThreadingTCPServer):
    """A TCP door to a database behind a Unix socket, which can be shut in everybody's face."""

    daemon_threads = True

    def __init__(self, target: str):
        super().__init__(("127.0.0.1", 0), Passage)
        self.target = target
        self.is_open = True
        self.through: set[socket.socket] = set()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def shut(self) -> None:
        self.is_open = False
        for one in list(self.through):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


class Passage(socketserver.BaseRequestHandler):
    server: Door

    def handle(self) -> None:
        if not self.server.is_open:
            return
        with socket.socket(socket.AF_UNIX) as behind:
            behind.connect(self.server.target)
            pair = {self.request, behind}
            self.server.through |= pair
            back = threading.Thread(target=self._carry, args=(behind, self.request), daemon=True)
            back.start()
            self._carry(self.request, behind)
            back.join()
            self.server.through -= pair

    @staticmethod
    def _carry(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while block := source.recv(65_536):
                target.sendall(block)
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


class Visitor:
    """A browser without scripts."""

    def __init__(self, port: int):
        self.base = f"http://127.0.0.1:{port}"
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )

    def ask(self, path: str, data: dict[str, str] | None = None) -> tuple[int, str, Any]:
        body = urllib.parse.urlencode(data).encode() if data is not None else None
        try:
            with self.opener.open(self.base + path, body, timeout=20) as answer:
                return answer.status, answer.read().decode(), answer
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(), error


def hidden_fields(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="(\w+)"[^>]*value="([^"]*)"', page)
    return dict(found)


@pytest.fixture
def behind_a_door() -> Iterator[tuple[Site, Door]]:
    """A site that reaches its database over TCP; the database itself runs in another data folder."""
    folder = Path(tempfile.mkdtemp(prefix="bihuan-"))
    folder.chmod(0o755)
    keeper, site = Site(folder / "keeper"), Site(folder / "site")
    door = None
    try:
        assert keeper.run("manage", "migrate", "--verbosity=0").returncode == 0
        assert keeper.run("manage", "create_district", "411602", "川汇区").returncode == 0
        keeper.start()
        lines = (keeper.folder / "pg" / "postmaster.pid").read_text().split("\n")
        door = Door(f"{lines[4]}/.s.PGSQL.{lines[3]}")
        yield site, door
    finally:
        for one in (site, keeper):
            one.kill_everything()
        if door is not None:
            door.shut()
            door.shutdown()
        shutil.rmtree(folder)


def test_the_database_goes_away_and_comes_back(
    behind_a_door: tuple[Site, Door], monkeypatch: pytest.MonkeyPatch
) -> None:
    site, door = behind_a_door
    plain = site.environment
    url = f"postgresql://postgres@127.0.0.1:{door.port}/bihuan"
    monkeypatch.setattr(site, "environment", lambda **more: plain(DATABASE_URL=url, **more))
    site.start()
    visitor = Visitor(site.port)
    status, page, _answer = visitor.ask("/report/")
    assert status == 200
    report = hidden_fields(page) | {"words": "井盖坏了", "address": "八一路 12 号"}

    door.shut()
    status, page, answer = visitor.ask("/")
    assert (status, answer.headers["Retry-After"]) == (503, "10")
    assert "数据库正在恢复" in page and "Back in a moment" in page
    assert "content-security-policy" in {name.lower() for name in answer.headers}
    status, page, _answer = visitor.ask("/report/", report)
    assert status == 503
    assert "还没有保存" in page and "is not saved yet" in page
    status, _page, _answer = visitor.ask("/health/")
    assert status == 503
    for static in ("/static/plain.css", "/static/plain.js"):
        assert visitor.ask(static)[0] == 200, "what this page needs is there without a database"

    door.is_open = True
    site.wait_until(lambda: visitor.ask("/health/")[0] == 200, "the site is back by itself")
    status, page, answer = visitor.ask("/report/", report)
    assert status == 200 and answer.geturl().endswith("/received/"), page[:2000]
    again = visitor.ask("/report/", report)[2].geturl()
    assert again == answer.geturl(), "sent twice, it is one report"
    waiting = "from procrastinate.contrib.django.models import ProcrastinateJob as J; print('told', J.objects.filter(queue_name='reactions').exclude(status='succeeded').count())"  # noqa: E501

    def nothing_waits() -> bool:
        done = site.run("manage", "shell", "--verbosity=0", "-c", waiting)
        return "told 0" in done.stdout

    site.wait_until(nothing_waits, "the worker has gone on by itself")
    assert site.run("audit", "verify").returncode == 0
