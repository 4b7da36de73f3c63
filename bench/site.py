"""An installation of its own to measure: data folder, databases, processes, and what they use."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

DATA = Path(os.environ.get("BENCH_DATA", ".bench-data")).resolve()
PATIENCE = 60


def environment(database: str, **more: str) -> dict[str, str]:
    """The environment of a measured process: nothing of the developer's own settings."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("BIHUAN_", "DATABASE_"))
    }
    return {
        **kept,
        "BIHUAN_DATA": str(DATA),
        "BIHUAN_DB_NAME": database,
        "BIHUAN_VISITOR_LIMITS": "0",
        "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
        **more,
    }


def run(database: str, *arguments: str, **more: str) -> str:
    """One command of the product or of the bench, to its end; its output."""
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment(database, **more), check=True, stdout=subprocess.PIPE, text=True,
    ).stdout  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def started(database: str, *arguments: str, **more: str) -> Iterator[psutil.Process]:
    """A process of the product, until the block ends."""
    with (DATA / "bench.log").open("ab") as log:
        process = psutil.Popen(
            [sys.executable, *arguments],
            env=environment(database, **more),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.send_signal(2)
        try:
            process.wait(PATIENCE)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def web(
    database: str,
    *,
    workers: int,
    threads: int,
    command: Iterable[str] = ("-m", "bihuan", "web"),
    **more: str,
) -> Iterator[tuple[psutil.Process, int]]:
    """The web server as shipped, once it answers: its process and port."""
    port = free_port()
    settings = {
        "BIHUAN_PORT": str(port),
        "BIHUAN_WEB_WORKERS": str(workers),
        "BIHUAN_WEB_THREADS": str(threads),
    }
    with started(database, *command, **settings, **more) as process:
        _wait_until_it_answers(port, process)
        yield process, port


def _wait_until_it_answers(port: int, process: psutil.Process) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=5):
                return
        except (urllib.error.URLError, OSError) as error:
            if time.monotonic() > deadline or not process.is_running():
                raise RuntimeError(f"the site does not answer; see {DATA / 'bench.log'}") from error
            time.sleep(0.1)


def postgres() -> psutil.Process:
    """The server of the bench's own data folder."""
    return psutil.Process(int((DATA / "pg" / "postmaster.pid").read_text().split("\n", 1)[0]))


def family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def cpu_seconds(process: psutil.Process) -> float:
    """What a process and its children have used so far, those that have ended included."""
    total = 0.0
    for member in family(process):
        try:
            times = member.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def memory(process: psutil.Process) -> list[int]:
    """Proportional set sizes in bytes: what each member of the family costs the machine."""
    return [member.memory_full_info().pss for member in family(process)]
