"""Turns a Refusal into an answer: a page, a fragment for HTMX, or problem+json."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from bihuan.core.verdicts import Refusal


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        if request.path.startswith("/api/") or "application/json" in request.headers.get("Accept", ""):
            return JsonResponse(
                {"status": 409, "code": exception.code, "title": str(exception.sentence)},
                status=409,
                content_type="application/problem+json",
            )
        template = "_refusal.html" if request.headers.get("HX-Request") else "refusal.html"
        return render(request, template, {"refusal": exception}, status=409)
