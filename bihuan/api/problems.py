"""Problem details (RFC 9457): how the programming interface says what went wrong, always in the same form."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError, HttpError, ValidationError

from bihuan.api.faults import Faults, faults_in
from bihuan.core.verdicts import Refusal, Verdict

PROBLEM = "application/problem+json"


class Invalid(Exception):
    """What was sent does not fit; `faults` says what is wrong with which field."""

    def __init__(self, faults: Faults):
        self.faults = faults
        super().__init__(sorted(faults))


class Forbidden(Exception):
    """A token that is in force, and not enough for this."""

    def __init__(self, verdict: Verdict):
        self.verdict = verdict
        super().__init__(verdict.code)


class TooMany(Exception):
    """Asked too often; `seconds` says when to come back."""

    def __init__(self, seconds: int):
        self.seconds = seconds
        super().__init__(seconds)


def problem(
    status: int,
    code: str,
    title: Any,
    *,
    errors: Mapping[str, list[str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """One problem: its code for programs, its sentence for people."""
    told: dict[str, Any] = {"status": status, "code": code, "title": str(title)}
    if errors:
        told["errors"] = dict(errors)
    return JsonResponse(
        told,
        status=status,
        content_type=PROBLEM,
        headers=dict(headers or {}),
        json_dumps_params={"ensure_ascii": False},
    )


def sentence_of(status: int) -> tuple[str, str]:
    """Code and sentence of a status that says enough by itself."""
    known = {
        400: ("request.malformed", _("This request could not be read.")),
        404: ("not_found", _("There is nothing at this address, or it is not yours to see.")),
        405: ("request.method", _("This address does not take such a request.")),
        413: ("request.too_large", _("This is more than is taken at once.")),
        415: ("request.media_type", _("Send it in one of the media types that the documentation names.")),
        500: ("failed", _("Something went wrong on our side. It has been noted; please try again.")),
        503: ("database.away", _("The database cannot be reached just now.")),
    }
    return known.get(status, known[500] if status >= 500 else known[400])


def plain(status: int, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """The problem of a status that needs no more words."""
    code, sentence = sentence_of(status)
    return problem(status, code, sentence, headers=headers)


def unauthenticated(request: HttpRequest) -> HttpResponse:
    """401: no token, or none that opens anything. Whether it ever existed is not told."""
    if "Authorization" in request.headers:
        told, challenge = _("This token is unknown, expired or revoked."), 'Bearer error="invalid_token"'
        return problem(401, "token.unknown", told, headers={"WWW-Authenticate": challenge})
    told = _("This needs a token: Authorization: Bearer …")
    return problem(401, "token.missing", told, headers={"WWW-Authenticate": "Bearer"})


def invalid(faults: Faults) -> HttpResponse:
    """422: what is wrong with which field."""
    return problem(422, "request.invalid", _("Please look at what is said about each field."), errors=faults)


def _on_http_error(_request: HttpRequest, error: HttpError) -> HttpResponse:
    return plain(error.status_code)


def _on_refusal(_request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return problem(409, refusal.code, refusal.sentence)


def _on_forbidden(_request: HttpRequest, error: Forbidden) -> HttpResponse:
    challenge = {"WWW-Authenticate": 'Bearer error="insufficient_scope"'}
    return problem(403, error.verdict.code, error.verdict.sentence, headers=challenge)


def _on_too_many(_request: HttpRequest, error: TooMany) -> HttpResponse:
    told = _("Too many requests. Please wait %(seconds)s seconds.") % {"seconds": error.seconds}
    return problem(429, "too_many_requests", told, headers={"Retry-After": str(error.seconds)})


# Everything else is a bug, and crashes loudly.
HANDLERS: dict[type[Exception], Any] = {
    Http404: lambda _request, _error: plain(404),
    HttpError: _on_http_error,
    AuthenticationError: lambda request, _error: unauthenticated(request),
    ValidationError: lambda _request, error: invalid(faults_in(error.errors)),
    Invalid: lambda _request, error: invalid(error.faults),
    Forbidden: _on_forbidden,
    Refusal: _on_refusal,
    TooMany: _on_too_many,
    RequestDataTooBig: lambda _request, _error: plain(413),
}
