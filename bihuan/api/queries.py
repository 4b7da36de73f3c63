"""Reads about tokens."""

from typing import Any

from django.db.models import QuerySet

from bihuan.accounts.rules import administers
from bihuan.api.models import MARK, Token, digest_of
from bihuan.core.clock import today


def token_in_force(secret: str) -> Token | None:
    """The token with this secret, if it still opens the door."""
    if not secret.startswith(MARK):
        return None
    found = Token.objects.in_force(today()).filter(digest=digest_of(secret), person__is_active=True)
    return found.select_related("person").first()


def tokens_of(user: Any) -> QuerySet[Token]:
    """This person's own tokens, those that ended too, the latest first."""
    return Token.objects.filter(person=user).order_by("-pk")


def tokens_seen_by(user: Any) -> QuerySet[Token]:
    """All tokens, for the district's administrator; one's own for everybody else."""
    if not administers(user):
        return tokens_of(user)
    return Token.objects.select_related("person").order_by("-pk")
