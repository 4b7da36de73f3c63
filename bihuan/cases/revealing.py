"""Numbers that a person has had shown to them: remembered in their session for a call's length."""

from django.http import HttpRequest

from bihuan.cases.models import Report
from bihuan.core import clock

KEY = "revealed_contacts"
SECONDS = 15 * 60


def reveal(request: HttpRequest, report: Report) -> None:
    """Remember that this person has just read this reporter's number, which is in the record."""
    until = int(clock.now().timestamp()) + SECONDS
    request.session[KEY] = {str(pk): end for pk, end in _open(request).items()} | {str(report.pk): until}


def revealed(request: HttpRequest) -> set[int]:
    """The reports whose number may still stand on this person's pages."""
    return set(_open(request))


def _open(request: HttpRequest) -> dict[int, int]:
    moment = clock.now().timestamp()
    return {int(pk): end for pk, end in request.session.get(KEY, {}).items() if end > moment}
