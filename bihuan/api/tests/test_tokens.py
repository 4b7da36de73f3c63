"""Tokens: made for oneself, kept as a digest, never more than their person, ended by time or by hand."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from bihuan.accounts.actions import deactivate_person
from bihuan.api import queries
from bihuan.api.actions import create_token, note_use, revoke_token
from bihuan.api.models import MARK, Scope, Token
from bihuan.api.rules import MOST
from bihuan.audit.models import Entry
from bihuan.core.clock import today, travel

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def entries(token: Token, verb: str) -> Any:
    return Entry.objects.filter(subject_type="api.token", subject_id=token.pk, verb=verb)


# -- create_token -------------------------------------------------------------------------------------


def test_a_token_is_made_and_only_its_digest_is_kept(clerk, make_token):
    token, secret = make_token(clerk, "cases:read", "cases:act")

    assert secret.startswith(MARK) and len(secret) == len(MARK) + 43
    assert bytes(token.digest) == sha256(secret.encode()).digest()
    assert token.beginning == secret[:13]
    assert token.scopes == ["cases:act", "cases:read"]
    assert queries.token_in_force(secret) == token
    entry = entries(token, "token.created").get()
    assert entry.by == clerk and secret not in str(entry.data)


@pytest.mark.parametrize("days", [-1, 367])
def test_a_token_ends_within_a_year(clerk, refused, days):
    with refused("token.too_long"):
        create_token(
            clerk, by=clerk, name="x", scopes=["cases:read"], expires_on=today() + timedelta(days=days)
        )
    assert not Token.objects.exists()


def test_nobody_makes_a_token_for_somebody_else(clerk, stranger, refused):
    with refused("token.not_yours"):
        create_token(clerk, by=stranger, name="x", scopes=["cases:read"], expires_on=today())
    assert not Token.objects.exists()


def test_there_is_a_limit_to_tokens_in_force(clerk, make_token, refused):
    for _number in range(MOST):
        first, _secret = make_token(clerk)
    with refused("token.too_many"):
        make_token(clerk)
    revoke_token(first, by=clerk)
    make_token(clerk)


def test_without_its_entry_there_is_no_token(clerk, make_token, breaking_record):
    broken = breaking_record("bihuan.api.actions")
    with pytest.raises(broken):
        make_token(clerk)
    assert not Token.objects.exists()


# -- revoke_token -------------------------------------------------------------------------------------


def test_a_revoked_token_opens_nothing(clerk, make_token):
    token, secret = make_token(clerk)

    revoke_token(token, by=clerk)

    assert queries.token_in_force(secret) is None
    token.refresh_from_db()
    assert token.revoked_by == clerk and token.state == "revoked"
    assert entries(token, "token.revoked").get().by == clerk


def test_the_administrator_revokes_anybodys(clerk, cast, make_token):
    token, secret = make_token(clerk)
    revoke_token(token, by=cast.administrator)
    assert queries.token_in_force(secret) is None


def test_nobody_else_revokes_it(clerk, stranger, make_token, refused):
    token, secret = make_token(clerk)
    with refused("token.not_yours"):
        revoke_token(token, by=stranger)
    assert queries.token_in_force(secret) == token


def test_it_is_revoked_once(clerk, make_token, refused):
    token, _secret = make_token(clerk)
    revoke_token(token, by=clerk)
    with refused("token.revoked"):
        revoke_token(token, by=clerk)


def test_a_revocation_that_is_not_recorded_did_not_happen(clerk, make_token, breaking_record):
    token, secret = make_token(clerk)
    broken = breaking_record("bihuan.api.actions")
    with pytest.raises(broken):
        revoke_token(token, by=clerk)
    assert queries.token_in_force(secret) == token


# -- in force -----------------------------------------------------------------------------------------


def test_a_token_ends_after_its_last_day(clerk, make_token):
    with travel(NOON):
        _token, secret = make_token(clerk, ends=today())
        assert queries.token_in_force(secret)
    with travel(NOON + timedelta(days=1)):
        assert queries.token_in_force(secret) is None


def test_a_closed_account_has_no_tokens_in_force(cast, make_token):
    _token, secret = make_token(cast.stranger)
    deactivate_person(cast.stranger, by=cast.administrator)
    assert queries.token_in_force(secret) is None


@pytest.mark.parametrize(
    "secret", ["", "bihuan_", "bihuan_\0", "bihuan_\ud800", "Basic x", "bihuan_" + "x" * 9999]
)
def test_what_is_no_secret_opens_nothing(db, secret):
    assert queries.token_in_force(secret) is None


def test_the_last_day_of_use_is_noted_once(clerk, make_token, django_assert_num_queries):
    token, _secret = make_token(clerk)
    note_use(token)
    with django_assert_num_queries(0):
        note_use(token)
    token.refresh_from_db()
    assert token.last_used_on == today()


# -- what it opens ------------------------------------------------------------------------------------


def test_a_token_is_its_person_within_its_scopes(call, cast, make_case):
    case = make_case(at="reported")

    assert call(cast.clerk, "/cases").json()["items"][0]["number"] == case.number
    assert call(cast.stranger, "/cases").json()["items"] == []
    assert call(cast.resident, "/cases").status_code == 404

    denied = call(cast.clerk, "/cases", scopes=["matters:read"])
    assert denied.status_code == 403
    assert denied.json()["code"] == "token.scope"
    assert 'error="insufficient_scope"' in denied["WWW-Authenticate"]


def test_reading_alone_does_not_act(call, cast, make_case):
    case = make_case(at="assigned")
    path = f"/cases/{case.number}/acknowledge"
    assert call(cast.handler, path, {}, scopes=["cases:read"]).status_code == 403
    assert call(cast.handler, path, {}, scopes=["cases:act"]).json()["state"] == "handling"


def test_a_duty_that_ended_ends_for_programs_too(call, cast):
    assert call(cast.clerk, "/desk").status_code == 200
    cast.clerk.duties.update(ends_on=today() - timedelta(days=1))
    cast.clerk.forget_duties()
    assert call(cast.clerk, "/desk").status_code == 404


def test_programs_wait_for_a_password_of_ones_own(call, cast):
    cast.clerk.password_is_temporary = True
    cast.clerk.save()
    answer = call(cast.clerk, "/me")
    assert (answer.status_code, answer.json()["code"]) == (403, "token.first_steps")


@pytest.mark.parametrize("header", ["Bearer bihuan_wrong", "Bearer", "Basic YTpi", "bihuan_x"])
def test_a_token_that_opens_nothing_is_told_so_everywhere(db, client, header):
    for path in ("/me", "/cases"):
        answer = client.get(f"/api/v1{path}", headers={"Authorization": header})
        assert (answer.status_code, answer.json()["code"]) == (401, "token.unknown")
    answer = client.post(
        "/api/v1/reports", {}, content_type="application/json", headers={"Authorization": header}
    )
    assert answer.status_code == 401


def test_a_session_opens_nothing(client, cast):
    client.force_login(cast.clerk)
    answer = client.get("/api/v1/cases")
    assert (answer.status_code, answer.json()["code"]) == (401, "token.missing")
    assert answer["WWW-Authenticate"] == "Bearer"
    assert not answer.cookies


def test_it_speaks_its_persons_language_unless_asked_otherwise(call, cast, make_case):
    case = make_case(at="reported")
    cast.clerk.language = "zh-hans"
    cast.clerk.save()
    assert call(cast.clerk, f"/cases/{case.number}").json()["state_label"] == "待受理"
    assert (
        call(cast.clerk, f"/cases/{case.number}", Accept_Language="en").json()["state_label"]
        == "awaiting acceptance"
    )


def test_a_program_gone_wild_has_to_wait(call, client, cast, make_token, monkeypatch):
    monkeypatch.setattr("bihuan.api.limits.TOKENS.times", 2)
    headers = {"Authorization": f"Bearer {make_token(cast.clerk)[1]}"}
    assert [client.get("/api/v1/me", headers=headers).status_code for _ in range(3)] == [200, 200, 429]
    assert client.get("/api/v1/me", headers=headers)["Retry-After"] == "60"
    assert call(cast.stranger, "/me").status_code == 200


def test_every_scope_is_asked_for_somewhere(db):
    from bihuan.api.document import document
    from bihuan.config.api import site

    asked = {
        operation["x-scope"]["code"]
        for methods in document(site)["paths"].values()
        for operation in methods.values()
        if "x-scope" in operation
    }
    assert set(Scope.values) == asked
