"""Somebody to put files beside."""

import pytest

from bihuan.accounts.models import User


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create(username="files-person", name="经办人")


@pytest.fixture
def subject(db: None) -> User:
    """Something that files are put beside. Cases stand on a higher floor, so it is a person here."""
    return User.objects.create(username="files-subject", name="对象")
