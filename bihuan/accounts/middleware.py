"""Speaks a signed-in person's language, and leads them through what must be set up before anything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation

from bihuan.accounts import queries, rules
from bihuan.accounts.models import User

# Signing out, password, second factor, language, help and the health probe stay open.
OPEN_PREFIXES = ("account_", "mfa_", "usersessions_")
OPEN_ROUTES = frozenset({"accounts:first_steps", "set_language", "health", "help", "help_topic"})


class PersonMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = None if settings.LANGUAGE_COOKIE_NAME in request.COOKIES else _person(request)
        if person:
            translation.activate(person.language)
            request.LANGUAGE_CODE = person.language
        response = self.get_response(request)
        # What a signed-in person reads stays on no disk: many share a machine in an office.
        if "Cache-Control" not in response and _person(request):
            response["Cache-Control"] = "private, no-store"
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        person = _person(request)
        if person is None or _stays_open(request):
            return None
        if not first_steps(person):
            return None
        target = reverse("accounts:first_steps")
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": target})
        return HttpResponseRedirect(target)


def first_steps(person: User) -> list[str]:
    """What this person must still do before they can work: choose a password, set up a second factor."""
    steps = []
    if person.password_is_temporary:
        steps.append("password")
    if rules.needs_second_factor(person) and not queries.has_second_factor(person):
        steps.append("second_factor")
    return steps


def _person(request: HttpRequest) -> User | None:
    user: Any = getattr(request, "user", None)
    return user if isinstance(user, User) else None


def _stays_open(request: HttpRequest) -> bool:
    name = request.resolver_match.view_name if request.resolver_match else ""
    return name.startswith(OPEN_PREFIXES) or name in OPEN_ROUTES
