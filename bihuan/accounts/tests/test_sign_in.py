"""Signing in: by name or phone, with a second factor, and not after too many mistakes."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse

from bihuan.accounts import sessions
from bihuan.accounts.actions import deactivate_person
from bihuan.accounts.rules import MAX_SESSIONS
from bihuan.accounts.tests.factories import make_person
from bihuan.accounts.tests.test_pages import client_of
from bihuan.audit.queries import entries_about

SECRET = "correct-horse-42"
LOGIN = "/account/login/"


@pytest.fixture(autouse=True)
def _fresh_cache(db):
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def clerk(town):
    town.clerk.set_password(SECRET)
    town.clerk.save()
    return town.clerk


def sign_in(client, login, password=SECRET):
    return client.post(LOGIN, {"login": login, "password": password})


def signed_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.parametrize(
    "login", ["wang.fang", "Wang.Fang", "13800000001", "138 0000 0001", "+86 138-0000-0001"]
)
def test_people_sign_in_by_name_or_phone(clerk, login):
    client = Client()
    answer = sign_in(client, login)
    assert answer.status_code == 302 and signed_in(client)
    assert answer.cookies["django_language"].value == clerk.language
    assert entries_about(clerk).get().verb == "person.signed_in"
    assert UserSession.objects.get(user=clerk).session_key == client.session.session_key


@pytest.mark.parametrize(
    "login, password", [("wang.fang", "wrong"), ("nobody", SECRET), ("13800000009", SECRET)]
)
def test_wrong_words_do_not_sign_in(clerk, login, password):
    client = Client()
    assert sign_in(client, login, password).status_code == 200
    assert not signed_in(client)


def test_a_closed_account_does_not_sign_in(clerk, town):
    client = Client()
    sign_in(client, "wang.fang")
    deactivate_person(clerk, by=town.admin)
    assert client.get(reverse("accounts:me")).status_code == 302
    other = Client()
    sign_in(other, "wang.fang")
    assert not signed_in(other)


def test_five_mistakes_lock_the_account_for_a_while_however_it_is_spelled(clerk):
    client = Client()
    for spelling in ("13800000001", "138 0000 0001", "+8613800000001", "138-0000-0001", "1380000 0001"):
        sign_in(client, spelling, "wrong")
    assert "form" in sign_in(client, "13800000001").context
    assert not signed_in(client)


def test_nobody_signs_up(clerk):
    client = Client()
    before = clerk.__class__.objects.count()
    client.post("/account/signup/", {"username": "x", "password1": SECRET, "password2": SECRET})
    assert clerk.__class__.objects.count() == before


def test_the_sixth_session_ends_the_first(clerk):
    clients = [Client() for _ in range(MAX_SESSIONS + 1)]
    for client in clients:
        sign_in(client, "wang.fang")
    open_ = [client.get(reverse("accounts:me")).status_code == 200 for client in clients]
    assert open_ == [False] + [True] * MAX_SESSIONS


def test_signing_out_everywhere_leaves_this_session(clerk):
    here, there = Client(), Client()
    sign_in(here, "wang.fang")
    sign_in(there, "wang.fang")
    here.post(reverse("accounts:sign_out_everywhere"))
    assert here.get(reverse("accounts:me")).status_code == 200
    assert there.get(reverse("accounts:me")).status_code == 302


def code_for(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_a_second_factor_is_set_up_and_then_asked_for(clerk):
    client = Client()
    sign_in(client, "wang.fang")
    client.post(reverse("account_reauthenticate"), {"password": SECRET})
    page = client.get(reverse("mfa_activate_totp"))
    assert page.status_code == 200
    secret = client.session["mfa.totp.secret"]
    client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    stored = Authenticator.objects.get(user=clerk, type="totp")
    assert secret not in str(stored.data)
    assert Authenticator.objects.filter(user=clerk, type="recovery_codes").exists()

    cache.clear()
    again = Client()
    answer = sign_in(again, "wang.fang")
    assert answer.headers["Location"] == reverse("mfa_authenticate") and not signed_in(again)
    again.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert not signed_in(again)
    again.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    assert signed_in(again)


def test_duties_from_dispatcher_upwards_require_a_second_factor_when_set(town, settings):
    dispatcher = make_person(duties=[("dispatcher", town.north)])
    client, clerk = client_of(dispatcher), client_of(town.clerk)
    assert client.get(reverse("accounts:me")).status_code == 200

    settings.REQUIRE_MFA = True
    assert client.get(reverse("accounts:me")).headers["Location"] == reverse("accounts:first_steps")
    assert client.get(reverse("accounts:first_steps")).status_code == 200
    assert client.get(reverse("mfa_index")).status_code == 200
    assert clerk.get(reverse("accounts:me")).status_code == 200

    TOTP.activate(dispatcher, "A" * 32)
    assert client.get(reverse("accounts:me")).status_code == 200
    assert client.get(reverse("accounts:first_steps")).headers["Location"] == reverse("accounts:me")


def test_standing_in_for_a_dispatcher_requires_one_too(town, settings):
    from bihuan.accounts.actions import arrange_cover
    from bihuan.core.clock import today

    settings.REQUIRE_MFA = True
    dispatcher = make_person(duties=[("dispatcher", town.north)])
    arrange_cover(dispatcher, stand_in=town.clerk, starts_on=today(), ends_on=today(), by=dispatcher)
    assert client_of(town.clerk).get(reverse("accounts:me")).status_code == 302


def test_the_sign_in_helper_opens_a_session(town):
    client = Client()
    request = RequestFactory().get("/")
    request.session, request.user = client.session, AnonymousUser()
    sessions.sign_in(request, town.clerk)
    assert request.session["_auth_user_id"] == str(town.clerk.pk)
    assert UserSession.objects.filter(user=town.clerk).exists()


def test_pages_of_sign_in_open(clerk):
    client = Client()
    assert client.get(LOGIN).status_code == 200
    sign_in(client, "wang.fang")
    client.post(reverse("account_reauthenticate"), {"password": SECRET})
    for name in (
        "account_change_password",
        "mfa_index",
        "usersessions_list",
        "mfa_add_webauthn",
        "account_logout",
    ):
        assert client.get(reverse(name)).status_code == 200, name


@pytest.mark.parametrize("login", ["wang.fang", "Wang.Fang", "138 0000 0001"])
def test_a_refused_sign_in_is_on_record_without_what_was_typed(clerk, login):
    sign_in(Client(), login, "a wrong password")
    entry = entries_about(clerk).get()
    assert (entry.verb, entry.by, entry.data) == ("person.sign_in_refused", None, {})
    sign_in(Client(), "nobody", "a wrong password")
    assert entries_about(clerk).count() == 1
