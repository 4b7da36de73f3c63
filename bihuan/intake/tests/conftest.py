"""What the tests of the intake share."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path) -> Path:
    """An empty folder to keep files in."""
    folder = tmp_path / "store"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "bihuan.files.storage.DurableFileSystemStorage",
            "OPTIONS": {"location": folder, "file_permissions_mode": 0o600},
        },
    }
    return folder


@pytest.fixture
def client_of_a_stranger() -> Any:
    """Another visitor's browser."""
    from django.test import Client

    return Client()
