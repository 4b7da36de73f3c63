"""When the database is away, or the disk full: how that is recognised, and what visitors are told."""

import errno

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

RETRY_AFTER_S = 10
# SQLSTATE classes: connection lost, no resources left (connections, disk), stopped by an operator or a crash.
AWAY = ("08", "53", "57P")


def database_is_away(error: BaseException | None) -> bool:
    """Whether an error means that the database cannot be reached, rather than that we asked it badly."""
    if not isinstance(error, DatabaseError | InterfaceError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    if state is None:
        return isinstance(error, OperationalError | InterfaceError)
    return str(state).startswith(AWAY)


def disk_is_full(error: BaseException | None) -> bool:
    """Whether an error means that there is no room left on a disk, ours or the database's."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return isinstance(error, DatabaseError) and getattr(error.__cause__, "sqlstate", None) == "53100"


def say_away(request: HttpRequest, *, full: bool = False) -> HttpResponse:
    """503: nothing that was acknowledged is lost, what was typed is kept, and it goes on by itself.

    `full`: somebody must make room first.
    """
    if request.path.startswith("/api/") or "application/json" in request.headers.get("Accept", ""):
        answer: HttpResponse = JsonResponse(
            {
                "status": 503,
                "code": "site.disk_full" if full else "database.away",
                "title": _("There is no room left on the server. Nothing was saved.")
                if full
                else _("The database cannot be reached just now."),
            },
            status=503,
            content_type="application/problem+json",
        )
    else:
        answer = HttpResponse(
            render_to_string("503.html", {"sent": request.method == "POST", "full": full}), status=503
        )
    answer["Retry-After"] = str(RETRY_AFTER_S)
    answer["Cache-Control"] = "no-store"
    return answer
