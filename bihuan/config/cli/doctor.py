"""`bihuan doctor`: what is wrong with this installation, and the remedy for each fault."""

import base64
import binascii
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import django

from bihuan.config import environment as env
from bihuan.config.embedded import ensure_server, is_embedded

HEARTBEAT_PATIENCE = 60  # seconds
NEEDED_NUMBERS = {"BIHUAN_TRUSTED_PROXIES"}  # read when the settings are


@dataclass(frozen=True)
class Finding:
    ok: bool
    what: str
    remedy: str = ""
    fatal: bool = False  # nothing further can be looked at until this is mended


def doctor() -> int:
    """Print one line for each check; exit status 1 when something must be mended."""
    wrong = 0
    for check in CHECKS:
        for finding in check():
            print(f"  {'ok  ' if finding.ok else 'MEND'}  {finding.what}")
            if not finding.ok:
                wrong += 1
                print(f"        → {finding.remedy}")
                if finding.fatal:
                    print("Mend this first, then ask again.")
                    return 1
    print("Everything is in order." if not wrong else f"{wrong} to mend.")
    return 1 if wrong else 0


def settings_are_sound() -> Iterator[Finding]:
    unknown = sorted(name for name in os.environ if name.startswith("BIHUAN_") and name not in _known_names())
    yield Finding(
        not unknown, f"settings: unknown names: {', '.join(unknown) or 'none'}", "Check the spelling."
    )
    for variable in env.VARIABLES:
        if variable.default.isdigit() and not env.text(variable.name).isdigit():
            what = f"settings: {variable.name} is “{env.text(variable.name)}”"
            yield Finding(False, what, "It must be a whole number.", fatal=variable.name in NEEDED_NUMBERS)
    try:
        env.email_settings(env.text("BIHUAN_EMAIL_URL") or "file:///")
    except ValueError:
        remedy = "Write it as smtp://user:password@host:587; see docs/running.md."
        yield Finding(False, "settings: BIHUAN_EMAIL_URL is no address of a mail server", remedy, fatal=True)
    debug = env.flag("BIHUAN_DEBUG") and env.text("BIHUAN_ADDRESS") not in ("127.0.0.1", "localhost", "::1")
    yield Finding(not debug, "settings: details of errors are hidden from visitors", "Unset BIHUAN_DEBUG.")
    key = env.data_folder() / "secret.key"
    if not env.text("BIHUAN_SECRET_KEY"):
        env.secret_key()
        mode = stat.S_IMODE(key.stat().st_mode)
        yield Finding(mode == 0o600, f"secret key: {key} has mode {mode:04o}", f"chmod 600 {key}")


def _known_names() -> set[str]:
    return {variable.name for variable in env.VARIABLES} | {"BIHUAN_SUPERVISED", "BIHUAN_TEST_DB"}


def time_zone_exists() -> Iterator[Finding]:
    name = env.text("BIHUAN_TIME_ZONE")
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        remedy = "Set BIHUAN_TIME_ZONE, for example Asia/Shanghai."
        yield Finding(False, f"time zone: there is no “{name}”", remedy, fatal=True)
        return
    yield Finding(True, f"time zone: {name}")


def database_answers() -> Iterator[Finding]:
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError, connection

    where = "embedded server" if is_embedded() else "DATABASE_URL"
    try:
        ensure_server()
        django.setup()
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version_num")
            version = int(cursor.fetchone()[0])
    except (DatabaseError, ImproperlyConfigured, OSError) as error:
        reason = str(error).strip().split("\n")[0]
        yield Finding(False, f"database: {reason}", f"Check the {where}: address, password, whether it runs.")
        return
    yield Finding(
        version >= 150_000, f"database: {where}, PostgreSQL {version // 10_000}", "Use version 15 or newer."
    )
    yield from _pending_migrations()
    yield from _worker_is_alive()


def _pending_migrations() -> Iterator[Finding]:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    yield Finding(not plan, f"migrations: {len(plan)} pending", "Run: bihuan manage migrate")


def _worker_is_alive() -> Iterator[Finding]:
    from django.db import ProgrammingError, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers"
            )
            silence = cursor.fetchone()[0]
            cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
            dead = cursor.fetchone()[0]
    except ProgrammingError:
        return  # the pending migrations above are the fault
    alive = silence is not None and silence < HEARTBEAT_PATIENCE
    said = "never" if silence is None else f"{int(silence)} s ago"
    yield Finding(alive, f"worker: last heartbeat {said}", "Run: bihuan serve (or bihuan worker)")
    yield Finding(
        not dead,
        f"reactions: {dead} failed for good",
        "Look at the page “Failed reactions” and run them again.",
    )


def storage_works() -> Iterator[Finding]:
    from django.conf import settings
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    place = env.text("BIHUAN_S3_BUCKET") or str(Path(settings.MEDIA_ROOT))
    try:
        name = default_storage.save(f"doctor/{os.getpid()}", ContentFile(b"here"))
        with default_storage.open(name) as file:
            whole = file.read() == b"here"
        default_storage.delete(name)
    except OSError as error:
        yield Finding(
            False, f"storage: {place}: {error.strerror or error}", "Check free space and permissions."
        )
        return
    yield Finding(whole, f"storage: {place}", "What was read is not what was written: check the disk.")


def messages_get_out() -> Iterator[Finding]:
    """Whether e-mail and webhooks are set up; off is in order, half set up is not."""
    from django.conf import settings
    from django.core.mail import get_connection

    if not settings.EMAIL_IS_ON:
        yield Finding(True, "e-mail: off (BIHUAN_EMAIL_URL is empty)")
    else:
        where = getattr(settings, "EMAIL_FILE_PATH", None) or f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
        try:
            with get_connection():
                pass
            yield Finding(True, f"e-mail: {where} answers")
        except OSError as error:  # what smtplib raises is one as well
            reason = f"{type(error).__name__}: {error}"
            yield Finding(False, f"e-mail: {where}: {reason}", "Check BIHUAN_EMAIL_URL.")
    yield from _webhooks_are_whole()


def _webhooks_are_whole() -> Iterator[Finding]:
    from django.conf import settings

    own = "on" if settings.WEBHOOKS_ARE_ON else "off (BIHUAN_WEBHOOKS is 0)"
    if not settings.WEBHOOK_URL:
        yield Finding(True, f"webhooks: people's own {own}, no gateway (BIHUAN_WEBHOOK_URL is empty)")
        return
    secret = settings.WEBHOOK_SECRET
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        key = b""
    yield Finding(
        len(key) >= 24 and secret.startswith("whsec_"),
        f"webhooks: people's own {own}, gateway {settings.WEBHOOK_URL.partition('?')[0]}",
        "BIHUAN_WEBHOOK_SECRET must be whsec_ and the base64 of at least 24 random bytes.",
    )


def front_end_is_built() -> Iterator[Finding]:
    from django.conf import settings

    manifest = Path(str(settings.DJANGO_VITE["default"]["manifest_path"]))
    yield Finding(
        manifest.exists(),
        "front end: built" if manifest.exists() else "front end: missing",
        "Run: make front",
    )


CHECKS: list[Callable[[], Iterator[Finding]]] = [
    settings_are_sound,
    time_zone_exists,
    database_answers,
    storage_works,
    messages_get_out,
    front_end_is_built,
]
