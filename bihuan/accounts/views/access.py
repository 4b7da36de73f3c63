"""Opens a page to administrators; for everybody else it does not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from bihuan.accounts import rules

View = Callable[..., HttpResponse]


def for_administrators(view: View) -> View:
    """Signed-in administrators, of whatever area, see the page; others get 404."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rules.administers_somewhere(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def form_page(
    request: HttpRequest, form: Any, *, title: str, back: str, submit: str, **more: Any
) -> HttpResponse:
    """One form on a page of its own; 422 when it comes back with errors."""
    context = {"form": form, "title": title, "back": back, "submit": submit, **more}
    return render(request, "accounts/form.html", context, status=422 if form.is_bound else 200)
