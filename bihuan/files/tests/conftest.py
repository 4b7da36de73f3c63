"""A store of its own for each test, and somebody to put files beside."""

from pathlib import Path
from typing import Any

import pytest

from bihuan.accounts.models import User


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
def person(db: None) -> User:
    return User.objects.create(username="files-person", name="经办人")


@pytest.fixture
def subject(db: None) -> User:
    """Something that files are put beside. Cases stand on a higher floor, so it is a person here."""
    return User.objects.create(username="files-subject", name="对象")
