"""Running the site: web server, worker, both together, and the demo."""

import os
import signal
import socket
import subprocess
import sys
import time
from types import FrameType
from typing import Any

import django
from django.core.management import call_command

from bihuan.config import environment as env
from bihuan.config.embedded import ensure_server, is_embedded, revive_server
from bihuan.config.lifeline import end_with_parent

GRACE = 15  # seconds that a child may take to finish what it does
RESTART_PAUSE = 1.0  # seconds, doubled with every failure in a row up to half a minute


def web() -> int:
    """The web server: granian with WSGI threads."""
    from granian import Granian
    from granian.constants import Interfaces

    ensure_server()
    if os.environ.get("BIHUAN_SUPERVISED"):
        end_with_parent()
    os.environ["BIHUAN_SUPERVISED"] = "1"  # its own workers end with it
    Granian(
        "bihuan.config.wsgi:application",
        address=env.text("BIHUAN_ADDRESS"),
        port=env.number("BIHUAN_PORT"),
        interface=Interfaces.WSGI,
        workers=env.number("BIHUAN_WEB_WORKERS"),
        blocking_threads=env.number("BIHUAN_WEB_THREADS"),
        respawn_failed_workers=True,
        websockets=False,
        workers_kill_timeout=GRACE,
    ).serve()
    return 0


def worker() -> int:
    """A background worker: reactions and periodic jobs."""
    ensure_server()
    django.setup()
    if os.environ.get("BIHUAN_SUPERVISED"):
        end_with_parent()
    from procrastinate.contrib.django import app

    connector: Any = app.connector  # Django's, which knows its kin for workers
    with app.replace_connector(connector.get_worker_connector()) as running:
        running.run_worker(
            concurrency=env.number("BIHUAN_WORKER_CONCURRENCY"),
            delete_jobs="successful",
            fetch_job_polling_interval=2,
            shutdown_graceful_timeout=GRACE,
        )
    return 0


def serve() -> int:
    """Web and worker together; a part that dies is started again."""
    if not _port_is_free():
        return 1
    ensure_server()
    django.setup()
    call_command("migrate", verbosity=0)
    return Supervisor().run()


def demo() -> int:
    """A living district: built if the database is empty, then served."""
    os.environ["BIHUAN_DEMO"] = "1"
    if not _port_is_free():
        return 1
    ensure_server()
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("build_demo", if_empty=True)
    return Supervisor().run()


def _port_is_free() -> bool:
    address, port = env.text("BIHUAN_ADDRESS"), env.number("BIHUAN_PORT")
    patience = time.monotonic() + 3  # a killed server's workers need a moment to notice
    while True:
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
                return True
            except OSError as error:
                if time.monotonic() > patience:
                    print(
                        f"Port {port} on {address} is taken ({error.strerror}).",
                        "Set BIHUAN_PORT to another.",
                    )
                    return False
        time.sleep(0.3)


class Supervisor:
    """Keeps web, worker and the embedded database running until told to stop."""

    def __init__(self) -> None:
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.failures = {"web": 0, "worker": 0}
        self.next_start = {"web": 0.0, "worker": 0.0}
        self.stopping = False

    def run(self) -> int:
        signal.signal(signal.SIGINT, self._stop)
        signal.signal(signal.SIGTERM, self._stop)
        for part in self.failures:
            self._start(part)
        self._say_address()
        while not self.stopping:
            time.sleep(0.5)
            if is_embedded():
                revive_server()
            for part, child in list(self.children.items()):
                if child.poll() is not None and not self.stopping:
                    self._again(part, child.returncode)
        self._end_children()
        return 0

    def _start(self, part: str) -> None:
        self.children[part] = subprocess.Popen(
            [sys.executable, "-m", "bihuan", part],
            env={**os.environ, "BIHUAN_SUPERVISED": "1"},
            start_new_session=True,  # Ctrl-C reaches this process alone, which ends its children in order
        )
        self.next_start[part] = time.monotonic() + RESTART_PAUSE * 2 ** min(self.failures[part], 5)

    def _again(self, part: str, status: int) -> None:
        if time.monotonic() < self.next_start[part]:
            return
        self.failures[part] = 0 if time.monotonic() > self.next_start[part] + 60 else self.failures[part] + 1
        print(f"bihuan: {part} ended (status {status}); starting it again", flush=True)
        self._start(part)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _end_children(self) -> None:
        for child in self.children.values():
            if child.poll() is None:
                child.send_signal(signal.SIGINT)
        deadline = time.monotonic() + GRACE + 5
        for child in self.children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def _say_address(self) -> None:
        address = env.text("BIHUAN_ADDRESS")
        host = "localhost" if address in ("127.0.0.1", "0.0.0.0") else address  # noqa: S104  # compared, not bound
        print(
            f"\n  Bihuan 闭环 → http://{host}:{env.number('BIHUAN_PORT')}/   (Ctrl-C stops it)\n", flush=True
        )
