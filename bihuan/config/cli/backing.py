"""`bihuan backup FILE` and `bihuan restore FILE`: database and files as one consistent file."""

import argparse
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import django
from tqdm import tqdm

from bihuan import __version__
from bihuan.config import environment as env
from bihuan.config.cli.ready import EMPTY, is_set_up
from bihuan.config.embedded import ensure_server, own_programs

ABOUT, DUMP, FILES, SUMS = "about.json", "database.dump", "files/", "SHA256SUMS"
BLOCK = 1 << 20


class Unfit(Exception):
    """Why a backup cannot be made or restored, with the remedy."""


def backup(arguments: Sequence[str]) -> int:
    """Write database and files, as they are at one moment, while everything runs."""
    parser = argparse.ArgumentParser(prog="bihuan backup", description=backup.__doc__)
    parser.add_argument("file", type=Path, help="where to write it; must not exist")
    return _run(_back_up, parser.parse_args(arguments).file)


def restore(arguments: Sequence[str]) -> int:
    """Check a backup, then put it into an empty database and the file storage: all of it or nothing."""
    parser = argparse.ArgumentParser(prog="bihuan restore", description=restore.__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument(
        "--with-another-key",
        action="store_true",
        help="go on although the secret key differs: phone numbers and second factors stay unreadable",
    )
    given = parser.parse_args(arguments)
    return _run(_restore, given.file, any_key=given.with_another_key)


def _run(what: Any, file: Path, **how: Any) -> int:
    ensure_server()
    django.setup()
    try:
        what(file, **how)
    except Unfit as reason:
        print(f"bihuan: {reason}", file=sys.stderr)
        return 1
    return 0


# -- backup -------------------------------------------------------------------------------------------


def _back_up(target: Path) -> None:
    if target.exists():
        raise Unfit(f"{target} exists already. Choose another name.")
    if not is_set_up():
        raise Unfit(EMPTY)
    draft = target.with_name(target.name + ".unfinished")
    try:
        with draft.open("wb") as stream:
            names = _write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        draft.chmod(0o600)
        draft.replace(target)
    except OSError as error:
        raise Unfit(f"{target}: {error.strerror}. Nothing was kept.") from error
    finally:
        draft.unlink(missing_ok=True)
    size = target.stat().st_size
    print(f"{target}: the database and {len(names)} files, {size / 1e6:.1f} MB.")
    print(f"Keep the secret key apart from it: {_where_the_key_is()}")


def _write(stream: IO[bytes]) -> list[str]:
    """Everything as of one snapshot: the dump, and each file that a row of that snapshot names."""
    from django.db import connection, transaction

    from bihuan.files.actions import STORE_LOCK

    with (
        tarfile.open(fileobj=stream, mode="w|", bufsize=BLOCK) as archive,
        tempfile.TemporaryDirectory(prefix="bihuan-backup-", dir=env.data_folder()) as room,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # No file is swept away while this lock is held, so that every name of the snapshot has its content.
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [STORE_LOCK])
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        names = _names_of_files()
        sums = [_add(archive, ABOUT, json.dumps(_about(len(names)), indent=1).encode())]
        dump = Path(room) / DUMP
        _dump(dump, snapshot)
        with dump.open("rb") as content:
            sums.append(_add_stream(archive, DUMP, content, dump.stat().st_size))
        sums += [_add_stored(archive, name) for name in tqdm(names, unit="file", disable=None)]
        # Written last: a backup that was cut off has none, and is refused.
        _add(archive, SUMS, "".join(f"{digest}  {name}\n" for name, digest in sums).encode())
    return names


def _names_of_files() -> list[str]:
    from bihuan.files.queries import stored_names

    return sorted(stored_names())


def _about(files: int) -> dict[str, Any]:
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    from bihuan.core.clock import real_now

    applied = MigrationRecorder(connection).applied_migrations()
    return {
        "version": __version__,
        "made_at": real_now().isoformat(timespec="seconds"),
        "files": files,
        "key": _key_fingerprint(),
        "migrations": sorted(f"{app}.{name}" for app, name in applied),
    }


def _dump(target: Path, snapshot: str) -> None:
    _call("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}",
          f"--file={target}")  # fmt: skip


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> tuple[str, str]:
    return _add_stream(archive, name, io.BytesIO(content), len(content))


def _add_stream(archive: tarfile.TarFile, name: str, content: IO[bytes], size: int) -> tuple[str, str]:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    reader = _Summing(content)
    archive.addfile(member, reader)  # it needs read() alone
    return name, reader.digest.hexdigest()


def _add_stored(archive: tarfile.TarFile, name: str) -> tuple[str, str]:
    from django.core.files.storage import default_storage

    try:
        with default_storage.open(name) as content:
            return _add_stream(archive, FILES + name, content, content.size)
    except FileNotFoundError as error:
        remedy = "Bring the storage back first: a backup without it would be missing a file for good."
        raise Unfit(f"the storage has lost {name}. {remedy}") from error


class _Summing:
    """Reads on, and sums up what was read."""

    def __init__(self, content: IO[bytes]):
        self.content = content
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self.content.read(size)
        self.digest.update(block)
        return block


# -- restore ------------------------------------------------------------------------------------------


def _restore(source: Path, *, any_key: bool) -> None:
    try:
        with tempfile.TemporaryDirectory(prefix="bihuan-restore-", dir=env.data_folder()) as room:
            dump = Path(room) / DUMP
            about = _check(source, dump)
            _may_restore(about, any_key=any_key)
            _put_files(source)
            _call("pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
                  f"--dbname={_connection()['dbname']}", str(dump))  # fmt: skip
    except (tarfile.TarError, EOFError) as error:
        raise Unfit(f"{source} is no whole backup ({error}). Nothing was changed.") from error
    except OSError as error:
        raise Unfit(f"{error.filename or source}: {error.strerror}. Nothing was changed.") from error
    print(f"The state of {about['made_at']} is back: the database and {about['files']} files.")
    print("Next: bihuan manage migrate && bihuan audit verify && bihuan doctor")


def _check(source: Path, dump: Path) -> dict[str, Any]:
    """Read a backup through, setting its dump aside; raises Unfit unless every part is as it was written."""
    found, told, about = {}, {}, {}
    with _members(source) as members:
        for name, content in members:
            reader = _Summing(content)
            if name == DUMP:
                with dump.open("wb") as file:
                    shutil.copyfileobj(reader, file, BLOCK)
            elif name in (ABOUT, SUMS):
                text = reader.read().decode()
                if name == ABOUT:
                    about = json.loads(text)
                else:
                    told = {line[66:]: line[:64] for line in text.splitlines()}
                    continue
            else:
                while reader.read(BLOCK):
                    pass
            found[name] = reader.digest.hexdigest()
    if not told:
        raise Unfit(f"{source} is cut off, or no backup of Bihuan. Nothing was changed.")
    if wrong := sorted(name for name in told.keys() | found.keys() if told.get(name) != found.get(name)):
        raise Unfit(f"{source} is damaged: {wrong[0]} is not what was written. Nothing was changed.")
    return about


def _may_restore(about: dict[str, Any], *, any_key: bool) -> None:
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    if connection.introspection.table_names():
        raise Unfit("the database is not empty. Restore into an empty one; nothing was changed.")
    known = {f"{app}.{name}" for app, name in MigrationLoader(connection).disk_migrations}
    if newer := sorted(set(about["migrations"]) - known):
        raise Unfit(f"the backup is of a newer version ({about['version']}; {newer[0]}). Install that first.")
    if about["key"] != _key_fingerprint() and not any_key:
        raise Unfit(
            "the secret key here is not the one of the backup. Nothing was changed."
            f" Put that one in place ({_where_the_key_is()}), or go on without phone numbers and second"
            " factors: --with-another-key."
        )


def _put_files(source: Path) -> None:
    from django.core.files.base import File
    from django.core.files.storage import default_storage

    with _members(source) as members:
        for name, content in tqdm(members, unit="file", disable=None):
            if name.startswith(FILES):
                stored = name.removeprefix(FILES)
                if not default_storage.exists(stored):
                    default_storage.save(stored, File(content, stored))


@contextmanager
def _members(source: Path) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    with tarfile.open(source, mode="r:") as archive:
        yield _opened(archive)


def _opened(archive: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for member in archive:
        content = archive.extractfile(member)
        if content is not None:
            yield member.name, content


# -- PostgreSQL's own programs ------------------------------------------------------------------------


def _call(program: str, *arguments: str) -> None:
    """Run pg_dump or pg_restore against our database; the password goes by the environment, not the list."""
    to = _connection()
    names = {"dbname": "PGDATABASE", "host": "PGHOST", "port": "PGPORT", "user": "PGUSER",
             "password": "PGPASSWORD", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}  # fmt: skip
    given = {names[key]: str(value) for key, value in to.items() if key in names and value}
    done = subprocess.run(
        [_fitting(program), *arguments], env={**os.environ, **given}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise Unfit(f"{program}: {done.stderr.strip() or done.returncode}")


def _fitting(program: str) -> str:
    """One of the programs that came with the embedded server, unless our server is newer than they are."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        version = int(cursor.fetchone()[0]) // 10_000
    brought = own_programs(version)
    if brought is not None:
        return str(brought / program)
    found = shutil.which(program)
    if found is None:
        raise Unfit(f"the server is PostgreSQL {version}: install its client programs ({program}).")
    return found


def _connection() -> dict[str, Any]:
    from django.db import connection

    return connection.get_connection_params()


def _key_fingerprint() -> str:
    from bihuan.core.personal import blind_index

    return blind_index("which key a backup belongs to")[:8].hex()


def _where_the_key_is() -> str:
    given = os.environ.get("BIHUAN_SECRET_KEY")
    return "BIHUAN_SECRET_KEY" if given else str(env.data_folder() / "secret.key")
