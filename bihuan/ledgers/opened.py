"""Which file a visitor has opened with its own code: a signed cookie that is soon forgotten."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from bihuan.ledgers.models import Item
from bihuan.ledgers.queries.household import item_opened
from bihuan.ledgers.rules import OPEN_SECONDS

NAME = "own_file"


def remember(response: HttpResponse, item: Item) -> HttpResponse:
    response.set_signed_cookie(
        NAME,
        str(item.pk),
        max_age=OPEN_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def forget(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(NAME, samesite="Lax")
    return response


def opened(request: HttpRequest) -> Item | None:
    """The item of the code that was shown; nothing once the time is over."""
    told = request.get_signed_cookie(NAME, "", max_age=OPEN_SECONDS)
    return item_opened(int(told)) if told else None
