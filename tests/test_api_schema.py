"""Schemathesis against the interface: whatever is sent, it answers as its document says, and never breaks."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import override_settings
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS, load_all_checks

from bihuan.territory.queries import forget_index
from tests.api import BASE, make_jack, make_token
from tests.world import World, make_world

# `BIHUAN_API_EXAMPLES=500 pytest tests/test_api_schema.py` looks as deep as one has time for.
EXAMPLES = int(os.environ.get("BIHUAN_API_EXAMPLES", "6"))

ACCEPTED = ["2xx", "3xx", "401", "403", "404", "409", "422"]
CONFIG = schemathesis.Config.from_dict(
    {
        "generation": {"max-examples": EXAMPLES, "deterministic": True},
        # A unit that does not exist or a day that has passed is of the right form and wrong all the same.
        "phases": {"coverage": {"unexpected-methods": ["DELETE", "PUT"]}},
        "checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED}},
    }
)  # fmt: skip
schema = schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", get_wsgi_application(), config=CONFIG)


@pytest.fixture(scope="module", autouse=True)
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One store of files for all, as the world below is one for all."""
    folder = tmp_path_factory.mktemp("store")
    storages = {
        "default": {
            "BACKEND": "bihuan.files.storage.DurableFileSystemStorage",
            "OPTIONS": {"location": folder, "file_permissions_mode": 0o600},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(STORAGES=storages, VISITOR_LIMITS=False):
        yield folder


@pytest.fixture(scope="module")
def world(store: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[World, str]]:
    """A district with its cases, and the token of somebody who may do everything. Taken back at the end."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)  # as Django's own client does: the transaction is to stay
    with django_db_blocker.unblock(), transaction.atomic():
        forget_index()
        made = make_world()
        yield made, make_token(make_jack(made.cast))
        transaction.set_rollback(True)
    forget_index()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def send(case: schemathesis.Case, world: tuple[World, str]) -> None:
    """Send what was generated, and look at the answer with every check; whatever it did is taken back."""
    made, secret = world
    headers = {"Authorization": f"Bearer {secret}", "Accept-Language": "en"}
    with transaction.atomic():
        case.call_and_validate(headers=headers)
        transaction.set_rollback(True)
    # What does not fit is refused before anything is looked up; what fits gets further at a real address.
    real = real_address(made, case)
    if real and case.meta is not None and case.meta.generation.mode.is_positive:
        case.path_parameters.update(real)
        with transaction.atomic():
            case.call_and_validate(headers=headers, excluded_checks=of_generated_addresses())
            transaction.set_rollback(True)


def real_address(world: World, case: schemathesis.Case) -> dict[str, Any]:
    """What really exists for the placeholders of this operation: without it nearly everything is a 404."""
    verb = case.operation.definition.raw["operationId"]
    own = world.arguments.get(f"cases:{verb}", [])
    known = {
        "number": own or world.arguments["cases:show"],
        "code": own or world.arguments["cases:track"],
        "id": own[1:] or world.arguments["files:show"],
    }
    return {name: known[name][0] for name in case.path_parameters or {}}


def of_generated_addresses() -> list[Any]:
    """Checks that know which address was generated, and cannot know that another was put in its place."""
    load_all_checks()
    return list(CHECKS.get_by_names(["negative_data_rejection", "unsupported_method"]))


def make_test(name: str) -> Any:
    """The test of one operation, under a name of its own: several workers share tests out by their names."""

    def test(case: schemathesis.Case, world: tuple[World, str]) -> None:
        send(case, world)

    test.__name__ = test.__qualname__ = f"test_{name}"
    careful = settings(
        deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    return pytest.mark.django_db(schema.include(operation_id=name).parametrize()(careful(test)))


OPERATIONS = [found.ok().definition.raw["operationId"] for found in schema.get_all_operations()]
for _name in OPERATIONS:
    globals()[f"test_{_name}"] = make_test(_name)


def test_there_are_operations() -> None:
    assert len(set(OPERATIONS)) == len(OPERATIONS) > 50
