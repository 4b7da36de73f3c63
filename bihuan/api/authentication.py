"""Who asks: the person of a token, within its scopes; a visitor where none is needed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import translation
from ninja.security import HttpBearer

from bihuan.api import actions, limits, queries, rules
from bihuan.api.models import Token
from bihuan.api.problems import Forbidden, TooMany
from bihuan.core.personal import blind_index
from bihuan.core.visitors import origin


class Bearer(HttpBearer):
    """A token in the Authorization header. From here on the request is its person's."""

    def __init__(self, scope: str = ""):
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, _secret: str) -> Token | None:
        token = token_of(request)
        if token is None:
            return None
        if not limits.TOKENS.take(str(token.pk)):
            raise TooMany(limits.TOKENS.seconds)
        verdict = rules.may_use(token, self.scope)
        if not verdict:
            raise Forbidden(verdict)
        actions.note_use(token)
        request.user = token.person
        if "Accept-Language" not in request.headers:
            translation.activate(token.person.language)
        return token


def anybody(request: HttpRequest) -> bool:
    """A visitor without a token. Whoever shows one that opens nothing is told so."""
    return "Authorization" not in request.headers


def open_to_visitors(scope: str) -> list[Any]:
    """For operations that everybody may use, and a person in their own name."""
    return [Bearer(scope), anybody]


def token_of(request: HttpRequest) -> Token | None:
    """The token of a request, looked up once."""
    known: dict[str, Any] = request.__dict__
    if "_token" not in known:
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        known["_token"] = queries.token_in_force(secret.strip()) if scheme.lower() == "bearer" else None
    found: Token | None = known["_token"]
    return found


def name_of_asker(request: HttpRequest) -> str | None:
    """Whose answers are kept apart from everybody else's; None for a token that opens nothing."""
    if anybody(request):
        return f"visitor:{blind_index(origin(request)).hex()[:32]}"
    token = token_of(request)
    return f"token:{token.pk}" if token else None
