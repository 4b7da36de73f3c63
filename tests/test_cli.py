"""The command `bihuan` as an operator meets it: whole processes, killed without mercy."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]
PATIENCE = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Site:
    """An installation of its own: data folder, port, and the processes that belong to it."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.port = free_port()
        self.log = folder.parent / "log"
        self.server: subprocess.Popen[bytes] | None = None

    def environment(self, **more: str) -> dict[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("BIHUAN_", "DATABASE_"))
        }
        return {**kept, "BIHUAN_DATA": str(self.folder), "BIHUAN_PORT": str(self.port), **more}

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bihuan", *arguments],
            env=self.environment(**more), capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "bihuan", "serve"], env=self.environment(), stdout=log, stderr=log
            )
        self.wait_until(self.answers, "the site answers")

    def stop(self, number: int = signal.SIGINT) -> int:
        assert self.server is not None
        self.server.send_signal(number)
        return self.server.wait(PATIENCE)

    def answers(self) -> bool:
        if self.server is not None and self.server.poll() is not None:
            pytest.fail(f"serve ended:\n{self.log.read_text()}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/", timeout=3) as response:
                return response.read() == b"ok"
        except (urllib.error.URLError, OSError):
            return False

    def wait_until(self, true: Callable[[], object], what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not true():
            if time.monotonic() > deadline:
                pytest.fail(f"not after {PATIENCE} s: {what}\n{self.log.read_text()[-4000:]}")
            time.sleep(0.1)

    def processes(self) -> list[psutil.Process]:
        """Everything that was started for this data folder and is still there."""
        found = []
        for process in psutil.process_iter():
            try:
                mine = process.environ().get("BIHUAN_DATA") == str(self.folder)
                if (mine or str(self.folder) in " ".join(process.cmdline())) and process.status() != "zombie":
                    found.append(process)
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        return found

    def parts(self) -> dict[psutil.Process, tuple[str, int]]:
        """Our own processes by the last word of their command, with their parent."""
        found = {}
        for process in self.processes():
            try:
                words = process.cmdline()
                if "bihuan" in words:
                    found[process] = (words[-1], process.ppid())
            except psutil.NoSuchProcess:
                continue
        return found

    def part(self, name: str) -> psutil.Process:
        for process, told in self.parts().items():
            if told == (name, self.server.pid):  # type: ignore[union-attr]
                return process
        raise AssertionError(f"there is no {name}")

    def has(self, name: str, *, but: psutil.Process) -> bool:
        wanted = (name, self.server.pid)  # type: ignore[union-attr]
        return any(told == wanted and process != but for process, told in self.parts().items())

    def postmaster(self) -> psutil.Process:
        return psutil.Process(int((self.folder / "pg" / "postmaster.pid").read_text().split()[0]))

    def kill_everything(self) -> None:
        for process in self.processes():
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        if self.server is not None:
            self.server.wait(PATIENCE)


@pytest.fixture(scope="module")
def installed() -> Iterator[Site]:
    """A migrated site. Its path is short and open to the user that the database runs as."""
    folder = Path(tempfile.mkdtemp(prefix="bihuan-"))
    folder.chmod(0o755)
    site = Site(folder / "data")
    try:
        migrated = site.run("manage", "migrate", "--verbosity=0")
        assert migrated.returncode == 0, migrated.stdout + migrated.stderr
        yield site
    finally:
        site.kill_everything()
        shutil.rmtree(folder)


@pytest.fixture
def site(installed: Site) -> Iterator[Site]:
    installed.port = free_port()
    yield installed
    installed.kill_everything()


def test_a_site_starts_answers_and_ends_without_leftovers(site: Site) -> None:
    site.start()
    assert len(site.processes()) >= 4, "serve, web, its worker, worker, PostgreSQL"

    assert site.stop() == 0

    site.wait_until(lambda: not site.processes(), f"everything has ended: {site.processes()}")
    assert "Traceback" not in site.log.read_text()


@pytest.mark.parametrize("part", ["web", "worker"])
def test_a_killed_part_is_started_again(site: Site, part: str) -> None:
    site.start()
    old = site.part(part)
    old.kill()

    site.wait_until(lambda: site.has(part, but=old), f"{part} is back")
    site.wait_until(site.answers, "the site answers again")


def test_a_killed_database_is_started_again(site: Site) -> None:
    site.start()
    old = site.postmaster().pid
    site.postmaster().kill()

    site.wait_until(lambda: (site.folder / "pg" / "postmaster.pid").exists() and site.postmaster().pid != old
                    and site.answers(), "the database is back")  # fmt: skip
    assert site.stop() == 0
    site.wait_until(lambda: not site.processes(), "everything has ended")


def test_a_killed_supervisor_takes_its_parts_along(site: Site) -> None:
    site.start()
    os.kill(site.server.pid, signal.SIGKILL)  # type: ignore[union-attr]
    site.server.wait()  # type: ignore[union-attr]

    site.wait_until(lambda: not site.parts(), "its parts have ended")
    site.start()


def test_after_kill_9_of_everything_the_next_start_works(site: Site) -> None:
    site.start()
    site.kill_everything()
    site.start()
    assert site.stop(signal.SIGTERM) == 0
    site.wait_until(lambda: not site.processes(), "everything has ended")


def test_a_second_start_is_quick(site: Site) -> None:
    """Two cores do this much work within five seconds; how long it takes beside other tests says nothing."""
    site.start()
    work = 0.0
    for process in site.processes():
        with suppress(psutil.NoSuchProcess):
            spent = process.cpu_times()
            work += spent.user + spent.system
    assert work < 10


def test_a_taken_port_is_said(site: Site) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", site.port))
        other.listen()
        done = site.run("serve")
    assert done.returncode == 1
    assert "BIHUAN_PORT" in done.stdout
    assert "Traceback" not in done.stderr


# -- doctor -------------------------------------------------------------------------------------------


def remedies(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    """What is to be mended, with its remedy, as doctor prints it."""
    lines = done.stdout.splitlines()
    return {
        line.split("MEND")[1].strip(): lines[number + 1].strip()
        for number, line in enumerate(lines)
        if "MEND" in line
    }


def test_doctor_is_content_with_a_running_site(site: Site) -> None:
    site.start()
    site.wait_until(lambda: site.run("doctor").returncode == 0, "doctor is content")
    assert "Everything is in order." in site.run("doctor").stdout


def test_doctor_misses_the_worker(site: Site) -> None:
    forget = (
        "from django.db import connection; connection.cursor().execute('DELETE FROM procrastinate_workers')"
    )
    assert site.run("manage", "shell", "--verbosity=0", "-c", forget).returncode == 0
    done = site.run("doctor")
    assert done.returncode == 1
    assert any("worker" in fault and "bihuan serve" in remedy for fault, remedy in remedies(done).items())


@pytest.mark.parametrize(
    ("variable", "value", "fault", "remedy"),
    [
        ("BIHUAN_PROT", "8001", "BIHUAN_PROT", "spelling"),
        ("BIHUAN_TIME_ZONE", "Mars/Olympus", "Mars/Olympus", "BIHUAN_TIME_ZONE"),
        ("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none", "database", "DATABASE_URL"),
        ("BIHUAN_PORT", "eight", "BIHUAN_PORT", "number"),
    ],
)
def test_doctor_names_the_fault_and_its_remedy(
    site: Site, variable: str, value: str, fault: str, remedy: str
) -> None:
    done = site.run("doctor", **{variable: value})
    assert done.returncode == 1
    assert "Traceback" not in done.stderr, done.stderr
    found = {what: how for what, how in remedies(done).items() if fault in what}
    assert found, done.stdout
    assert remedy in next(iter(found.values()))


def test_doctor_wants_the_key_to_be_private(site: Site) -> None:
    key = site.folder / "secret.key"
    key.chmod(0o644)
    done = site.run("doctor")
    key.chmod(0o600)
    assert any(f"chmod 600 {key}" in remedy for remedy in remedies(done).values())


def test_doctor_sees_pending_migrations(site: Site) -> None:
    done = site.run("doctor", BIHUAN_DB_NAME="brand_new")
    assert any("pending" in fault and "bihuan manage migrate" in how for fault, how in remedies(done).items())
    assert "Traceback" not in done.stderr


# -- the rest -----------------------------------------------------------------------------------------


def test_help_lists_every_command(site: Site) -> None:
    text = site.run("--help").stdout
    for command in ("demo", "serve", "web", "worker", "import-cases", "audit verify", "doctor", "manage"):
        assert command in text


def test_an_unknown_command_says_so(site: Site) -> None:
    done = site.run("dance")
    assert done.returncode == 2
    assert "dance" in done.stdout


def test_an_empty_database_is_called_so(tmp_path: Path) -> None:
    site = Site(tmp_path / "data")
    target = tmp_path / "nothing.tar"
    for command in (["audit", "verify"], ["audit", "seal"], ["backup", str(target)]):
        done = site.run(*command)
        assert done.returncode == 1
        assert "This database is empty" in done.stderr and "Traceback" not in done.stderr
    assert not target.exists()


def test_audit_verify_of_an_untouched_record(site: Site) -> None:
    done = site.run("audit", "verify")
    assert done.returncode == 0, done.stderr
    assert "0 faults" in done.stdout
