"""Tokens and calls for the tests of the interface for programs."""

import json
from datetime import timedelta
from typing import Any

from django.test import Client

from bihuan.accounts.models import User
from bihuan.accounts.tests.factories import make_person
from bihuan.api.actions import create_token
from bihuan.api.models import Scope
from bihuan.core.clock import today

BASE = "/api/v1"


def make_token(person: User, *scopes: str, days: int = 30) -> str:
    """The secret of a new token of this person, with these scopes or all."""
    given = scopes or Scope.values
    ends = today() + timedelta(days=days)
    return create_token(person, by=person, name="测试", scopes=list(given), expires_on=ends)[1]


def make_jack(cast: Any) -> User:
    """Somebody who holds every duty there is, to come as far as one can."""
    district = cast.places.district
    kinds = ("grid_worker", "clerk", "dispatcher", "inspector", "supervisor", "leader", "auditor")
    duties = [(kind, district) for kind in kinds]
    return make_person("全能", username="jack", duties=[*duties, ("handler", cast.bureau)])


class Program:
    """Calls operations as a person's program, or as a visitor's."""

    def __init__(self, secret: str = ""):
        self.client = Client()
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.client.get(BASE + path, query or {}, headers=self.headers | headers)

    def post(self, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str) -> Any:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        content = raw if raw is not None else json.dumps(body or {}).encode()
        return self.client.post(
            BASE + path, content, content_type="application/json", headers=self.headers | told
        )
