"""Parts of a page that renew themselves: the page asks, the answer is short while nothing changed."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.translation import get_language


def answer_if_changed(request: HttpRequest, stamp: str, render: Callable[[], HttpResponse]) -> HttpResponse:
    """304 while `stamp` is what the page has; else the fragment with its new stamp as ETag."""
    etag = f'"{stamp}-{get_language()}"'
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = render()
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response
