"""What the installation says about itself: every environment variable, read in one place."""

import os
import secrets
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

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


def tile_hosts(template: str) -> list[str]:
    """The hosts of a tile address template, as the content policy names them: `{s}` is any subdomain."""
    if not template:
        return []
    scheme, _, rest = template.partition("://")
    host = rest.split("/")[0]
    return [f"{scheme}://*.{host.removeprefix('{s}.')}" if host.startswith("{s}.") else f"{scheme}://{host}"]
