"""Giving programs tokens and taking them back; keeping the answers to writes for a day."""

import secrets
from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction

from bihuan.accounts.models import User
from bihuan.api import rules
from bihuan.api.models import MARK, SHOWN, KeptAnswer, Scope, Token, digest_of
from bihuan.audit import record
from bihuan.core.clock import now, today

KEPT_FOR = timedelta(hours=24)


@transaction.atomic
def create_token(
    person: User, *, by: User, name: str, scopes: Sequence[str], expires_on: date
) -> tuple[Token, str]:
    """Let a program act for oneself within scopes, until a day. Its secret is told once, here."""
    person = User.objects.locked(person.pk)
    rules.may_create(person, by, expires_on).enforce()

    secret = MARK + secrets.token_urlsafe(32)
    token = Token.objects.create(
        person=person,
        name=name,
        beginning=secret[:SHOWN],
        digest=digest_of(secret),
        scopes=sorted(Scope(scope).value for scope in set(scopes)),
        expires_on=expires_on,
    )

    record("token.created", token, by=by, scopes=token.scopes, expires_on=expires_on.isoformat())
    return token, secret


@transaction.atomic
def revoke_token(token: Token, *, by: User) -> Token:
    """Shut a program out, from its next request on."""
    token = Token.objects.locked(token.pk)
    verdict = rules.may_revoke(token, by).enforce()

    token.revoked_at, token.revoked_by = now(), by
    token.save(update_fields=["revoked_at", "revoked_by"])

    record("token.revoked", token, by=by, on_behalf_of=verdict.on_behalf_of, person=token.person_id)
    return token


def note_use(token: Token) -> None:
    """Write down the day on which a token was used last; one write a day, however much it is used."""
    day = today()
    if token.last_used_on != day:
        token.last_used_on = day
        token.save(update_fields=["last_used_on"])


def forget_answers() -> int:
    """Forget the answers kept for longer than a day."""
    return KeptAnswer.objects.filter(at__lt=now() - KEPT_FOR).delete()[0]


def forget_answers_about(words: str) -> int:
    """Forget the answers in which these words stand: whoever asks again is told what is left now."""
    found = KeptAnswer.objects.extra(where=["position(%s::bytea in body) > 0"], params=[words.encode()])
    return found.delete()[0]
