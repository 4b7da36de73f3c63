"""Signing in as one of the cast, and the guided tour. There is none of it outside the demo."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from bihuan.accounts.models import User
from bihuan.accounts.sessions import sign_in as begin_session
from bihuan.demo import tour
from bihuan.demo.cast import USERNAMES
from bihuan.demo.queries import people_of_the_demo


def demo_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@demo_only
@require_POST
def sign_in(request: HttpRequest, username: str) -> HttpResponse:
    """Become one of the cast."""
    if username not in USERNAMES:
        raise Http404
    _become(request, get_object_or_404(people_of_the_demo(), username=username))
    return redirect(settings.LOGIN_REDIRECT_URL)


@demo_only
@require_POST
def start_tour(request: HttpRequest) -> HttpResponse:
    tour.start(request)
    return _go(request)


@demo_only
@require_POST
def go_on(request: HttpRequest) -> HttpResponse:
    """Become whoever acts next, and open the page where they act."""
    return _go(request)


@demo_only
@require_POST
def end_tour(request: HttpRequest) -> HttpResponse:
    tour.stop(request)
    return redirect(settings.LOGIN_REDIRECT_URL)


def _go(request: HttpRequest) -> HttpResponse:
    stop = tour.stop_of(request)
    if stop is None:
        return redirect(settings.LOGIN_REDIRECT_URL)
    if stop.who is not None and stop.who != request.user:
        _become(request, stop.who)
    return redirect(stop.url)


def _become(request: HttpRequest, person: User) -> None:
    """Sign in as somebody else; the tour goes along, nothing else does."""
    since = request.session.get(tour.KEY)
    begin_session(request, person)
    if since is not None:
        request.session[tour.KEY] = since
