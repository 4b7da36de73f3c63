"""The interface knows no cookies, and everything under /api/ fails in one form: problem+json."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from bihuan.api.problems import PROBLEM, plain

KEPT = ("Allow", "Retry-After", "WWW-Authenticate")


class ApiMiddleware:
    """For programs: no session opens anything here, so that no other site can act through a browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/api/v"):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        response = self.get_response(request)
        if response.status_code < 400 or response["Content-Type"].startswith(PROBLEM):
            return response
        if settings.DEBUG and response.status_code >= 500:
            return response
        return plain(response.status_code, {name: response[name] for name in KEPT if name in response})
