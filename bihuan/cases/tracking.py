"""Which reports a visitor follows by tracking code: remembered in their browser, so that photos show as well.

A signed cookie: a visitor costs no row, and what one account has followed is not shown to another.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from bihuan.cases.models import Report

NAME = "followed_reports"
AT_MOST = 50


def follow(request: HttpRequest, response: HttpResponse, report: Report) -> HttpResponse:
    """Remember that this visitor has shown the tracking code of a report."""
    known = followed(request)
    if report.pk not in known[-1:]:  # reading the page again writes nothing
        kept = [*(pk for pk in known if pk != report.pk), report.pk][-AT_MOST:]
        response.set_signed_cookie(
            NAME,
            ".".join(map(str, [_visitor(request), *kept])),
            max_age=settings.SESSION_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def followed(request: HttpRequest) -> list[int]:
    """The keys of these reports, the latest last."""
    told = request.get_signed_cookie(NAME, "", max_age=settings.SESSION_COOKIE_AGE)
    visitor, *reports = map(int, told.split(".")) if told else (0,)
    return reports if visitor in (0, _visitor(request)) else []


def _visitor(request: HttpRequest) -> int:
    """The account that is signed in; 0 for nobody."""
    return request.user.pk or 0
