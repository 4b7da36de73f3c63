"""The named cast and the tools that every room's tests share."""

import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bihuan.config import environment
from bihuan.config.embedded import ensure_server


def pytest_configure() -> None:
    ensure_server()
    if environment.data_folder().name == ".test-data":
        _hurry()
    _speak_english()


def pytest_collection_finish() -> None:
    """What collecting made lasts as long as the run: no collection of garbage need look through it again."""
    gc.collect()
    gc.freeze()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name content by its argument: a workbook holds the second it was made in, and workers compare names."""
    return argname if isinstance(val, bytes) else None


def _speak_english() -> None:
    """Tests read the source language, except where they ask for the other one."""
    from django.apps import apps
    from django.conf import settings

    settings.LANGUAGE_CODE = "en"
    apps.get_model("accounts", "User")._meta.get_field("language").default = "en"


def _hurry() -> None:
    """Let the server of a data folder that only tests use skip what protects data from a power cut."""
    from django.db import connection

    parameters = connection.get_connection_params() | {"dbname": "postgres", "cursor_factory": None}
    parameters = {
        name: value for name, value in parameters.items() if name not in ("cursor_factory", "context")
    }
    with psycopg.connect(**parameters, autocommit=True) as server:
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            server.execute(f"ALTER SYSTEM SET {name} = off")
        server.execute("SELECT pg_reload_conf()")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    from django.conf import settings

    settings.DATABASES["default"]["OPTIONS"]["options"] = (
        "-c bihuan.may_truncate=on -c synchronous_commit=off"
    )


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test database, which this process listens to; nothing holds it any longer when it is taken down."""
    from bihuan.core.listening import notify, on_notify, stop_listening

    heard = threading.Event()
    on_notify("tests", heard.set)
    with django_db_blocker.unblock():
        while not heard.wait(0.05):  # what begins to listen later forgets what it remembers, in some test
            notify("tests")
    yield
    stop_listening()


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path) -> Path:
    """An empty folder to keep files in, for each test."""
    folder = tmp_path / "store"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "bihuan.files.storage.DurableFileSystemStorage",
            "OPTIONS": {"location": folder, "file_permissions_mode": 0o600},
        },
    }
    return folder


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """No test leaves its language to the next one."""
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _forget_what_processes_remember() -> Iterator[None]:
    """In-memory copies of the database must not outlive a test's transaction."""
    from bihuan.territory import queries

    queries.forget_index()
    yield
    queries.forget_index()


@pytest.fixture(autouse=True)
def _empty_what_django_does_not(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """Django empties its models' tables after a test that committed; queue and cache are none of them."""
    yield
    mark = request.node.get_closest_marker("django_db")
    committed = {"transactional_db", "live_server"} & set(request.fixturenames)
    if committed or (mark and mark.kwargs.get("transaction")):
        from django.db import connection

        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers,"
                " procrastinate_events, core_cache RESTART IDENTITY"
            )


@pytest.fixture(autouse=True)
def _nothing_is_drawn_by_lot(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three in a hundred closed cases are drawn for a re-check: only in tests that are about it."""
    monkeypatch.setattr("bihuan.cases.background.rechecking.DRAWN_IN_1000", 0)


@pytest.fixture
def refused() -> Callable[[str], Any]:
    """`with refused("case.wrong_state"):` passes only when the rules say no with that code."""
    from bihuan.core.verdicts import Refusal

    @contextmanager
    def expecting(code: str) -> Iterator[None]:
        with pytest.raises(Refusal) as caught:
            yield
        assert caught.value.code == code, caught.value
        assert str(caught.value.sentence)

    return expecting


@pytest.fixture
def breaking_record(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """`breaking_record("bihuan.cases.actions.filing")`: the audit write of that module fails half-way."""

    class AuditIsDown(Exception):
        pass

    def install(module: str) -> type[Exception]:
        def fail(*_args: Any, **_kwargs: Any) -> None:
            raise AuditIsDown

        writes = [name for name in ("record", "record_first") if hasattr(import_module(module), name)]
        assert writes, "this module records nothing"
        for name in writes:
            monkeypatch.setattr(f"{module}.{name}", fail)
        return AuditIsDown

    return install


@pytest.fixture
def settle(db: None) -> Callable[[], int]:
    """Run every queued reaction, and those they queue, until none is left; returns how many ran."""

    def run() -> int:
        from django.db import connection
        from procrastinate.contrib.django.models import ProcrastinateJob

        from bihuan.audit.models import Entry
        from bihuan.audit.running import take_effect

        done = 0
        while jobs := list(
            ProcrastinateJob.objects.filter(status="todo", task_name="audit.react").order_by("id")
        ):
            for job in jobs:
                take_effect(Entry.objects.get(pk=job.args["entry_id"]), job.args["reaction"])
                with connection.cursor() as cursor:
                    cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.pk])
                done += 1
        return done

    return run


# -- the named cast -----------------------------------------------------------------------------------


@pytest.fixture
def places(db: None) -> Any:
    """A small district: a subdistrict with a desk, a community, a grid; and a stranger's subdistrict."""
    from bihuan.cases.tests.factories import make_ground

    return make_ground()


@pytest.fixture
def cast(places: Any) -> Any:
    """Everybody by name: cast.clerk, cast.handler, …; `cast.stranger` works elsewhere."""
    from bihuan.cases.tests.factories import make_cast

    return make_cast(places)


@pytest.fixture
def resident(cast: Any) -> Any:
    return cast.resident


@pytest.fixture
def grid_worker(cast: Any) -> Any:
    return cast.grid_worker


@pytest.fixture
def clerk(cast: Any) -> Any:
    return cast.clerk


@pytest.fixture
def dispatcher(cast: Any) -> Any:
    return cast.dispatcher


@pytest.fixture
def handler(cast: Any) -> Any:
    return cast.handler


@pytest.fixture
def inspector(cast: Any) -> Any:
    return cast.inspector


@pytest.fixture
def leader(cast: Any) -> Any:
    return cast.leader


@pytest.fixture
def stranger(cast: Any) -> Any:
    return cast.stranger


@pytest.fixture
def make_case(cast: Any) -> Callable[..., Any]:
    """`make_case(at="resolved")`: a case that went there by real actions."""
    from bihuan.cases.tests.factories import CaseMaker

    return CaseMaker(cast)
