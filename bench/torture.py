"""Kills everything that can be killed while people report and work, and looks whether anything was lost.

    python -m bench.torture [MINUTES] [SEED]

`bihuan serve` runs twice on one data folder: two web servers, two workers, one embedded database. Clients
report with idempotency keys and act on what they reported. Meanwhile `kill -9` hits web, worker, supervisor,
database and single connections. Afterwards everything that was acknowledged must be there, once, with
everything that follows from it, once.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import httpx
import psutil

ROOT = Path(__file__).resolve().parent.parent
CLIENTS = 4
VERBS = ("file", "assign", "acknowledge", "resolve")
ANSWER = 20  # seconds that a client waits for one answer
VICTIMS = ("web", "web's worker", "worker", "worker", "database", "connection", "supervisor")


@dataclass
class Told:
    """What the clients were told: this much was acknowledged."""

    reports: dict[str, str] = field(default_factory=dict)  # case number by the mark in its words
    acts: list[tuple[str, str]] = field(default_factory=list)  # case number, event
    tries: int = 0
    refused: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Torture:
    """One run in a data folder of its own."""

    def __init__(self, folder: Path, seed: int):
        self.folder = folder
        self.log = folder.parent / "log"
        self.chance = Random(seed)
        self.ports = [_free_port(), _free_port()]
        self.servers: list[subprocess.Popen[bytes] | None] = [None, None]
        self.told = Told()
        self.kills: Counter[str] = Counter()
        self.over = threading.Event()

    # -- processes ------------------------------------------------------------------------------------

    def environment(self, **more: str) -> dict[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("BIHUAN_", "DATABASE_"))
        }
        ours = {
            "BIHUAN_DATA": str(self.folder),
            "BIHUAN_VISITOR_LIMITS": "0",
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "bihuan.config.settings",
        }
        return {**kept, **ours, **more}

    def inside(self, *arguments: str) -> Any:
        """Run a step of `bench.torture_inside` with the product; its answer."""
        done = subprocess.run(
            [sys.executable, "-m", "bench.torture_inside", *arguments],
            env=self.environment(), stdout=subprocess.PIPE, check=True, cwd=ROOT,
        )  # fmt: skip
        return json.loads(done.stdout)

    def keep_serving(self) -> None:
        """Start what is not there; a supervisor is nobody's child but ours."""
        for number, server in enumerate(self.servers):
            if server is None or server.poll() is not None:
                with self.log.open("ab") as log:
                    self.servers[number] = subprocess.Popen(
                        [sys.executable, "-m", "bihuan", "serve"],
                        env=self.environment(BIHUAN_PORT=str(self.ports[number]), BIHUAN_WEB_WORKERS="1"),
                        stdout=log, stderr=log, cwd=ROOT,
                    )  # fmt: skip

    def wait_until_all_answer(self, patience: float) -> None:
        deadline = time.monotonic() + patience
        for port in self.ports:
            while not _answers(port):
                if time.monotonic() > deadline:
                    raise RuntimeError(f"port {port} does not answer:\n{self.log.read_text()[-3000:]}")
                self.keep_serving()
                time.sleep(0.2)

    def processes(self) -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                mine = process.environ().get("BIHUAN_DATA") == str(self.folder)
                if (mine or str(self.folder) in " ".join(process.cmdline())) and process.status() != "zombie":
                    found.append(process)
        return found

    def end(self) -> None:
        for server in self.servers:
            if server is not None and server.poll() is None:
                server.send_signal(signal.SIGINT)
        for server in self.servers:
            if server is not None:
                with suppress(subprocess.TimeoutExpired):
                    server.wait(30)
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                process.kill()

    # -- killing --------------------------------------------------------------------------------------

    def kill_one(self) -> None:
        """`kill -9` of something, by chance."""
        wanted = self.chance.choice(VICTIMS)
        victims = self._victims(wanted)
        if victims:
            with suppress(psutil.NoSuchProcess):
                self.chance.choice(victims).kill()
                self.kills[wanted] += 1

    def _victims(self, wanted: str) -> list[psutil.Process]:
        if wanted in ("database", "connection"):
            with suppress(OSError, ValueError, IndexError, psutil.NoSuchProcess):
                first = (self.folder / "pg" / "postmaster.pid").read_text().split("\n", 1)[0]
                database = psutil.Process(int(first))
                children = [child for child in database.children() if _is_connection(child)]
                return [database] if wanted == "database" else children
            return []
        word = {"web's worker": "web", "supervisor": "serve"}.get(wanted, wanted)
        found = []
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                words = process.cmdline()
                if words[-2:] == ["bihuan", word]:
                    found += process.children() if wanted == "web's worker" else [process]
        return found

    # -- clients --------------------------------------------------------------------------------------

    def client(self, number: int, world: dict[str, Any]) -> None:
        chance = Random(f"{number}")
        with httpx.Client(timeout=ANSWER) as http:
            while not self.over.is_set():
                mark = uuid4().hex
                body = {"words": f"torture {mark}", "lon": 114.65, "lat": 33.62}
                made = self._until_told(http, "/api/v1/reports", body, token="")
                if made is None:
                    continue
                with self.told.lock:
                    self.told.reports[mark] = made["number"]
                for verb in VERBS[: chance.randrange(len(VERBS) + 1)]:
                    path = f"/api/v1/cases/{made['number']}/{verb}"
                    done = self._until_told(http, path, world["bodies"][verb], token=world["tokens"][verb])
                    if done is None:
                        break
                    with self.told.lock:
                        self.told.acts.append((made["number"], done["event"]))

    def _until_told(self, http: httpx.Client, path: str, body: Any, *, token: str) -> dict[str, Any] | None:
        """Ask with one key, again and again, until somebody says what became of it; None at the end."""
        headers = {"Idempotency-Key": uuid4().hex} | ({"Authorization": f"Bearer {token}"} if token else {})
        turn = 0
        while not self.over.is_set():
            turn += 1
            port = self.ports[turn % 2]
            with self.told.lock:
                self.told.tries += 1
            try:
                answer = http.post(f"http://127.0.0.1:{port}{path}", json=body, headers=headers)
            except httpx.HTTPError:
                time.sleep(0.2)
                continue
            if answer.status_code in (200, 201):
                return dict(answer.json())
            if answer.status_code < 500:
                with self.told.lock:
                    self.told.refused.append(f"{path}: {answer.status_code} {answer.text[:300]}")
                return None
            time.sleep(0.2)
        return None

    # -- the run --------------------------------------------------------------------------------------

    def run(self, seconds: float, *, pause: tuple[float, float], calm: float) -> dict[str, Any]:
        """Torture for so long; then calm down and count. Gives counts and faults."""
        world = self.inside("prepare")
        self.keep_serving()
        self.wait_until_all_answer(90)
        clients = [threading.Thread(target=self.client, args=(n, world)) for n in range(CLIENTS)]
        for client in clients:
            client.start()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(self.chance.uniform(*pause))
            self.kill_one()
            self.keep_serving()
        self.over.set()
        for client in clients:
            client.join(ANSWER + 10)
        self.wait_until_all_answer(90)
        known = self.folder / "told.json"
        known.write_text(json.dumps({"reports": self.told.reports, "acts": self.told.acts}))
        counts = self.inside("check", str(known), str(calm))
        counts["faults"] += [f"refused: {what}" for what in self.told.refused]
        counts |= {"tries": self.told.tries, "kills": dict(self.kills), "killed": sum(self.kills.values())}
        verified = subprocess.run(
            [sys.executable, "-m", "bihuan", "audit", "verify"],
            env=self.environment(), capture_output=True, text=True, check=False, cwd=ROOT,
        )  # fmt: skip
        if verified.returncode:
            counts["faults"].append(f"audit verify: {verified.stdout}{verified.stderr}"[:2000])
        return dict(counts)


def tortured(seconds: float, seed: int, *, pause: tuple[float, float], calm: float) -> dict[str, Any]:
    """A run from nothing, cleaned up afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="bihuan-torture-"))
    folder.chmod(0o755)  # the database runs as another user where we are root
    run = Torture(folder / "data", seed)
    try:
        return run.run(seconds, pause=pause, calm=calm)
    finally:
        run.end()
        shutil.rmtree(folder, ignore_errors=True)


def _is_connection(process: psutil.Process) -> bool:
    """Whether a child of the database serves somebody, and is none of its own helpers."""
    with suppress(psutil.NoSuchProcess):
        return "[local]" in " ".join(process.cmdline())
    return False


def _answers(port: int) -> bool:
    with suppress(httpx.HTTPError):
        return httpx.get(f"http://127.0.0.1:{port}/health/", timeout=3).status_code == 200
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def report(seed: int, counts: dict[str, Any]) -> str:
    """The counts in words."""
    kills = ", ".join(f"{number} × {name}" for name, number in sorted(counts["kills"].items()))
    lines = [
        f"seed {seed}: {counts['killed']} kills ({kills})",
        f"{counts['reports']} reports and {counts['acts']} acts acknowledged, {counts['tries']} requests",
        f"{counts['entries']} entries, {counts['effects']} effects, {counts['notices']} notices,"
        f" {counts['steps']} steps of clocks, {counts['jobs']} jobs left",
        f"{len(counts['faults'])} faults",
        *counts["faults"][:50],
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 10
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
    print(f"seed {seed}, {minutes:g} minutes", flush=True)
    counts = tortured(60 * minutes, seed, pause=(1.0, 8.0), calm=300)
    print(report(seed, counts))
    sys.exit(1 if counts["faults"] else 0)
