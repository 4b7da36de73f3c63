"""What the installation says about itself: every environment variable, read in one place."""

import os
import secrets
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

TRUE = {"1", "true", "yes", "on"}


@dataclass(frozen=True)
class Variable:
    """One setting an operator may give. `docs/running.md` prints this table."""

    name: str
    default: str
    meaning: str


VARIABLES = [
    Variable("DATABASE_URL", "", "PostgreSQL 15+ to use; empty: the embedded server in the data folder"),
    Variable("BIHUAN_DATA", "data", "folder for the embedded database, uploaded files and the secret key"),
    Variable("BIHUAN_DB_NAME", "bihuan", "database name inside the embedded server"),
    Variable("BIHUAN_SECRET_KEY", "", "signing and encryption key; empty: made once in the data folder"),
    Variable("BIHUAN_DEBUG", "0", "1 shows error details; never on a machine others can reach"),
    Variable("BIHUAN_HOSTS", "localhost,127.0.0.1,[::1]", "host names this site answers to, comma-separated"),
    Variable("BIHUAN_ADDRESS", "127.0.0.1", "address the web server listens on"),
    Variable("BIHUAN_PORT", "8000", "port the web server listens on"),
    Variable("BIHUAN_WEB_WORKERS", "1", "web processes"),
    Variable("BIHUAN_WEB_THREADS", "4", "threads in each web process"),
    Variable("BIHUAN_WORKER_CONCURRENCY", "2", "background jobs run side by side in each worker"),
    Variable("BIHUAN_HTTPS", "0", "1 when the site is reached by https: secure cookies and HSTS"),
    Variable("BIHUAN_TRUSTED_PROXIES", "0", "reverse proxies in front whose X-Forwarded-For is believed"),
    Variable("BIHUAN_VISITOR_LIMITS", "1", "0 lets visitors write without limit: for measurements only"),
    Variable("BIHUAN_TIME_ZONE", "Asia/Shanghai", "the district's time zone"),
    Variable("BIHUAN_LANGUAGE", "zh-hans", "language shown when the visitor has not chosen: zh-hans or en"),
    Variable("BIHUAN_DEMO", "0", "1 opens the demo: one-click sign-in, guided tour, 演示数据 on every page"),
    Variable("BIHUAN_REQUIRE_MFA", "0", "1 demands a second factor of dispatchers and above"),
    Variable("BIHUAN_S3_BUCKET", "", "keep files in this S3-compatible bucket instead of the data folder"),
    Variable("BIHUAN_S3_ENDPOINT", "", "address of the S3-compatible service"),
    Variable("BIHUAN_S3_ACCESS_KEY", "", "access key of the S3-compatible service"),
    Variable("BIHUAN_S3_SECRET_KEY", "", "secret key of the S3-compatible service"),
    Variable("BIHUAN_SITE_URL", "", "address of this site in messages; empty: made from BIHUAN_HOSTS"),
    Variable(
        "BIHUAN_EMAIL_URL",
        "",
        "mail server: smtp://user:password@host:587 (STARTTLS), smtps://…:465, smtp+plain://host:25, or"
        " file:///folder to try it out; empty: no e-mail",
    ),
    Variable("BIHUAN_EMAIL_FROM", "bihuan@localhost", "sender of e-mails"),
    Variable("BIHUAN_WEBHOOKS", "0", "1 lets people have notices posted to an address of their own"),
    Variable("BIHUAN_WEBHOOK_URL", "", "the district's gateway: notices of work are posted to it"),
    Variable("BIHUAN_WEBHOOK_SECRET", "", "what those are signed with: whsec_ and base64"),
    Variable("BIHUAN_WEBHOOK_PRIVATE", "0", "1 lets webhooks reach the own network, and by http"),
    Variable("BIHUAN_TILES", "", "address template of map tiles ({z}/{x}/{y}); empty: boundaries only"),
]
_KNOWN = {variable.name: variable for variable in VARIABLES}


def text(name: str) -> str:
    """The value of a known variable, or its default."""
    return os.environ.get(name, "").strip() or _KNOWN[name].default


def flag(name: str) -> bool:
    return text(name).lower() in TRUE


def number(name: str) -> int:
    return int(text(name))


def names(name: str) -> list[str]:
    return [part.strip() for part in text(name).split(",") if part.strip()]


def data_folder() -> Path:
    folder = Path(text("BIHUAN_DATA")).expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def secret_key() -> str:
    """The key of this installation, made at first run and readable by its owner alone."""
    if given := text("BIHUAN_SECRET_KEY"):
        return given
    path = data_folder() / "secret.key"
    if not path.exists():
        descriptor, draft = tempfile.mkstemp(prefix="secret.", dir=path.parent)  # mode 0600
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
        with suppress(FileExistsError):  # whoever links first wins; the others read the winner's key
            os.link(draft, path)
        Path(draft).unlink()
    return path.read_text().strip()


def site_url() -> str:
    """The address of this site as people type it."""
    if given := text("BIHUAN_SITE_URL"):
        return given.rstrip("/")
    host = next((name for name in names("BIHUAN_HOSTS") if not name.startswith((".", "*"))), "localhost")
    if flag("BIHUAN_HTTPS"):
        return f"https://{host}"
    return f"http://{host}:{text('BIHUAN_PORT')}"


def email_settings(url: str) -> dict[str, Any]:
    """Django's settings for the mail server of an address."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": parts.path,
        }
    if parts.scheme not in ("smtp", "smtps", "smtp+plain") or not parts.hostname:
        raise ValueError(f"BIHUAN_EMAIL_URL is no address of a mail server: {parts.scheme}://…")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or {"smtp": 587, "smtps": 465, "smtp+plain": 25}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 15,
    }


def tile_hosts(template: str) -> list[str]:
    """The hosts of a tile address template, as the content policy names them: `{s}` is any subdomain."""
    if not template:
        return []
    scheme, _, rest = template.partition("://")
    host = rest.split("/")[0]
    return [f"{scheme}://*.{host.removeprefix('{s}.')}" if host.startswith("{s}.") else f"{scheme}://{host}"]
