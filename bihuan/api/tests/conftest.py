"""Tokens for the tests of this room."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from bihuan.accounts.models import User
from bihuan.api.actions import create_token
from bihuan.api.models import Scope, Token
from bihuan.core.clock import today


@pytest.fixture
def make_token(db: None) -> Callable[..., tuple[Token, str]]:
    """`make_token(clerk, "cases:read")`: a token and its secret; with no scope named, all of them."""

    def make(person: User, *scopes: str, ends: date | None = None) -> tuple[Token, str]:
        given = list(scopes or Scope.values)
        ends = ends or today() + timedelta(days=30)
        return create_token(person, by=person, name="采集程序", scopes=given, expires_on=ends)

    return make


@pytest.fixture
def call(client: Any, make_token: Any) -> Callable[..., Any]:
    """`call(clerk, "/cases")`: GET, or POST when there is a body, with a token of this person (or none)."""

    def made(person: User | None, path: str, body: Any = None, *, scopes: Any = (), **headers: str) -> Any:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        if person is not None:
            told["Authorization"] = f"Bearer {make_token(person, *scopes)[1]}"
        if body is None:
            return client.get(f"/api/v1{path}", headers=told)
        return client.post(f"/api/v1{path}", body, content_type="application/json", headers=told)

    return made
