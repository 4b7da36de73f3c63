"""Opens the pages of set-up to administrators; for everybody else they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from bihuan.territory.rules import sees_set_up

View = Callable[..., HttpResponse]


def for_administrators(view: View) -> View:
    """Signed-in administrators, of whatever area, see the page; others get 404."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not sees_set_up(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def form_page(request: HttpRequest, template: str, form: Any, **more: Any) -> HttpResponse:
    """A page around one form; 422 when it comes back with errors."""
    return render(request, template, {"form": form, **more}, status=422 if form.errors else 200)
