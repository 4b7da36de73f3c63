"""Readers, and a kind of notice to tell them."""

from collections.abc import Iterator

import pytest
from django.utils.translation import gettext_lazy as known_to_django

from bihuan.accounts.models import User
from bihuan.accounts.tests.factories import make_person
from bihuan.notices import kinds


@pytest.fixture
def reader(db: None) -> User:
    return make_person("读者", username="reader")


@pytest.fixture
def stranger(db: None) -> User:
    return make_person("陌生人", username="stranger")


@pytest.fixture
def subject(db: None) -> User:
    """What notices are about. Cases stand on a higher floor, so it is a person here."""
    return make_person("对象", username="subject")


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> Iterator[kinds.NoticeKind]:
    """A kind whose title is a message that Django's own catalogues know in Chinese."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    yield kinds.register("test.told", title=known_to_django("Yes"), body="%(number)s %(place)s: %(words)s")
