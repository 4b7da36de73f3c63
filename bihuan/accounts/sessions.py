"""The web side of being signed in: beginning a session, its language, and the name shown in it."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponseBase

from bihuan.accounts import actions
from bihuan.accounts.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def display_name(user: User) -> str:
    return user.label


def sign_in(request: HttpRequest, person: User) -> None:
    """Begin a session for a person whom the caller has already made sure of."""
    login(request, person, backend=BACKEND)
    UserSession.objects.create_from_request(request)
    actions.note_sign_in(person, by=person, session_key=request.session.session_key or "")


def began(request: HttpRequest, person: User, response: HttpResponseBase) -> None:
    """What follows every sign-in by password or passkey."""
    actions.note_sign_in(person, by=person, session_key=request.session.session_key or "")
    remember_language(response, person.language)


def remember_language(response: Any, language: str) -> None:
    """Let the browser ask for pages in this language from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
